from __future__ import annotations

import pytest
from measure.words import to_words, word_errors


@pytest.mark.parametrize(
    ("meant", "heard", "errors", "words"),
    [
        ("the lamp is new", "the lamp is new", 0, 4),
        ("the lamp is new", "the lamp is blue", 1, 4),
        ("the lamp is new", "lamp is very new", 2, 4),
        ("the lamp is new", "", 4, 4),
        ("pebble earbuds", "pebble ear buds", 0, 2),
        ("u s b cable", "usb cable", 0, 4),
        ("roll top backpack", "rolltop back pack", 0, 3),
        ("", "noise", 1, 0),
    ],
)
def test_word_errors(meant: str, heard: str, errors: int, words: int) -> None:
    found = word_errors(meant.split(), heard.split())
    assert (found.errors, found.words) == (errors, words)


def test_both_sides_are_compared_as_they_sound() -> None:
    assert to_words("It holds 750 ml.") == to_words("it holds seven hundred fifty milliliters")
    assert to_words("Only $19.99!") == to_words("only nineteen dollars and ninety-nine cents")
    assert to_words("a grey colour") == to_words("A gray color.")
    assert word_errors(to_words("a"), to_words("a")).rate == 0.0
