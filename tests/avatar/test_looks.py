"""What a merchant may say of a host's looks, and what they read when it is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pydantic import BaseModel

from engine.avatar.human import Looks, load_looks
from engine.avatar.human.spec import Outfit
from engine.avatar.human.template import WORDS, every_key, host_file
from engine.settings import Problem, SettingsError

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs" / "host.md"
PRESETS = sorted((ROOT / "avatars" / "looks").glob("*.yaml"))


def written(folder: Path, text: str) -> Path:
    file = folder / "ann.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def problems(folder: Path, text: str) -> list[Problem]:
    with pytest.raises(SettingsError) as caught:
        load_looks(written(folder, text))
    return caught.value.problems


def test_what_is_left_out_has_its_default(tmp_path: Path) -> None:
    assert load_looks(written(tmp_path, "name: mia\n")) == Looks()
    assert load_looks(written(tmp_path, "person: {age: 61}\n")).person.weight == Looks().person.weight


@pytest.mark.parametrize(
    ("text", "line", "key", "message", "hint"),
    [
        ("name: ann\nhat: red\n", 2, "hat", "“hat” is not a key that belongs here", "hair"),
        ("face:\n  eye_siz: 0.1\n", 2, "face.eye_siz", "“eye_siz” is not a key", "did you mean “eye_size”?"),
        ("face:\n  jaw_width: 1.5\n", 2, "face.jaw_width", "“1.5” is not allowed", "must be at most 1"),
        ("face:\n  jaw_width: -2\n", 2, "face.jaw_width", "“-2” is not allowed", "must be at least -1"),
        ("face:\n  jaw_width: wide\n", 2, "face.jaw_width", "“wide” is not a number", "write a number"),
        ("person:\n  age: 15\n", 2, "person.age", "“15” is not allowed", "hosts are adults: at least 20"),
        ("person:\n  age: 90\n", 2, "person.age", "“90” is not allowed", "must be at most 75"),
        ("person:\n  age: 30.5\n", 2, "person.age", "“30.5” is not a whole number", "such as 12"),
        ("person: {gender: male}\n", 1, "person.gender", "“male” is not allowed", "allowed: woman, man"),
        ("person:\n  origin: {african: 0, asian: 0.0, european: 0}\n", 2, "person.origin", "all three shares are 0",
         "at least one of them"),
        ("skin:\n\n  tone: #f1c8b1\n", 3, "skin.tone", "nothing stands here", "in quotes where it begins with #"),
        ('skin:\n  tone: "pink"\n', 2, "skin.tone", "“pink” is not written right", "a colour is written in quotes"),
        ("hair: {style: bobb}\n", 1, "hair.style", "there is no hair style “bobb”", "did you mean “bob”?"),
        ("outfit: {style: toga}\n", 1, "outfit.style", "there is no outfit “toga”", "use one of: blazer"),
        ("outfit:\n  colour: red\n", 2, "outfit.colour", "“red” is not written right", "write brand, or a colour"),
        ("outfit:\n  logo: none.png\n", 2, "outfit.logo", "the logo is missing; looked at", "paths start at this file"),
        ("outfit:\n  logo: ann.yaml\n", 2, "outfit.logo", "the logo is neither PNG nor JPEG; use a PNG", ""),
        ("beard: full\n", 1, "beard", "this must be a block of keys", "indent its keys"),
        ("seed: -1\n", 1, "seed", "“-1” is not allowed", "must be at least 0"),
        ("name: Ann B\n", 1, "name", "“Ann B” is not written right", "use small letters"),
        ("name: ann\nname: bea\n", 2, "name", "“name” stands twice", "keep one of them"),
        ("name: [a\n", 1, "", "this is not YAML", "close it"),
        ("# nothing yet\n", 1, "", "this is no host file", "it must begin with keys"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_what_would_be_right(
    tmp_path: Path, text: str, line: int, key: str, message: str, hint: str
) -> None:
    (problem,) = problems(tmp_path, text)
    assert (problem.file, problem.line, problem.key) == (tmp_path / "ann.yaml", line, key)
    assert message in problem.message
    assert hint in problem.hint


def test_all_mistakes_are_told_at_once_in_their_order(tmp_path: Path) -> None:
    text = "hair: {style: wig}\nperson: {age: 12}\noutfit: {logo: none.png}\n"
    assert [problem.line for problem in problems(tmp_path, text)] == [1, 2, 3]


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.yaml: there is no host file here \(check the path\)"):
        load_looks(tmp_path / "none.yaml")


def test_a_logo_is_found_beside_the_file(tmp_path: Path) -> None:
    Image.new("RGBA", (8, 8), (255, 0, 0, 120)).save(tmp_path / "logo.png")
    assert load_looks(written(tmp_path, "outfit: {logo: logo.png}\n")).outfit.logo == tmp_path / "logo.png"


def test_nothing_in_quotes_is_no_logo(tmp_path: Path) -> None:
    assert load_looks(written(tmp_path, 'outfit: {logo: ""}\n')).outfit.logo is None


def test_the_template_explains_every_key_and_no_other() -> None:
    assert every_key() == list(WORDS)


def test_the_template_reads_back_as_the_defaults(tmp_path: Path) -> None:
    text = host_file(Looks(), "ann.yaml")
    assert load_looks(written(tmp_path, text)) == Looks()
    assert "  age: 26                         # 20 young … 75 old; default 26\n" in text
    assert "  gender: woman                   # woman, man; default woman\n" in text
    assert "  nose_width: 0.0                 # -1 slim … 1 broad; default 0\n" in text
    assert max(len(line) for line in text.splitlines()) <= 120


def other(block: BaseModel) -> dict[str, Any]:
    """Values that are not the defaults, for every number of a block and all below it."""
    values: dict[str, Any] = {}
    for name in type(block).model_fields:
        value = getattr(block, name)
        if isinstance(value, BaseModel):
            values[name] = other(value)
        elif isinstance(value, int):
            values[name] = value + 13
        elif isinstance(value, float):
            values[name] = 0.875
        elif isinstance(value, str) and value.startswith("#"):
            values[name] = "#012345"
    return values


def test_the_template_keeps_other_looks(tmp_path: Path) -> None:
    Image.new("RGB", (4, 4)).save(tmp_path / "our logo.png")
    looks = Looks.model_validate({**other(Looks()), "name": "no", "glasses": {"style": "round", "colour": "#0a0b0c"}})
    looks = looks.model_copy(update={"outfit": Outfit(logo=tmp_path / "our logo.png", logo_place="lapel")})
    assert load_looks(written(tmp_path, host_file(looks, "no.yaml"))) == looks
    assert looks.face.nose_width == 0.875


def test_the_guide_names_every_key() -> None:
    guide = DOCS.read_text(encoding="utf-8")
    assert [key for key in every_key() if f"`{key.rpartition('.')[2]}`" not in guide] == []


@pytest.mark.parametrize("file", PRESETS, ids=[file.stem for file in PRESETS])
def test_a_preset_is_good_and_baked(file: Path) -> None:
    assert load_looks(file).name == file.stem
    assert (ROOT / "avatars" / "bodies" / f"{file.stem}.ehb").is_file()
