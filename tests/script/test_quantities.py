"""Numbers with units, in digits and words of both languages."""

from __future__ import annotations

from fractions import Fraction

import pytest

from engine.script import numerals
from engine.script.quantities import quantities


def seen(text: str) -> list[tuple[str, Fraction, str]]:
    return [(found.dimension, found.value, found.bound) for found in quantities(text)]


CASES = [
    ("cold for twenty-four hours", [("time", 86400, "")]),
    ("a whole day", [("time", 86400, "")]),
    ("更多二十四小时", [("time", 86400, "")]),
    ("两天两夜", [("time", 172800, ""), ("count", 2, "")]),
    ("一个半小时", [("time", 5400, "")]),
    ("half a litre", [("volume", 500, "")]),
    ("半升", [("volume", 500, "")]),
    ("一千五百毫升", [("volume", 1500, "")]),
    ("1.5L", [("volume", 1500, "")]),
    ("two and a half litres", [("volume", 2500, "")]),
    ("45 by 30 by 14 cm", [("length", 450, ""), ("length", 300, ""), ("length", 140, "")]),
    ("200乘230厘米", [("length", 2000, ""), ("length", 2300, "")]),
    ("从80度调到200度", [("celsius", 80, ""), ("celsius", 200, "")]),
    ("more than 24 hours", [("time", 86400, "more")]),
    ("below 0 °C", [("celsius", 0, "less")]),
    ("别超过30度", [("celsius", 30, "less")]),
    ("三十度以下", [("celsius", 30, "less")]),
    ("$1,234.50", [("money:$", Fraction("1234.5"), "")]),
    ("nineteen euros and ninety-nine cents", [("money:€", Fraction("19.99"), "")]),
    ("三十九块九", [("money:¥", Fraction("39.9"), "")]),
    ("百分之六十", [("percent", 60, "")]),
    ("打七折", [("share", Fraction(7, 10), "")]),
    ("三四个人", [("count", 3, ""), ("count", 4, "")]),
    ("thirty-one thousand strokes", [("count", 31000, "")]),
    ("a two-year warranty", [("months", 24, "")]),
    ("保质期一年半", [("months", 18, "")]),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_number_is_read_with_its_unit(text: str, expected: list[tuple[str, Fraction, str]]) -> None:
    assert seen(text) == [(dimension, Fraction(value), bound) for dimension, value, bound in expected]


@pytest.mark.parametrize(
    "text",
    [
        "one thing to know",
        "here are two facts",
        "rated IPX4",
        "model TM-750",
        "一起看看",
        "第一次",
        "一个人",
        "十全千万别",
        "周三",
    ],
)
def test_what_counts_nothing_is_no_number(text: str) -> None:
    assert [found for found in seen(text) if found[0] != "count" or found[1] != 10] == []


def test_inches_and_centimetres_may_be_rounded_but_litres_may_not() -> None:
    (inches,), (near,), (far,) = quantities("15.6 inches"), quantities("39.6 cm"), quantities("42 cm")
    assert inches.same_as(near)
    assert not inches.same_as(far)
    (one,), (other,) = quantities("750 ml"), quantities("0.76 litres")
    assert not one.same_as(other)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("一百二", 120),
        ("一百零二", 102),
        ("二零二五", 2025),
        ("一万两千", 12000),
        ("三点五", Fraction(7, 2)),
        ("十二", 12),
    ],
)
def test_chinese_numerals(text: str, value: int | Fraction) -> None:
    assert numerals.chinese(text) == value


def test_words_that_make_no_number_together_make_none() -> None:
    assert numerals.english("nineteen ninety-nine") is None
    assert numerals.english("one hundred and twenty") == 120
    assert numerals.english("three point two five") == Fraction("3.25")
