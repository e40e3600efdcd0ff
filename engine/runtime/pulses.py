"""Whether the watchers of this process go on, by the moments at which each last did."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from engine.runtime.children import AWAY_S


class Watcher(Protocol):
    """Says at which monotonic second it was last at its work."""

    looked: float


class Pulses:
    """Only time in which we run ourselves counts: after a suspension of the whole process nobody is late."""

    def __init__(self, watchers: Sequence[Watcher], limit_s: float, now: float) -> None:
        self._watchers = watchers
        self._limit_s = limit_s
        self._before = now
        self._awake_s = 0.0
        self._seen = [(watcher.looked, 0.0) for watcher in watchers]

    def go_on(self, now: float) -> bool:
        """Whether each has been at its work within the limit; asked several times a second."""
        self._awake_s += min(now - self._before, AWAY_S)
        self._before = now
        for i, watcher in enumerate(self._watchers):
            if watcher.looked != self._seen[i][0]:
                self._seen[i] = (watcher.looked, self._awake_s)
        return all(self._awake_s - at <= self._limit_s for _, at in self._seen)
