"""How pieces of Chinese text that are not plain characters are read: prices, amounts, dates, telephones, models.

Every rule is a pattern and a reading; at a place in the text the first rule that matches decides. What is read is a
list of parts: Chinese characters, or Latin words that stay English.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from engine.speech.mandarin import prices
from engine.speech.mandarin.currencies import NAMES
from engine.speech.mandarin.figures import cardinal, counted, decimal, digits, fraction, money, percent
from engine.speech.mandarin.units import ALIKE, EACH, EXCEPT_MONEY, FESTIVALS, GRADES, MEASURES, ROUND, UNITS
from engine.speech.scripts import LATIN

Match = re.Match[str]

_N = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_UNIT = "|".join(re.escape(u) for u in sorted(UNITS, key=len, reverse=True))
_MEASURE = "|".join(sorted(MEASURES, key=len, reverse=True))
_ANY = rf"(?:(?P<unit>{_UNIT})(?![A-Za-z])|(?P<measure>{_MEASURE}))"
_OTHER = rf"(?:(?P<unit2>{_UNIT})(?![A-Za-z])|(?P<measure2>{_MEASURE}))"
_PIECE = "|".join(("晚", "桌", "节", *sorted(EXCEPT_MONEY, key=len, reverse=True)))
_GOODS = rf"(?:(?P<unit2>{_UNIT})(?![A-Za-z])|(?P<measure2>{_PIECE}))"
_CODE = "|".join(re.escape(c) for c in sorted(NAMES, key=len, reverse=True))
_SIGN = "|".join(re.escape(c) for c in sorted(NAMES, key=len, reverse=True) if not c.isascii() or not c.isalpha())
_ENDS = r"(?![A-Za-z]|\s?\d)"
"""Behind a sign that belongs to the amount before it."""

_SCALE = r"(?:[万亿](?![能用向圣宝象事达国科])|千(?=元|多|起|左右|以|[，。！？、,.!?;；\s)）]|$))"
"""Behind an amount; 万能 and 千层 are words."""

_COSTS = rf"[¥￥]\s?{_N}{_SCALE}?|(?:{_SIGN})\s?{_N}{_SCALE}?|{_N}{_SCALE}?\s?(?:元|块钱?|(?:{_CODE})(?![A-Za-z]))"
_COUNTS = rf"{_N}\s?(?:(?:{_UNIT})(?![A-Za-z])|(?:{_MEASURE}))"
_FESTIVAL = "|".join(re.escape(f) for f in sorted(FESTIVALS, key=len, reverse=True))
_TO = r"\s?[-–—~～至到]\s?"
_NOT_BEFORE = r"(?<![A-Za-z\d.])"
_PAIR = r"(\d{1,3})[:：]([1-9]\d{0,2})(?![\d:])"
_OF_MIXING = "|".join(
    f"(?<={word}{mark})" for word in ("比例", "稀释", "兑水") for mark in ("", "为", "是", "：", ":", " ")
)
_OF_SCALE = "|".join(f"(?<={word}{mark})" for word in ("合金", "车模", "模型") for mark in ("", "：", ":", " "))
_MIXED = r"\s?(?:的?比例|稀释|兑水)"
_SCREEN = r"\s?的?(?:[横竖全大]?屏|画[面幅]|视频|尺寸|比例|显示)"
_SCALED = r"\s?的?(?:合金|仿真|车模|模型|加水|配水|勾兑|冲泡|混合)"
_OFF = "(?:(?<=满)|(?<=满\\s)|(?<=满减)|(?<=[领券])|(?<=-\\d[,，/、])|(?<=-\\d\\d[,，/、])|(?<=-\\d\\d\\d[,，/、]))"
"""Behind these, and behind another such one ("满300-50,500-100"), a dash before a lesser amount takes it off."""

_AMOUNT_OFF = r"(?:\d{1,3}(?:,\d{3})+(?!\s?[-–—－]\s?\d)|\d+)(?:\.\d+)?"
_CLOCK = r"([01]?\d|2[0-4])[:：]([0-5]\d)"
_PART_OF_DAY = "(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|夜间|次日|第二天)"
_NUMERAL = "[一二两三四五六七八九十百千万]"
_DEGREES = r"(?:℃|°C|°|摄氏度|度)"
_NO_PART = r"[\d/]|\s?[码月号岁代级档天A-Za-z㎀-㏟]"
"""Behind two numbers with a slash between of which neither is part of the other."""

_SOLD = "|".join(
    f"(?<={word}{mark})"
    for word in (
        "已售",
        "月销",
        "年销",
        "热销",
        "总销",
        "销量",
        "销售",
        "售出",
        "卖出",
        "粉丝",
        "好评",
        "人气",
        "累计",
        "回购",
    )
    for mark in ("", "了", "超", "破", "过", "达", "：", ":", " ")
)
_BY_ONE = (
    r"\s?(?:[位件份户赞]|人(?![体工造性感])|单(?![一口个独线头面孔色键机反元手])|条(?![形状纹])|家(?![用居电装务里])"
    r"|次(?!级)|步(?!进))"
)
_MANY = rf"{_BY_ONE}|\s?(?:粉丝|好评|评[价论]|用户|人气|收藏|回头客|宝宝|宝妈|姐妹)"
"""Around a number with a w, which then is 万 and no watt: "已售2w+", "10w人"."""

_MORE = r"(?P<more>\+(?!\s?[\dA-Za-z]))?"
_OR_MORE = r"(?P<over>\+(?=[，。！？、,.!?;；\s)）的]|$))?"
"""A plus that stands for 以上; before goods it adds them ("500g+赠品")."""

_GRADE = "|".join(sorted(GRADES))
_OF_STEEL = r"\s?(?:不锈钢|钢|材质|内胆)"
_CELEBRATED = r"\s?(?:当天|当日|期间|大促|活动|购物节|狂欢|预售|年中|节)"
_NO_PRICE = "".join(
    f"(?<!{before})"
    for before in (
        "[价仅卖售付减满省花收抵返才共计]", "只要", "只需", "需要", "到手", "低至", "降至", "降到", "减到",
        "价[：:是为]", "价\\s",
    )
)  # fmt: skip
"""Behind these 618 is what something costs."""

_HOLDS = r"[A-Za-z]|的?(?:大?容[量积]|空间|冰|冷)"


Reading = Callable[[Match], list[str] | None]
"""What is read; None where it is not so after all."""


class Rule(NamedTuple):
    """A pattern, and its reading."""

    pattern: re.Pattern[str]
    read: Reading


def _unit(found: Match, which: str = "") -> str:
    unit, measure = found.group(f"unit{which}"), found.group(f"measure{which}")
    return UNITS[unit] if unit else measure or ""


def _date(found: Match) -> list[str]:
    year, month, day = found.group("y", "m", "d")
    return [f"{digits(year)}年{cardinal(int(month))}月{cardinal(int(day))}日"]


def _year(found: Match) -> list[str]:
    return [digits(found.group(1))]


def _time(found: Match) -> list[str]:
    return [_clock(*found.groups())]


def _times(found: Match) -> list[str]:
    first, second, third, fourth = found.groups()
    return [f"{_clock(first, second)}到{_clock(third, fourth)}"]


def _clock(hours: str, minutes: str) -> str:
    said, minute = counted(str(int(hours)), "点") + "点", int(minutes)
    if minute == 0:
        return said + "整" if hours == "00" else said
    if minute == 30:
        return said + "半"
    return said + ("零" if minute < 10 else "") + cardinal(minute) + "分"


def _telephone(found: Match) -> list[str]:
    text = re.sub(r"\D", "", found.group())
    if found.group()[0] == "+":
        return ["加", *(digits(part, yao=True) for part in re.findall(r"\d+", found.group()))]
    cuts = (3, 7) if len(text) == 11 and text[0] == "1" else (3, 6)
    if re.search(r"[-\s]", found.group()):
        return [digits(part, yao=True) for part in re.split(r"[-\s]+", found.group())]
    return [digits(part, yao=True) for part in (text[: cuts[0]], text[cuts[0] : cuts[1]], text[cuts[1] :]) if part]


def _serial(found: Match) -> list[str]:
    text = found.group()
    return [digits(text[i : i + 4], yao=True) for i in range(0, len(text), 4)]


def _per(found: Match) -> list[str] | None:
    """What something costs, or how much there is, by the piece, the weight or the time: "9.9元/斤", "120km/h"."""
    amount, many = found.group("amount"), found.group("many")
    said, each = read_at(amount, 0), _unit(found, "2")
    if said is None or said[0] != amount:
        return None
    spoken = "".join(said[1])
    if found.group("costs"):
        return [spoken + (counted(many, each) + each if many else _one(each))]
    if many:
        return None
    if each in EACH or (found.group("unit2") and amount[-1].isascii()):
        return [f"每{EACH.get(each, each)}{spoken}"]
    return [spoken + _one(each)]


def _each(found: Match) -> list[str]:
    """The "/斤" behind "9.9-19.9元"."""
    return [_one(_unit(found, "2"))]


def _one(each: str) -> str:
    return "一" + {"月": "个月", "日": "天"}.get(each, each)


def _between(found: Match) -> list[str] | None:
    """A range of which both ends have a unit: "10元-20元", "500g-1kg".

    A dash before a lesser amount of the same is no range ("满100元-20元").
    """
    one, other = _unit(found), _unit(found, "2")
    low, high, dash = found.group("low", "high", "dash")
    rises = float(low.replace(",", "")) < float(high.replace(",", ""))
    if one == other:
        if not (rises or one in ROUND or dash in "至到~～"):
            return None
    elif not any(one in units and other in units for units in ALIKE):
        return None
    first, last = (money(n) if unit == "元" else counted(n, unit) + unit for n, unit in ((low, one), (high, other)))
    return [f"{first}到{last}"]


def _range(found: Match) -> list[str] | None:
    unit = _unit(found)
    if prices.falls(found, 1, 2, unit):
        return None
    first, last = found.group(1), found.group(2)
    return [f"{counted(first, unit)}到{counted(last, unit)}{unit}"]


def _percents(found: Match) -> list[str] | None:
    if prices.falls(found, 1, 2, ""):
        return None
    return [f"{percent(found.group(1))}到{percent(found.group(2))}"]


def _percent(found: Match) -> list[str]:
    return [percent(found.group(1))]


def _percent_range(found: Match) -> list[str] | None:
    if prices.falls(found, 1, 2, ""):
        return None
    return [f"百分之{decimal(found.group(1))}到{decimal(found.group(2))}"]


def _discount(found: Match) -> list[str]:
    """Digit by digit, as nobody says 八十五折; 80折 is 八折."""
    return [f"{digits(found.group(1) + found.group(2).strip('0'))}折"]


def _rank(found: Match) -> list[str]:
    """The rank "NO.1" is 第一, but the perfume "No.5" 五号."""
    number = int(found.group(1))
    return [f"第{cardinal(number)}" if number <= 3 else f"{cardinal(number)}号"]


def _years(found: Match) -> list[str]:
    return [f"{digits(found.group(1))}到{digits(found.group(2))}"]


def _spoken_price(found: Match) -> list[str]:
    """As it is said already: "9块9" is 九块九."""
    return [f"{counted(found.group(1), '块')}块{digits(found.group(2))}"]


def _by(_found: Match) -> list[str]:
    return ["乘"]


def _two(_found: Match) -> list[str]:
    return ["两"]


def _to(_found: Match) -> list[str]:
    return ["到"]


def _diameter(_found: Match) -> list[str]:
    return ["直径"]


def _size(found: Match) -> list[str]:
    return ["乘".join(decimal(part) for part in re.findall(_N, found.group())) + _unit(found)]


def _below_zero(found: Match) -> list[str]:
    return [f"零下{decimal(found.group(1))}度"]


def _degrees(found: Match) -> list[str]:
    """From below zero to above it or not: -20~60℃ is 零下二十到六十度, the second has its own sign."""
    first, sign, last = found.groups()
    return [f"零下{decimal(first)}到{'零下' if sign else ''}{decimal(last)}度"]


def _steel(found: Match) -> list[str]:
    """316L and 18/8: digits one by one, in 18/8 the parts; the letter is English."""
    grade, kind = found.groups()
    if kind.isdigit():
        return [decimal(grade) + decimal(kind)]
    return [digits(grade), *([kind] if kind else [])]


def _fraction(found: Match) -> list[str] | None:
    said = fraction(*(int(number) for number in found.group(1, 2)), counts=found.group("measure") is not None)
    return [said] if said else None


def _ratio(found: Match) -> list[str]:
    one, other = (number for number in found.groups() if number)
    return [f"{decimal(one)}比{decimal(other)}"]


def _amount(found: Match) -> list[str]:
    unit = _unit(found)
    text, more = found.group(1), found.group("more")
    said = counted(text, unit)
    return [f"{said}{'多' if more else ''}{unit}{'以上' if found.group('over') else ''}"]


def _ten_thousands(found: Match) -> list[str]:
    return [f"{counted(found.group(1), '万')}万{_or_more(found) if found.group('more') else ''}"]


def _or_more(found: Match) -> str:
    return "多" if re.compile(_BY_ONE).match(found.string, found.end()) else "以上"


def _scaled(found: Match) -> list[str]:
    number, scale = found.groups()
    return [f"{counted(number, scale)}{scale}{_or_more(found)}"]


def _number(found: Match) -> list[str]:
    text = found.group(1)
    if text in GRADES or (text[0] == "0" and len(text) > 1 and "." not in text):
        return [digits(text)]
    return [decimal(text) + ("以上" if found.group(2) else "")]


def _model(found: Match) -> list[str]:
    """Letters as English, digits in Chinese: two at most as a number, more one by one ("SJ-750": 七五零)."""
    out: list[str] = []
    for part in re.findall(rf"[{LATIN}]+(?:'[a-z]+)?|\d+(?:\.\d+)?", found.group()):
        if part[0].isdigit():
            out.append(decimal(part) if "." in part or len(part) <= 2 or not int(part) % 100 else digits(part))
        else:
            out.append(part)
    return out


def _festival(found: Match) -> list[str]:
    return [FESTIVALS[found.group()]]


def _ordinal(found: Match) -> list[str]:
    return [f"第{cardinal(int(found.group(1)))}{_unit(found)}"]


def _ordinals(found: Match) -> list[str]:
    first, last = (cardinal(int(number)) for number in found.group(1, 2))
    return [f"第{first}到第{last}{_unit(found)}"]


def _plus(found: Match) -> list[str]:
    return [f"{digits(found.group(1))}后"]


_READINGS: tuple[tuple[str, Reading], ...] = (
    (r"(?<!\d)\+86[-\s]?1[3-9]\d(?:[-\s]?\d{4}){2}(?!\d)", _telephone),
    (r"(?<!\d)\+\d{1,3}(?:[-\s]\d{2,4}){2,4}(?!\d)", _telephone),
    (r"(?<![\d.])(?:86[-\s])?1[3-9]\d(?:[-\s]?\d{4}){2}(?!\d)", _telephone),
    (
        r"(?<!\d)(?:(?:400|800)[-\s]?(?:\d{3}[-\s]?\d{4}|\d{4}[-\s]?\d{3})|0\d{2,3}-\d{7,8})(?!\d)",
        _telephone,
    ),
    (r"(?<![\d.])\d{9,}(?!\d)", _serial),
    (rf"(?<!\d)(?:{_FESTIVAL})(?={_CELEBRATED})", _festival),
    (rf"(?<!\d){_NO_PRICE}(?:{_FESTIVAL})(?![\d元块%％.]|{_MEASURE})", _festival),
    (r"(?P<y>(?:19|20)\d\d)[-/.](?P<m>1[0-2]|0?[1-9])[-/.](?P<d>3[01]|[12]\d|0?[1-9])(?!\d)", _date),
    (rf"(?<!\d)((?:19|20)\d\d){_TO}((?:19|20)\d\d)(?=年|款|新款)", _years),
    (r"(?<!\d)((?:19|20)\d\d)(?=年|款|新款|春|夏|秋|冬)", _year),
    (r"(?<!\d)([5-9]\d|0\d)后(?=[^\d天年]|$)", _plus),
    (rf"(?<![\d:]){_CLOCK}{_TO}{_CLOCK}(?![\d:])", _times),
    (rf"(?<=[点分半\d])\s?[-–—~～]\s?(?={_PART_OF_DAY}(?:[01]?\d|2[0-4]|{_NUMERAL}{{1,3}})[点:：])", _to),
    (rf"{_NOT_BEFORE}(9|16|3|4|1)[:：](16|9|4|3|1)(?!\d)(?={_SCREEN})", _ratio),
    (rf"(?:{_OF_MIXING}){_PAIR}|(?<![\d:.]){_PAIR}(?={_MIXED})", _ratio),
    (rf"(?:{_OF_SCALE})(1)[:：]([1-9]\d?)(?![\d:])|(?<![\d:.])(1)[:：]([1-9]\d?)(?![\d:])(?={_SCALED})", _ratio),
    (rf"(?<![\d:]){_CLOCK}(?![\d:])", _time),
    (r"(?<![A-Za-z])(?:N[Oo]\.\s?|no\.\s?|№\s?|N[°º]\s?|N[Oo](?=1(?!\d)))(\d+)(?!\.?\d)", _rank),
    (rf"第\s?(\d+){_TO}第?(\d+)\s?{_ANY}?", _ordinals),
    (rf"第\s?(\d+)\s?{_ANY}?", _ordinal),
    (
        rf"{_OFF}(?P<sign>[¥￥]|{_SIGN})?\s?(?P<low>{_N})\s?(?:(?P<yuan>元|块钱?)|(?P<many>{_PIECE}))?\s?[-–—－]\s?"
        rf"(?P<sign2>[¥￥]|{_SIGN})?\s?(?P<high>{_AMOUNT_OFF})\s?(?P<yuan2>元|块钱?)?(?!\s?[%％折万亿\d.])",
        prices.taken_off,
    ),
    (rf"{_NOT_BEFORE}(?P<amount>(?P<costs>{_COSTS})|{_COUNTS})\s?/\s?(?P<many>{_N})?\s?{_GOODS}", _per),
    (rf"(?<=元)\s?/\s?{_GOODS}", _each),
    (rf"{_NOT_BEFORE}(?P<low>{_N})\s?{_ANY}\s?(?P<dash>[-–—~～至到])\s?(?P<high>{_N})\s?{_OTHER}", _between),
    (
        rf"(?<![A-Za-z])(?P<sign>{_SIGN})\s?(?P<low>{_N})(?P<first>{_SCALE})?{_TO}(?:{_SIGN})?\s?"
        rf"(?P<high>{_N})(?P<last>{_SCALE})?",
        prices.foreign_range,
    ),
    (rf"(?<![A-Za-z])(?P<sign>{_CODE})\s?(?P<low>{_N})(?P<scale>{_SCALE})?", prices.foreign_before),
    (
        rf"{_NOT_BEFORE}(?P<low>{_N})(?P<first>{_SCALE})?{_TO}(?P<high>{_N})(?P<last>{_SCALE})?\s?"
        rf"(?P<sign>{_CODE}){_ENDS}",
        prices.foreign_range,
    ),
    (rf"{_NOT_BEFORE}(?P<low>{_N})(?P<scale>{_SCALE})?\s?(?P<sign>{_CODE}){_ENDS}", prices.foreign_behind),
    (
        rf"[¥￥]\s?(?P<low>{_N})(?P<first>{_SCALE})?{_TO}[¥￥]?\s?(?P<high>{_N})(?P<last>{_SCALE})?元?",
        prices.price_range,
    ),
    (
        rf"{_NOT_BEFORE}(?P<low>{_N})(?P<first>{_SCALE})?{_TO}(?P<high>{_N})(?P<last>{_SCALE})?元",
        prices.price_range,
    ),
    (rf"(?:[¥￥]|CN¥|RMB\s?|CNY\s?)\s?(?P<low>{_N})(?P<scale>{_SCALE})?元?", prices.price),
    (rf"(?P<low>{_N})(?P<scale>{_SCALE})?\s?(?:元|CNY|RMB|块钱)(?![件])", prices.price),
    (rf"{_NOT_BEFORE}(\d+)块([1-9])(?!\d|\.|(?!包邮)(?:{_MEASURE}))", _spoken_price),
    (rf"({_N})(?=包邮)", prices.bare_price),
    (rf"({_N})[%％]{_TO}({_N})[%％]", _percents),
    (rf"({_N})[%％]", _percent),
    (rf"{_NOT_BEFORE}({_N}){_TO}({_N})[%％]", _percent_range),
    (rf"{_NOT_BEFORE}([1-9])\.?(\d)折(?!叠)", _discount),
    (rf"{_N}(?:\s?[×xX*✕]\s?{_N})+\s?{_ANY}?", _size),
    (rf"(?<![A-Za-z\d.])[-−–－]({_N})\s?{_DEGREES}?{_TO}([-−–－]?)\+?({_N})\s?{_DEGREES}", _degrees),
    (rf"(?<![A-Za-z\d.])[-−–－]({_N})\s?{_DEGREES}", _below_zero),
    (rf"{_NOT_BEFORE}(18)[/-](8|10|0)(?=不锈钢|钢)", _steel),
    (rf"{_NOT_BEFORE}({_GRADE})([LH]?)(?={_OF_STEEL})", _steel),
    (rf"{_NOT_BEFORE}(?<!容[量积])(?<!容[量积][为是])(304|316)(L)(?!{_HOLDS})", _steel),
    (rf"(?<![\d/.])(\d{{1,2}})/(\d{{1,3}})(?!{_NO_PART})(?=\s?(?P<measure>{_MEASURE}))?", _fraction),
    (r"(?<![\d:.])(\d{1,3})[:：](\d{1,3})(?![\d:])", _ratio),
    (rf"{_NOT_BEFORE}({_N}){_TO}({_N})\s?{_ANY}?", _range),
    (rf"(?:{_SOLD})({_N})[wW](?![A-Za-z]){_MORE}", _ten_thousands),
    (rf"{_NOT_BEFORE}({_N})[wW]{_MORE}(?={_MANY})", _ten_thousands),
    (rf"{_NOT_BEFORE}({_N})([千万亿])\+(?!\s?[\dA-Za-z])", _scaled),
    (rf"{_NOT_BEFORE}({_N})(?P<more>\+|多)?\s?{_ANY}{_OR_MORE}", _amount),
    (
        rf"(?:[A-Za-z]+\d|\d+[A-Za-z])[A-Za-z\d]*(?:[-.][A-Za-z\d]+)*|[{LATIN}]+(?:-[{LATIN}\d]+)+",
        _model,
    ),
    (r"(?<=[A-Za-z米寸])[*✕](?=\s?\d)", _by),
    (r"[ØøΦφ⌀](?=\s?\d)", _diameter),
    (rf"{_NOT_BEFORE}2(?=[万亿千百])", _two),
    (rf"(?:(?<={_NUMERAL})|(?<={_NUMERAL}\s))[-–~～](?=\s?{_NUMERAL})", _to),
    (r"(?:(?<=[周期拜][一二三四五六日天])|(?<=[周期拜][一二三四五六日天]\s))[-–—~～](?=\s?(?:周|星期|礼拜))", _to),
    (r"(?<=[年半])[-–—~～](?=\d)", _to),
    (rf"({_N})(\+(?!\s?\d))?", _number),
)  # fmt: skip

RULES = tuple(Rule(re.compile(pattern), read) for pattern, read in _READINGS)


def read_at(text: str, place: int) -> tuple[str, list[str]] | None:
    """The piece of ``text`` that a rule reads from ``place`` on, and its parts; None where none does."""
    for rule in RULES:
        found = rule.pattern.match(text, place)
        said = rule.read(found) if found and found.group() else None
        if found and said is not None:
            return found.group(), said
    return None
