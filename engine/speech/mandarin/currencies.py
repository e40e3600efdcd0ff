"""Currencies but the yuan, as Mandarin says them: ISO codes, and the signs that prices are written with."""

from __future__ import annotations

from engine.currencies import CHINESE, SIGNS

_SIGNS = {sign: code for sign, code in SIGNS.items() if code != "CNY"} | {"＄": "USD", "￡": "GBP"}

NAMES: dict[str, str] = CHINESE | {sign: CHINESE[code] for sign, code in _SIGNS.items()}
"""Code or sign: the currency's name, which stands behind the amount."""

NOT_BEFORE = frozenset({"CAD", "INR", "PHP", "TRY", "PEN", "COP", "MOP", "MAD", "RON", "ARS"})
"""Codes that are other names too: in front of an amount they are currencies only where it has two decimals."""
