"""What a chat message turned out to be about, before anything is said."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from engine.script.intents import Intent


class Kind(enum.StrEnum):
    """How a message is answered."""

    TALK = "talk"
    PRICE = "price"
    TWO_PRICES = "two_prices"
    TWO_FACTS = "two_facts"
    STOCK = "stock"
    LINK = "link"
    NEXT = "next"
    LIST = "list"
    FACT = "fact"
    POLICY = "policy"
    FAQ = "faq"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Topic:
    """What a message is about, by ids only: what it comes to is read from the catalogue when it is answered.

    ``products`` are those that it asks about, in order; ``fact_ids`` the facts, the policy or the shop's own answer
    that answer it. ``sure``: "yes" is surely right. ``named``: the viewer called the product by name, in
    this message or in the one that it goes on from. ``language`` is the asker's. ``rest`` is the message without the
    names of products, ``terms`` its words that carry something. ``understood``: all of these are accounted for, so that
    the message may be shown to others; else it may say anything beside what it asks. ``also``: what else the message
    asks and the catalogue answers, each with an ``also`` that is empty.
    """

    kind: Kind
    intent: Intent | None = None
    products: tuple[str, ...] = ()
    fact_ids: tuple[str, ...] = ()
    sure: bool = False
    named: bool = False
    language: str = "en"
    rest: str = ""
    terms: frozenset[str] = frozenset()
    understood: bool = False
    also: tuple[Topic, ...] = ()

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for two messages that one answer serves, whatever their words."""
        terms = self.terms if self.kind is Kind.UNKNOWN else frozenset()
        also = tuple(each.key for each in self.also)
        return (self.kind, self.intent, self.products, self.fact_ids, self.sure, self.language, terms, also)
