"""Which products a message names."""

from __future__ import annotations

import re
from collections.abc import Iterable

from engine.script import disguise
from engine.script.disguise import has_chinese
from engine.script.facts import FactBook
from engine.script.lexicons import listed
from engine.script.policy import words_of
from engine.script.quantities import unit_words
from engine.settings import Product

_NOT_NAMES = words_of("set kit pack pair pairs box bag case one pro max mini plus the and no dr in of for with")

_NUMBERED = re.compile(r"(?:\b(?:item|number|product|no\.?)\s*|#)(\d{1,3})\b|(\d{1,3})号(?:链接|产品|商品|宝贝|款)")

_SHORTEST_CHINESE = 2
"""Characters of the shortest end of a Chinese name by which a product may be called: 台灯 for 拾光折叠台灯."""


_NEVER = re.compile(r"(?!)")
_NOT_WHILE = "(?!的?时候?|[用中]|途中)"
"""Behind a category these say that something is done (骑行的时候), not that goods are meant."""

_TAKE_ZI = frozenset("毯杯瓶鞋裙裤帽袜垫箱柜桌椅被")
"""Last characters of names by which viewers call the product with 子: a 盖毯 is a 毯子."""


class ProductNames:
    """Finds products in a message by full and short name, id, model, their noun, their brand word, or "item 3"."""

    def __init__(self, book: FactBook) -> None:
        products = book.catalogue.products
        self._aliases = _of_one({alias: product.id} for product in products for alias in _aliases_of(product))
        taken = {alias for product in products for alias in _aliases_of(product)}
        self._categories = _of_one({c: p.id} for p in products if (c := p.category) not in taken and _is_goods(c))
        self._by_number = [product.id for product in products]
        latin = [alias for alias in self._aliases if alias.isascii()]
        others = [alias for alias in self._aliases if not alias.isascii()]
        patterns = [rf"\b({_any_of(latin)})(?:e?s)?\b"] if latin else []
        patterns += [f"({_any_of(others)})"] if others else []
        self._pattern = re.compile("|".join(patterns)) if patterns else _NEVER
        self._category = re.compile(f"({_any_of(self._categories)}){_NOT_WHILE}") if self._categories else _NEVER

    def find(self, text: str) -> tuple[tuple[str, ...], str]:
        """Ids of the products named, in order, and ``text`` in small letters without their names.

        A category names its one product where no name stands beside it.
        """
        lowered = text.lower().replace("’", "'")
        found: list[str] = []
        of_category: list[str] = []

        def take(match: re.Match[str]) -> str:
            found.append(self._aliases[match[match.lastindex or 0]])
            return " "

        def take_category(match: re.Match[str]) -> str:
            of_category.append(self._categories[match[1]])
            return " "

        def take_number(match: re.Match[str]) -> str:
            number = int(match[1] or match[2])
            if not 1 <= number <= len(self._by_number):
                return match[0]
            found.append(self._by_number[number - 1])
            return " "

        rest = _NUMBERED.sub(take_number, lowered)
        rest = self._pattern.sub(take, rest)
        rest = self._category.sub(take_category, rest)
        return tuple(dict.fromkeys(found or of_category)), rest


def _of_one(named: Iterable[dict[str, str]]) -> dict[str, str]:
    """Each name with its product; without those that several products have."""
    owners: dict[str, set[str]] = {}
    for pair in named:
        for name, product_id in pair.items():
            owners.setdefault(name, set()).add(product_id)
    return {name: next(iter(ids)) for name, ids in owners.items() if len(ids) == 1}


def _any_of(names: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


def _is_goods(category: str) -> bool:
    """Whether a category is a word for goods (灯具), by which a product may be called, and not for what one does."""
    if category.isascii() or len(category) < _SHORTEST_CHINESE or category in unit_words():
        return False
    return re.fullmatch(f"(?:{_any_of(listed('names', 'fields'))})+", category) is None


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
        if name[-1] in _TAKE_ZI:
            aliases.add(f"{name[-1]}子")
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
