"""How prices, their ranges and what is taken off them are read in Chinese."""

from __future__ import annotations

import re

from engine.speech.mandarin.currencies import NAMES, NOT_BEFORE
from engine.speech.mandarin.figures import counted, decimal, foreign, money, without_zeros
from engine.speech.mandarin.units import ROUND

Match = re.Match[str]

_SAID_TO = frozenset("至到~～")
"""What says that a range is meant, also where it falls."""

_RE_TOLD_OFF = re.compile(r"[满减领券][\d\s.,，/、元¥￥\-–—－]*$")
"""In front of a discount, others of the same row may stand between."""

_COUNTS_DOWN = ("倒数", "倒计时", "从")


def price(found: Match) -> list[str]:
    """Yuan: "¥39.9", "129元", "¥1.2万"."""
    return [_yuan(found.group("low"), found.group("scale"))]


def bare_price(found: Match) -> list[str]:
    """An amount whose currency is not written: "9.9包邮"."""
    return [money(found.group(1))]


def price_range(found: Match) -> list[str] | None:
    """From one price to another: "¥10-20", "¥1万-2万", "¥1-2万"; what falls behind a dash is no range ("¥300-50")."""
    low, high, first, last = found.group("low", "high", "first", "last")
    if (first and not last) or (first == last and falls(found, "low", "high", "")):
        return None
    return [f"{counted(low, first) + first if first else decimal(low)}到{_yuan(high, last)}"]


def foreign_before(found: Match) -> list[str] | None:
    """The currency of "$19.9" and "$5万" is said behind the amount."""
    sign, amount, scale = found.group("sign", "low", "scale")
    if sign in NOT_BEFORE and not re.search(r"\.\d\d$", amount):
        return None
    return [foreign(amount, (scale or "") + NAMES[sign])]


def foreign_range(found: Match) -> list[str] | None:
    """As "HK$99-199" and "10-20 USD" are."""
    first, last = found.group("first", "last")
    low, high = (without_zeros(n) for n in found.group("low", "high"))
    if (first and not last) or (first == last and _number(low) >= _number(high)):
        return None
    return [f"{counted(low, first) + first if first else decimal(low)}到{foreign(high, (last or '') + _name(found))}"]


def foreign_behind(found: Match) -> list[str]:
    """As "19.9 USD" is."""
    return [foreign(found.group("low"), (found.group("scale") or "") + _name(found))]


def taken_off(found: Match) -> list[str] | None:
    """A discount: "满300-50" is 三百减五十, "满2件-10元" 两件减十元; "满3-5件" is a range."""
    if not _RE_TOLD_OFF.search(found.string[: found.start()]):
        return None
    whole, part, many, sign, yuan = found.group("low", "high", "many", "sign2", "yuan2")
    if many:
        if not (sign or yuan):
            return None
        said = counted(whole, many) + many
    elif _number(whole) <= _number(part):
        return None
    else:
        said = _signed(whole, found.group("sign"), found.group("yuan"))
    return [f"{said}减{_signed(part, sign, yuan)}"]


def falls(found: Match, low: str | int, high: str | int, unit: str) -> bool:
    """Whether a dash before a lesser number joins no range: "300-50"; "22-6点" and 倒数10-1 are ranges."""
    dash = found.string[found.end(low) : found.start(high)]
    if _SAID_TO & set(dash) or unit in ROUND or found.string[: found.start()].endswith(_COUNTS_DOWN):
        return False
    return _number(found.group(low)) > _number(found.group(high))


def _yuan(amount: str, scale: str | None) -> str:
    return foreign(amount, f"{scale}元") if scale else money(amount)


def _signed(amount: str, sign: str | None, yuan: str | None) -> str:
    if sign in NAMES:
        return foreign(amount, NAMES[sign])
    return money(amount) if sign or yuan else decimal(without_zeros(amount))


def _name(found: Match) -> str:
    return NAMES[found.group("sign")]


def _number(text: str) -> float:
    return float(text.replace(",", ""))
