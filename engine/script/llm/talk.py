"""What a small model may say: a closed list of words, and for each kind of line how they may stand together.

A small model lies often and fluently, so nothing that it writes is taken for what it seems to say. A line that makes
no claim has only words of the list and the product's name, and nothing is said of that name but where it is in the
show. A line that tells a fact is such a line around the fact, which stands in it word for word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from engine.flow import LineKind
from engine.settings import Product

MOST_WORDS = 26
"""A longer line is no single breath."""

PRODUCT, FACT = "PRODUCT", "FACT"
"""What stands for a name of the product and for the fact, once they are found."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a line is about. ``fact`` is the text that must stand in it ("holds 750 ml"); "" for a line without one."""

    product: Product
    kind: LineKind
    fact: str = ""


class Talk(Protocol):
    """The rules of one language."""

    def cleaned(self, text: str, product: Product) -> str:
        """``text`` without what a model puts around a line: list marks, quotes, spaces; one mark at the end."""

    def faults(self, text: str, subject: Subject) -> tuple[str, ...]:
        """Why ``text`` may not be said, in words that the model may be told; empty when it may."""

    def follows(self, frame: str) -> bool:
        """Whether a line of this frame only makes sense after another about the same product ("also")."""

    def frame(self, text: str, subject: Subject) -> str:
        """``text`` with slots for the fact and for the product's name."""


@cache
def talk_of(language: str) -> Talk:
    """The rules of ``language``."""
    if language == "zh":
        from engine.script.llm.talk_zh import ChineseTalk  # noqa: PLC0415  # jieba takes a second to load

        return ChineseTalk()
    from engine.script.llm.talk_en import EnglishTalk  # noqa: PLC0415

    return EnglishTalk()


def names_of(product: Product) -> list[str]:
    """The names of a product as they may stand in a line, longest first."""
    names = {name for name in (product.name, product.short) if name}
    return sorted(names, key=len, reverse=True)


_WRAPPED = re.compile(
    r"^[\s\-*•·>#]*(?:\d{1,2}[.)、]\s*)?(?:(?:line|output|answer|台词)\s*\d*\s*[:\uff1a]\s*)?", re.IGNORECASE
)


def unwrapped(text: str) -> str:
    """``text`` without list marks, labels, quotes around it and double spaces; only its first line."""
    text = text.strip().split("\n", 1)[0].replace("’", "'").replace("‘", "'")
    text = _WRAPPED.sub("", text).strip()
    if len(text) > 1 and text[0] in "\"“「'" and text[-1] in "\"”」'":
        text = text[1:-1].strip()
    return re.sub(r"\s+", " ", text)
