"""The order of the show: which product comes next, and which facts of it are told this time."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Mapping

from engine.settings import Catalogue, Show

MOST_GONE_AT_FIRST = 3
"""Products of which viewers are told, where they are sold out from the beginning of a show."""

MOST_ASKED = 9
"""Questions about one product that count for its turn."""


class Rundown:
    """Rounds through the products that are in stock; facts rotate from visit to visit.

    A product of weight 3 comes three times a round, the pinned one after every ``pin_every`` others, and one that
    viewers ask about as soon as the visit on air is over, but never twice in a row ahead of the others. Where
    everything is sold out, everything is shown.
    """

    def __init__(self, catalogue: Catalogue, show: Show) -> None:
        self._show = show
        self._random = random.Random(show.seed)
        self._weights: dict[str, int] = dict(show.weights)
        self._order: deque[str] = deque()
        self._facts: dict[str, deque[str]] = {}
        self._stock: dict[str, int] = {}
        self._asked: dict[str, int] = {}
        self._gone: deque[str] = deque()
        self._announced: tuple[str, bool] | None = None
        self._last: str | None = None
        self._last_was_asked = False
        self._since_pinned = 0
        self._pinned, self._pin_every = show.pinned, show.pin_every
        self.round = 0
        self.replace(catalogue)

    def replace(self, catalogue: Catalogue) -> None:
        """Go on with another version of the catalogue.

        What is gone or sold out leaves the order at once, what is new or back joins it.
        """
        known = {product for product, stock in self._stock.items() if stock}
        sold_out_before = {product for product, stock in self._stock.items() if not stock}
        self._stock = {product.id: product.stock for product in catalogue.products}
        self._fact_ids = {p.id: tuple(f"{p.id}.{fact.id}" for fact in p.facts) for p in catalogue.products}
        self._facts = {
            product: deque(fact for fact in self._facts.get(product, ()) if fact in facts)
            for product, facts in self._fact_ids.items()
        }
        shown = self._shown()
        self._order = deque(product for product in self._order if product in shown)
        if self.round:
            self._order.extend(product for product in shown if product not in known and product not in self._order)
        self._asked = {product: count for product, count in self._asked.items() if product in shown}
        # Of what sold out in a version before this one nobody may have been told yet.
        untold = set(self._gone) - {product for product, stock in self._stock.items() if stock}
        gone = [p for p, stock in self._stock.items() if not stock and (p in untold or p not in sold_out_before)]
        self._gone = deque(gone if self.round else gone[:MOST_GONE_AT_FIRST])
        if self._announced is not None and self._announced[0] not in shown:
            self._announced = None

    def weigh(self, weights: Mapping[str, int]) -> None:
        """Go on with these weights; if they are others than before, a new round begins."""
        if dict(weights) != self._weights:
            self._weights = dict(weights)
            self._order.clear()

    def pin(self, product_id: str | None) -> None:
        """A product comes next, and after every other one from then on; None goes back to the settings' pin."""
        if product_id is None:
            self._pinned, self._pin_every = self._show.pinned, self._show.pin_every
            return
        self._pinned, self._pin_every = product_id, 1
        if product_id in self._shown():
            self._announced = (product_id, False)

    def asked(self, product_id: str) -> None:
        """A viewer asked about a product: it comes sooner."""
        if product_id in self._shown():
            self._asked[product_id] = min(self._asked.get(product_id, 0) + 1, MOST_ASKED)

    def told(self, fact_id: str) -> None:
        """A fact was told in an answer: it waits for its next turn."""
        product_id = fact_id.partition(".")[0]
        if fact_id in self._fact_ids.get(product_id, ()):
            waiting = self._facts[product_id]
            if not waiting:
                waiting.extend(self._fact_ids[product_id])
            if fact_id in waiting:
                waiting.remove(fact_id)

    def sold_out(self) -> str | None:
        """A product that has sold out and of which nobody was told yet; each is given once."""
        return self._gone.popleft() if self.has_sold_out else None

    @property
    def has_sold_out(self) -> bool:
        """Whether ``sold_out`` has a product to give."""
        return bool(self._gone) and any(self._stock.values())

    def peek(self) -> str | None:
        """The product that would come after this one, if there is another one."""
        following, _ = self._announced or self._choice()
        return following if following != self._last else None

    def announce(self) -> str | None:
        """The product that comes after this one, which is certain from now on; None if there is no other one."""
        self._announced = self._announced or self._choice()
        return self.peek()

    def next_product(self) -> str:
        """The next product."""
        chosen, self._last_was_asked = self._announced or self._choice()
        self._visit(chosen)
        return chosen

    def visited(self, product_id: str) -> None:
        """A product had its turn in the show that this one goes on with."""
        if product_id in self._stock:
            self._choice()
            self._visit(product_id)

    def _visit(self, chosen: str) -> None:
        self._announced = None
        self._asked.pop(chosen, None)
        if chosen in self._order:
            self._order.remove(chosen)
        self._since_pinned = 0 if chosen == self._pinned else self._since_pinned + 1
        self._last = chosen

    def upcoming(self) -> tuple[str, ...]:
        """All products: the one that comes next, those that have their visit in this round, then the others."""
        following = [self._announced[0]] if self._announced is not None else []
        return tuple(dict.fromkeys([*following, *self._order, *self._fact_ids]))

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

    def _choice(self) -> tuple[str, bool]:
        """The next product, and whether it comes because it was asked about. Begins a round where the last is over."""
        asked = {product: count for product, count in self._asked.items() if product != self._last}
        if asked and not self._last_was_asked:
            return max(asked, key=lambda product: asked[product]), True
        pinned = self._pinned
        if pinned in self._shown() and pinned != self._last and self._since_pinned >= self._pin_every:
            return pinned, False
        if not self._order:
            self._start_round()
        return next((product for product in self._order if product != self._last), self._order[0]), False

    def _start_round(self) -> None:
        """Spread each product's turns evenly over the round: in the catalogue's order in the first, else by chance."""
        shown = self._shown()
        by_chance = self.round > 0 and self._show.rotation == "shuffled"
        turns: list[tuple[float, str]] = []
        for i, (product, weight) in enumerate(shown.items()):
            for turn in range(weight):
                within = self._random.random() if by_chance else i / len(shown)
                turns.append(((turn + within) / weight, product))
        self._order = deque(product for _, product in sorted(turns))
        self.round += 1

    def _shown(self) -> dict[str, int]:
        """The products that may be shown, with their weights."""
        weighed = {product: self._weights.get(product, 1) for product in self._stock}
        in_stock = {product: weight for product, weight in weighed.items() if weight and self._stock[product]}
        return (
            in_stock or {product: weight for product, weight in weighed.items() if weight} or dict.fromkeys(weighed, 1)
        )
