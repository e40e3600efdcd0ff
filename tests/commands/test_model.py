"""Bringing a model at the terminal: what is written and said."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.avatar.body_file import read_body
from engine.cli import main
from scripts.bodies.mascot import write_mascot

MIA = Path(__file__).resolve().parents[2] / "avatars" / "bodies" / "mia.ehb"

Run = Callable[..., int]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Types a command in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def typed(*arguments: str) -> int:
        monkeypatch.setattr(sys, "argv", ["everhost", "avatar", *arguments])
        return main()

    return typed


def test_import_writes_the_body_and_says_what_a_channel_needs(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    write_mascot(Path("momo.vrm"), 0.3)
    assert run("import", "momo.vrm") == 0
    told = capsys.readouterr().out
    assert "VRM 0.x: Momo the rabbit" in told
    assert "  body: momo.ehb\n" in told
    assert "body_rights" not in told
    assert read_body(Path("momo.ehb")).imported
    assert run("licence", "momo.ehb") == 0
    assert "name: CC0" in capsys.readouterr().out


def test_import_refuses_without_the_right_and_keeps_it_when_stated(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    write_mascot(Path("momo.vrm"), 0.3, commercial=False)
    assert run("import", "momo.vrm") == 1
    assert "momo.vrm: its licence does not allow selling with it" in capsys.readouterr().err
    assert not Path("momo.ehb").exists()
    assert run("import", "momo.vrm", "--rights", "bought from  Ann", "--out", "own.ehb") == 0
    assert '  body_rights: "bought from Ann"\n' in capsys.readouterr().out
    assert run("licence", "own.ehb") == 0
    assert "rights: bought from Ann" in capsys.readouterr().out


def test_export_writes_a_vrm(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("export", str(MIA), "--out", "mia.vrm", "--brand", "#2b4a7a") == 0
    assert "mia.vrm: VRM 1.0" in capsys.readouterr().out
    assert Path("mia.vrm").read_bytes()[:4] == b"glTF"
    assert run("licence", str(MIA)) == 0
    assert "free for any use" in capsys.readouterr().out


def test_mistakes_are_told(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("import", "none.vrm") == 1
    assert "none.vrm: there is no such file" in capsys.readouterr().err
    assert run("export", "none.ehb") == 1
    assert "none.ehb: there is no such body file" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        run("export", str(MIA), "--out", "mia.glb")
    assert "must end in .vrm" in capsys.readouterr().err
