"""Scripts: which letters are Latin, accents too, and which words are Chinese."""

from __future__ import annotations

import re
import unicodedata

LATIN = "A-Za-zÀ-ÖØ-öø-ɏ"
"""Latin letters with their accents, as the inside of a pattern's brackets."""

HAN = "〇㐀-鿿"
"""Chinese characters; 〇 is a zero that stands apart from the others."""

_RE_HAN = re.compile(f"[{HAN}]")
_WITHOUT = str.maketrans({
    "Æ": "Ae", "æ": "ae", "Œ": "Oe", "œ": "oe", "Ø": "O", "ø": "o", "ß": "ss", "Đ": "D", "đ": "d", "Ð": "D", "ð": "d",
    "Þ": "Th", "þ": "th", "Ł": "L", "ł": "l", "ı": "i",
})  # fmt: skip


def is_chinese(text: str) -> bool:
    """Whether there is a Chinese character in it."""
    return _RE_HAN.search(text) is not None


def without_accents(text: str) -> str:
    """Latin letters as plain ones: "Häagen-Dazs" is "Haagen-Dazs", "Ørsted" is "Orsted"."""
    apart = unicodedata.normalize("NFKD", text.translate(_WITHOUT))
    return "".join(c for c in apart if not unicodedata.combining(c))
