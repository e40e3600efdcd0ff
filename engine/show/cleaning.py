"""Makes what viewers type fit to be read: one line of plain text."""

from __future__ import annotations

import re
import unicodedata


def clean_text(text: str) -> str:
    """``text`` in NFKC on one line, without control and format characters, emoji, and stacked accents or letters."""
    composed = unicodedata.normalize("NFKC", text)
    kept = []
    for character in composed:
        category = unicodedata.category(character)
        if category[0] == "Z" or category == "Cc":
            kept.append(" ")
        elif category[0] == "C" or category in {"So", "Sk", "Mn", "Me"}:
            continue
        else:
            kept.append(character)
    line = re.sub(r"\s+", " ", "".join(kept)).strip()
    return re.sub(r"(\S)\1{4,}", r"\1\1\1", line)
