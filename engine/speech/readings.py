"""How one caption word is read: prices, numbers, units, times, dates, signs, acronyms and model names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.speech import numbers
from engine.speech.spoken_lists import (
    ABBREVIATIONS,
    ATTACHED_ONLY,
    CURRENCIES,
    MONTHS,
    SHORT_CAPITAL_WORDS,
    SPELLED_ACRONYMS,
    SYMBOLS,
    TITLES,
    UNICODE_FRACTIONS,
    UNITS,
    WEEKDAYS,
    WORD_ACRONYMS,
)


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """One word for the voice. ``caption`` is the index of its caption word; ``pause`` is the mark that follows it
    (one of ``, . ! ? ; : — …`` or ""); ``spelled`` capitals are read as letter names ("USB", "LEDs").
    """

    text: str
    caption: int
    pause: str = ""
    spelled: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """The caption words around the one being read: their cores, without quotes and end punctuation.

    ``one_thing`` is set after "a" or "an" (a number may stand between): units are then singular ("a 2 m cable").
    """

    before: str
    after: str
    first: bool
    tail: str
    one_thing: bool = False


_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
_UNIT = "|".join(re.escape(u) for u in sorted(UNITS, key=len, reverse=True))
_MONEY = "|".join(re.escape(c) for c in sorted(CURRENCIES, key=len, reverse=True))
_RE_NUMBER = re.compile(rf"^(?:{_NUMBER})$")
_RE_SIGNED = re.compile(rf"^([-−+±~≈<>≤≥])({_NUMBER})(.*)$")
_RE_WITH_UNIT = re.compile(rf"^({_NUMBER})-?({_UNIT})$")
_RE_PRICE = re.compile(rf"^({_MONEY})({_NUMBER})([kKmM]?)$")
_RE_PRICE_AFTER = re.compile(rf"^({_NUMBER})({_MONEY})$")
_RE_RANGE = re.compile(rf"^({_MONEY})?({_NUMBER})[-–—]({_MONEY})?({_NUMBER})(.*)$")
_RE_TIME = re.compile(r"^(\d{1,2}):([0-5]\d)(am|pm|AM|PM)?$")
_RE_CLOCK = re.compile(r"^(\d{1,2})(am|pm|AM|PM)$")
_RE_ORDINAL = re.compile(r"^(\d+(?:,\d{3})*)(?:st|nd|rd|th)$", re.IGNORECASE)
_RE_FRACTION = re.compile(r"^(\d{1,2})/(\d{1,2})$")
_RE_MIXED = re.compile(rf"^(\d+)([{''.join(UNICODE_FRACTIONS)}])$")
_RE_DATE = re.compile(r"^(\d{4})-(\d{2})-(\d{2})$")
_RE_DIMENSIONS = re.compile(rf"^({_NUMBER})[x×*]({_NUMBER})(?:[x×*]({_NUMBER}))?({_UNIT})?$")
_RE_TIMES = re.compile(rf"^({_NUMBER})[x×]$")
_RE_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_RE_PARTS = re.compile(r"[A-Za-z]+(?:'[a-z]+)?|\d+(?:,\d{3})*(?:\.\d+)?")
_RE_WEB = re.compile(
    r"^(?:https?://)?(?:www\.)?((?:[a-z0-9-]+\.)+(?:com|net|org|shop|io|co|uk|cn|de|example))(/\S*)?$", re.I
)
_SCALE_LETTER = {"k": "thousand", "m": "million"}
_SCALE_WORDS = frozenset({"thousand", "million", "billion"})
_LETTER_AFTER = frozenset({"vitamin", "grade", "size", "plan", "type", "class", "usb", "option", "section"})


def is_abbreviation(core: str, around: Context) -> bool:
    """Whether the full stop behind ``core`` belongs to a shortened word and ends no sentence."""
    if around.tail != ".":
        return False
    if core in TITLES or core.lower() in {"no", "nos"}:
        return _is_title(core, around) or _is_number_sign(core, around)
    unit = core in UNITS and _RE_NUMBER.match(around.before) is not None
    calendar = core.lower() in MONTHS and core.lower() != "may" and bool(re.match(r"^\d", around.after))
    return core.lower() in ABBREVIATIONS or (unit and around.after[:1].islower()) or calendar


def _is_title(core: str, around: Context) -> bool:
    return core in TITLES and around.tail in {"", "."} and around.after[:1].isupper()


def _is_number_sign(core: str, around: Context) -> bool:
    return core.lower() in {"no", "nos"} and around.tail == "." and around.after[:1].isdigit()


def _say(*texts: str) -> list[SpokenWord]:
    """Spoken words of plain texts (spaces separate words; single capitals but I and A are letter names)."""
    words = [w for text in texts for w in text.split()]
    return [SpokenWord(w, 0, "", spelled=len(w) == 1 and w.isupper() and w != "I") for w in words]


def _letters(text: str) -> list[SpokenWord]:
    return [SpokenWord(text, 0, "", spelled=True)]


def read(core: str, around: Context, respell: Mapping[str, str]) -> list[SpokenWord]:
    """Spoken words of one caption word's core: the first rule that knows it decides."""
    custom = respell.get(core.lower())
    if custom is not None:
        return [w for part in custom.split() for w in read(part, Context("", "", False, ""), {})]
    for rule in _RULES:
        words = rule(core, around)
        if words is not None:
            return words
    return _compound(core, respell)


def _sign(core: str, around: Context) -> list[SpokenWord] | None:
    if core in SYMBOLS:
        return _say(SYMBOLS[core])
    if core.startswith("#") and core[1:].isdigit():
        return _say("number", *numbers.cardinal(int(core[1:])))
    if core in {"x", "X"} and re.match(r"^\d", around.before) and re.match(r"^\d", around.after):
        return _say("by")
    if not any(c.isalnum() for c in core) and core not in CURRENCIES:
        return []
    return None


def _abbreviation(core: str, around: Context) -> list[SpokenWord] | None:
    low = core.lower()
    if _is_number_sign(core, around):
        return _say("number" if low == "no" else "numbers")
    if _is_title(core, around):
        return _say(TITLES[core])
    if core in UNITS and _RE_NUMBER.match(around.before):
        return None
    if low in ABBREVIATIONS and (around.tail.startswith(".") or low in {"vs", "etc"}):
        return _say(ABBREVIATIONS[low])
    return None


def _calendar(core: str, around: Context) -> list[SpokenWord] | None:
    """Short months before their day, short weekdays and ranges of weekdays."""
    low = core.lower()
    if low in MONTHS and low not in {"may", "mar"} and core[:1].isupper() and len(core) <= 4:
        return _say(MONTHS[low]) if around.tail == "." or re.match(r"^\d", around.after) else None
    days = re.split(r"[-–/]", low)
    if all(d in WEEKDAYS for d in days) and core[:1].isupper():
        if len(days) == 2:
            return _say(WEEKDAYS[days[0]], "to" if "/" not in core else "and", WEEKDAYS[days[1]])
        if low in {"mon", "tue", "tues", "thu", "thurs", "fri"}:
            return _say(WEEKDAYS[low])
    return None


def _unit_of_number(core: str, around: Context) -> list[SpokenWord] | None:
    """A unit, a currency or a clock half that follows its number as a caption word of its own."""
    value = re.split(r"[-–x×]", around.before)[-1]
    if not _RE_NUMBER.match(value) or around.before.startswith(tuple(CURRENCIES)):
        return None
    if core in CURRENCIES:
        return _say(*_money(core, value)[len(numbers.cardinal(_whole(value))) :])
    if core.lower() in {"am", "pm", "a.m", "p.m"}:
        return _letters(core.replace(".", "").upper())
    if core not in UNITS or (core in ATTACHED_ONLY and core not in {"%", "°"}):
        return None
    return _say(UNITS[core][value != "1" and not around.one_thing])


def _price(core: str, around: Context) -> list[SpokenWord] | None:
    before = _RE_PRICE.match(core)
    after = _RE_PRICE_AFTER.match(core)
    if before:
        sign, value, scale = before.groups()
    elif after:
        value, sign = after.groups()
        scale = ""
    else:
        return None
    if scale:
        return _say(*numbers.decimal(value), _SCALE_LETTER[scale.lower()], CURRENCIES[sign][1])
    if around.after.lower() in _SCALE_WORDS:
        return _say(*numbers.decimal(value))
    return _say(*_money(sign, value))


def _money(sign: str, value: str) -> list[str]:
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


def _whole(value: str) -> int:
    return int(value.replace(",", "").partition(".")[0] or 0)


def _amount(core: str, around: Context) -> list[SpokenWord] | None:
    """A number with its currency as the caption word before or after it, and a code that stands before."""
    if core in CURRENCIES and core.isalpha() and _RE_NUMBER.match(around.after):
        return []
    if not _RE_NUMBER.match(core):
        return None
    if around.before in CURRENCIES and around.before.isalpha():
        return _say(*_money(around.before, core))
    if around.after in CURRENCIES:
        return _say(*_money(around.after, core)[: len(numbers.cardinal(_whole(core)))])
    return None


def _scale_of_price(core: str, around: Context) -> list[SpokenWord] | None:
    price = _RE_PRICE.match(around.before)
    return _say(core, CURRENCIES[price.group(1)][1]) if price and core.lower() in _SCALE_WORDS else None


def _range(core: str, around: Context) -> list[SpokenWord] | None:
    found = _RE_RANGE.match(core)
    if not found or _RE_DATE.match(core):
        return None
    sign, low, sign_again, high, rest = found.groups()
    if sign or sign_again:
        return _say(*numbers.decimal(low), "to", *_money(sign or sign_again, high)) if not rest else None
    if not rest:
        return _say(*numbers.decimal(low), "to", *numbers.decimal(high))
    unit = rest.lstrip("-")
    if unit in UNITS:
        return _say(*numbers.decimal(low), "to", *numbers.decimal(high), UNITS[unit][not rest.startswith("-")])
    return None


def _time(core: str, around: Context) -> list[SpokenWord] | None:
    clock = _RE_CLOCK.match(core)
    if clock:
        return [*_say(*numbers.cardinal(int(clock.group(1)))), *_letters(clock.group(2).upper())]
    ends = re.split(r"[-–]", core)
    if len(ends) == 2 and all(_RE_TIME.match(e) or _RE_CLOCK.match(e) for e in ends):
        return [*(_time(ends[0], around) or []), *_say("to"), *(_time(ends[1], around) or [])]
    found = _RE_TIME.match(core)
    if not found or int(found.group(1)) > 24:
        return None
    hour, minute, half = int(found.group(1)), int(found.group(2)), found.group(3)
    words = numbers.cardinal(hour)
    if minute:
        words += (["oh"] if minute < 10 else []) + numbers.cardinal(minute)
    elif hour > 12:
        words += ["hundred"]
    elif not half and around.after.lower() not in {"am", "pm", "a.m", "p.m"}:
        words += ["o'clock"]
    return [*_say(*words), *(_letters(half.upper()) if half else [])]


def _date(core: str, around: Context) -> list[SpokenWord] | None:
    found = _RE_DATE.match(core)
    months = list(dict.fromkeys(MONTHS.values()))
    if found:
        year, month, day = (int(g) for g in found.groups())
        if 1 <= month <= 12 and 1 <= day <= 31:
            return _say(months[month - 1], *numbers.ordinal(day), *numbers.year(year))
    month_first = MONTHS.get(around.before.lower()) or (around.before if around.before in months else "")
    if month_first and around.before[:1].isupper() and core.isdigit() and 1 <= int(core) <= 31:
        return _say(*numbers.ordinal(int(core)))
    return None


def _number(core: str, around: Context) -> list[SpokenWord] | None:
    """Plain numbers and years."""
    if _RE_NUMBER.match(core):
        followed = around.after in UNITS and around.after not in ATTACHED_ONLY
        if core.isdigit() and len(core) == 4 and 1900 <= int(core) <= 2099 and not followed:
            return _say(*numbers.year(int(core)))
        if core.isdigit() and core.startswith("0") and len(core) > 1:
            return _say(*numbers.digits(core))
        return _say(*numbers.decimal(core))
    return None


def _part_number(core: str, _around: Context) -> list[SpokenWord] | None:
    """Ordinals and fractions."""
    if found := _RE_ORDINAL.match(core):
        return _say(*numbers.ordinal(int(found.group(1).replace(",", ""))))
    if found := _RE_MIXED.match(core):
        over, under = UNICODE_FRACTIONS[found.group(2)]
        part = ["a", "half"] if (over, under) == (1, 2) else numbers.fraction(over, under)
        return _say(*numbers.cardinal(int(found.group(1))), "and", *part)
    if found := _RE_FRACTION.match(core):
        over, under = int(found.group(1)), int(found.group(2))
        if 0 < over < under <= 10:
            return _say(*numbers.fraction(over, under))
        return _say(*numbers.cardinal(over), *numbers.cardinal(under))
    return None


def _measure(core: str, around: Context) -> list[SpokenWord] | None:
    if found := _RE_WITH_UNIT.match(core):
        value, unit = found.groups()
        if unit == "K" and len(value) < 4:
            return None
        adjective = core[len(value)] == "-" or around.one_thing
        return _say(*numbers.decimal(value), UNITS[unit][value != "1" and not adjective])
    if found := _RE_DIMENSIONS.match(core):
        *sides, unit = found.groups()
        words = [w for i, side in enumerate(s for s in sides if s) for w in ["by", *numbers.decimal(side)][i == 0 :]]
        return _say(*words, UNITS[unit][1] if unit else "")
    return None


def _multiple(core: str, _around: Context) -> list[SpokenWord] | None:
    """Numbers with a sign before or a letter behind them: 3x, -5, ~2, 5+, 20k."""
    if found := _RE_TIMES.match(core):
        return _say(*numbers.decimal(found.group(1)), "times")
    if found := _RE_SIGNED.match(core):
        sign, value, rest = found.groups()
        word = "minus" if sign in "-−" else SYMBOLS[sign]
        return [*_say(word), *read(value + rest, Context("", "", False, ""), {})]
    if found := re.match(rf"^({_NUMBER})\+$", core):
        return _say(*numbers.decimal(found.group(1)), "plus")
    return _say(*numbers.decimal(core[:-1]), "thousand") if re.match(rf"^({_NUMBER})k$", core) else None


def _capitals(core: str, around: Context) -> list[SpokenWord] | None:
    """Letters that are spelled: acronyms, sizes, single letters; shouted words are read as words."""
    if len(core) == 1 and core.isupper():
        if core == "I" or (core == "A" and around.before.lower() not in _LETTER_AFTER):
            return [SpokenWord(core if around.first else core.lower() if core == "A" else core, 0)]
        return _letters(core)
    stem = core[:-1] if re.match(r"^[A-Z]{2,}s$", core) else core
    if not re.match(r"^[A-Z]{2,}$", stem):
        return None
    if stem in SPELLED_ACRONYMS:
        return _letters(core)
    if stem in WORD_ACRONYMS or stem in SHORT_CAPITAL_WORDS:
        return [SpokenWord(core.lower(), 0)]
    spelled = len(stem) <= 3 or not re.search(r"[AEIOUY]", stem)
    return _letters(core) if spelled else [SpokenWord(core.lower(), 0)]


def _web(core: str, _around: Context) -> list[SpokenWord] | None:
    name, at, host_name = core.partition("@")
    if at and name and "." in host_name:
        parts = [*re.split(r"(\.)", name), "at", *re.split(r"(\.)", host_name)]
        return [w for part in parts for w in (_say("dot") if part == "." else _compound(part, {}))]
    found = _RE_WEB.match(core)
    if not found:
        return None
    host = found.group(1).split(".")
    return [w for i, part in enumerate(host) for w in [*(_say("dot") if i else []), *_compound(part, {})]]


def _compound(core: str, respell: Mapping[str, str]) -> list[SpokenWord]:
    """Everything else: plain words, CamelCase, and mixtures of letters and digits such as model names."""
    if re.match(r"^[a-zà-öø-ÿ]+(?:-[a-zà-öø-ÿ]+)*(?:'[a-z]+)?$", core, re.I) and not _RE_CAMEL.search(core):
        pieces = core.split("-")
        if all(p == p.lower() or p == p.capitalize() for p in pieces) and min(map(len, pieces)) > 1:
            return [SpokenWord(core, 0)]
    out: list[SpokenWord] = []
    is_model = re.search(r"[A-Z]-?\d", core) is not None
    for piece in re.split(r"[-–/_.&]", core):
        parts = _RE_PARTS.findall(piece)
        for part in parts:
            if part[0].isdigit():
                whole = is_model and part.isdigit()
                out += _say(*(numbers.model_number(part) if whole else numbers.decimal(part)))
            else:
                out += _letter_run(part, respell, mixed=len(parts) > 1)
    return out


def _letter_run(part: str, respell: Mapping[str, str], *, mixed: bool) -> list[SpokenWord]:
    if part.lower() in respell:
        return _say(respell[part.lower()])
    if mixed and part.isupper():
        return _letters(part)
    words: list[SpokenWord] = []
    pieces = _RE_CAMEL.split(part)
    for word in pieces:
        if len(word) == 1 and len(pieces) > 1:
            words += _letters(word.upper())
            continue
        read = _capitals(word, Context("size", "", False, ""))
        words += read if read is not None else [SpokenWord(word, 0)]
    return words


_Rule = Callable[[str, Context], list[SpokenWord] | None]
_RULES: tuple[_Rule, ...] = (
    _sign, _amount, _unit_of_number, _abbreviation, _calendar, _price, _scale_of_price, _time, _date, _range, _number,
    _part_number, _measure, _multiple, _web, _capitals,
)  # fmt: skip
