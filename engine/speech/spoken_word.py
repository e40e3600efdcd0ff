"""What the rules of English reading share: the spoken word, what stands around it, and the pattern of a number."""

from __future__ import annotations

import re
from dataclasses import dataclass

NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}|\d+)(?:\.\d+)?|\.\d+"
"""Thousands are grouped by three digits, or as in India: "1,29,999"."""

RE_NUMBER = re.compile(rf"^(?:{NUMBER})$")

PREFIXES = {"fl": "fluid", "sq": "square", "cu": "cubic"}
"""First words of units of two words ("fl oz"), as they are read."""

RE_PREFIX = re.compile(rf"^({NUMBER})?({'|'.join(PREFIXES)})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """One word for the voice. ``caption`` is the index of its caption word; ``pause`` is the mark that follows it
    (one of ``, . ! ? ; : — …`` or ""); ``spelled`` capitals are read as letter names ("USB", "LEDs").
    """

    text: str
    caption: int
    pause: str = ""
    spelled: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """The caption words around the one being read: their cores, without quotes and end punctuation.

    ``one_thing`` is set after "a" or "an" (a number may stand between): units are then singular ("a 2 m cable").
    ``earlier`` is the word before ``before``. ``joined`` tells that no mark stands between ``before`` and the word,
    ``dialled`` that a telephone number is being told, ``karat`` that gold is meant.
    """

    before: str
    after: str
    first: bool
    tail: str
    one_thing: bool = False
    earlier: str = ""
    joined: bool = False
    dialled: bool = False
    karat: bool = False

    @property
    def number(self) -> str:
        """The word that a unit here counts by: the one before, or the one before "fl", "sq" and "cu"."""
        prefix = RE_PREFIX.match(self.before)
        return (prefix.group(1) or self.earlier) if prefix else self.before


ALONE = Context("", "", False, "")
"""Nothing stands around."""


def say(*texts: str) -> list[SpokenWord]:
    """Spoken words of plain texts (spaces separate words; single capitals but I are letter names)."""
    words = [w for text in texts for w in text.split()]
    return [SpokenWord(w, 0, "", spelled=len(w) == 1 and w.isupper() and w != "I") for w in words]


def letters(text: str) -> list[SpokenWord]:
    """``text`` read letter by letter."""
    return [SpokenWord(text, 0, "", spelled=True)]
