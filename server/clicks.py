"""Which opened links of products are counted."""

from __future__ import annotations

import time
from collections.abc import Callable

from server.limits import AddressBuckets, TokenBucket

ONE_ADDRESS, ALL = 30, 1200
"""Clicks a minute that are counted, from one address and from all."""


class ClickCounter:
    """Lets through what may be counted: links of products that are on a card, and no flood.

    The address is used for the limit only, and is not kept with the click.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._one = AddressBuckets(ONE_ADDRESS, 10, clock)
        self._all = TokenBucket(ALL, ALL, clock)

    def counts(self, address: str) -> bool:
        """Whether one more click from ``address`` is counted."""
        return self._one.take(address) and self._all.take()
