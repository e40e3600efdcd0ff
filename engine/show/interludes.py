"""What comes between two visits now and then: what has sold out, a recap, a greeting, a campaign's sentence."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import datetime

from engine.settings import Campaign, Product
from engine.show.planner import Beat, Planner
from engine.show.rundown import Rundown
from engine.show.schedule import Schedule

EVERY_S = {"recap": 480.0, "welcome": 400.0, "campaign": 420.0}
"""Seconds of show after which, between two visits: a recap of what was shown since the last one, a greeting for those
who joined, the merchant's sentence on a campaign that is on."""


class Interludes:
    """Knows when each was last. Times are seconds of show and, for campaigns, the moment (None: no clock)."""

    def __init__(self, planner: Planner, rundown: Rundown, schedule: Schedule) -> None:
        self._planner = planner
        self._rundown = rundown
        self._schedule = schedule
        self._last = {"campaign": -EVERY_S["campaign"]}
        self._shown: dict[str, None] = {}
        """The products visited since the last recap, the latest last."""
        self._visits = 0
        self._told_gone_at: int | None = None
        """The visits there were when a product that sold out was told of last."""

    def visited(self, product_id: str) -> None:
        """A visit begins."""
        self._shown.pop(product_id, None)
        self._shown[product_id] = None
        self._visits += 1

    def keep(self, products: Container[str]) -> None:
        """Other products than these are no more."""
        self._shown = {product_id: None for product_id in self._shown if product_id in products}

    def next(self, seconds: float, moment: datetime | None, products: Mapping[str, Product], turn: int) -> list[Beat]:
        """What is due, or nothing: a visit's turn. Of several campaigns ``turn`` chooses one."""
        gone = self._sold_out()
        if gone is not None:
            return self._planner.sold_out(gone)
        if self._take("recap", seconds):
            seen = [product_id for product_id in self._shown if products[product_id].stock]
            self._shown.clear()
            if len(seen) > 1:
                return self._planner.recap(seen)
        if self._take("welcome", seconds):
            return self._planner.welcome()
        told = self._campaigns(moment)
        if told and self._take("campaign", seconds):
            return self._planner.campaign(told[turn % len(told)])
        return []

    def are_due(self, seconds: float, moment: datetime | None) -> bool:
        """Whether anything comes before the next visit, if that is planned at ``seconds`` of show."""
        if self._rundown.has_sold_out:
            return True
        return any(self._is_due(what, seconds) for what in EVERY_S if what != "campaign" or self._campaigns(moment))

    def _sold_out(self) -> str | None:
        """A product that has sold out, if it is its turn: there is a visit between two of them."""
        if not self._rundown.has_sold_out or self._told_gone_at == self._visits:
            return None
        self._told_gone_at = self._visits
        return self._rundown.sold_out()

    def _campaigns(self, moment: datetime | None) -> list[Campaign]:
        return [campaign for campaign in self._schedule.campaigns(moment) if campaign.text]

    def _is_due(self, what: str, seconds: float) -> bool:
        return seconds - self._last.get(what, 0.0) >= EVERY_S[what]

    def _take(self, what: str, seconds: float) -> bool:
        is_due = self._is_due(what, seconds)
        if is_due:
            self._last[what] = seconds
        return is_due
