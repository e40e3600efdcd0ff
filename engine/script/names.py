"""Which products a message names."""

from __future__ import annotations

import re

from engine.script.facts import FactBook
from engine.script.policy import words_of
from engine.script.quantities import unit_words
from engine.settings import Product

_NOT_NAMES = words_of("set kit pack pair pairs box bag case one pro max mini plus the and no dr in of for with")


class ProductNames:
    """Finds products in a message by full and short name, id, model, their noun, their brand word, or "item 3"."""

    def __init__(self, book: FactBook) -> None:
        self._aliases: dict[str, str] = {}
        clashing: set[str] = set()
        for product in book.catalogue.products:
            for alias in _aliases_of(product):
                if self._aliases.setdefault(alias, product.id) != product.id:
                    clashing.add(alias)
        for alias in clashing:
            del self._aliases[alias]
        self._by_number = [product.id for product in book.catalogue.products]
        words = sorted(map(re.escape, self._aliases), key=len, reverse=True)
        self._pattern = re.compile(rf"\b({'|'.join(words)})(?:e?s)?\b") if words else re.compile(r"(?!)")

    def find(self, text: str) -> tuple[tuple[str, ...], str]:
        """Ids of the products named, in order, and ``text`` in small letters without their names."""
        lowered = text.lower().replace("’", "'")
        found: list[str] = []

        def take(match: re.Match[str]) -> str:
            found.append(self._aliases[match[1]])
            return " "

        def take_number(match: re.Match[str]) -> str:
            number = int(match[1])
            if not 1 <= number <= len(self._by_number):
                return match[0]
            found.append(self._by_number[number - 1])
            return " "

        rest = re.sub(r"(?:\b(?:item|number|product|no\.?)\s*|#)(\d{1,3})\b", take_number, lowered)
        rest = self._pattern.sub(take, rest)
        return tuple(dict.fromkeys(found)), rest


def _aliases_of(product: Product) -> set[str]:
    aliases = {product.name.lower(), product.id.replace("-", " ").replace("_", " ")}
    if product.model:
        aliases.add(product.model.lower())
    for name in filter(None, (product.name.lower(), product.short.lower())):
        aliases.add(name)
        words = [word for word in re.findall(r"[a-z][a-z'-]+", name) if word not in _NOT_NAMES]
        if words:
            aliases |= {words[-1], words[0], " ".join(words[-2:])}
    return {alias for alias in aliases if len(alias) >= 3 and alias not in _NOT_NAMES and alias not in unit_words()}
