"""What a merchant may say of a body's looks, and what they read when it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.avatar import BodyError
from engine.avatar.human import Looks, load_looks


def test_an_empty_file_is_mia(tmp_path: Path) -> None:
    (tmp_path / "looks.yaml").write_text("# nothing yet\n")
    assert load_looks(tmp_path / "looks.yaml") == Looks()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name: ann\nhat: red\n", r"looks\.yaml:2: hat is not known; use one of: .*blazer"),
        ('name: ann\n\nskin: "pink"\n', r"looks\.yaml:3: skin: "),
        ("blush: 3\n", r"looks\.yaml:1: blush: .*less than or equal to 1"),
        ("name: [a\n", "is not YAML"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "looks.yaml").write_text(text)
    with pytest.raises(BodyError, match=told):
        load_looks(tmp_path / "looks.yaml")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(BodyError, match="cannot be read"):
        load_looks(tmp_path / "none.yaml")
