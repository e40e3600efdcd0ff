"""What a visit, a recap and a welcome are made of: beats, each of which becomes a line when its turn comes."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

from engine.script import Draft, Place, TemplateWriter
from engine.settings import Campaign
from engine.show.rundown import Rundown

Beat = Callable[[], Draft | None]
"""Writes a line from the catalogue as it is then; None where nothing can be said."""

RECAP_PAIRS = 3
"""Pairs of products whose prices a recap tells."""

TRANSITION_CHANCE = 0.7
"""How often the next product is named before its opener does."""


OPENED_EVERY = 4
"""Visits of one product in a row, as in a shop that has no other, of which one has an opener."""


class Planner:
    """Plans one part of the show after the other. Deterministic by ``seed``."""

    def __init__(self, writer: TemplateWriter, rundown: Rundown, facts_per_visit: int, seed: int) -> None:
        self._write = writer
        self._rundown = rundown
        self._facts_per_visit = facts_per_visit
        self._random = random.Random(seed)
        self._policies_told = 0
        self._visited: str | None = None
        self._in_a_row = 0

    def opening(self) -> list[Beat]:
        """The beginning of a show."""
        write = self._write
        return [write.greeting, write.notice, write.introduction, write.plan, write.invitation]

    def welcome(self) -> list[Beat]:
        """For those who joined later."""
        write = self._write
        return [write.welcome, self._random.choice((write.plan, write.invitation))]

    def recap(self, product_ids: list[str]) -> list[Beat]:
        """The prices of products that were shown, in pairs."""
        write = self._write
        latest = product_ids[-2 * RECAP_PAIRS :]
        pairs = list(zip(latest[0::2], latest[1::2], strict=False))
        return [write.recap_open, *(partial(write.recap_pair, *pair) for pair in pairs), write.recap_end]

    def sold_out(self, product_id: str) -> list[Beat]:
        """One word on a product that has just sold out."""
        return [lambda: self._write.stock(product_id)]

    def campaign(self, campaign: Campaign) -> list[Beat]:
        """The merchant's sentence on a campaign that is on."""
        return [lambda: self._write.campaign(campaign.name)]

    def visit(self, product_id: str, goes_on: Callable[[], bool], told: int | None = None) -> list[Beat]:
        """A product's turn: opener, facts, price; now and then its stock, a rule of the shop, a question.

        The next product is named at its end if ``goes_on`` says then that it follows at once. ``told`` is the number
        of facts that the visit has told already, when it is only gone on with.
        """
        write = self._write
        facts = self._rundown.facts(product_id, max(0, self._facts_per_visit - (told or 0)))
        asks_early = self._random.random() < 0.25
        opener: list[Beat] = [lambda: write.opener(product_id)] if self._is_brought_on(product_id, told) else []
        beats: list[Beat] = [*opener, *self._facts(facts)]
        if asks_early and facts:
            beats.append(lambda: write.ask(product_id, facts[-1]))
        beats.append(lambda: write.price(product_id))
        after = self._random.random()
        stock, policies = write.book.products[product_id].stock, write.book.catalogue.policies
        if stock == 0 or after < (0.5 if stock <= 20 else 0.2):
            beats.append(lambda: write.stock(product_id))
        elif after < 0.55 and policies:
            policy = policies[self._policies_told % len(policies)]
            self._policies_told += 1
            beats.append(lambda: write.policy(policy, product_id))
        if not asks_early and self._random.random() < 0.35:
            beats.append(lambda: write.ask(product_id))
        if self._random.random() < TRANSITION_CHANCE:
            beats.append(lambda: self._transition(product_id, goes_on))
        return beats

    def _is_brought_on(self, product_id: str, told: int | None) -> bool:
        """Whether the visit has an opener: one that goes on has none, and one of the only product only at times."""
        self._in_a_row = self._in_a_row + 1 if product_id == self._visited else 0
        self._visited = product_id
        return told is None and self._in_a_row % OPENED_EVERY == 0

    def _transition(self, product_id: str, goes_on: Callable[[], bool]) -> Draft | None:
        following = self._rundown.announce() if goes_on() else None
        return self._write.transition(product_id, following) if following is not None else None

    def _facts(self, facts: tuple[str, ...]) -> list[Beat]:
        """A line for each fact; now and then one line for two."""
        beats: list[Beat] = []
        i = 0
        while i < len(facts):
            place = Place.FIRST if i == 0 else Place.LAST if i == len(facts) - 1 else Place.LATER
            if i + 1 < len(facts) and self._random.random() < 0.2:
                beats.extend(self._pair(facts[i], facts[i + 1], place))
                i += 2
            else:
                beats.append(partial(self._write.fact, facts[i], place))
                i += 1
        return beats

    def _pair(self, first: str, second: str, place: Place) -> list[Beat]:
        """Both facts in one line, or in two when they do not fit into one."""
        both: list[Draft | None] = []

        def pair() -> Draft | None:
            both.append(self._write.pair(first, second))
            return both[0] or self._write.fact(first, place)

        return [pair, lambda: None if both and both[0] else self._write.fact(second, Place.LATER)]
