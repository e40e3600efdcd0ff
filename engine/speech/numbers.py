"""English number words, American style (no "and" inside a number), as spoken digits of captions."""

from __future__ import annotations

_ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_TENS = ["zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred"))
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_DENOMINATORS = {2: ("half", "halves"), 3: ("third", "thirds"), 4: ("quarter", "quarters")}


def cardinal(number: int) -> list[str]:
    """Words of a whole number: 20000 is ``["twenty", "thousand"]``. Beyond 10**15 the digits are read one by one."""
    if number < 0:
        return ["minus", *cardinal(-number)]
    if number >= 10**15:
        return digits(str(number))
    for scale, name in _SCALES:
        if number >= scale:
            rest = number % scale
            return [*cardinal(number // scale), name, *(cardinal(rest) if rest else [])]
    if number < 20:
        return [_ONES[number]]
    return [_TENS[number // 10], *([_ONES[number % 10]] if number % 10 else [])]


def digits(text: str) -> list[str]:
    """Each digit by itself: "05" is ``["zero", "five"]``."""
    return [_ONES[int(c)] for c in text]


def ordinal(number: int) -> list[str]:
    """Words of an ordinal: 22 is ``["twenty", "second"]``."""
    words = cardinal(number)
    last = words[-1]
    if last in _ORDINALS:
        words[-1] = _ORDINALS[last]
    elif last.endswith("y"):
        words[-1] = last[:-1] + "ieth"
    else:
        words[-1] = last + ("h" if last.endswith("t") else "th")
    return words


def decimal(text: str) -> list[str]:
    """Words of a decimal written with digits, commas and at most one point: "1,200.50" ends in "point five zero"."""
    whole, point, fraction = text.replace(",", "").partition(".")
    words = cardinal(int(whole)) if whole else []
    return [*words, "point", *digits(fraction)] if point and fraction else words


def year(number: int) -> list[str]:
    """Words of a year: 2026 is "twenty twenty six", 2005 is "two thousand five", 1905 is "nineteen oh five"."""
    high, low = divmod(number, 100)
    if low == 0 and high % 10:
        return [*cardinal(high), "hundred"]
    if high % 10 == 0 and low < 10:
        return cardinal(number)
    return [*cardinal(high), *(["oh"] if low < 10 else []), *cardinal(low)]


def decade(number: int) -> list[str]:
    """Words of ten years: 1990 is "nineteen nineties", 80 is "eighties", 2010 "twenty tens"."""
    words = year(number) if number >= 1000 else cardinal(number)
    last = words[-1]
    return [*words[:-1], last[:-1] + "ies" if last.endswith("y") else last + "s"]


def model_number(text: str) -> list[str]:
    """Digits inside a model name, as people read them: "750" seven fifty, "705" seven oh five, "2050" twenty fifty."""
    number = int(text)
    if text.startswith("0") or len(text) > 4:
        return digits(text)
    if len(text) < 3 or number % 100 == 0:
        return cardinal(number)
    high, low = divmod(number, 100)
    return [*cardinal(high), *(["oh"] if low < 10 else []), *cardinal(low)]


def fraction(over: int, under: int) -> list[str]:
    """Words of a proper fraction: 3/4 is "three quarters"."""
    one, many = _DENOMINATORS.get(under, (" ".join(ordinal(under)), " ".join(ordinal(under)) + "s"))
    return [*cardinal(over), *(one if over == 1 else many).split()]
