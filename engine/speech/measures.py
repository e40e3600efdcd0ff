"""How measures are read in English: "750 ml", "12 fl oz", "2 1/2 cups", "3/4-inch", "10 in. pan", "10x20cm"."""

from __future__ import annotations

import re

from engine.speech import numbers
from engine.speech.currencies import CURRENCIES
from engine.speech.spoken_lists import ATTACHED_ONLY, UNICODE_FRACTIONS, UNITS
from engine.speech.spoken_word import NUMBER, PREFIXES, RE_NUMBER, RE_PREFIX, Context, SpokenWord, letters, say

UNIT = "|".join(re.escape(u) for u in sorted(UNITS, key=len, reverse=True))
_FRACTION_SIGNS = "".join(UNICODE_FRACTIONS)
_RE_WITH_UNIT = re.compile(rf"^({NUMBER})-?({UNIT})$")
_RE_ORDINAL = re.compile(r"^(\d+(?:,\d{3})*)(?:st|nd|rd|th)$", re.IGNORECASE)
_RE_ORDINALS = re.compile(r"^(\d+)(?:st|nd|rd|th)?[-–](\d+)(?:st|nd|rd|th)$", re.IGNORECASE)
_RE_FRACTION = re.compile(r"^(\d{1,2})/(\d{1,2})$")
_RE_MIXED = re.compile(rf"^(\d+)?([{_FRACTION_SIGNS}])$")
_RE_PART_OF = re.compile(
    rf"^(?:(\d+)-)?(?:(\d{{1,2}})/(\d{{1,2}})|([{_FRACTION_SIGNS}]))-?({UNIT}|(?<=[-\d{_FRACTION_SIGNS}])[a-z]+)?$"
)
_RE_DIMENSIONS = re.compile(rf"^({NUMBER})[x×*]({NUMBER})(?:[x×*]({NUMBER}))?({UNIT})?$")
_RE_FEET = re.compile(r"^(\d+)'$")
_SIDES = frozenset({"long", "wide", "tall", "high", "deep", "x", "×", "by"})
"""Words behind \"5'\" in front of which it is feet, and no quotation's end."""

_HALVES = frozenset({"am", "pm", "a.m", "p.m"})
_RE_CLOCK = re.compile(r"(?:^|[-–])(?:[01]?\d|2[0-4]):[0-5]\d$")
_RE_CARATS = re.compile(r"^(\d*\.\d+)-?ct$")
_FINE = frozenset({16, 32, 64})
"""What an inch is divided by; without a unit "3/16" may be a date."""


def prefix(core: str, around: Context) -> list[SpokenWord] | None:
    """The first word of a unit of two: "12 fl oz", "12fl oz"."""
    found = RE_PREFIX.match(core)
    if not found or around.after not in UNITS:
        return None
    value, word = found.groups()
    if not value and not RE_NUMBER.match(around.before):
        return None
    return say(*(numbers.decimal(value) if value else []), PREFIXES[word.lower()])


def unit_of_number(core: str, around: Context) -> list[SpokenWord] | None:
    """A unit or a clock half that follows its number as a caption word of its own."""
    value = value_of(around)
    part = _proper(value, fine=True)
    if core.lower() in _HALVES and _RE_CLOCK.search(around.before):
        return letters(core.replace(".", "").upper())
    if not is_count(value) or around.before.startswith(tuple(CURRENCIES)):
        return None
    if core.lower() in _HALVES:
        return letters(core.replace(".", "").upper())
    if core not in UNITS or (core in ATTACHED_ONLY and core not in {"%", "¢", "°"} and not is_inch(core, around)):
        return None
    one = value == "1" or (part is not None and part[0] == 0 and not around.earlier.isdigit())
    return say(UNITS[core][not one and not around.one_thing])


def is_inch(core: str, around: Context) -> bool:
    """Whether "in" means inches: "a 10 in. pan", "10 in. x 8 in.", "20 sq in"."""
    if core != "in" or not around.number:
        return False
    short = around.tail.startswith(".")
    goes_on = around.after[:1].islower() or around.after[:1].isdigit() or around.after[:1] in {"×", "*"}
    exact = not around.number.isdigit()
    return RE_PREFIX.match(around.before) is not None or (short and (goes_on or exact or around.one_thing))


def part_number(core: str, around: Context) -> list[SpokenWord] | None:
    """Ordinals and fractions: "1st", "24th-26th", "1/2", "1½", and "2 1/2" as two caption words."""
    if words := ordinal(core):
        return say(*words)
    if found := _RE_ORDINALS.match(core):
        first, last = (numbers.ordinal(int(number)) for number in found.groups())
        return say(*first, "to", *last)
    part = _proper(core, fine=around.after in UNITS or around.after.startswith("inch"))
    if part is not None:
        whole, over, under = part
        return say(*(_mixed(*part) if whole or _is_counted(around) else numbers.fraction(over, under)))
    if found := _RE_FRACTION.match(core):
        return say(*numbers.cardinal(int(found.group(1))), *numbers.cardinal(int(found.group(2))))
    return None


def ordinal(core: str) -> list[str]:
    """Words of "1st" and "1,000th"; none where it is no ordinal."""
    found = _RE_ORDINAL.match(core)
    return numbers.ordinal(int(found.group(1).replace(",", ""))) if found else []


def part_of_unit(core: str, around: Context) -> list[SpokenWord] | None:
    """A fraction that its unit or a word touches: "1/2-inch", "1/3rd", "2-1/2 cups"."""
    found = _RE_PART_OF.match(core)
    if not found or not (found.group(1) or found.group(5)):
        return None
    part = _proper(found.group(4) or f"{found.group(2)}/{found.group(3)}", fine=True)
    if part is None:
        return None
    _, over, under = part
    unit = found.group(5) or ""
    unit = "" if unit in {"st", "nd", "rd", "th"} else unit
    units = UNITS.get(unit, (unit, unit))
    if found.group(1) or _is_counted(around):
        one = "-" in core[core.rfind("/") :] or around.one_thing
        return say(*_mixed(int(found.group(1) or 0), over, under), units[not one])
    if (over, under) == (1, 2):
        return say("half", units[0])
    return say(*([*numbers.cardinal(over), "quarter"] if under == 4 else numbers.fraction(over, under)), units[0])


def measure(core: str, around: Context) -> list[SpokenWord] | None:
    """A number that its unit touches, and sides: "750ml", "10x20cm"; "0.5ct" is of a carat, "100ct" a count."""
    if (found := _RE_FEET.match(core)) and around.after.lower() in _SIDES:
        return say(*numbers.decimal(found.group(1)), "foot" if found.group(1) == "1" else "feet")
    if found := _RE_CARATS.match(core):
        return say(*numbers.decimal(found.group(1)), "carat" if around.one_thing or "-" in core else "carats")
    if found := _RE_WITH_UNIT.match(core):
        value, unit = found.groups()
        if unit == "K" and len(value) < 4:
            return None
        adjective = core[len(value)] == "-" or around.one_thing
        return say(*numbers.decimal(value), UNITS[unit][value != "1" and not adjective])
    if found := _RE_DIMENSIONS.match(core):
        *sides, unit = found.groups()
        words = [w for i, side in enumerate(s for s in sides if s) for w in ["by", *numbers.decimal(side)][i == 0 :]]
        return say(*words, UNITS[unit][1] if unit else "")
    return None


def value_of(around: Context) -> str:
    """What stands where a unit's number would: the last of a range or of the sides of a thing."""
    return re.split(r"[-–x×]", around.number)[-1].lstrip("+±~≈<>≤≥")


def is_count(text: str) -> bool:
    """Whether ``text`` is a number or a fraction that a unit may stand behind."""
    return RE_NUMBER.match(text) is not None or _proper(text, fine=True) is not None


def _is_counted(around: Context) -> bool:
    """Whether a fraction belongs to the whole number before it: "2 1/2"."""
    return around.joined and around.before.isdigit() and len(around.before) <= 2


def _mixed(whole: int, over: int, under: int) -> list[str]:
    """Words of a whole number, unless it is 0 and said before, and a fraction: "two and a half"."""
    part = ["a", "half"] if (over, under) == (1, 2) else numbers.fraction(over, under)
    return [*(numbers.cardinal(whole) if whole else []), "and", *part]


def _proper(text: str, *, fine: bool) -> tuple[int, int, int] | None:
    """Whole, numerator and denominator of "1/2", "½" and "1½"; None where it is no part of one ("24/7", "18/8").

    ``fine`` allows sixteenths and the like.
    """
    if found := _RE_MIXED.match(text):
        return int(found.group(1) or 0), *UNICODE_FRACTIONS[found.group(2)]
    if found := _RE_FRACTION.match(text):
        over, under = int(found.group(1)), int(found.group(2))
        return (0, over, under) if 0 < over < under and (under <= 10 or (fine and under in _FINE)) else None
    return None
