"""How prices are read in English: "$19.99", "19.99 SGD", "$10 million", "$4.99/month", "$5-$10"."""

from __future__ import annotations

import re

from engine.speech import numbers
from engine.speech.currencies import CURRENCIES, WORD_CODES
from engine.speech.spoken_lists import PERIODS, SHORT_PERIODS, UNITS
from engine.speech.spoken_word import ALONE, NUMBER, RE_NUMBER, Context, SpokenWord, say

MONEY = "|".join(re.escape(c) for c in sorted(CURRENCIES.keys() - WORD_CODES, key=len, reverse=True))
SIGNS = "|".join(re.escape(c) for c in sorted(CURRENCIES, key=len, reverse=True) if not c.replace(".", "").isalpha())
"""Currencies that are not written as a word or a code."""

RE_PRICE = re.compile(rf"^({MONEY})({NUMBER})([kKmM]?)$")
_RE_PRICE_AFTER = re.compile(rf"^({NUMBER})({MONEY})$")
_RE_PRICES = re.compile(rf"^({MONEY})?({NUMBER})({MONEY})?[-–—]({MONEY})?({NUMBER})({MONEY})?$")
_RE_PER = re.compile(rf"^(.+)/({NUMBER})?([A-Za-z]+)$")
_UNIT = "|".join(re.escape(u) for u in sorted(UNITS, key=len, reverse=True))
_RE_CENTS = re.compile(rf"^({NUMBER})¢$")
_RE_COUNTED = re.compile(rf"^({NUMBER})({_UNIT}|[x×])?$")
_SCALE_LETTER = {"k": "thousand", "m": "million"}
_SCALE_WORDS = frozenset({"thousand", "million", "billion"})


def is_currency(code: str, value: str) -> bool:
    """Whether ``code`` is the currency of the amount ``value`` beside it."""
    if code not in CURRENCIES or not RE_NUMBER.match(value):
        return False
    return code not in WORD_CODES or re.search(r"\.\d\d$", value) is not None


def money(sign: str, value: str) -> list[str]:
    """Words of an amount: ("$", "19.99") is nineteen dollars and ninety nine cents."""
    one, many, part, parts = CURRENCIES[sign]
    whole, _, hundredths = value.replace(",", "").partition(".")
    units = int(whole or 0)
    if not hundredths.strip("0"):
        return [*numbers.cardinal(units), one if units == 1 else many]
    if not part or len(hundredths) > 2:
        return [*numbers.decimal(value.rstrip("0")), many]
    small = int(hundredths.ljust(2, "0"))
    cents = [*numbers.cardinal(small), part if small == 1 else parts]
    return [*numbers.cardinal(units), one if units == 1 else many, "and", *cents] if units else cents


def price(core: str, around: Context) -> list[SpokenWord] | None:
    """A number that its currency touches; "$19.99 USD" is read by its code."""
    before = RE_PRICE.match(core)
    after = _RE_PRICE_AFTER.match(core)
    if before:
        sign, value, scale = before.groups()
    elif after:
        value, sign = after.groups()
        scale = ""
    else:
        return None
    sign = around.after if sign == "$" and _is_dollar_code(around.after) else sign
    if scale:
        return say(*numbers.decimal(value), _SCALE_LETTER[scale.lower()], CURRENCIES[sign][1])
    if around.after.lower() in _SCALE_WORDS:
        return say(*numbers.decimal(value))
    return say(*money(sign, value))


def amount(core: str, around: Context) -> list[SpokenWord] | None:
    """A number with its currency as the caption word before or after it, and a currency that stands before."""
    if core in CURRENCIES and not RE_NUMBER.match(around.before) and is_currency(core, around.after):
        return []
    if _is_dollar_code(core) and RE_PRICE.match(around.before) and around.before.startswith("$"):
        return []
    if not RE_NUMBER.match(core):
        return None
    if is_currency(around.before, core) and not RE_NUMBER.match(around.earlier):
        return say(*money(around.before, core))
    code = around.after.partition("/")[0]
    if is_currency(code, core):
        return say(*money(code, core)[: len(numbers.cardinal(_whole(core)))])
    return None


def currency_behind(core: str, around: Context) -> list[SpokenWord] | None:
    """A currency that follows its number as a caption word of its own: what ``amount`` has not said yet."""
    value = re.split(r"[-–]", around.before)[-1]
    if not is_currency(core, value) or around.before.startswith(tuple(CURRENCIES)):
        return None
    return say(*money(core, value)[len(numbers.cardinal(_whole(value))) :])


def scale_of_price(core: str, around: Context) -> list[SpokenWord] | None:
    """The "million" behind "$10"."""
    found = RE_PRICE.match(around.before)
    return say(core, CURRENCIES[found.group(1)][1]) if found and core.lower() in _SCALE_WORDS else None


def price_range(core: str, _around: Context) -> list[SpokenWord] | None:
    """Prices such as "$5-$10" and "10-20€": the currency is said once, unless the first has cents."""
    found = _RE_PRICES.match(core)
    if not found:
        return None
    first, low, behind, second, high, last = found.groups()
    sign = first or behind or second or last
    if sign is None:
        return None
    return say(*(money(sign, low) if "." in low else numbers.decimal(low)), "to", *money(sign, high))


def per(core: str, around: Context) -> list[SpokenWord] | None:
    """What something costs or how much there is by the piece, the weight or the time: "$4.99/month", "100mg/day"."""
    found = _RE_PER.match(core)
    if not found:
        return None
    what, many, unit = found.groups()
    said = price(what, ALONE) or price_range(what, ALONE) or currency_behind(what, around) or _cents(what)
    if said is None:
        counted = _RE_COUNTED.match(what)
        if not counted or many or unit.lower() not in PERIODS | SHORT_PERIODS.keys():
            return None
        value, measure = counted.groups()
        units = UNITS.get(measure or "", ("times", "times") if measure else ("", ""))
        said = say(*numbers.decimal(value), units[value != "1"])
    return [*said, *say(*_share(many, unit if unit in UNITS else unit.lower()))]


def _cents(what: str) -> list[SpokenWord] | None:
    found = _RE_CENTS.match(what)
    return say(*numbers.decimal(found.group(1)), UNITS["¢"][found.group(1) != "1"]) if found else None


def _share(many: str | None, unit: str) -> list[str]:
    if unit == "ea":
        return ["each"]
    if many:
        return ["per", *numbers.decimal(many), UNITS[unit][many != "1"] if unit in UNITS else unit]
    one = SHORT_PERIODS.get(unit) or (UNITS[unit][0] if unit in UNITS else unit)
    return ["an" if one[0] in "aeio" or one.startswith("hour") else "a", one]


def _is_dollar_code(code: str) -> bool:
    return code.isalpha() and code in CURRENCIES and CURRENCIES[code][1].endswith("dollars")


def _whole(value: str) -> int:
    return int(value.replace(",", "").partition(".")[0] or 0)
