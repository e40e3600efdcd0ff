"""Words of strangers, fit to be shown: without what could steer a terminal or turn the direction of reading."""

from __future__ import annotations

import unicodedata

_JOINERS = "\u200c\u200d"
"""Letters of Persian, of Hindi and of some emoji need them; they show nothing themselves."""


def plain(text: str) -> str:
    """``text`` as one line of what can be seen: control characters, marks of direction and halves of letters are gone.

    A line's end and a tab become a space.
    """
    return "".join(_shown(letter) for letter in text)


def _shown(letter: str) -> str:
    if letter.isprintable() or letter in _JOINERS or unicodedata.category(letter) == "Zs":
        return letter
    return " " if letter.isspace() else ""
