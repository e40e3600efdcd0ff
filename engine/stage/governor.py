"""The speed governor: how finely the host is drawn, chosen by the time that a picture takes."""

from __future__ import annotations

from collections.abc import Callable

TIERS: tuple[float, ...] = (0.6, 0.72, 0.85, 1.0, 1.25, 1.5)
"""Times the picture's resolution at which head and arms are drawn."""

FIRST = TIERS.index(0.85)
FULL = TIERS.index(1.0)

FIXED = 0.55
"""Share of a picture's time at full detail that does not depend on detail (measured: ``scripts/bench_stage.py``)."""

MOST_TIME = 0.75
"""Share of a picture's duration that drawing it may be expected to take after a step up."""

IDLE_FOR_FULL, IDLE_FOR_MORE, IDLE_TO_KEEP = 0.15, 0.55, 0.30
"""Idle share of all cores that a step up needs, to full detail and beyond it; and that more than full needs to stay.
Others on the machine (encoder, viewers, the voice) come first.
"""

GOOD_S = 4.0
"""Seconds well ahead before a step up."""

GRACE_S, SETTLE_PICTURES = 2.0, 4
"""A stage that has just begun is not late yet; a step down is given some pictures to show what it brings."""

FIRST_PENALTY_S, LONGEST_PENALTY_S = 8.0, 240.0
"""How long a tier that was too slow is left alone; each failure doubles it, up to the longest."""


def cost(detail: float) -> float:
    """A picture's time at a detail as a multiple of that at full detail."""
    return FIXED + (1 - FIXED) * detail * detail


class Governor:
    """Steps down at once when the stage is about to be late, and up by one tier when there has long been room."""

    def __init__(self, fps: int, ahead: int, now: Callable[[], float]) -> None:
        """``ahead`` is how many pictures the stage may draw in advance; ``now`` a monotonic clock in seconds."""
        self._picture_s = 1 / fps
        self._short, self._well = ahead // 2 - 2, ahead // 2 + 1
        self._now = now
        self._tier = FIRST
        self._good_since = now()
        self._settled_at = now() + GRACE_S
        self._barred_until = [0.0] * len(TIERS)
        self._penalty_s = [FIRST_PENALTY_S] * len(TIERS)

    @property
    def detail(self) -> float:
        """The detail for the next picture."""
        return TIERS[self._tier]

    def drawn(self, slack: int, wall_s: float, idle: float) -> float:
        """The detail for the next picture; to be told once a picture.

        ``slack`` is how many pictures more than needed are drawn already, ``wall_s`` the usual time of one at the
        present detail, ``idle`` the share of all cores that did nothing lately, 0 to 1.
        """
        now = self._now()
        if slack <= self._short or (self._tier > FULL and idle < IDLE_TO_KEEP):
            self._step_down(now)
        elif slack < self._well:
            self._good_since = now
        elif now - self._good_since >= GOOD_S and self._may_rise(now, wall_s, idle):
            self._tier += 1
            self._good_since = now
        return self.detail

    def _step_down(self, now: float) -> None:
        """The tier that failed is barred, for longer each time; what is drawn already gives the next one its chance."""
        if now < self._settled_at:
            return
        self._settled_at = now + SETTLE_PICTURES * self._picture_s
        self._barred_until[self._tier] = now + self._penalty_s[self._tier]
        self._penalty_s[self._tier] = min(2 * self._penalty_s[self._tier], LONGEST_PENALTY_S)
        self._tier = max(0, self._tier - 1)
        self._good_since = now

    def _may_rise(self, now: float, wall_s: float, idle: float) -> bool:
        above = self._tier + 1
        if above >= len(TIERS) or now < self._barred_until[above]:
            return False
        if idle < (IDLE_FOR_MORE if above > FULL else IDLE_FOR_FULL if above == FULL else 0.0):
            return False
        return wall_s * cost(TIERS[above]) / cost(TIERS[self._tier]) <= MOST_TIME * self._picture_s
