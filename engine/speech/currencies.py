"""Currencies in English: ISO codes, and the signs that prices are written with."""

from __future__ import annotations

from engine.currencies import CROWN, ENGLISH, SIGNS, WORD_CODES

__all__ = ["CURRENCIES", "WORD_CODES"]

_SIGNS = SIGNS | {"¥": "CNY", "￥": "CNY", "Rs": "INR", "Rs.": "INR"}

CURRENCIES = ENGLISH | {sign: ENGLISH[code] for sign, code in _SIGNS.items()} | {"kr": CROWN}
"""Code or sign: singular, plural, and the same of its hundredth.

Those of ``WORD_CODES`` are currencies only with an amount that has two decimals, and never touching it.
"""
