"""Which products a message names."""

from __future__ import annotations

import re

from engine.script import disguise
from engine.script.disguise import has_chinese
from engine.script.facts import FactBook
from engine.script.policy import words_of
from engine.script.quantities import unit_words
from engine.settings import Product

_NOT_NAMES = words_of("set kit pack pair pairs box bag case one pro max mini plus the and no dr in of for with")

_NUMBERED = re.compile(r"(?:\b(?:item|number|product|no\.?)\s*|#)(\d{1,3})\b|(\d{1,3})号(?:链接|产品|商品|宝贝|款)")

_SHORTEST_CHINESE = 2
"""Characters of the shortest end of a Chinese name by which a product may be called: 台灯 for 拾光折叠台灯."""


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
        latin = sorted(map(re.escape, filter(str.isascii, self._aliases)), key=len, reverse=True)
        others = sorted((re.escape(alias) for alias in self._aliases if not alias.isascii()), key=len, reverse=True)
        patterns = [rf"\b({'|'.join(latin)})(?:e?s)?\b"] if latin else []
        patterns += [f"({'|'.join(others)})"] if others else []
        self._pattern = re.compile("|".join(patterns)) if patterns else re.compile(r"(?!)")

    def find(self, text: str) -> tuple[tuple[str, ...], str]:
        """Ids of the products named, in order, and ``text`` in small letters without their names."""
        lowered = text.lower().replace("’", "'")
        found: list[str] = []

        def take(match: re.Match[str]) -> str:
            found.append(self._aliases[match[match.lastindex or 0]])
            return " "

        def take_number(match: re.Match[str]) -> str:
            number = int(match[1] or match[2])
            if not 1 <= number <= len(self._by_number):
                return match[0]
            found.append(self._by_number[number - 1])
            return " "

        rest = _NUMBERED.sub(take_number, lowered)
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
        aliases |= _ends_of(name)
    if not product.category.isascii():
        aliases.add(product.category)
    return {
        alias
        for alias in aliases
        if len(alias) >= (3 if alias.isascii() else _SHORTEST_CHINESE)
        and alias not in _NOT_NAMES
        and alias not in unit_words()
    }


def _ends_of(name: str) -> set[str]:
    """The ends of a Chinese name that begin at a word, and its first word: 四件套, 云栖."""
    if not has_chinese(name):
        return set()
    words = disguise.words(name)
    ends = {"".join(words[i:]) for i in range(len(words))}
    return {end for end in ends | {words[0]} if has_chinese(end)}
