"""Finding faces where the system lacks what mediapipe is linked to."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from engine.avatar.photo import landmarks
from engine.avatar.photo.errors import PhotoError
from engine.avatar.photo.landmarks import SYSTEM, Landmarker
from engine.cli import main
from engine.commands import manner, photo
from engine.settings import in_chinese
from engine.settings.consent import EXAMPLE

ROOT = Path(__file__).resolve().parents[3]
LACKING = "libGLESv2.so.2: cannot open shared object file: No such file or directory"
TOLD = f"finding faces cannot start on this machine ({LACKING}); on Debian or Ubuntu: {SYSTEM}"


def made_with(create: Callable[[object], object]) -> Any:
    """mediapipe's tasks, whose landmarker is made by ``create``."""
    vision = SimpleNamespace(
        FaceLandmarkerOptions=lambda **given: given, FaceLandmarker=SimpleNamespace(create_from_options=create)
    )
    return SimpleNamespace(BaseOptions=lambda **given: given, vision=vision)


@pytest.fixture
def lacking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with a consent, on a machine where the loader refuses mediapipe's library, as ctypes tells it."""

    def refuse(_: object) -> object:
        raise OSError(LACKING)

    monkeypatch.chdir(tmp_path)
    Path("consent.yaml").write_text(EXAMPLE.replace("2026-11-28", "2020-01-01"))
    monkeypatch.setattr(landmarks, "model_file", lambda: tmp_path / "face_landmarker.task")
    monkeypatch.setitem(sys.modules, "mediapipe.tasks.python", made_with(refuse))


@pytest.mark.usefixtures("lacking")
@pytest.mark.parametrize("raised", [ImportError, OSError, RuntimeError])
def test_what_cannot_be_loaded_is_told_with_the_system_s_packages(
    monkeypatch: pytest.MonkeyPatch, raised: type[Exception]
) -> None:
    def refuse(_: object) -> object:
        raise raised(LACKING)

    monkeypatch.setitem(sys.modules, "mediapipe.tasks.python", made_with(refuse))
    with pytest.raises(PhotoError, match=re.escape(TOLD)):
        Landmarker()
    assert in_chinese(TOLD).startswith("这台机器上不能启动找人脸")


@pytest.mark.usefixtures("lacking")
@pytest.mark.parametrize("words", [("photo", "ann.png", "--consent", "consent.yaml"), ("manner", "ann.mp4")])
def test_commands_tell_it_and_not_that_they_cannot_write(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    Image.new("RGB", (64, 64)).save("ann.png")
    monkeypatch.setattr(sys, "argv", ["everhost", "avatar", *words])
    assert main() == 1
    told = capsys.readouterr().err
    assert TOLD in told
    assert "cannot be written" not in told


@pytest.mark.usefixtures("lacking")
def test_only_what_fails_while_it_is_written_is_told_as_that(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> object:
        raise OSError("of another kind")

    monkeypatch.setattr(photo, "make_photo", fail)
    monkeypatch.setattr(manner, "learn_manner", fail)
    with pytest.raises(OSError, match="of another kind"):
        photo.photo(Path("ann.png"), Path("consent.yaml"), None, "keep")
    with pytest.raises(OSError, match="of another kind"):
        manner.manner(Path("ann.mp4"), None)


def test_set_up_and_manual_name_these_packages() -> None:
    packages = SYSTEM.removeprefix("apt-get install ").split()
    line = re.search(r'^system_run="(.*)"$', (ROOT / "scripts/setup.sh").read_text(), re.MULTILINE)
    assert line is not None
    assert set(packages) <= set(line[1].split())
    assert SYSTEM in (ROOT / "docs/photo.md").read_text()
