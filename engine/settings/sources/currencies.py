"""Which currency a text names: by its code, its name or its sign."""

from __future__ import annotations

import re
import unicodedata

from engine.currencies import SIGNS

YUAN_OR_YEN = "¥"
"""What "¥" is where nothing tells whether yuan or yen are meant."""

BAD_SIGN = "“¥” is yuan or yen"
SIGN_HINT = "write CNY or JPY: as “currency: …” in the channel file, by --currency, or in a column “currency”"
NO_CURRENCY_HINT = "add “currency: …” to the channel file, or give --currency"

_CODES = (
    "USD|EUR|GBP|JPY|CNY|CAD|AUD|INR|CHF|SEK|NOK|DKK|PLN|CZK|HUF|RON|TRY|HKD|SGD|NZD|MXN|BRL|KRW|TWD|THB|PHP|IDR|MYR"
    "|VND|AED|SAR|ILS|ZAR|UAH|RUB|KZT|NGN|GHS"
)
_CODE = re.compile(rf"(?<![A-Za-z])({_CODES})(?![A-Za-z])", re.IGNORECASE)

_NAMES = {
    "RMB": "CNY", "人民币": "CNY", "元": "CNY", "美元": "USD", "美金": "USD", "欧元": "EUR", "英镑": "GBP",
    "日元": "JPY", "港元": "HKD", "港币": "HKD", "新台币": "TWD", "台币": "TWD", "韩元": "KRW", "加元": "CAD",
    "澳元": "AUD", "瑞士法郎": "CHF", "円": "JPY", "人民幣": "CNY", "港幣": "HKD", "新台幣": "TWD", "新臺幣": "TWD",
    "台幣": "TWD", "歐元": "EUR", "英鎊": "GBP", "日圓": "JPY", "韓元": "KRW",
}  # fmt: skip
_SIGNS = {sign: code for sign, code in SIGNS.items() if sign != "$"} | _NAMES
_DOLLARS = frozenset({"USD", "CAD", "AUD", "NZD", "HKD", "SGD", "TWD", "MXN"})
_SIGN = re.compile(
    "|".join(re.escape(sign) for sign in sorted([*_SIGNS, "$", "¥"], key=len, reverse=True)), re.IGNORECASE
)
_BY_SIGN = {sign.upper(): code for sign, code in _SIGNS.items()}


def split(text: str, known: str = "") -> tuple[str, str] | None:
    """The currency that ``text`` names ("" for none) and the rest of it; None where it names two.

    ``known`` is the currency that is gone by where only a sign stands: it says which dollar "$" is, American where it
    is none, and whether "¥" is yuan or yen, ``YUAN_OR_YEN`` where it is neither.
    """
    plain = unicodedata.normalize("NFKC", text)
    codes = {match[1].upper() for match in _CODE.finditer(plain)}
    rest = _CODE.sub(" ", plain)
    signs = [match[0].upper() for match in _SIGN.finditer(rest)]
    rest = _SIGN.sub(" ", rest).strip()
    codes |= {_BY_SIGN[sign] for sign in signs if sign in _BY_SIGN}
    known = next(iter(codes)) if len(codes) == 1 else known
    if "$" in signs:
        codes.add(known if known in _DOLLARS else "USD")
    if "¥" in signs:
        codes.add(known if known in {"CNY", "JPY"} else YUAN_OR_YEN)
    if len(codes) > 1:
        return None
    return (next(iter(codes)) if codes else ""), rest


def currency_of(text: str, known: str = "") -> str:
    """The one currency that ``text`` names, or ""; see ``split``."""
    found = split(text, known)
    return found[0] if found is not None else ""
