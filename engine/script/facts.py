"""What the host may know, by fact id: the catalogue's facts, prices, stock and policies as evidence.

A fact of a product is cited as ``bottle.capacity``; its other values as ``bottle.name``, ``bottle.price``,
``bottle.was_price``, ``bottle.stock``, ``bottle.link`` and ``bottle.number`` (its place in the catalogue, from 1); a
policy as ``policy.shipping``; an answer that the shop gave to a question as ``faq.3``; the shop's name as
``shop.name``, the host's own as ``shop.host``; the merchant's sentence on a campaign as ``campaign.black-week``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from engine.records import Evidence, FaqEntry, PriceThen
from engine.script.wording import wording_of
from engine.script.wording.english import without_article
from engine.settings import Catalogue, Channel, Fact, Policy, Product


class ScriptError(Exception):
    """The script room cannot do what it was asked, such as speak of a fact that is not in the catalogue."""


def money(amount: Decimal, currency: str, language: str = "en") -> str:
    """An amount as ``language`` writes it: ``$19.99``, ``39.9元``."""
    return wording_of(language).money(amount, currency)


def spoken_name(product: Product) -> str:
    """The name in running speech, without an article."""
    return without_article(product.short or product.name)


def campaign_id(name: str) -> str:
    """The fact id of a campaign's sentence."""
    return "campaign." + re.sub(r"\W+", "-", name.lower()).strip("-")


class FactBook:
    """One version of the catalogue, by fact id. Does not change: a new catalogue is a new book.

    ``campaigns`` are the merchant's sentences by the campaign's name; ``currencies`` are the codes of the prices in
    small letters.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        host: str = "",
        introduction: str = "",
        version: int = 1,
        campaigns: Mapping[str, str] | None = None,
        faq: Iterable[FaqEntry] = (),
    ) -> None:
        self.catalogue = catalogue
        self.version = version
        self.host = host
        self.shop = catalogue.shop
        self.products: dict[str, Product] = {product.id: product for product in catalogue.products}
        self.currencies = frozenset(product.currency.lower() for product in catalogue.products)
        self.policies: dict[str, Policy] = {policy.id: policy for policy in catalogue.policies}
        self._facts: dict[str, Fact] = {}
        self._values: dict[str, str] = {"shop.name": catalogue.shop, "shop.host": host}
        if introduction:
            self._values["shop.introduction"] = introduction
        self.campaigns = dict(campaigns or {})
        self._values |= {campaign_id(name): f"{name}: {text}" for name, text in self.campaigns.items()}
        for number, product in enumerate(catalogue.products, start=1):
            self._add_product(product, number)
        for policy in catalogue.policies:
            self._values[f"policy.{policy.id}"] = policy.text
        self.faq = {entry.number: entry for entry in faq}
        self._values |= {f"faq.{number}": entry.answer for number, entry in self.faq.items()}

    @classmethod
    def of(
        cls,
        channel: Channel,
        catalogue: Catalogue | None = None,
        version: int = 1,
        faq: Iterable[FaqEntry] = (),
    ) -> FactBook:
        """The book of a channel, with its own catalogue unless another version of it is given."""
        said = {campaign.name: campaign.text for campaign in channel.show.campaigns if campaign.text}
        return cls(catalogue or channel.items, channel.name, channel.persona.introduction, version, said, faq)

    def money(self, amount: Decimal, currency: str) -> str:
        """An amount as the catalogue's language writes it."""
        return money(amount, currency, self.catalogue.language)

    def _add_product(self, product: Product, number: int) -> None:
        values = {
            "name": " / ".join(part for part in (product.name, product.short, product.model) if part),
            "number": str(number),
            "price": self.money(product.price, product.currency),
            "stock": str(product.stock),
        }
        if product.was_price is not None:
            values["was_price"] = self.money(product.was_price, product.currency)
            values["saving"] = self.money(product.was_price - product.price, product.currency)
        if product.category:
            values["category"] = product.category
        if product.link:
            values["link"] = product.link
        values |= {fact.id: fact.text for fact in product.facts}
        self._values |= {f"{product.id}.{key}": value for key, value in values.items()}
        self._facts |= {f"{product.id}.{fact.id}": fact for fact in product.facts}

    def value(self, fact_id: str) -> str | None:
        """What ``fact_id`` says now, or None if this catalogue has no such fact."""
        return self._values.get(fact_id)

    def evidence(self, fact_id: str) -> Evidence | None:
        """What ``fact_id`` says now, with all that the ledger keeps of it."""
        value = self._values.get(fact_id)
        if value is None:
            return None
        owner, _, key = fact_id.partition(".")
        fact = self._facts.get(fact_id)
        if fact is not None:
            return Evidence(fact_id, fact.type.value, fact.subject, fact.value, fact.unit, fact.text, fact.source)
        product = self.products.get(owner)
        amount = {"price": product.price, "was_price": product.was_price} if product is not None else {}
        if product is not None and key in amount:
            return Evidence(fact_id, key, product.name, str(amount[key]), product.currency, value, "catalogue")
        return Evidence(fact_id, owner if owner in {"policy", "faq"} else key, owner, value, "", value, "catalogue")

    def prices(self, product_ids: Iterable[str]) -> tuple[PriceThen, ...]:
        """Price and stock of products as they are now."""
        found = [self.products[product_id] for product_id in product_ids if product_id in self.products]
        return tuple(
            PriceThen(p.id, str(p.price), "" if p.was_price is None else str(p.was_price), p.currency, p.stock)
            for p in found
        )

    def fact_ids(self) -> tuple[str, ...]:
        """Every fact id of this version."""
        return tuple(self._values)

    def product(self, product_id: str) -> Product:
        """The product called ``product_id``.

        Raises:
            ScriptError: the catalogue has none.
        """
        try:
            return self.products[product_id]
        except KeyError as error:
            raise ScriptError(f"the catalogue has no product “{product_id}”") from error

    def fact(self, fact_id: str) -> tuple[Product, Fact]:
        """The product and the typed fact behind an id such as ``bottle.capacity``.

        Raises:
            ScriptError: the catalogue has none.
        """
        product_id, _, name = fact_id.partition(".")
        product = self.product(product_id)
        for fact in product.facts:
            if fact.id == name:
                return product, fact
        raise ScriptError(f"the catalogue has no fact “{fact_id}”")

    def changed(self, other: FactBook) -> frozenset[str]:
        """Fact ids whose value differs between the two books, or that only one of them has.

        With the price before goes the price: a line that cites this alone may say that there was no other.
        """
        mine, theirs = self._values, other._values
        changed = {key for key in mine.keys() | theirs.keys() if mine.get(key) != theirs.get(key)}
        reduced = {key.removesuffix(".was_price") for key in changed if key.endswith(".was_price")}
        return frozenset(changed | {f"{product_id}.price" for product_id in reduced})
