"""The guard: a line goes on air only if the facts that it cites prove it.

Each line is held against its own evidence, never against the whole catalogue: so a number that is true of another
product, or of another fact, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from engine.flow import Line, LineKind
from engine.script import vocabulary
from engine.script.facts import FactBook
from engine.script.guard import carry, claims, delivery, numbers, offers, prices, stock
from engine.script.guard.evidence import Evidence
from engine.script.guard.shape import misshapen
from engine.script.policy import load_policies, packs_for
from engine.script.quantities import quantities
from engine.script.verdict import Finding, Verdict
from engine.script.wording.english import without_article
from engine.script.writer import Draft

_SET = re.compile(r"(?:\d+|[二两三四五六七八九十]+)件套")


class Guard:
    """Judges lines against one version of the catalogue.

    ``packs`` are the policy packs that hold beside the base pack; without them those of the catalogue's language.
    """

    def __init__(self, book: FactBook, packs: Iterable[str] | None = None) -> None:
        self.book = book
        language = book.catalogue.language
        self.policies = load_policies(packs_for(language, packs))
        vocabulary.warm_up(language)
        self._names = {
            without_article(name).lower(): product.id
            for product in book.catalogue.products
            for name in (product.name, product.short)
            if name
        }
        names = sorted(map(re.escape, self._names), key=len, reverse=True)
        self._name_pattern = re.compile(rf"(?<![A-Za-z0-9_])(?:{'|'.join(names)})(?![A-Za-z0-9_])", re.IGNORECASE)
        self._sets = tuple(dict.fromkeys(found for name in self._names for found in _SET.findall(name)))
        self._fact_ids = {f"{product.id}.{fact.id}" for product in book.catalogue.products for fact in product.facts}

    def verdict(self, line: Line | Draft) -> Verdict:
        """Hold ``line`` against the facts that it cites."""
        return Verdict(tuple(dict.fromkeys(self._findings(line))))

    def nameless(self, line: Line | Draft) -> str:
        """The line's text with "Name" for each name that it may say."""
        return self._without_names(line.text, line.addressed)

    def _findings(self, line: Line | Draft) -> Iterator[Finding]:
        text = line.text
        nameless = self.nameless(line)
        yield from misshapen(text, nameless)
        for fact_id in line.fact_ids:
            if self.book.value(fact_id) is None:
                yield Finding("fact", f"cites “{fact_id}”, which the catalogue does not have", "", fact_id)
        evidence = self._evidence(line)
        yield from numbers.unproved(text, evidence)
        yield from numbers.exchanged(nameless, self._with_rivals(line, evidence))
        yield from claims.unproved(text, nameless, evidence)
        yield from delivery.unproved(nameless, evidence)
        yield from self.policies.findings(nameless, evidence.proof, evidence.said_names)
        yield from self._wrong_products(line)
        yield from self._prices(line, evidence)
        yield from offers.reductions(nameless, evidence)
        yield from offers.of_pieces(nameless, evidence)
        yield from stock.untrue(nameless, self._stocks(line), evidence)
        for fact_id, fact in evidence.facts:
            if fact_id in self._fact_ids or fact_id.startswith(("policy.", "faq.")):
                yield from carry.unsaid(fact_id, fact, text)
                yield from carry.turned_round(fact_id, fact, text)
                yield from carry.widened(fact_id, fact, text)
                yield from carry.sharpened(fact_id, fact, text)
            if fact_id.startswith(("policy.", "faq.")):
                yield from carry.unlimited(fact_id, fact, text)

    def _without_names(self, text: str, addressed: tuple[str, ...]) -> str:
        """``text`` with a plain word for each name, since names may hold points and words that claim ("Best Mug")."""
        for name in filter(None, (self.book.shop, self.book.host, *addressed)):
            text = text.replace(name, "Name")
        return self._name_pattern.sub("Name", text)

    def _evidence(self, line: Line | Draft) -> Evidence:
        """What the cited facts say, with the names of their products, the shop and the host.

        A line about no product may say which sets the shop has (四件套): they are kinds of goods.
        """
        facts = [(fact_id, self.book.value(fact_id) or "") for fact_id in line.fact_ids]
        cited = sorted(self._cited_products(line))
        names = [self.book.value(f"{product_id}.name") or "" for product_id in cited] if cited else [*self._sets]
        names += [self.book.policies[i].topic for i in self._cited_policies(line) if i in self.book.policies]
        return Evidence(tuple(facts), (*names, self.book.shop, self.book.host))

    def _with_rivals(self, line: Line | Draft, evidence: Evidence) -> Evidence:
        """``evidence`` with the other facts of its products: 24 hours of one may be given the words of another."""
        if not evidence.tells_facts:
            return evidence
        known = dict(evidence.facts)
        for product_id in sorted(self._cited_products(line)):
            for fact in self.book.products[product_id].facts:
                known.setdefault(f"{product_id}.{fact.id}", fact.text)
        return Evidence(tuple(known.items()), evidence.names)

    def _stocks(self, line: Line | Draft) -> dict[str, int]:
        """The stock of each product that the line is about, by fact id.

        Those are the products whose stock it cites, else those of which it cites anything, else the one it goes with.
        """
        of_stock = {fact_id.removesuffix(".stock") for fact_id in line.fact_ids if fact_id.endswith(".stock")}
        owners = {fact_id.partition(".")[0] for fact_id in line.fact_ids}
        known = self.book.products
        about = of_stock & known.keys() or owners & known.keys() or {line.product_id or ""} & known.keys()
        return {f"{product_id}.stock": known[product_id].stock for product_id in sorted(about)}

    @staticmethod
    def _cited_policies(line: Line | Draft) -> list[str]:
        return [fact_id.removeprefix("policy.") for fact_id in line.fact_ids if fact_id.startswith("policy.")]

    def _cited_products(self, line: Line | Draft) -> set[str]:
        cited = {fact_id.partition(".")[0] for fact_id in line.fact_ids}
        if line.product_id:
            cited.add(line.product_id)
        return cited & self.book.products.keys()

    def _wrong_products(self, line: Line | Draft) -> Iterator[Finding]:
        """Products that the line names without citing them."""
        cited = self._cited_products(line)
        for place, product_id in self._named(line.text):
            if product_id not in cited:
                match = self._name_pattern.match(line.text, place)
                words = match[0] if match else ""
                yield Finding("product", f"names the product “{product_id}” without citing it", words)

    def _named(self, text: str) -> list[tuple[int, str]]:
        """Where products are named: (place, product id), in the order of the text; the longest name counts."""
        return [(match.start(), self._names[match[0].lower()]) for match in self._name_pattern.finditer(text)]

    def _prices(self, line: Line | Draft, evidence: Evidence) -> Iterator[Finding]:
        yield from prices.misplaced(line.text, evidence)
        priced = [fact_id.removesuffix(".price") for fact_id in line.fact_ids if fact_id.endswith(".price")]
        expected = {product_id: self.book.value(f"{product_id}.price") or "" for product_id in priced}
        yield from prices.swapped(line.text, priced, self._named(line.text), expected)
        amounts = quantities(line.text)
        for product_id in priced:
            roles = [f"{product_id}.{role}" for role in prices.ROLES if f"{product_id}.{role}" in line.fact_ids]
            if line.kind is LineKind.PRICE:
                roles = [f"{product_id}.price"] if len(roles) == 1 else roles
            known = [q for fact_id, q in evidence.numbers if fact_id in roles]
            if known and not any(amount.same_as(q) for amount in amounts for q in known):
                price = expected[product_id]
                yield Finding("empty", f"cites “{product_id}.price” without saying {price}", "", f"{product_id}.price")
