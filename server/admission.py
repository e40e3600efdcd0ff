"""How many offers may come: from one address, from all, and how many may be under way."""

from __future__ import annotations

import time
from collections.abc import Callable

from server.errors import TooOftenError
from server.limits import AddressBuckets, TokenBucket

ADDRESS_PER_MINUTE = 120.0
"""Offers from one address in the long run: a page that fails asks far less often."""

ALL_PER_MINUTE = 1200.0
"""Offers from everybody. Answering one takes some 15 ms, so a flood takes no more than a third of a core."""


LEAST_CROWD = 20
"""So many may come at once to the smallest house: pages that fail try again."""


class Admission:
    """Asked once for each offer, before anything of it is read. ``crowd`` may come at once, after a restart."""

    def __init__(self, crowd: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._addresses = AddressBuckets(ADDRESS_PER_MINUTE, crowd, clock)
        self._all = TokenBucket(ALL_PER_MINUTE, crowd, clock)
        self.refused = 0

    def admit(self, address: str) -> None:
        """Let one more offer of ``address`` pass.

        Raises:
            TooOftenError: too many came.
        """
        if not (self._addresses.take(address) and self._all.take()):
            self.refused += 1
            raise TooOftenError("too many viewers come at once; try again soon")
