"""When a failed destination is tried again, and at which of its addresses."""

from __future__ import annotations

import random
from collections.abc import Callable

FIRST_PAUSE_S, PAUSE_FACTOR, JITTER = 2.0, 1.5, 0.05
"""As OBS does: a platform that was down is not trampled by all its senders at once."""

MOST_S = 60.0
"""No pause is longer, whatever its jitter."""

LONGEST_PAUSE_S = MOST_S / (1 + JITTER)
"""The longest before jitter."""

GOOD_AFTER_S = 60.0
"""A session that held this long makes the next pause short again."""


def next_pause(pause: float) -> float:
    """The pause after ``pause`` seconds without success."""
    return min(pause * PAUSE_FACTOR, LONGEST_PAUSE_S)


class Retry:
    """Pauses, and the turn of ``addresses``. Pure state; ``jitter`` gives a number from -1 to 1."""

    def __init__(self, addresses: int, jitter: Callable[[], float] = lambda: random.uniform(-1, 1)) -> None:
        self._addresses = addresses
        self._jitter = jitter
        self._pause = FIRST_PAUSE_S
        self._failed_in_turn = 0
        self.address = 0
        """Which address is next; 0 is the primary one."""

    def failed(self, good_s: float) -> float:
        """A session failed that had been live for ``good_s`` seconds; returns the seconds to wait before the next.

        Every address is tried once before there is a pause.
        """
        if good_s > GOOD_AFTER_S:
            self._pause, self._failed_in_turn = FIRST_PAUSE_S, 0
        self._failed_in_turn += 1
        self.address = (self.address + 1) % self._addresses
        if self._failed_in_turn % self._addresses:
            return 0.0
        pause, self._pause = self._pause, next_pause(self._pause)
        return pause * (1 + JITTER * self._jitter())

    def renewed(self) -> None:
        """A session was ended as planned: all begins again, since this one was good whatever was before it."""
        self.address = self._failed_in_turn = 0
        self._pause = FIRST_PAUSE_S
