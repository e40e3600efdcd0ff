"""When the number of viewers is written into the ledger: at a change, but not too often."""

from __future__ import annotations

import time
from collections.abc import Callable

LEAST_S = 2.0
"""Seconds between two counts; of changes within them, the last is written."""


class Audience:
    """Gives ``write`` a new count at most every ``LEAST_S``; ``tick`` is called about once a second.

    The first count of a life is written whatever it is: one that is left from a life before would be a lie.
    """

    def __init__(self, write: Callable[[int], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._write = write
        self._clock = clock
        self._count = 0
        self._written: int | None = None
        self._at = 0.0

    def tell(self, count: int) -> None:
        """So many watch now."""
        self._count = count
        self.tick()

    def tick(self) -> None:
        """Write a change that has waited long enough."""
        now = self._clock()
        if self._count == self._written or (self._written is not None and now - self._at < LEAST_S):
            return
        self._written, self._at = self._count, now
        self._write(self._count)

    def close(self) -> None:
        """Nobody watches any more; may be called twice."""
        if self._written:
            self._written = 0
            self._write(0)
        self._count = 0
