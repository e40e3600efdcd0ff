"""Bringing a model at the terminal: what is written and said."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.avatar import BodyError
from engine.avatar.body_file import read_body, write_body
from engine.avatar.trial import try_out
from engine.cli import main
from engine.commands import model
from scripts.bodies.mascot import write_mascot
from tests.avatar.gltf.conftest import glb, parts_of
from tests.avatar.test_body_file import small_body

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


def test_an_import_replaces_no_body_unless_it_is_wished(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    write_mascot(Path("momo.vrm"), 0.3)
    Path("momo.ehb").write_bytes(b"a host of weeks of work")
    assert run("import", "momo.vrm") == 1
    told = capsys.readouterr().err
    assert "momo.ehb is there already and is left as it is: name another file with --out, or replace it" in told
    assert Path("momo.ehb").read_bytes() == b"a host of weeks of work"
    assert run("import", "momo.vrm", "--force") == 0
    assert read_body(Path("momo.ehb")).imported


def test_an_export_replaces_no_model_unless_it_is_wished(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(MIA, "mia.ehb")
    Path("mia.vrm").write_bytes(b"mine")
    assert run("export", "mia.ehb") == 1
    assert "mia.vrm is there already" in capsys.readouterr().err
    assert Path("mia.vrm").read_bytes() == b"mine"
    assert run("export", "mia.ehb", "--out", "mia.vrm") == 0
    Path("mia.vrm").write_bytes(b"mine")
    assert run("export", "mia.ehb", "--force") == 0
    assert Path("mia.vrm").read_bytes()[:4] == b"glTF"


def test_a_body_that_cannot_be_drawn_is_no_success_and_replaces_nothing(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def fail(file: Path) -> None:
        try_out(file)
        tried.append(file.name)
        raise BodyError(f"{file}: it cannot be drawn (a reason)")

    monkeypatch.setattr(model, "try_out", fail)
    write_mascot(Path("momo.vrm"), 0.3)
    Path("momo.ehb").write_bytes(b"the one before")
    assert run("import", "momo.vrm", "--force") == 1
    told = capsys.readouterr()
    assert told.err.endswith("everhost: momo.vrm: it cannot be drawn (a reason)\n")
    assert "body: momo.ehb" not in told.out
    assert len(tried) == 1
    assert Path("momo.ehb").read_bytes() == b"the one before"
    assert sorted(file.name for file in Path().iterdir()) == ["momo.ehb", "momo.vrm"]


def test_a_body_that_cannot_be_opened_is_told_when_it_is_tried(tmp_path: Path) -> None:
    write_body(tmp_path / "small.ehb", small_body())
    with pytest.raises(BodyError, match=r"small\.ehb: the body cannot be drawn"):
        try_out(tmp_path / "small.ehb")


def with_codes(file: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """The rabbit with names that steer a terminal."""
    write_mascot(file, 0.3)
    document, binary = parts_of(file)
    change(document)
    file.write_bytes(glb(document, binary))


def test_a_strangers_names_steer_no_terminal(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    def expression(document: dict[str, Any]) -> None:
        groups = document["extensions"]["VRM"]["blendShapeMaster"]["blendShapeGroups"]
        groups.append({"name": "red\x1b[31m", "binds": [], "materialValues": [{"materialName": "x"}]})

    def mesh(document: dict[str, Any]) -> None:
        document["meshes"][0]["name"] = "a\x1b]0;title\x07\nb"
        at = document["meshes"][0]["primitives"][0]["attributes"]["NORMAL"]
        document["accessors"][at]["count"] = 10

    with_codes(Path("one.vrm"), expression)
    assert run("import", "one.vrm") == 0
    told = capsys.readouterr()
    assert "ignored  material changes in the expression red[31m" in told.out
    with_codes(Path("two.vrm"), mesh)
    assert run("import", "two.vrm") == 1
    told_too = capsys.readouterr()
    assert "NORMAL of a]0;title b#0 has 10 values" in told_too.err
    assert "\x1b" not in told.out + told.err + told_too.err


def test_a_bodys_licence_steers_no_terminal(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    made = read_body(MIA)
    write_body(Path("other.ehb"), replace(made, imported=True, licence={"title": "a\x1b[2Jb\nfree: yes"}))
    assert run("licence", "other.ehb") == 0
    assert capsys.readouterr().out == "title: a[2Jb free: yes\n"


def test_licences_of_third_parties_are_shown(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    made = read_body(MIA)
    terms = {"name": "CC BY", "copyright": "Ann Lee", "third_parties": "hair: Bo"}
    write_body(Path("other.ehb"), replace(made, imported=True, licence=terms))
    assert run("licence", "other.ehb") == 0
    assert capsys.readouterr().out == "copyright: Ann Lee\nname: CC BY\nthird parties: hair: Bo\n"


@pytest.mark.parametrize("step", ["import_model", "try_out"])
def test_only_what_fails_while_it_is_written_is_told_as_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_: object) -> object:
        raise OSError("of another kind")

    write_mascot(tmp_path / "momo.vrm", 0.3)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(model, step, fail)
    with pytest.raises(OSError, match="of another kind"):
        model.import_file(Path("momo.vrm"), None, "")
    assert [file.name for file in tmp_path.iterdir()] == ["momo.vrm"]


def test_mistakes_are_told(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("import", "none.vrm") == 1
    assert "none.vrm: there is no such file" in capsys.readouterr().err
    assert run("export", "none.ehb") == 1
    assert "none.ehb: there is no such body file" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        run("export", str(MIA), "--out", "mia.glb")
    assert "must end in .vrm" in capsys.readouterr().err
