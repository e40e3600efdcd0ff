"""What is learned of faces that were found: stretches of rest and of speech, or a message where there are none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.avatar.photo.clip import SHORTEST_S, learnt_from
from engine.avatar.photo.errors import PhotoError
from engine.avatar.photo.landmarks import FoundFace
from engine.flow import FACE_CURVES
from engine.motion import read_manner, write_manner
from engine.motion.manner import RATE

DOCS = Path(__file__).resolve().parents[3] / "docs" / "photo.md"


def faces(seconds: float, pause_s: float, speech_s: float, jaw: float = 0.3) -> list[FoundFace | None]:
    """A person who pauses and speaks by turns, three syllables a second; the jaw opens by twice ``jaw``."""
    made: list[FoundFace | None] = []
    for second in np.arange(round(seconds * RATE)) / RATE:
        shapes = dict.fromkeys(FACE_CURVES, 0.0)
        if second % (pause_s + speech_s) >= pause_s:
            shapes["jawOpen"] = jaw - jaw * float(np.cos(6 * np.pi * second))
        made.append(FoundFace(points=np.zeros((478, 3), np.float32), shapes=shapes, yaw=0.0, pitch=0.0, roll=0.0))
    return made


def test_bursts_that_are_too_short_for_any_stretch_make_no_manner() -> None:
    said = "ann.mp4: the person neither rests nor speaks for 2 seconds on end; use a clip on which they do both"
    with pytest.raises(PhotoError, match=said):
        learnt_from(faces(11.5, 1.6, 1.7, 0.06), "ann.mp4")


def test_a_manner_that_cannot_be_written_leaves_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    learnt = learnt_from(faces(9.0, 5.0, 4.0))
    file = tmp_path / "ann.ehm"
    file.write_bytes(b"the one before")

    def full(self: Path, *_: object, **__: object) -> int:
        self.open("wb").close()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space"):
        write_manner(file, learnt.manner)
    assert file.read_bytes() == b"the one before"


def test_one_long_stretch_is_enough_and_can_be_read_back(tmp_path: Path) -> None:
    learnt = learnt_from(faces(9.0, 5.0, 4.0))
    assert learnt.idle_s > 3.5
    assert learnt.speaking_s > 3
    quiet = learnt_from(faces(6.0, 9.0, 0.0))
    assert (quiet.speaking_s, quiet.idle_s) == (0, 6)
    write_manner(tmp_path / "ann.ehm", quiet.manner)
    assert [file.name for file in tmp_path.iterdir()] == ["ann.ehm"]
    assert len(read_manner(tmp_path / "ann.ehm").speaking) == 1


def test_the_handbook_names_the_shortest_clip_that_is_taken() -> None:
    assert f"a video of {SHORTEST_S:.0f} seconds or more" in DOCS.read_text(encoding="utf-8")
