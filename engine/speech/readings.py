"""How one caption word of English is read: numbers, times, dates, signs, acronyms and model names.

Prices, measures and numbers that name are read in modules of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from engine.speech import labels, measures, numbers, pieces, prices
from engine.speech.currencies import CURRENCIES
from engine.speech.prices import MONEY
from engine.speech.scripts import LATIN
from engine.speech.spoken_lists import (
    ABBREVIATIONS,
    ATTACHED_ONLY,
    COUNTED_WORDS,
    MONTHS,
    SHORT_CAPITAL_WORDS,
    SPELLED_ACRONYMS,
    SYMBOLS,
    TITLES,
    UNITS,
    WEEKDAYS,
    WORD_ACRONYMS,
)
from engine.speech.spoken_word import ALONE, NUMBER, PREFIXES, RE_NUMBER, Context, SpokenWord, letters, say

__all__ = ["Context", "SpokenWord", "is_abbreviation", "read"]

_RE_SIGNED = re.compile(rf"^([-−+±~≈<>≤≥Ø])((?:{MONEY})?(?:{NUMBER}))(.*)$")
_RE_SUM = re.compile(rf"^({NUMBER})\+((?:{NUMBER}).*)$")
_RE_PLUS = re.compile(r"^(.*[^+])(\+{1,4})$")
_RE_RANGE = re.compile(rf"^({NUMBER})({measures.UNIT})?[-–—~]([-–]?)({NUMBER})(.*)$")
_RE_RANGE_OF = re.compile(rf"^([^{LATIN}]*\d[^-]*[-–][^-]*\d[^-]*)-([{LATIN}]{{2,}}(?:-[{LATIN}]+)*)$")
_RE_BELOW_ZERO = re.compile(rf"^–(?:{NUMBER})(?:°|[-–—~][-–]?(?:{NUMBER})°|$)")
_RE_SCALED = re.compile(rf"^({NUMBER})([kKM])$")
_RE_TIME = re.compile(r"^(\d{1,2}):([0-5]\d)(am|pm|AM|PM)?$")
_RE_HALF_TO = re.compile(r"^([ap])\.?m\.?[-–](\d{1,2}(?::[0-5]\d)?(?:[ap]m)?)$", re.IGNORECASE)
"""The middle of "9 am–5 pm"."""

_RE_CLOCK = re.compile(r"^(\d{1,2})(am|pm|AM|PM)$")
_RE_DATE = re.compile(r"^(\d{4})-(\d{2})-(\d{2})$")
_RE_TIMES = re.compile(rf"^({NUMBER})[x×]$")
_RE_INITIALS = re.compile(r"^(?:[A-Z]\.)+[A-Z]$")
_RE_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_RE_PLAIN = re.compile(rf"^[{LATIN}]+(?:['-][{LATIN}]+)*$")
_RE_WEB = re.compile(
    r"^(?:https?://)?(?:www\.)?((?:[a-z0-9-]+\.)+(?:com|net|org|shop|io|co|uk|cn|de|example))(/\S*)?$", re.I
)
_LETTER_AFTER = frozenset({"vitamin", "grade", "size", "plan", "type", "class", "usb", "option", "section"})


def is_abbreviation(core: str, around: Context) -> bool:
    """Whether the full stop behind ``core`` belongs to a shortened word and ends no sentence."""
    if around.tail != ".":
        return False
    goes_on = around.after[:1].islower()
    if core in TITLES or core.lower() in {"no", "nos"}:
        return _is_title(core, around) or _is_number_sign(core, around)
    if core == "Rs":
        return RE_NUMBER.match(around.after) is not None
    if core.lower() in PREFIXES:
        return measures.prefix(core, around) is not None
    unit = core in UNITS and measures.is_count(around.number) and (goes_on or measures.is_inch(core, around))
    calendar = core.lower() in MONTHS and core.lower() != "may" and bool(re.match(r"^\d", around.after))
    initials = _RE_INITIALS.match(core) is not None and goes_on
    return core.lower() in ABBREVIATIONS or unit or calendar or initials


def _is_title(core: str, around: Context) -> bool:
    return core in TITLES and around.tail in {"", "."} and around.after[:1].isupper()


def _is_number_sign(core: str, around: Context) -> bool:
    return core.lower() in {"no", "nos"} and around.tail == "." and around.after[:1].isdigit()


def read(core: str, around: Context, respell: Mapping[str, str]) -> list[SpokenWord]:
    """Spoken words of one caption word's core: the first rule that knows it decides."""
    custom = respell.get(core.lower())
    if custom is not None:
        return [w for part in custom.split() for w in read(part, ALONE, {})]
    for rule in _RULES:
        words = rule(core, around)
        if words is not None:
            return words
    return _compound(core, respell, around)


def _sign(core: str, around: Context) -> list[SpokenWord] | None:
    measured = core in UNITS and measures.is_count(measures.value_of(around))
    if core in SYMBOLS and not measured:
        return say(SYMBOLS[core])
    if ranked := re.match(r"#(\d+)(?:-(?=[A-Za-z]))?", core):
        rest = core[ranked.end() :]
        if not rest or re.fullmatch(r"[A-Za-z]+(?:-[A-Za-z]+)*", rest):
            rated = read(rest, ALONE, {}) if rest else []
            return [*say("number", *numbers.cardinal(int(ranked[1]))), *rated]
    side = around.earlier if around.before in UNITS else around.before
    if core in {"x", "X"} and re.match(r"^\d", side) and re.match(r"^\d", around.after):
        return say("by")
    if core == "/" and pieces.is_out_of(around):
        return say("out", "of")
    if not measured and not any(c.isalnum() for c in core) and core not in CURRENCIES:
        return []
    return None


def _abbreviation(core: str, around: Context) -> list[SpokenWord] | None:
    low = core.lower()
    if _is_number_sign(core, around) or (core in {"N°", "Nº"} and around.after[:1].isdigit()):
        return say("numbers" if low == "nos" else "number")
    if _is_title(core, around):
        return say(TITLES[core])
    if core in UNITS and RE_NUMBER.match(around.before):
        return None
    if low in ABBREVIATIONS and (around.tail.startswith(".") or low in {"vs", "etc"}):
        return say(ABBREVIATIONS[low])
    return None


def _calendar(core: str, around: Context) -> list[SpokenWord] | None:
    """Short months before their day, short weekdays and ranges of weekdays."""
    low = core.lower()
    if low in MONTHS and low not in {"may", "mar"} and core[:1].isupper() and len(core) <= 4:
        return say(MONTHS[low]) if around.tail == "." or re.match(r"^\d", around.after) else None
    days = re.split(r"[-–/]", low)
    if all(d in WEEKDAYS for d in days) and core[:1].isupper():
        if len(days) == 2:
            return say(WEEKDAYS[days[0]], "to" if "/" not in core else "and", WEEKDAYS[days[1]])
        if low in {"mon", "tue", "tues", "thu", "thurs", "fri"}:
            return say(WEEKDAYS[low])
    return None


def _range(core: str, around: Context) -> list[SpokenWord] | None:
    found = _RE_RANGE.match(core)
    if not found or _RE_DATE.match(core):
        return None
    low, own, below, high, rest = found.groups()
    if (own and own != rest) or (below and not rest.startswith("°")):
        return None
    high_words = [*(["minus"] if below else []), *numbers.decimal(high)]
    if not rest:
        return say(*numbers.decimal(low), "to", *high_words)
    unit = rest.lstrip("-")
    if unit in UNITS:
        return say(*numbers.decimal(low), "to", *high_words, UNITS[unit][not rest.startswith("-")])
    return None


def _range_of(core: str, around: Context) -> list[SpokenWord] | None:
    """A range that a word is joined to: "3-5-day", "$3-$5-off"."""
    found = _RE_RANGE_OF.match(core)
    if not found:
        return None
    ends = [float(end.replace(",", "")) for end in re.findall(NUMBER, found.group(1))]
    words = prices.price_range(found.group(1), ALONE) or _range(found.group(1), ALONE)
    if words is None or len(ends) != 2 or ends[0] >= ends[1]:
        return None
    return [*words, *_compound(found.group(2), {}, around)]


def _time(core: str, around: Context) -> list[SpokenWord] | None:
    clock = _RE_CLOCK.match(core)
    if clock:
        return [*say(*numbers.cardinal(int(clock.group(1)))), *letters(clock.group(2).upper())]
    if (half_to := _RE_HALF_TO.match(core)) and re.match(r"^\d", around.before):
        until = _time(half_to.group(2), around) or say(*numbers.cardinal(int(half_to.group(2))))
        return [*letters(f"{half_to.group(1).upper()}M"), *say("to"), *until]
    ends = re.split(r"[-–]", core)
    if len(ends) == 2 and all(_RE_TIME.match(e) or _RE_CLOCK.match(e) for e in ends):
        return [*(_time(ends[0], around) or []), *say("to"), *(_time(ends[1], around) or [])]
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
    return [*say(*words), *(letters(half.upper()) if half else [])]


def _date(core: str, around: Context) -> list[SpokenWord] | None:
    found = _RE_DATE.match(core)
    months = list(dict.fromkeys(MONTHS.values()))
    if found:
        year, month, day = (int(g) for g in found.groups())
        if 1 <= month <= 12 and 1 <= day <= 31:
            return say(months[month - 1], *numbers.ordinal(day), *numbers.year(year))
    month_first = MONTHS.get(around.before.lower()) or (around.before if around.before in months else "")
    if month_first and around.before[:1].isupper() and core.isdecimal() and 1 <= int(core) <= 31:
        return say(*numbers.ordinal(int(core)))
    return None


def _number(core: str, around: Context) -> list[SpokenWord] | None:
    """Plain numbers and years."""
    if RE_NUMBER.match(core):
        followed = around.after in UNITS and around.after not in ATTACHED_ONLY
        if core.isdigit() and len(core) == 4 and 1900 <= int(core) <= 2099 and not followed:
            return say(*numbers.year(int(core)))
        if core.isdigit() and core.startswith("0") and len(core) > 1:
            return say(*numbers.digits(core))
        return say(*numbers.decimal(core))
    return None


def _multiple(core: str, around: Context) -> list[SpokenWord] | None:
    """Numbers and prices with a sign before or a letter behind them: 3x, -5, ~$20, Ø24, 1+1, 20k.

    An en dash before degrees is a minus.
    """
    if _RE_BELOW_ZERO.match(core) and ("°" in core or around.after.startswith("°")):
        core = "-" + core[1:]
    if found := _RE_TIMES.match(core):
        return say(*numbers.decimal(found.group(1)), "times")
    if found := _RE_SIGNED.match(core):
        sign, value, rest = found.groups()
        word = "minus" if sign in "-−" else SYMBOLS[sign]
        return [*say(word), *read(value + rest, ALONE, {})]
    if found := _RE_SUM.match(core):
        return [*say(*numbers.decimal(found.group(1)), "plus"), *read(found.group(2), ALONE, {})]
    return _scaled(core, around)


def _scaled(core: str, around: Context) -> list[SpokenWord] | None:
    """Thousands and millions: "20k", and "20K" and "1.2M" where something is counted.

    Else these are letters ("4K", "a 1.5M cord").
    """
    found = _RE_SCALED.match(core)
    if not found:
        return None
    value, letter = found.groups()
    counted = any(word.lower() in COUNTED_WORDS for word in (around.after, around.before, around.earlier))
    if letter != "k" and not counted:
        return None
    return say(*numbers.decimal(value), "million" if letter == "M" else "thousand")


def _plus(core: str, around: Context) -> list[SpokenWord] | None:
    """Each plus that ends a word: 10,000+, SPF50+, A+, PA+++."""
    found = _RE_PLUS.match(core)
    if not found or not any(c.isalnum() for c in core):
        return None
    scaled = _scaled(found.group(1), around)
    return [
        *(scaled or read(found.group(1), Context("size", "", False, ""), {})),
        *say(*["plus"] * len(found.group(2))),
    ]


def _capitals(core: str, around: Context) -> list[SpokenWord] | None:
    """Letters that are spelled: acronyms, sizes, single letters; shouted words are read as words."""
    if len(core) == 1 and core.isupper():
        if core == "I" or (core == "A" and around.before.lower() not in _LETTER_AFTER):
            return [SpokenWord(core if around.first else core.lower() if core == "A" else core, 0)]
        return letters(core)
    stem = core[:-1] if re.match(r"^[A-Z]{2,}s$", core) else core
    if not re.match(r"^[A-Z]{2,}$", stem):
        return None
    if stem in SPELLED_ACRONYMS:
        return letters(core)
    if stem in WORD_ACRONYMS or stem in SHORT_CAPITAL_WORDS:
        return [SpokenWord(core.lower(), 0)]
    spelled = len(stem) <= 3 or not re.search(r"[AEIOUY]", stem)
    return letters(core) if spelled else [SpokenWord(core.lower(), 0)]


def _web(core: str, _around: Context) -> list[SpokenWord] | None:
    name, at, host_name = core.partition("@")
    if at and name and "." in host_name:
        parts = [*re.split(r"(\.)", name), "at", *re.split(r"(\.)", host_name)]
        return [w for part in parts for w in (say("dot") if part == "." else _compound(part, {}))]
    found = _RE_WEB.match(core)
    if not found:
        return None
    host = found.group(1).split(".")
    return [w for i, part in enumerate(host) for w in [*(say("dot") if i else []), *_compound(part, {})]]


def _compound(core: str, respell: Mapping[str, str], around: Context = ALONE) -> list[SpokenWord]:
    """Everything else: plain words, CamelCase, and mixtures of letters and digits such as model names."""
    if not core.isascii() and _RE_PLAIN.match(core):
        return [SpokenWord(core.capitalize() if core.isupper() else core, 0)]
    if re.match(r"^[a-z]+(?:-[a-z]+)*(?:'[a-z]+)?$", core, re.I) and not _RE_CAMEL.search(core):
        words = core.split("-")
        if all(p == p.lower() or p == p.capitalize() for p in words) and min(map(len, words)) > 1:
            return [SpokenWord(core, 0)]
    out: list[SpokenWord] = []
    is_model = re.search(r"[A-Z]-?\d", core) is not None
    cut = pieces.cut(core)
    for at, piece in enumerate(cut):
        whole = pieces.whole(cut, at, around)
        if whole is not None:
            out += whole
            continue
        parts = pieces.parts(piece)
        for part in parts:
            if part[0].isalpha():
                out += _letter_run(part, respell, mixed=len(parts) > 1)
            else:
                out += say(*pieces.number_words(part, is_model=is_model))
    return out


def _letter_run(part: str, respell: Mapping[str, str], *, mixed: bool) -> list[SpokenWord]:
    if part.lower() in respell:
        return say(respell[part.lower()])
    if mixed and part.isupper():
        return letters(part)
    words: list[SpokenWord] = []
    pieces = _RE_CAMEL.split(part)
    for word in pieces:
        if len(word) == 1 and len(pieces) > 1:
            words += letters(word.upper())
            continue
        read = _capitals(word, Context("size", "", False, ""))
        words += read if read is not None else [SpokenWord(word, 0)]
    return words


_Rule = Callable[[str, Context], list[SpokenWord] | None]
_RULES: tuple[_Rule, ...] = (
    _sign, prices.amount, prices.currency_behind, measures.prefix, measures.unit_of_number, _abbreviation, _calendar,
    prices.price, prices.scale_of_price, _time, _date, labels.number_sign, labels.telephone, labels.decade,
    labels.screen, labels.karat, pieces.rating, prices.price_range, measures.part_of_unit, _range, _number,
    measures.part_number, measures.measure, _multiple, _plus, prices.per, _range_of, _web, _capitals,
)  # fmt: skip
