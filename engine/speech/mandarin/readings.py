"""How pieces of Chinese text that are not plain characters are read: prices, amounts, dates, telephones, models.

Every rule is a pattern and a reading; at a place in the text the first rule that matches decides. What is read is a
list of parts: Chinese characters, or Latin words that stay English.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from engine.speech.mandarin.figures import cardinal, counted, decimal, digits, money, percent
from engine.speech.mandarin.units import FESTIVALS, GRADES, MEASURES, UNITS

Match = re.Match[str]

_N = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_UNIT = "|".join(re.escape(u) for u in sorted(UNITS, key=len, reverse=True))
_MEASURE = "|".join(sorted(MEASURES, key=len, reverse=True))
_ANY = rf"(?:(?P<unit>{_UNIT})(?![A-Za-z])|(?P<measure>{_MEASURE}))"
_FESTIVAL = "|".join(re.escape(f) for f in sorted(FESTIVALS, key=len, reverse=True))
_TO = r"\s?[-–—~～至到]\s?"
_NOT_BEFORE = r"(?<![A-Za-z\d.])"


class Rule(NamedTuple):
    """A pattern, and its reading."""

    pattern: re.Pattern[str]
    read: Callable[[Match], list[str]]


def _unit(found: Match) -> str:
    unit, measure = found.group("unit"), found.group("measure")
    return UNITS[unit] if unit else measure or ""


def _date(found: Match) -> list[str]:
    year, month, day = found.group("y", "m", "d")
    return [f"{digits(year)}年{cardinal(int(month))}月{cardinal(int(day))}日"]


def _year(found: Match) -> list[str]:
    return [digits(found.group(1))]


def _time(found: Match) -> list[str]:
    hour, minute = int(found.group(1)), int(found.group(2))
    said = counted(str(hour), "点") + "点"
    if minute == 0:
        return [said + "整" if found.group(1) == "00" else said]
    if minute == 30:
        return [said + "半"]
    return [said + ("零" if minute < 10 else "") + cardinal(minute) + "分"]


def _telephone(found: Match) -> list[str]:
    text = re.sub(r"\D", "", found.group())
    cuts = (3, 7) if len(text) == 11 and text[0] == "1" else (3, 6)
    if "-" in found.group():
        return [digits(part, yao=True) for part in re.split(r"[-\s]+", found.group())]
    return [digits(part, yao=True) for part in (text[: cuts[0]], text[cuts[0] : cuts[1]], text[cuts[1] :]) if part]


def _serial(found: Match) -> list[str]:
    text = found.group()
    return [digits(text[i : i + 4], yao=True) for i in range(0, len(text), 4)]


def _price(found: Match) -> list[str]:
    return [money(found.group(1))]


def _price_range(found: Match) -> list[str]:
    return [f"{decimal(found.group(1))}到{money(found.group(2))}"]


def _range(found: Match) -> list[str]:
    unit = _unit(found)
    first, last = found.group(1), found.group(2)
    return [f"{counted(first, unit)}到{counted(last, unit)}{unit}"]


def _percents(found: Match) -> list[str]:
    first, last = found.group(1), found.group(2)
    return [f"{percent(first)}到{percent(last)}" if last else percent(first)]


def _size(found: Match) -> list[str]:
    return ["乘".join(decimal(part) for part in re.findall(_N, found.group())) + _unit(found)]


def _below_zero(found: Match) -> list[str]:
    return [f"零下{decimal(found.group(1))}度"]


def _fraction(found: Match) -> list[str]:
    return [f"{decimal(found.group(2))}分之{decimal(found.group(1))}"]


def _ratio(found: Match) -> list[str]:
    return [f"{decimal(found.group(1))}比{decimal(found.group(2))}"]


def _amount(found: Match) -> list[str]:
    unit = _unit(found)
    text, more = found.group(1), found.group("more")
    said = counted(text, unit)
    return [f"{said}多{unit}" if more else f"{said}{unit}"]


def _number(found: Match) -> list[str]:
    text = found.group(1)
    if text in GRADES or (text[0] == "0" and len(text) > 1 and "." not in text):
        return [digits(text)]
    return [decimal(text) + ("以上" if found.group(2) else "")]


def _model(found: Match) -> list[str]:
    """Letters as English, digits in Chinese: two at most as a number, more one by one ("SJ-750": 七五零)."""
    out: list[str] = []
    for part in re.findall(r"[A-Za-z]+(?:'[a-z]+)?|\d+(?:\.\d+)?", found.group()):
        if part[0].isdigit():
            out.append(decimal(part) if "." in part or len(part) <= 2 or not int(part) % 100 else digits(part))
        else:
            out.append(part)
    return out


def _festival(found: Match) -> list[str]:
    return [FESTIVALS[found.group()]]


def _ordinal(found: Match) -> list[str]:
    return [f"第{cardinal(int(found.group(1)))}{_unit(found)}"]


def _plus(found: Match) -> list[str]:
    return [f"{digits(found.group(1))}后"]


RULES: tuple[Rule, ...] = tuple(
    Rule(re.compile(pattern), read)
    for pattern, read in (
        (r"(?<![\d.])1[3-9]\d{9}(?!\d)", _telephone),
        (r"(?<!\d)(?:(?:400|800)[-\s]?\d{3}[-\s]?\d{4}|0\d{2,3}-\d{7,8})(?!\d)", _telephone),
        (r"(?<![\d.])\d{9,}(?!\d)", _serial),
        (rf"(?<!\d)(?:{_FESTIVAL})(?![\d元块%％.]|{_MEASURE})", _festival),
        (r"(?P<y>(?:19|20)\d\d)[-/.](?P<m>1[0-2]|0?[1-9])[-/.](?P<d>3[01]|[12]\d|0?[1-9])(?!\d)", _date),
        (r"(?<!\d)((?:19|20)\d\d)(?=年|款|新款|春|夏|秋|冬)", _year),
        (r"(?<!\d)([5-9]\d|0\d)后(?=[^\d天年]|$)", _plus),
        (r"(?<![\d:])([01]?\d|2[0-4])[:：]([0-5]\d)(?![\d:])", _time),
        (rf"第\s?(\d+)\s?{_ANY}?", _ordinal),
        (rf"[¥￥]\s?({_N}){_TO}[¥￥]?\s?({_N})", _price_range),
        (rf"({_N}){_TO}({_N})元", _price_range),
        (rf"(?:[¥￥]|CN¥|RMB\s?|CNY\s?)\s?({_N})元?", _price),
        (rf"({_N})\s?(?:元|CNY|RMB|块钱)(?![件])", _price),
        (rf"({_N})(?=包邮)", _price),
        (rf"({_N})[%％](?:{_TO}({_N})[%％])?", _percents),
        (rf"{_N}(?:\s?[×xX*✕]\s?{_N})+\s?{_ANY}?", _size),
        (rf"(?<![\d.\w])[-−–]({_N})\s?(?:℃|°C|度)", _below_zero),
        (r"(?<![\d/.])(\d{1,2})/(\d{1,3})(?![\d/])", _fraction),
        (r"(?<![\d:.])(\d{1,3})[:：](\d{1,3})(?![\d:])", _ratio),
        (rf"{_NOT_BEFORE}({_N}){_TO}({_N})\s?{_ANY}?", _range),
        (rf"{_NOT_BEFORE}({_N})(?P<more>\+|多)?\s?{_ANY}", _amount),
        (r"(?:[A-Za-z]+\d|\d+[A-Za-z])[A-Za-z\d]*(?:[-.][A-Za-z\d]+)*|[A-Za-z]+(?:-[A-Za-z\d]+)+", _model),
        (rf"({_N})(\+)?", _number),
    )
)  # fmt: skip


def read_at(text: str, place: int) -> tuple[str, list[str]] | None:
    """The piece of ``text`` that a rule reads from ``place`` on, and its parts; None where none does."""
    for rule in RULES:
        found = rule.pattern.match(text, place)
        if found and found.group():
            return found.group(), rule.read(found)
    return None
