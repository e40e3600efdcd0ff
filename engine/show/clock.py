"""The time of day for the rundown. Nothing in the media path asks for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

WallClock = Callable[[], datetime]
"""Tells the time, with its zone."""


def wall_time() -> datetime:
    """What a clock on the wall shows."""
    return datetime.now(UTC)


class VirtualClock:
    """Begins at ``begin`` and moves only when it is told to: for shows that are made faster than live."""

    def __init__(self, begin: datetime) -> None:
        self._begin = begin
        self._seconds = 0.0

    def __call__(self) -> datetime:
        """The time of the show."""
        return self._begin + timedelta(seconds=self._seconds)

    def set(self, seconds: float) -> None:
        """Go to ``seconds`` after the beginning."""
        self._seconds = seconds
