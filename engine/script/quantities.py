"""Numbers with their units in English and Chinese text, in digits and in words, brought to one scale.

"24 hours", "twenty-four hours", 二十四小时 and "one day" are the same quantity; so are 1.5 L and 一千五百毫升.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from functools import cache, lru_cache

from engine.script import disguise, numerals
from engine.script.around_numbers import below_zero, bound, counted, share_units
from engine.script.lexicons import alternatives, lexicon
from engine.script.money_words import MONEY_WORDS
from engine.script.quantity import COUNT, Quantity

__all__ = ["COUNT", "Quantity", "quantities", "unit_words"]

_BANKERS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_IN_BANKERS = re.compile(
    "[壹贰叁肆伍陆柒捌玖拾佰仟](?:[零万亿]?[壹贰叁肆伍陆柒捌玖拾佰仟])+|[壹贰叁肆伍陆柒捌玖拾](?=[元圆块折])"
)
_YUAN = re.compile(r"(?<=[零一二两三四五六七八九十百千万亿\d])圆(?![形柱环锥盘筒弧角桌领])")
_CODE = re.compile(r"(?<=\d\.\d\d )[A-Z]{3}(?![A-Za-z])|(?<![A-Za-z])[A-Z]{3}(?= \d[\d,]*\.\d\d(?!\d))")
"""Three capitals beside an amount with two decimals: how an amount is written whose currency has no sign."""


@lru_cache(maxsize=4096)
def quantities(text: str) -> tuple[Quantity, ...]:
    """All numbers of ``text`` in order; "one thing" and 一个 are none, ordinals and codes (IPX4) are none."""
    lowered = _mask(_plain(text))
    found = [*_money_words(lowered), *_with_digits(lowered), *_in_english(lowered), *_in_chinese(lowered)]
    found = _apart(sorted(found, key=lambda quantity: (quantity.start, -quantity.end)))
    found = _with_money_before(found, lowered)
    found = below_zero(share_units(found, lowered), lowered)
    return tuple(replace(q, bound=bound(q, lowered), counts=counted(q, lowered)) for q in found)


def without_quantities(text: str) -> str:
    """``text`` with a space for each of its numbers and their units."""
    for start, end in sorted({(quantity.start, quantity.end) for quantity in quantities(text)}, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    return text


def _plain(text: str) -> str:
    """``text`` in small letters, with numerals as they are written every day: 兩佰圓 is 两百元. Places stay.

    The code of a currency beside an amount stays in capitals: TRY and PEN are words too, and not all codes are known.
    """
    folded = disguise.folded(text)
    plain = folded.lower().replace("’", "'")
    for match in _CODE.finditer(folded):
        if match[0].lower() not in unit_words():
            plain = plain[: match.start()] + match[0] + plain[match.end() :]
    return _YUAN.sub("元", _IN_BANKERS.sub(lambda match: match[0].translate(_BANKERS), plain))


@cache
def _units() -> dict[str, tuple[str, Fraction]]:
    table: dict[str, tuple[str, Fraction]] = {}
    for dimension, entry in lexicon("units").items():
        for word, factor in entry["words"].items():
            table[str(word)] = (dimension, Fraction(str(factor)))
    return table


@cache
def unit_words() -> frozenset[str]:
    """Every unit's name and sign in small letters."""
    return frozenset(_units())


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    latin = alternatives([unit for unit in _units() if not disguise.has_chinese(unit)])
    chinese = alternatives([unit for unit in _units() if disguise.has_chinese(unit)])
    unit = rf"(?P<unit>(?:{latin})(?![a-z])|(?:{chinese}))"
    han = [word for word in MONEY_WORDS if disguise.has_chinese(word)]
    marks = [word for word in MONEY_WORDS if not any(map(str.isalpha, word))]
    names = [word for word in MONEY_WORDS if word not in {*han, *marks}]
    sign = rf"(?:(?:(?<![a-z])[a-z]{{1,3}})?[$¥￥]|{alternatives(marks)})"
    code = "[A-Z]{3}"
    # 259块港币 are Hong Kong's.
    of_another = rf"(?:[元块](?=(?:{alternatives([word for word in han if len(word) > 1])})))?"
    money = rf"{of_another}(?P<money>(?:{alternatives(names)})(?!'?[a-z])|{code}|{alternatives(han)}|{sign}(?!\s?\d))"
    # "She won 5 prizes"; a single character in front of a number belongs to what stands before it.
    before = [word for word in (*names, *han) if word != "won" and (word.isascii() or len(word) > 1)]
    digits = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
    gap = r"(?:\s(?:whole|full|straight|solid|entire|long|more)\s|\s|-)?"
    tail = rf"(?:{gap}(?:{money}|{unit}))?"
    return {
        "digits": re.compile(
            rf"(?P<sign>{sign})?\s?(?(sign)|(?<![a-z0-9./])(?<![a-z]-))(?P<value>{digits})"
            rf"(?P<scale>万|千|亿|\s(?:thousand|million)\b|(?(sign)[km](?![a-z])|(?!)))?(?P<half>个半|半)?(?![a-z]?\d)"
            rf"(?:个)?(?P<bounded>多|余|来)?{tail}(?P<halfafter>半)?"
        ),
        "unit": re.compile(rf"{gap}(?:{money}|{unit})(?P<halfafter> and a half\b)?"),
        "han": re.compile(
            rf"(?P<half>个半|半)?(?P<bounded>多|余|来)?(?:个多?(?=半?(?:小时|钟头|月|星期|礼拜)))?{tail}(?P<halfafter>半)?"
        ),
        "money_before": re.compile(rf"(?:(?<![a-z])(?P<money>{alternatives(before)})|(?P<code>{code})) ?$"),
        "portion": re.compile(rf"\b(?P<part>half|quarter|three quarters) (?:of )?(?:an? )?{unit}"),
        "whole": re.compile(
            rf"\b(?:an? (?:whole |full |entire )|(?:for|(?<!\bback )in|within|lasts?) an? ){unit}(?! of)"
        ),
        "coin": re.compile(
            rf"(?:^|\b(?:for|at|just|only|costs?|is|under|below|than|pay|saves?|and) |'s )"
            rf"(?P<said>an? (?:us )?{money})(?! of| sign| store)"
        ),
        "han_half": re.compile(rf"半(?:个)?{unit}"),
        "han_whole": re.compile(r"一?整(?P<unit>天|年|夜|个月|周)"),
        "han_round": re.compile(r"(?P<value>[一两二三四五六七])(?:[天日](?:(?P=value)|_)夜|昼夜)"),
        "percent": re.compile(r"百分之(?P<value>百|[零一二两三四五六七八九十百]+|\d+(?:\.\d+)?)|百分百"),
        "discount": re.compile(r"(?<![\d.])(?P<value>[一二两三四五六七八九]{1,2}|\d\d|\d(?:\.\d)?)折(?!叠)"),
        "reduction": re.compile(
            r"\b(?:(?:an?|one|(?P<many>two|three|four)) )?(?P<part>third|quarter|fifth|tenth)s? "
            r"(?:off|less|cheaper|lower)\b(?!-)"
        ),
    }


def _measure(match: re.Match[str]) -> tuple[str, Fraction]:
    """Dimension and factor of the unit or currency in ``match``."""
    groups = match.groupdict()
    said = groups.get("money") or groups.get("sign")  # "$25 AUD" are Australian.
    if said:
        return _money(said), Fraction(1)
    if groups.get("unit"):
        return _units()[groups["unit"]]
    return COUNT, Fraction(1)


def _money(said: str) -> str:
    """The dimension of amounts in the currency that is called ``said``."""
    return f"money:{MONEY_WORDS.get(said.lower(), said.lower())}"


def _of_date(dimension: str, value: Fraction, unit: str | None) -> str:
    """2025年 is a year of the calendar, not a span."""
    return "calendar year" if unit == "年" and value >= 1000 else dimension


_SCALES = {"万": 10**4, "千": 1000, "亿": 10**8, "thousand": 1000, "million": 10**6, "k": 1000, "m": 10**6}


def _with_digits(text: str) -> list[Quantity]:
    found = []
    for match in _patterns()["digits"].finditer(text):
        raw = Fraction(match["value"].replace(",", ""))
        raw *= _SCALES.get((match["scale"] or "").strip(), 1)
        if match["half"] or match["halfafter"]:
            raw += Fraction(1, 2)
        dimension, factor = _measure(match)
        dimension = _of_date(dimension, raw, match["unit"])
        start = match.start("sign") if match["sign"] else match.start("value")
        found.append(Quantity(dimension, raw * factor, raw, start, match.end()))
    return found


def _in_english(text: str) -> list[Quantity]:
    found = []
    for match in _patterns()["portion"].finditer(text):
        part = {"half": Fraction(1, 2), "quarter": Fraction(1, 4), "three quarters": Fraction(3, 4)}[match["part"]]
        dimension, factor = _measure(match)
        found.append(Quantity(dimension, part * factor, part, match.start(), match.end()))
    for match in _patterns()["whole"].finditer(text):
        dimension, factor = _measure(match)
        found.append(Quantity(dimension, factor, Fraction(1), match.start(), match.end()))
    for match in _patterns()["coin"].finditer(text):
        found.append(Quantity(_measure(match)[0], Fraction(1), Fraction(1), match.start("said"), match.end()))
    for match in numerals.ENGLISH.finditer(text):
        for start, words in _sensible(match):
            value = numerals.english(words)
            if value is None:
                continue
            tail = _patterns()["unit"].match(text, start + len(words))
            if value == 1 and (tail is None or tail.end() == start + len(words)):
                continue
            dimension, factor = _measure(tail) if tail else (COUNT, Fraction(1))
            if tail and tail["halfafter"]:
                value += Fraction(1, 2)
            end = tail.end() if tail else start + len(words)
            found.append(Quantity(dimension, value * factor, value, start, end))
    for match in _patterns()["reduction"].finditer(text):
        part = Fraction({"two": 2, "three": 3, "four": 4}.get(match["many"], 1), _PARTS[match["part"]])
        found.append(Quantity("share", 1 - part, part, match.start(), match.end()))
    for match in re.finditer(r"\bhalf\b(?! of (?:the|you|us)\b)|\b(?:twice|double|triple|thrice)\b(?![ -]wall)", text):
        value = {"half": Fraction(1, 2), "triple": Fraction(3), "thrice": Fraction(3)}.get(match[0], Fraction(2))
        found.append(Quantity("times", value, value, match.start(), match.end()))
    return found


_PARTS = {"third": 3, "quarter": 4, "fifth": 5, "tenth": 10}


def _sensible(match: re.Match[str]) -> list[tuple[int, str]]:
    """The numbers in a run of number words: "nineteen ninety-nine" is two."""
    if numerals.english(match[0]) is not None:
        return [(match.start(), match[0])]
    return [(match.start() + word.start(), word[0]) for word in re.finditer(r"[a-z]+(?:-[a-z]+)?", match[0])]


def _in_chinese(text: str) -> list[Quantity]:
    found = []
    for match in _patterns()["percent"].finditer(text):
        said = match["value"]
        raw = Fraction(100) if said in {None, "百"} else _number(said)
        found.append(Quantity("percent", raw, raw, match.start(), match.end()))
    for match in _patterns()["discount"].finditer(text):
        raw = _number(match["value"])
        value = raw / 10 if raw < 10 else raw / 100
        found.append(Quantity("share", value, raw, match.start(), match.end()))
    for match in _patterns()["han_half"].finditer(text):
        dimension, factor = _measure(match)
        found.append(Quantity(dimension, factor / 2, Fraction(1, 2), match.start(), match.end()))
    for match in _patterns()["han_whole"].finditer(text):
        dimension, factor = _units()["天" if match["unit"] == "夜" else match["unit"]]
        found.append(Quantity(dimension, factor, Fraction(1), match.start(), match.end()))
    for match in _patterns()["han_round"].finditer(text):
        (dimension, factor), raw = _units()["天"], _number(match["value"])
        found.append(Quantity(dimension, raw * factor, raw, match.start(), match.end()))
    for match in numerals.CHINESE.finditer(text):
        found += _one_chinese(match, text)
    found += [
        Quantity("times", Fraction(1, 2), Fraction(1, 2), match.start(), match.end())
        for match in re.finditer(r"一半|减半|半价|(?<=[打享至价])对折|^对折(?=\W|$)", text)
    ]
    return found


def _number(text: str) -> Fraction:
    return Fraction(text) if text[0].isdigit() else numerals.chinese(text) or Fraction(0)


def _one_chinese(match: re.Match[str], text: str) -> list[Quantity]:
    said = match[0]
    tail = _patterns()["han"].match(text, match.end())
    if tail is None:
        return []
    dimension, factor = _measure(tail)
    if (
        re.fullmatch("[一二三四五六七八]{2}", said)
        and numerals.chinese(said[1]) == (numerals.chinese(said[0]) or 0) + 1
    ):
        values = [numerals.chinese(said[0]), numerals.chinese(said[1])]
        return [Quantity(dimension, v * factor, v, match.start(), tail.end()) for v in values if v is not None]
    value = numerals.chinese(said)
    vague = value == 1 and dimension in {COUNT, "time", "celsius"}
    if dimension == "time":
        before, after = text[max(0, match.start() - 8) : match.start()], text[tail.end() : tail.end() + 8]
        vague = vague and not (tail[0].startswith("个") or _SPAN_BEFORE.search(before) or _SPAN_AFTER.match(after))
    if value is None or value == 0 or (vague and not tail["half"] and not tail["halfafter"]):
        return []
    if said in {"百", "千", "万", "亿", "千万"}:
        return []
    if tail["half"] or tail["halfafter"]:
        value += Fraction(1, 2)
    dimension = _of_date(dimension, value, tail["unit"])
    return [Quantity(dimension, value * factor, value, match.start(), tail.end())]


_SPAN_BEFORE = re.compile(
    r"(?:只[要需用]|仅需|不[到用]|最[多长]|至少|长达|续航|保温|保冷|恒温|撑|[能可][用听]|可以[用听]|连续[用听]?|充电|充满电?|烧开|加热|煮|泡|播放)"
    r"(?:[只就仅]?需?要|[大要]?约|时间)?$"
)
_SPAN_AFTER = re.compile(
    r"(?:[之以]?内)?(?:就|即可|便)?(?:能|可以?|会)?(?:充|烧|送|达|热|冷|凉|煮|泡|干透|发[货出]|到[货家])|左右|以[上下]|[之以]?内|即可"
)
"""What makes one hour a measure (一小时充满) rather than a way to speak (一天到晚)."""


def _money_words(text: str) -> list[Quantity]:
    """Amounts with cents: "nineteen dollars and ninety-nine cents", 三十九块九, 19块5毛."""
    found = []
    number = rf"(?:\d+|{numerals.ENGLISH.pattern})"
    pattern = rf"(?P<whole>{number}) (?P<money>dollars?|euros?|pounds?) (?:and )?(?P<part>{number})(?: cents| pence)?\b"
    for match in re.finditer(pattern, text):
        whole, part = _english_number(match["whole"]), _english_number(match["part"])
        if whole is not None and part is not None and part < 100:
            value = whole + part / 100
            found.append(Quantity(_money(match["money"]), value, value, match.start(), match.end()))
    han = r"(?P<whole>\d+|[一二两三四五六七八九十百千万]+)(?:块|元)"
    han += r"(?P<part>\d|[一二三四五六七八九])(?:毛|角)?(?![\d十百千])"
    for match in re.finditer(han, text):
        value = _number(match["whole"]) + _number(match["part"]) / 10
        found.append(Quantity("money:¥", value, value, match.start(), match.end()))
    return found


def _english_number(text: str) -> Fraction | None:
    return Fraction(text) if text.isdigit() else numerals.english(text)


def _apart(found: list[Quantity]) -> list[Quantity]:
    """Without those that lie inside a longer one before them; two numbers of one place (三四个) both stay."""
    kept: list[Quantity] = []
    for quantity in found:
        if kept and quantity.start < kept[-1].end and (quantity.start, quantity.end) != (kept[-1].start, kept[-1].end):
            continue
        kept.append(quantity)
    return kept


def _with_money_before(found: list[Quantity], text: str) -> list[Quantity]:
    """Bare numbers behind a currency's code or name are amounts in it: "EUR 20", 美元20."""
    result: list[Quantity] = []
    for quantity in found:
        match = _patterns()["money_before"].search(text, 0, quantity.start) if quantity.dimension == COUNT else None
        if match and not (result and match.start() < result[-1].end):
            dimension = _money(match["money"] or match["code"])
            result.append(replace(quantity, dimension=dimension, start=match.start()))
        else:
            result.append(quantity)
    return result


@cache
def _not_numbers() -> re.Pattern[str]:
    masks = lexicon("not_numbers")
    words = rf"(?<![零〇一二两三四五六七八九十百千万亿\d])(?:{alternatives(str(masks['chinese']).split())})"
    return re.compile("|".join((*masks["patterns"], words)))


def _mask(text: str) -> str:
    """``text`` with number words that count nothing made blank ("two facts", 千万, 第一)."""
    return _not_numbers().sub(lambda match: "_" * len(match[0]), text)
