"""Prices, amounts and numbers of a caption word as the words that espeak-ng is to read; plain numbers stay figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from engine.speech.tongues.words import Grammar, grammar

_SPACE = "[ \u00a0\u202f]"
_NUMBER = r"\d+(?:[.,]\d+|[\u00a0\u202f]\d{3}(?!\d))*"
"""Thousands may stand apart by a point, a comma or a narrow space, by a plain one only where ``_with_thousands`` says
so: "iPhone 15 128 GB" has two numbers.
"""

_APART = re.compile(r"(?<![\w.,-])\d{1,3}(?: \d{3})+(?!\d)")
_STORED = frozenset({"gb", "go"})
"""Units of memory, which stand behind the number of a device."""

_OTHER_CASE = {"L": "l", "H": "h", "w": "W", "v": "V"}
"""Units of one letter that are written in the other case too; "M" and "G" mean something else ("talla M", "5G")."""

_FARTHEST, _FARTHEST_BARE = 10, 100
"""How many times the first number the second one of a range may be: with spaces around its dash, and without a unit."""


@cache
def figure(language: str) -> re.Pattern[str]:
    """A number with the currency before or behind it, or its unit, over spaces too."""
    told = grammar(language)
    money, units = _any_of(told.money), _any_of((*told.units, *_other_cases(told)))
    before = rf"(?:(?<!\w)(?P<before>{money}){_SPACE}?)?"
    after = rf"(?:{_SPACE}?(?P<after>{money}|{units})(?!\w))?"
    return re.compile(rf"{before}(?<![\w.,-])(?P<number>{_NUMBER}){after}")


@cache
def _measured(language: str) -> re.Pattern[str]:
    """The decimals and the currency or unit behind a number of thousands."""
    told = grammar(language)
    return re.compile(rf"(?:[.,]\d+)?{_SPACE}?(?P<after>{_any_of(told.money)}|{_any_of(told.units)})(?!\w)")


@cache
def _spread(language: str) -> re.Pattern[str]:
    """Two numbers with a dash between, with currencies and units as ``figure`` has them."""
    told = grammar(language)
    money, units = _any_of(told.money), _any_of((*told.units, *_other_cases(told)))
    low = rf"(?:(?<!\w)(?P<before>{money}){_SPACE}?)?(?<![\w.,-])(?P<low>{_NUMBER})"
    own = rf"(?:{_SPACE}?(?P<own>{money}|{units}))?"
    high = rf"(?:(?P<again>{money}){_SPACE}?)?(?P<high>{_NUMBER})(?:{_SPACE}?(?P<after>{money}|{units})(?!\w))?"
    return re.compile(rf"{low}{own}(?P<dash>{_SPACE}?[-–—]{_SPACE}?){high}(?![\w-]|[.,]\d)")


def said(text: str, language: str) -> str:
    """``text`` with its figures and signs as they are read: "19,99 €" becomes "19 euros con 99"."""
    told = grammar(language)
    text = re.sub(r"(?<=\d) ?[x×] ?(?=\d)", f" {told.signs['×']} ", text)
    text = _with_thousands(text, language)
    out, place = "", 0
    for found in _figures(text, language):
        out += text[place : found.start()] + (_read_range if "low" in found.re.groupindex else _read)(found, told)
        place = found.end()
    text = out + text[place:]
    return "".join(f" {told.signs[c]} " if c in told.signs else c for c in text)


def glued(text: str, language: str, glue: str) -> str:
    """``text`` with ``glue`` for the spaces within figures, so that a price is one word."""
    text = _with_thousands(text, language)
    out, place = "", 0
    for found in _figures(text, language):
        out += text[place : found.start()] + re.sub(r"\s", glue, found.group())
        place = found.end()
    return out + text[place:]


def _figures(text: str, language: str) -> Iterator[re.Match[str]]:
    """Ranges and single figures, in order: matches of ``_spread`` and of ``figure``."""
    place = 0
    while found := figure(language).search(text, place):
        spread = _spread(language).match(text, found.start())
        found = spread if spread and _is_range(spread, grammar(language)) else found
        yield found
        place = found.end()


def _is_range(found: re.Match[str], told: Grammar) -> bool:
    """Whether the numbers are from and to: "10-20 €" is, "PS 5 - 499 €" and "3-2" are not."""
    low, high = (float(".".join(filter(None, _amount(found[side], told)))) for side in ("low", "high"))
    kinds = {_key(found[name] or "", told) for name in ("before", "own", "again", "after")} - {""}
    if len(kinds) > 1 or low >= high:
        return False
    if not kinds and (high > _FARTHEST_BARE * low or "." in found["low"] + found["high"]):
        return False
    if " " not in found["dash"]:
        return True
    is_near = high <= _FARTHEST * low and not {kind.lower() for kind in kinds} & _STORED
    return is_near and not _is_named(found.string[: found.start()], told, shy=True)


def _is_named(before: str, told: Grammar, *, shy: bool) -> bool:
    """Whether the number behind ``before`` is part of a name ("iPhone 15", "talla 40") rather than an amount.

    Where we are ``shy``, any word with a capital is a name, but for the first of a sentence ("Prix 10 - 20 €").
    """
    *earlier, word = before.split() or [""]
    word = word.strip("«»¡¿\"'“”(")
    if not word or word[-1] in ".,:;!?":
        return False
    if word.lower() in told.named or word[1:] != word[1:].lower():
        return True
    begins = not earlier or earlier[-1][-1] in ".!?:"
    return shy and word[0].isupper() and not begins


def _with_thousands(text: str, language: str) -> str:
    """``text`` with a narrow space for a plain one that parts thousands: before money or a unit, or before 000."""
    told = grammar(language)
    parted = told.group == " "

    def joined(found: re.Match[str]) -> str:
        after = _measured(language).match(text, found.end())
        sign = _key(after["after"], told) if after else ""
        groups = found.group().split(" ")
        counts = sign in told.money or (parted and bool(sign) and sign.lower() not in _STORED)
        is_round = groups[-1] == "000" and (len(groups) == 2 or bool(sign))
        is_one = is_round or (counts and not _is_named(text[: found.start()], told, shy=not parted))
        return found.group().replace(" ", "\u00a0") if is_one else found.group()

    return _APART.sub(joined, text)


def _read(found: re.Match[str], told: Grammar) -> str:
    return _read_amount(found["number"], found["before"] or found["after"] or "", told)


def _read_range(found: re.Match[str], told: Grammar) -> str:
    sign = found["before"] or found["again"] or found["after"] or found["own"] or ""
    has_cents = _key(sign, told) in told.money and _amount(found["low"], told)[1]
    low = _read_amount(found["low"], sign if has_cents else "", told)
    return f"{low} {told.to} {_read_amount(found['high'], sign, told)}"


def _read_amount(number: str, sign: str, told: Grammar) -> str:
    whole, rest = _amount(number, told)
    key = _key(sign, told)
    unit = told.money.get(key) or told.units.get(key)
    if not unit:
        return whole + (told.point + rest if rest else "")
    words = unit[0] if whole in {"0", "1"} and not rest else unit[1]
    if key in told.money and len(rest) == 2 and whole != "0":
        cents = rest.lstrip("0")
        return told.price.format(whole=whole, unit=words, cents=cents) if cents else f"{whole} {words}"
    if whole == "1" and not rest and "%" not in key:
        return f"{told.one[key in told.feminine]} {words}"
    return f"{whole}{told.point + rest if rest else ''} {words}"


def _key(sign: str, told: Grammar) -> str:
    """A currency or a unit as ``told`` has it; "" where it has none."""
    for known in (told.money, told.units):
        for key in known:
            if sign == key or (len(key) > 1 and key.isalpha() and sign.lower() == key.lower()):
                return key
    return _OTHER_CASE.get(sign, "")


def _amount(number: str, told: Grammar) -> tuple[str, str]:
    """Digits before and behind the decimal sign.

    Three digits behind the language's sign of thousands, where it stands once, are thousands; all else is decimals.
    """
    number = re.sub(_SPACE, "", number)
    signs = re.findall(r"[.,]", number)
    if not signs:
        return number, ""
    last = signs[-1]
    head, tail = number.rsplit(last, 1)
    is_group = signs.count(last) > 1 or (len(set(signs)) == 1 and len(tail) == 3 and last == told.group)
    if is_group:
        return re.sub(r"[.,]", "", number), ""
    return re.sub(r"[.,]", "", head), tail


def _other_cases(told: Grammar) -> list[str]:
    return [other for other, unit in _OTHER_CASE.items() if unit in told.units]


def _any_of(words: Iterable[str]) -> str:
    """A pattern of any of ``words``; those of two letters and more in any case."""
    return "|".join(
        f"(?i:{word})" if len(word) > 1 and word.isalpha() else re.escape(word)
        for word in sorted(words, key=len, reverse=True)
    )
