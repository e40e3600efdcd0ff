"""Numbers as Mandarin says them."""

from __future__ import annotations

import math

DIGITS = "零一二三四五六七八九"
_PLACES = ("", "十", "百", "千")
_GROUPS = ("", "万", "亿", "万亿")
_DIVIDED_BY = frozenset({12, 16, 20, 32, 50, 64, 100})
"""What a whole is divided by beyond ten."""

LIANG_BEFORE_NOT = frozenset("号月日楼级等代维班区路环层")
"""Units that count in order rather than how many: 二号, but 两个."""


def cardinal(number: int) -> str:
    """A whole number: 10050 is 一万零五十, 12 is 十二, 200 is 两百. Beyond 16 digits they are read one by one."""
    if number < 0:
        return "负" + cardinal(-number)
    if number >= 10**16:
        return digits(str(number))
    groups: list[int] = []
    rest = number
    while rest:
        groups.append(rest % 10_000)
        rest //= 10_000
    out = ""
    for index in range(len(groups) - 1, -1, -1):
        if not groups[index]:
            continue
        if out and groups[index] < 1000:
            out += "零"
        out += _below_ten_thousand(groups[index]) + _GROUPS[index]
    out = out or "零"
    if out.startswith("一十"):
        out = out[1:]
    return "两" + out[1:] if out[:1] == "二" and out[1:2] in set("百千万亿") else out


def _below_ten_thousand(number: int) -> str:
    out, skipped = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if not digit:
            skipped = skipped or bool(out)
            continue
        out += ("零" if skipped else "") + DIGITS[digit] + _PLACES[place]
        skipped = False
    return out


def digits(text: str, yao: bool = False) -> str:
    """Each digit by itself; with ``yao`` one is 幺, as in telephone and order numbers."""
    said = "".join(DIGITS[int(c)] for c in text if c.isdigit())
    return said.replace("一", "幺") if yao else said


def decimal(text: str) -> str:
    """Digits with commas and at most one point: "1,200.50" is 一千二百点五零."""
    whole, point, fraction = text.replace(",", "").partition(".")
    said = cardinal(int(whole)) if whole else "零"
    return f"{said}点{digits(fraction)}" if point and fraction else said


def counted(text: str, unit: str) -> str:
    """A number before a unit or measure word: 2 is 两 there (两件, but 二号), 0.5 and 12 are as always."""
    said = decimal(text)
    if said == "二" and unit and unit[0] not in LIANG_BEFORE_NOT and unit != "年级":
        return "两"
    return said


def money(text: str) -> str:
    """Yuan as a host says them: 129 is 一百二十九元, 39.9 is 三十九块九, 39.95 三十九块九毛五, 0.5 五毛.

    What is exact below a fen is a decimal: 0.008 is 零点零零八元.
    """
    whole, _, fraction = text.replace(",", "").partition(".")
    if len(fraction.rstrip("0")) > 2:
        return foreign(text, "元")
    cents = fraction.ljust(2, "0")[:2]
    if cents == "00":
        return counted(whole or "0", "元") + "元"
    mao = DIGITS[int(cents[0])] if cents[0] != "0" else ""
    fen = DIGITS[int(cents[1])] if cents[1] != "0" else ""
    if not int(whole or 0):
        return (f"{'两' if mao == '二' else mao}毛" if mao else "") + (f"{fen}分" if fen else "")
    said = counted(whole, "块") + "块"
    if mao and fen:
        return f"{said}{mao}毛{fen}"
    return f"{said}{mao}" if mao else f"{said}零{fen}分"


def foreign(text: str, name: str) -> str:
    """An amount of another currency, whose name stands behind it: 19.90 is 十九点九美元, 2 is 两美元."""
    return counted(without_zeros(text), name) + name


def without_zeros(text: str) -> str:
    """An amount without the zeros that nobody says: 19.90 is 19.9, 20.00 is 20."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def fraction(over: int, under: int, *, counts: bool) -> str:
    """A part of a whole: 3/4 is 四分之三; "" for two numbers, as sizes (38/39), dates (6/18) and 50/60 Hz are.

    With ``counts`` a measure word stands behind: there 5/10 and 20/50 are two numbers too.
    """
    if not 0 < over < under or (under > 10 and under not in _DIVIDED_BY):
        return ""
    if counts and (under > 10 or math.gcd(over, under) > 1):
        return ""
    return f"{cardinal(under)}分之{cardinal(over)}"


def percent(text: str) -> str:
    """百分之 and the number; 100 is 百分之百."""
    return "百分之百" if text == "100" else "百分之" + decimal(text)
