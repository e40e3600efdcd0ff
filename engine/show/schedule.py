"""What the settings say for a moment: the weight of each product, and the campaigns that are on."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from engine.settings import Campaign, Hours, Show

CLOSES_EARLY = timedelta(seconds=90)
"""A campaign is no more spoken of this long before its end, because lines wait before the air."""


class Schedule:
    """The times of a show's settings. Without a moment (None) neither hours nor campaigns hold."""

    def __init__(self, show: Show) -> None:
        self._show = show
        self._zone = ZoneInfo(show.time_zone)

    def weights(self, moment: datetime | None) -> dict[str, int]:
        """Weights by product, for those that have one; campaigns go before hours, these before what always holds."""
        weights = dict(self._show.weights)
        if moment is not None:
            local = moment.astimezone(self._zone).time()
            for hours in self._show.hours:
                if _within(hours, local):
                    weights |= hours.weights
            for campaign in self.campaigns(moment):
                weights |= campaign.weights
        return weights

    def campaigns(self, moment: datetime | None) -> tuple[Campaign, ...]:
        """The campaigns that are on at ``moment`` and may be spoken of."""
        if moment is None:
            return ()
        return tuple(
            campaign
            for campaign in self._show.campaigns
            if self._local(campaign.begin) <= moment < self._local(campaign.end) - CLOSES_EARLY
        )

    def over(self, moment: datetime | None) -> frozenset[str]:
        """Names of the campaigns that have ended at ``moment``, and of which no other of that name is still to end."""
        if moment is None:
            return frozenset()
        holds = {campaign.name for campaign in self._show.campaigns if self._local(campaign.end) > moment}
        return frozenset(campaign.name for campaign in self._show.campaigns) - holds

    def _local(self, moment: datetime) -> datetime:
        """A time of the settings in UTC: sums of times in a zone go by its clocks, which daylight saving moves."""
        return (moment.replace(tzinfo=self._zone) if moment.tzinfo is None else moment).astimezone(UTC)


def _within(hours: Hours, local: time) -> bool:
    if hours.begin < hours.end:
        return hours.begin <= local < hours.end
    return local >= hours.begin or local < hours.end
