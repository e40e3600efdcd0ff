"""What a language must know to fill a frame."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

from engine.settings import Fact, Product

WHOLE_CURRENCIES = frozenset({"JPY", "KRW"})
"""Money without a smaller part."""


class Wording(Protocol):
    """The grammar of one language, as far as frames need it. ``most`` is the longest line in units of ``length``."""

    most: int

    def length(self, text: str) -> int:
        """How long ``text`` is to say: words, or characters where words are not written apart."""

    def the(self, product: Product) -> str:
        """The product's short name in running speech, with the article where there is one."""

    def name(self, product: Product) -> str:
        """The product's full name as frames take it: without an article of its own."""

    def capital(self, text: str) -> str:
        """``text`` as the beginning of a sentence."""

    def category(self, text: str) -> str:
        """A category within a sentence."""

    def sentence(self, text: str) -> str:
        """A merchant's own sentence with its end mark."""

    def clause(self, text: str) -> str:
        """A merchant's own sentence without its end mark, to go on with or to end otherwise."""

    def phrase(self, fact: str) -> str:
        """A fact as it follows "it", also where a merchant wrote no verb ("dishwasher safe")."""

    def behind_name(self, fact: str) -> str:
        """A fact as it follows the product's name, with a mark between where its own part comes first."""

    def may_join(self, first: Fact, second: Fact) -> bool:
        """Whether two facts make one sentence that is easily followed."""

    def about(self, frame: str, product: Product, fact: Fact, turn: int) -> str | None:
        """``frame`` as it takes ``fact``, with a subject that changes with ``turn``; None where the two don't fit."""

    def agreed(self, frame: str, product: Product | None, following: Product | None) -> str:
        """``frame`` with its verbs and pronouns in the number of the products in its slots: "the socks are"."""

    def spoken(self, text: str) -> str:
        """A filled frame as people say it."""

    def money(self, amount: Decimal, currency: str) -> str:
        """An amount as it is written and spoken."""
