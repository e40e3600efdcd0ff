"""Amounts of money and of stock as tables have them.

Nothing is guessed: what could be read in two ways is no amount, and the merchant is told what to write.
"""

from __future__ import annotations

import re
from decimal import Decimal

from engine.settings.catalogue import UNCOUNTED
from engine.settings.sources.base import Cell
from engine.settings.sources.columns import cell_words, folded
from engine.settings.sources.currencies import SIGN_HINT, YUAN_OR_YEN, split

AN_AMOUNT = "write an amount, such as 19.99"
TWO_DIGITS = "write an amount with at most two digits after the point, such as 19.99"
ROUNDED = "the spreadsheet may show it rounded: write the amount itself, or =ROUND(…, 2)"
UNCLEAR = "write it without the point, or with two digits after it"
NO_VALUE = "open the file in a spreadsheet program and save it once, so that its values are in it"

_NUMBER = re.compile(
    r"(?P<whole>\d+|[1-9]\d{0,2}(?P<mark>[.,])\d{3}(?:(?P=mark)\d{3})*)(?:(?P<point>[.,])(?P<cents>\d{1,2}))?"
)
_UNCLEAR = re.compile(r"[1-9]\d{0,2}\.\d{3}")
"""Thousands in one country, three decimals in another."""


class AmountError(Exception):
    """A cell holds no amount that is certain; the text says why, ``hint`` what to write."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def amount(text: str, known: str = "") -> tuple[str, str] | None:
    """``("1299.00", "USD")`` of "$1,299.00"; the currency is "" where none stands there; None if it is no amount.

    ``known`` is the currency that the table goes by, see ``currencies.split``.
    """
    found = split(text.strip(), known)
    if found is None:
        return None
    currency, rest = found
    number = _number(_without_spaces(rest))
    return (number, currency) if number else None


def price(cell: Cell, known: str = "") -> tuple[str, str]:
    """The amount of a cell and its currency, "" where the cell names none.

    Raises:
        AmountError: it holds none, or one that could be read in two ways.
    """
    text = cell.text
    if text.startswith("="):
        raise AmountError(f"{cell.where} is a formula without a value", NO_VALUE)
    if cell.number is not None:
        return _exact(cell.number, text), ""
    found = amount(text, known)
    if found is None:
        rest = (split(text.strip(), known) or ("", ""))[1]
        if _UNCLEAR.fullmatch(_without_spaces(rest)):
            raise AmountError(f"“{text}” may mean thousands or three digits after the point", UNCLEAR)
        if re.fullmatch(r"\d+[.,]\d{3,}", rest):
            raise AmountError(f"“{text}” has more than two digits after the point", TWO_DIGITS)
        raise AmountError(f"“{text}” is not an amount", AN_AMOUNT)
    if found[1] == YUAN_OR_YEN:
        raise AmountError(f"“{text}” may be in yuan or in yen", SIGN_HINT)
    return found


def _exact(number: Decimal, text: str) -> str:
    """A number of a spreadsheet or of JSON: its point is a decimal point, whatever stands behind it."""
    if number < 0:
        raise AmountError(f"“{text}” is not an amount", AN_AMOUNT)
    if number != round(number, 2):
        raise AmountError(f"“{text}” has more than two digits after the point", ROUNDED)
    return text if re.fullmatch(r"\d+(?:\.\d{1,2})?", text) else f"{number:.{0 if number == int(number) else 2}f}"


def _without_spaces(text: str) -> str:
    """Without the spaces and apostrophes that part thousands ("1 299.50", "1'299.50"); others stay."""
    return re.sub(r"(?<=\d)['’ ](?=\d{3}(?!\d))", "", text.strip())


def _number(plain: str) -> str | None:
    """Point and comma sorted out: the last of them with one or two digits behind is the decimal mark."""
    match = _NUMBER.fullmatch(plain)
    if match is None or (match["mark"] and match["mark"] == match["point"]):
        return None
    if _UNCLEAR.fullmatch(plain):
        return None
    whole = re.sub(r"[.,]", "", match["whole"])
    return f"{whole}.{match['cents']}" if match["cents"] else whole


def stock(text: str) -> int | None:
    """Pieces of "38", "38 pcs", "38件", "sold out" (0) or "in stock" (``UNCOUNTED``); None if it says none of it."""
    plain = folded(text)
    if plain in cell_words("there"):
        return UNCOUNTED
    if plain in cell_words("gone"):
        return 0
    match = re.fullmatch(r"(-?(?:\d+|\d{1,3}(?:,\d{3})+))(?:\.0{1,2})?\s*(\D*)", _without_spaces(plain))
    if match is None or (match[2] and match[2] not in cell_words("pieces")):
        return None
    return max(0, int(match[1].replace(",", "")))


def stock_of(cell: Cell) -> int | None:
    """Pieces of a cell, as ``stock``; a number of a spreadsheet or of JSON counts as it is."""
    if cell.number is None:
        return stock(cell.text)
    return max(0, int(cell.number)) if cell.number == int(cell.number) else None
