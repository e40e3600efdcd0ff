"""Numbers as words: English ("two and a half", "thirty-one thousand") and Chinese (一千五百, 两, 半, 三点五)."""

from __future__ import annotations

import re
from fractions import Fraction

_ONES = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "dozen": 12}
WORDS = (*_ONES, *_TENS, *_SCALES)
"""The words that English numbers are made of."""

_ANY = "|".join(sorted(WORDS, key=len, reverse=True))

ENGLISH = re.compile(
    rf"\b(?:a (?=hundred\b|thousand\b|million\b|dozen\b))?(?:{_ANY})\b"
    rf"(?:[\s-](?:and\s)?(?:{_ANY})\b|\spoint(?:\s(?:{_ANY})\b)+)*(?:\sand a half\b)?"
)
"""Runs of English number words, small letters."""

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "仨": 3}
_CHINESE_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}

CHINESE = re.compile(r"[零〇一二两三四五六七八九十百千万亿俩仨]+(?:点[零〇一二三四五六七八九]+)?")
"""Runs of Chinese numerals."""


def english(text: str) -> Fraction | None:
    """The number that ``text`` (a match of ``ENGLISH``) says, or None when its words make none."""
    half = Fraction(1, 2) if text.endswith(" and a half") else Fraction(0)
    words = re.split(r"[\s-]+", text.removesuffix(" and a half").removeprefix("a "))
    if "point" in words:
        place = words.index("point")
        whole = _english_whole(words[:place])
        digits = "".join(str(_ONES.get(word, "")) for word in words[place + 1 :])
        return None if whole is None or not digits.isdigit() else whole + Fraction(int(digits), 10 ** len(digits))
    whole = _english_whole(words)
    return None if whole is None else whole + half


def _english_whole(words: list[str]) -> Fraction | None:
    total, group, last = 0, 0, 10**12
    for word in words:
        if word == "and":
            continue
        if word in _SCALES:
            scale = _SCALES[word]
            group = max(group, 1) * scale
            if scale >= 1000:
                total, group = total + group, 0
            last = 10**12 if scale >= 100 else 0
            continue
        value = _ONES.get(word, _TENS.get(word, -1))
        if value < 0 or (value >= 10 and last < 100) or (value < 10 and last < 10) or (last < 20 and last >= 10):
            return None
        group, last = group + value, value
    return Fraction(total + group)


def chinese(text: str) -> Fraction | None:
    """The number that ``text`` (a match of ``CHINESE``) says: 一千五百, 一百二 (120), 二零二五, 三点五."""
    whole, _, decimals = text.partition("点")
    value = _chinese_whole(whole)
    if value is None:
        return None
    if decimals:
        digits = "".join(str(_DIGITS[c]) for c in decimals)
        return value + Fraction(int(digits), 10 ** len(digits))
    return Fraction(value)


def _chinese_whole(text: str) -> Fraction | None:
    if not text:
        return None
    if not any(c in _CHINESE_SCALES for c in text):
        return Fraction(int("".join(str(_DIGITS[c]) for c in text)))
    total = section = 0
    number: int | None = None
    last_scale = 1
    for character in text:
        if character in _DIGITS:
            number = _DIGITS[character]
            if number == 0:
                last_scale = 1
            continue
        scale = _CHINESE_SCALES[character]
        if scale >= 10**4:
            total = (total + section + (number or 0)) * scale
            section = 0
        else:
            section += (1 if number is None else number) * scale
        number, last_scale = None, scale
    if number is not None:
        section += number * (last_scale // 10 if last_scale >= 100 and text[-2] != "零" else 1)
    return Fraction(total + section)
