"""Word error rate between what was meant and what was heard. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.speech.normalise import spoken_words

_SPELLINGS = {
    "litre": "liter", "litres": "liters", "millilitre": "milliliter", "millilitres": "milliliters",
    "metre": "meter", "metres": "meters", "centimetre": "centimeter", "centimetres": "centimeters",
    "millimetre": "millimeter", "millimetres": "millimeters", "colour": "color", "colours": "colors",
    "grey": "gray", "aluminium": "aluminum", "harbour": "harbor", "favourite": "favorite", "fibre": "fiber",
    "ok": "okay", "cosy": "cozy", "neighbour": "neighbor", "mould": "mold", "centre": "center", "catalogue": "catalog",
    "litre's": "liter's", "organise": "organize", "tonne": "ton", "cheque": "check", "odour": "odor",
}  # fmt: skip
"""British and American spellings of one word: the ear cannot tell them apart."""

JOIN_LIMIT = 4
"""Words that may be written as one ("ear buds", "earbuds"; "U S B", "USB")."""


def to_words(text: str) -> list[str]:
    """``text`` as spoken words in one spelling: numbers, prices and units in words, no case, no marks."""
    words: list[str] = []
    for spoken in spoken_words(text):
        for part in re.split(r"[^a-z0-9']+", spoken.text.lower()):
            plain = part.strip("'")
            if plain:
                words.append(_SPELLINGS.get(plain, plain).replace("'", ""))
    return words


@dataclass(frozen=True, slots=True)
class WordErrors:
    """Edits that turn what was heard into what was meant, and the number of words meant."""

    errors: int
    words: int

    @property
    def rate(self) -> float:
        """Word error rate."""
        return self.errors / self.words if self.words else float(self.errors > 0)


def word_errors(meant: Sequence[str], heard: Sequence[str]) -> WordErrors:
    """Least substitutions, insertions and deletions; words written together or apart are no error."""
    rows, columns = len(meant) + 1, len(heard) + 1
    cost = [[i + j if i == 0 or j == 0 else 0 for j in range(columns)] for i in range(rows)]
    for i in range(1, rows):
        for j in range(1, columns):
            same = meant[i - 1] == heard[j - 1]
            least = min(cost[i - 1][j - 1] + (not same), cost[i - 1][j] + 1, cost[i][j - 1] + 1)
            for k in range(2, JOIN_LIMIT + 1):
                if j >= k and "".join(heard[j - k : j]) == meant[i - 1]:
                    least = min(least, cost[i - 1][j - k])
                if i >= k and "".join(meant[i - k : i]) == heard[j - 1]:
                    least = min(least, cost[i - k][j - 1])
            cost[i][j] = least
    return WordErrors(cost[-1][-1], len(meant))
