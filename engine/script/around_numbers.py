"""What stands around a number and belongs to it: another number's unit, a sign, "more than", and what it counts."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from engine.script.lexicons import alternatives, lexicon
from engine.script.quantity import COUNT, Quantity

_JOINS = re.compile(r"\s?(?:by|x|×|乘|乘以|\*|to|-|–|—|~|到|至|or|和|and)\s?")


def share_units(found: list[Quantity], text: str) -> list[Quantity]:
    """In "45 by 30 by 14 cm" and "60 to 100 °C" the unit at the end is everybody's."""
    result = list(found)
    for i in range(len(result) - 2, -1, -1):
        this, following = result[i], result[i + 1]
        joined = _JOINS.fullmatch(text[this.end : following.start])
        if this.dimension == COUNT and following.dimension not in {COUNT, "times"} and joined and following.raw:
            factor = following.value / following.raw
            result[i] = replace(this, dimension=following.dimension, value=this.raw * factor)
    return result


_BELOW = re.compile(r"(?:零下|\bminus |\bnegative |(?<![\da-z])[-−–])$")
_BELOW_AFTER = re.compile(r"\s?(?:degrees )?below (?:zero|freezing)\b")
_DEGREES = frozenset({"celsius", "fahrenheit"})


def below_zero(found: list[Quantity], text: str) -> list[Quantity]:
    """The numbers with their sign: 零下20度 and -20 °C are not 20 degrees."""
    return [replace(q, value=-q.value, raw=-q.raw) if _is_below_zero(q, text) else q for q in found]


def _is_below_zero(quantity: Quantity, text: str) -> bool:
    before = text[: quantity.start]
    if quantity.dimension in _DEGREES:
        return bool(_BELOW.search(before) or _BELOW_AFTER.match(text, quantity.end))
    return quantity.dimension == COUNT and (before.endswith("零下") or bool(_BELOW_AFTER.match(text, quantity.end)))


_MORE_BEFORE = re.compile(
    r"(?:more than|over|at least|above|beyond|no less than|exceeds|upwards of|a minimum of|"
    r"超过|至少|最少|不止|大于|高于|"
    r"不低于|满|起码|不少于)\s?[$€£¥]?$"
)
_LESS_BEFORE = re.compile(
    r"(?:(?:别|不要|不能|不可|不得|勿|不)超过|less than|under|below|fewer than|no more than|at most|"
    r"低于|不到|不满|少于|小于|不足|不超过|不高于)\s?[$€£¥]?$"
)
_MORE_AFTER = re.compile(r"\s?(?:or more|and more|plus\b|and up|\+|以上|开外|往上)")
_LESS_AFTER = re.compile(r"\s?(?:or less|or under|and under|以下)")


def bound(quantity: Quantity, text: str) -> str:
    """Whether at least ("more") or at most ("less") so much is said, or ""."""
    before = text[max(0, quantity.start - 16) : quantity.start]
    if _LESS_BEFORE.search(before) or _LESS_AFTER.match(text, quantity.end):
        return "less"
    if _MORE_BEFORE.search(before) or _MORE_AFTER.match(text, quantity.end):
        return "more"
    return "more" if re.search("多|余", text[quantity.start : quantity.end]) else ""


_FOLLOWING = re.compile(
    r"[\s-]*(?P<word>[a-z\u00c0-\u024f]['a-z\u00c0-\u024f]*|[A-Z]+|[\u3400-\u9fff]+)|"
    r"(?P<mark>[°\"′″²³\u2100-\u214f\u3300-\u33ff])"
)
"""A word, or a mark that touches the number: signs of units, such as ㎡."""


def counted(quantity: Quantity, text: str) -> str:
    """The word or the mark behind a bare number that says what it counts or measures, or ""."""
    found = _FOLLOWING.match(text, quantity.end) if quantity.dimension == COUNT else None
    if found is None:
        return ""
    if found["mark"]:
        closes = found["mark"] == '"' and text.count('"', 0, quantity.end) % 2
        return "" if closes else found["mark"]
    return "" if _goes_on().match(found["word"]) else found["word"].lower()


@cache
def _goes_on() -> re.Pattern[str]:
    """Words behind a number that go on with the sentence: "24 and", 129就."""
    masks = lexicon("not_numbers")
    english, chinese = (str(masks[f"goes_on_{language}"]).split() for language in ("english", "chinese"))
    return re.compile(rf"(?:{alternatives(english)})(?![a-z'])|{alternatives(chinese)}")
