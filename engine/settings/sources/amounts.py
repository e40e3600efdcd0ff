"""Amounts of money and of stock as tables have them."""

from __future__ import annotations

import re
import unicodedata

from engine.settings.catalogue import UNCOUNTED
from engine.settings.sources.columns import cell_words

_CURRENCIES = (
    ("CA$", "CAD"), ("A$", "AUD"), ("US$", "USD"), ("HK$", "HKD"), ("RMB", "CNY"), ("人民币", "CNY"), ("元", "CNY"),
    ("$", "USD"), ("€", "EUR"), ("£", "GBP"), ("₹", "INR"),
)  # fmt: skip
_CODE = re.compile(r"\b(USD|EUR|GBP|JPY|CNY|CAD|AUD|INR|CHF|SEK|NOK|DKK|PLN|HKD|SGD|NZD|MXN|BRL|KRW|TWD)\b", re.I)


def amount(text: str) -> tuple[str, str] | None:
    """``("1299.00", "USD")`` of "$1,299.00"; the currency is "" where none stands there; None if it is no amount."""
    plain = unicodedata.normalize("NFKC", text).strip()
    currency = ""
    if match := _CODE.search(plain):
        currency, plain = match[1].upper(), plain.replace(match[0], "")
    for sign, code in _CURRENCIES:
        if sign in plain:
            currency, plain = currency or code, plain.replace(sign, "")
    plain = plain.replace("¥", "").replace("'", "").replace(" ", "").replace("\u00a0", "")
    if not re.fullmatch(r"\d[\d.,]*", plain):
        return None
    return (number, currency) if (number := _number(plain)) else None


def _number(plain: str) -> str | None:
    """Point and comma sorted out: the last of them with one or two digits behind is the decimal mark."""
    match = re.fullmatch(r"(\d+|\d{1,3}(?:([.,])\d{3})(?:\2\d{3})*)(?:([.,])(\d{1,2}))?", plain)
    if match is None or (match[2] and match[2] == match[3]):
        return None
    whole = re.sub(r"[.,]", "", match[1])
    return f"{whole}.{match[4]}" if match[4] else whole


def stock(text: str) -> int | None:
    """Pieces of "38", "38 pcs", "38件", "sold out" (0) or "in stock" (``UNCOUNTED``); None if it says none of it."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    if plain in cell_words("there"):
        return UNCOUNTED
    if plain in cell_words("gone"):
        return 0
    match = re.fullmatch(r"(-?\d[\d,]*)(?:\.0+)?\s*(\D*)", plain)
    if match is None or (match[2] and match[2] not in cell_words("pieces")):
        return None
    return max(0, int(match[1].replace(",", "")))
