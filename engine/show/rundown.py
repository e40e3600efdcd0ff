"""The order of the show: which product comes next, and which facts of it are told this time."""

from __future__ import annotations

import random
from collections import deque

from engine.settings import Catalogue


class Rundown:
    """Rounds through the products, each round in another order; facts rotate from visit to visit."""

    def __init__(self, catalogue: Catalogue, seed: int) -> None:
        self._random = random.Random(seed)
        self._order: deque[str] = deque()
        self._facts: dict[str, deque[str]] = {}
        self.round = 0
        self._last: str | None = None
        self.replace(catalogue)

    def replace(self, catalogue: Catalogue) -> None:
        """Go on with another version of the catalogue: what is gone leaves the order, what is new joins it."""
        known = set(self._facts)
        self._fact_ids = {p.id: tuple(f"{p.id}.{fact.id}" for fact in p.facts) for p in catalogue.products}
        self._facts = {
            product: deque(fact for fact in self._facts.get(product, ()) if fact in facts)
            for product, facts in self._fact_ids.items()
        }
        self._order = deque(product for product in self._order if product in self._fact_ids)
        if self.round:
            self._order.extend(product for product in self._fact_ids if product not in known)

    @property
    def round_is_over(self) -> bool:
        """Whether every product of the round has had its visit."""
        return not self._order

    def start_round(self) -> None:
        """Put the products in a new order; the last one of the round before is not first."""
        order = list(self._fact_ids)
        if self.round:
            self._random.shuffle(order)
        if len(order) > 1 and order[0] == self._last:
            order.append(order.pop(0))
        self._order = deque(order)
        self.round += 1

    def next_product(self) -> str:
        """The next product of the round. There must be one (``round_is_over`` False)."""
        self._last = self._order.popleft()
        return self._last

    def peek(self) -> str | None:
        """The product after this one in the round, if any."""
        return self._order[0] if self._order else None

    def upcoming(self) -> tuple[str, ...]:
        """The products that still have their visit in this round, then the others in the catalogue's order."""
        return (*self._order, *(product for product in self._fact_ids if product not in self._order))

    def facts(self, product_id: str, count: int) -> tuple[str, ...]:
        """Up to ``count`` facts to tell now; each fact comes once before any comes again."""
        waiting = self._facts[product_id]
        told: list[str] = []
        while len(told) < min(count, len(self._fact_ids[product_id])):
            if not waiting:
                fresh = [fact for fact in self._fact_ids[product_id] if fact not in told]
                if self.round > 1:
                    self._random.shuffle(fresh)
                waiting.extend(fresh)
            told.append(waiting.popleft())
        return tuple(told)
