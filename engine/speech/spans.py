"""Whether a dash that stands by itself is read "to": "3 - 5 days", "$10 – $20", "Mon - Fri", "9:00 - 17:00".

Most such dashes are pauses ("iPhone 15 - 128 GB", "Size 8 - $20", "Open daily - come in"), so both sides must be of one
kind, the first the lesser.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from engine.speech.currencies import CURRENCIES
from engine.speech.prices import MONEY
from engine.speech.spoken_lists import ATTACHED_ONLY, MONTHS, UNITS, WEEKDAYS
from engine.speech.spoken_word import NUMBER, RE_NUMBER

DASHES = frozenset({"-", "–", "~"})

_RE_TIME = re.compile(r"^\d{1,2}:[0-5]\d(?:am|pm)?$|^\d{1,2}(?:am|pm)$", re.IGNORECASE)
_RE_AMOUNT = re.compile(rf"^({MONEY})?({NUMBER})(\D*)$")
_HALVES = frozenset({"am", "pm", "a.m", "p.m"})
_DAYS = frozenset(WEEKDAYS) | {day.lower() for day in WEEKDAYS.values()}
_MONTHS = frozenset(MONTHS) | {month.lower() for month in MONTHS.values()}

_STORED = frozenset({"KB", "MB", "GB", "TB", "MP", "Hz", "px", "fps"})
"""Units that follow the number of a device as often as a lesser number: "iPhone 15 - 128 GB"."""

_FARTHEST = 10
"""How many times a bare number the number behind the dash may be."""

_COUNTS_ON = frozenset({
    "about", "age", "aged", "ages", "allow", "allows", "approx", "arrive", "arrives", "at", "between", "delivered",
    "delivery", "eu", "fit", "fits", "for", "from", "in", "it", "it's", "just", "keeps", "lasts", "need", "needs",
    "only", "over", "serve", "serves", "ship", "shipping", "ships", "sizes", "take", "takes", "the", "uk", "us",
    "usa", "usually", "wait", "wash", "within", "years",
})  # fmt: skip
"""Words in front of an amount that may be written large; other large words in front of it are names ("Model 3")."""

_NUMBERED = frozenset({
    "buy", "day", "galaxy", "gen", "generation", "get", "grade", "iphone", "item", "link", "lot", "model", "no",
    "number", "option", "part", "pixel", "room", "series", "size", "step", "type", "version",
})  # fmt: skip
"""Words that a number behind them names, written small too."""


class _Side(NamedTuple):
    """What stands on a side: its kind (a sign of money, a unit, "time", "day", "month" or "" for a bare number)."""

    kind: str
    value: float
    signed: bool = False


def is_to(cores: Sequence[str], at: int) -> bool:
    """Whether the dash at ``at`` joins two prices, amounts, times, weekdays or months. ``cores`` are caption words
    without quotes and end marks.
    """
    if not 0 < at < len(cores) - 1:
        return False
    begin = at - 2 if at > 1 and _follows(cores[at - 1], cores[at - 2]) else at - 1
    low = _side(cores[begin], cores[at - 1] if begin < at - 1 else "")
    behind = cores[at + 2] if at + 2 < len(cores) else ""
    high = _side(cores[at + 1], behind if _follows(behind, cores[at + 1]) else "")
    if low is None or high is None:
        return False
    if low.kind in {"time", "day", "month"} or high.kind == "time":
        return low.kind == high.kind or (not low.kind and low.value <= 12 and not _is_named(cores[:begin]))
    if not low.value < high.value:
        return False
    if low.kind:
        return low.kind == high.kind or (low.signed and not high.kind)
    near = high.value <= _FARTHEST * low.value and high.kind not in _STORED
    return near and not high.signed and not _is_named(cores[:begin])


def _follows(word: str, number: str) -> bool:
    """Whether ``word`` is the unit, currency or half of the day of the number before it."""
    if not RE_NUMBER.match(number):
        return False
    return word in CURRENCIES or word.lower() in _HALVES or (word in UNITS and word not in ATTACHED_ONLY - {"%", "°"})


def _side(core: str, unit: str) -> _Side | None:
    low = core.lower()
    if _RE_TIME.match(core) or unit.lower() in _HALVES:
        return _Side("time", float(re.split(r"\D", core)[0]))
    if low in _DAYS and core[:1].isupper():
        return _Side("day", 0.0)
    if low in _MONTHS and core[:1].isupper():
        return _Side("month", 0.0)
    found = _RE_AMOUNT.match(core)
    if not found:
        return None
    sign, value, rest = found.groups()
    kind = sign or rest.lstrip("-") or unit
    if kind and kind not in CURRENCIES and kind not in UNITS:
        return None
    return _Side(kind, float(value.replace(",", "")), sign is not None)


def _is_named(before: Sequence[str]) -> bool:
    """Whether the number behind these words is part of a name."""
    if not before:
        return False
    word = before[-1]
    return word.lower() in _NUMBERED or (word != word.lower() and word.lower() not in _COUNTS_ON)
