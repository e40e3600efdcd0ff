"""Time that tests move on by hand."""

from __future__ import annotations


class Clock:
    """Seconds; begins at ``now``."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now
