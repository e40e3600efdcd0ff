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
    ("两天两夜", [("time", 172800, "")]),
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
    ("零下20度", [("celsius", -20, "")]),
    ("耐低温-18℃", [("celsius", -18, "")]),
    ("-20~60℃", [("celsius", -20, ""), ("celsius", 60, "")]),
    ("10-18℃", [("celsius", 10, ""), ("celsius", 18, "")]),
    ("最低零下二十", [("count", -20, "")]),
    ("20 degrees below zero", [("celsius", -20, ""), ("count", 0, "less")]),
    ("minus 20 °C", [("celsius", -20, "")]),
    ("三十度以下", [("celsius", 30, "less")]),
    ("$1,234.50", [("money:$", Fraction("1234.5"), "")]),
    ("1,500 JPY", [("money:jp¥", 1500, "")]),
    ("CA$19.99", [("money:ca$", Fraction("19.99"), "")]),
    ("A$5", [("money:a$", 5, "")]),
    ("₹1,499.00", [("money:₹", 1499, "")]),
    ("19.50 CHF", [("money:chf", Fraction("19.5"), "")]),
    ("nineteen euros and ninety-nine cents", [("money:€", Fraction("19.99"), "")]),
    ("三十九块九", [("money:¥", Fraction("39.9"), "")]),
    ("百分之六十", [("percent", 60, "")]),
    ("打七折", [("share", Fraction(7, 10), "")]),
    ("打79折", [("share", Fraction(79, 100), "")]),
    ("打8.5折", [("share", Fraction(85, 100), "")]),
    ("低至两折", [("share", Fraction(2, 10), "")]),
    ("打对折", [("times", Fraction(1, 2), "")]),
    ("a third off", [("share", Fraction(2, 3), "")]),
    ("three quarters off", [("share", Fraction(1, 4), "")]),
    ("三四个人", [("count", 3, ""), ("count", 4, "")]),
    ("thirty-one thousand strokes", [("count", 31000, "")]),
    ("a two-year warranty", [("months", 24, "")]),
    ("保质期一年半", [("months", 18, "")]),
    ("只要十一元", [("money:¥", 11, "")]),
    ("只要五十一元", [("money:¥", 51, "")]),
    ("二十一天发货", [("time", 21 * 86400, "")]),
    ("二十五一件", [("count", 25, "")]),
    ("两万一千元", [("money:¥", 21000, "")]),
    ("三千万次", [("count", 30_000_000, "")]),
    ("两块三角", [("money:¥", Fraction("2.3"), "")]),
    ("八十分贝", [("sound", 80, "")]),
    ("一元", [("money:¥", 1, "")]),
    ("一块钱", [("money:¥", 1, "")]),
    ("只要一块。", [("money:¥", 1, "")]),
    ("一块九", [("money:¥", Fraction("1.9"), "")]),
    ("yours for a dollar", [("money:$", 1, "")]),
    ("a buck and it's yours", [("money:$", 1, "")]),
    ("充满电只要一小时", [("time", 3600, "")]),
    ("一小时就充满", [("time", 3600, "")]),
    ("一分钟就烧开", [("time", 60, "")]),
    ("一天内发货", [("time", 86400, "")]),
    ("兩百元", [("money:¥", 200, "")]),
    ("一百二十圓", [("money:¥", 120, "")]),
    ("贰佰元", [("money:¥", 200, "")]),
    ("伍元", [("money:¥", 5, "")]),
    ("中国大陆", []),
    ("兩小時", [("time", 7200, "")]),
    ("50％", [("percent", 50, "")]),
    ("１２９元", [("money:¥", 129, "")]),
    ("二十多小时", [("time", 72000, "more")]),
    ("二十多个小时", [("time", 72000, "more")]),
    ("二十个多小时", [("time", 72000, "more")]),
    ("六件套", [("set", 6, "")]),
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
        "五一快乐",
        "五一，我们不打烊",
        "十一长假",
        "十一我们不打烊",
        "晚上十一点下播",
        "双十一",
        "万一不合适",
        "四季都能用",
        "一块毛巾",
        "一块一块地铺",
        "用电这一块，它很省",
        "这款十分好看",
        "一天到晚",
        "再等一分钟",
        "一分钟后开始",
        "四方的圆桌",
        "just a dollar sign",
        "that was a dollar well spent",
        "对折收进柜子",
        "a quarter turn",
        "every dollar counts",
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


def test_degrees_below_zero_are_not_those_above() -> None:
    (below,), (above,) = quantities("零下20度"), quantities("20度")
    assert not below.same_as(above)
    (bare,) = quantities("零下20")
    assert below.same_as(bare)
    assert not above.same_as(bare)
