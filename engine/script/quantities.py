"""Numbers with their units in English and Chinese text, in digits and in words, brought to one scale.

"24 hours", "twenty-four hours", 二十四小时 and "one day" are the same quantity; so are 1.5 L and 一千五百毫升.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, lru_cache

from engine.script import disguise, numerals
from engine.script.lexicons import lexicon

COUNT = "count"
"""The dimension of a number without a unit."""

MONEY_WORDS = {
    "$": "$", "us$": "$", "usd": "$", "dollar": "$", "dollars": "$", "buck": "$", "bucks": "$",
    "美元": "$", "美金": "$", "刀": "$",
    "€": "€", "eur": "€", "euro": "€", "euros": "€", "欧元": "€", "£": "£", "gbp": "£", "pounds": "£", "quid": "£",
    "英镑": "£", "¥": "¥", "￥": "¥", "cny": "¥", "rmb": "¥", "yuan": "¥", "元": "¥", "块钱": "¥", "块": "¥",
    "人民币": "¥", "yen": "jp¥", "jpy": "jp¥", "日元": "jp¥", "ca$": "ca$", "cad": "ca$", "a$": "a$", "aud": "a$",
    "₹": "₹", "inr": "₹", "rupee": "₹", "rupees": "₹", "cents": "cents",
    "chf": "chf", "krw": "krw", "sek": "sek", "dkk": "dkk", "nok": "nok", "pln": "pln", "sgd": "sgd", "hkd": "hkd",
}  # fmt: skip
"""Signs, codes and words of currencies, each with the sign that stands for it."""

_CONVERSIONS = {"imperial_length": ("length", Fraction(254, 10)), "imperial_mass": ("mass", Fraction(2835, 100)),
                "imperial_volume": ("volume", Fraction(29574, 1000))}  # fmt: skip
_CONVERTED_WITHIN = Fraction(15, 1000)
_BANKERS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_IN_BANKERS = re.compile(
    "[壹贰叁肆伍陆柒捌玖拾佰仟](?:[零万亿]?[壹贰叁肆伍陆柒捌玖拾佰仟])+|[壹贰叁肆伍陆柒捌玖拾](?=[元圆块折])"
)
_YUAN = re.compile(r"(?<=[零一二两三四五六七八九十百千万亿\d])圆(?![形柱环锥盘筒弧角桌领])")


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number of a text. ``value`` is in the dimension's common unit, ``raw`` as it was said.

    ``bound`` is "more" ("over 24 hours", 至少), "less" ("below 0 °C", 以下) or "".
    """

    dimension: str
    value: Fraction
    raw: Fraction
    start: int
    end: int
    bound: str = ""

    @property
    def is_money(self) -> bool:
        """Whether this is an amount of money."""
        return self.dimension.startswith("money:")

    def same_as(self, other: Quantity) -> bool:
        """Whether the two say the same amount; converted between inches and centimetres it may be rounded."""
        if self.dimension == other.dimension:
            return self.value == other.value
        if COUNT in {self.dimension, other.dimension}:
            return self.raw == other.raw
        for one, two in ((self, other), (other, self)):
            if one.dimension in _CONVERSIONS and _CONVERSIONS[one.dimension][0] == two.dimension:
                metric = one.value * _CONVERSIONS[one.dimension][1]
                return two.value > 0 and abs(metric - two.value) / two.value <= _CONVERTED_WITHIN
        return False


@lru_cache(maxsize=4096)
def quantities(text: str) -> tuple[Quantity, ...]:
    """All numbers of ``text`` in order; "one thing" and 一个 are none, ordinals and codes (IPX4) are none."""
    lowered = _mask(_plain(text))
    found = [*_money_words(lowered), *_with_digits(lowered), *_in_english(lowered), *_in_chinese(lowered)]
    found = _apart(sorted(found, key=lambda quantity: (quantity.start, -quantity.end)))
    found = _below_zero(_share_units(found, lowered), lowered)
    return tuple(replace(quantity, bound=_bound(quantity, lowered)) for quantity in found)


def without_quantities(text: str) -> str:
    """``text`` with a space for each of its numbers and their units."""
    for start, end in sorted({(quantity.start, quantity.end) for quantity in quantities(text)}, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    return text


def _plain(text: str) -> str:
    """``text`` in small letters, with numerals as they are written every day: 兩佰圓 is 两百元. Places stay."""
    folded = disguise.folded(text).lower().replace("’", "'")
    return _YUAN.sub("元", _IN_BANKERS.sub(lambda match: match[0].translate(_BANKERS), folded))


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


def _alternatives(words: object) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))  # type: ignore[call-overload]


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    latin = _alternatives([unit for unit in _units() if unit.isascii() or unit in {"°c", "°f", "℃"}])
    chinese = _alternatives([unit for unit in _units() if not unit.isascii() and unit not in {"°c", "°f", "℃"}])
    unit = rf"(?P<unit>(?:{latin})(?![a-z])|(?:{chinese}))"
    signs = _alternatives([sign for sign in MONEY_WORDS if not sign.isalnum()])
    names = _alternatives([word for word in MONEY_WORDS if word.isalnum() and word.isascii()])
    han = _alternatives([word for word in MONEY_WORDS if not word.isascii() and word.isalnum()])
    digits = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
    money = rf"(?P<money>(?:{names})(?![a-z])|(?:{han}))"
    tail = rf"(?:(?:\s|-)?(?:{money}|{unit}))?"
    return {
        "digits": re.compile(
            rf"(?P<sign>{signs})?\s?(?<![a-z0-9./])(?<![a-z]-)(?P<value>{digits})"
            rf"(?P<scale>万|千|亿|\s(?:thousand|million)\b)?(?P<half>个半|半)?(?![a-z]?\d)"
            rf"(?:个)?(?P<bounded>多|余|来)?{tail}(?P<halfafter>半)?"
        ),
        "unit": re.compile(rf"(?:\s|-)?(?:{money}|{unit})(?P<halfafter> and a half\b)?"),
        "han": re.compile(
            rf"(?P<half>个半|半)?(?P<bounded>多|余|来)?(?:个多?(?=半?(?:小时|钟头|月|星期|礼拜)))?{tail}(?P<halfafter>半)?"
        ),
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
    sign = groups.get("sign") or groups.get("money")
    if sign:
        return f"money:{MONEY_WORDS[sign.strip()]}", Fraction(1)
    if groups.get("unit"):
        return _units()[groups["unit"]]
    return COUNT, Fraction(1)


def _of_date(dimension: str, value: Fraction, unit: str | None) -> str:
    """2025年 is a year of the calendar, not a span."""
    return "calendar year" if unit == "年" and value >= 1000 else dimension


def _with_digits(text: str) -> list[Quantity]:
    found = []
    for match in _patterns()["digits"].finditer(text):
        raw = Fraction(match["value"].replace(",", ""))
        raw *= {"万": 10**4, "千": 1000, "亿": 10**8, "thousand": 1000, "million": 10**6}.get(
            (match["scale"] or "").strip(), 1
        )
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
            found.append(
                Quantity(f"money:{MONEY_WORDS[_plural(match['money'])]}", value, value, match.start(), match.end())
            )
    han = r"(?P<whole>\d+|[一二两三四五六七八九十百千万]+)(?:块|元)"
    han += r"(?P<part>\d|[一二三四五六七八九])(?:毛|角)?(?![\d十百千])"
    for match in re.finditer(han, text):
        value = _number(match["whole"]) + _number(match["part"]) / 10
        found.append(Quantity("money:¥", value, value, match.start(), match.end()))
    return found


def _plural(word: str) -> str:
    return word if word in MONEY_WORDS else f"{word}s"


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


_JOINS = re.compile(r"\s?(?:by|x|×|乘|乘以|\*|to|-|–|—|~|到|至|or|和|and)\s?")


def _share_units(found: list[Quantity], text: str) -> list[Quantity]:
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


def _below_zero(found: list[Quantity], text: str) -> list[Quantity]:
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


def _bound(quantity: Quantity, text: str) -> str:
    before = text[max(0, quantity.start - 16) : quantity.start]
    if _LESS_BEFORE.search(before) or _LESS_AFTER.match(text, quantity.end):
        return "less"
    if _MORE_BEFORE.search(before) or _MORE_AFTER.match(text, quantity.end):
        return "more"
    return "more" if re.search("多|余", text[quantity.start : quantity.end]) else ""


@cache
def _not_numbers() -> re.Pattern[str]:
    masks = lexicon("not_numbers")
    words = rf"(?<![零〇一二两三四五六七八九十百千万亿\d])(?:{_alternatives(str(masks['chinese']).split())})"
    return re.compile("|".join((*masks["patterns"], words)))


def _mask(text: str) -> str:
    """``text`` with number words that count nothing made blank ("two facts", 千万, 第一)."""
    return _not_numbers().sub(lambda match: "_" * len(match[0]), text)
