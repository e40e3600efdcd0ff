"""Whether a viewer's line is too thin for the full picture, by what its receiver reports. Pure state, no I/O."""

from __future__ import annotations

TOO_MUCH = 0.08
"""Share of packets lost within one report from which it counts as bad; repeats (NACK) make good what is below."""

GOOD = 0.02
BAD_REPORTS = 2
"""So many bad reports in a row (they come about once a second): one burst of loss is no thin line."""

FIRST_WAIT_S = 20.0
LONGEST_WAIT_S = 300.0
"""So long the line must be good before the full picture is tried again; each try that fails doubles it."""

SOON_S = 30.0
"""A full picture that was given up again within this time was a try that failed."""


class Ladder:
    """One viewer's step: the full picture, or the small one (``low``)."""

    def __init__(self) -> None:
        self.low = False
        self._bad = 0
        self._good_since: float | None = None
        self._up_at = float("-inf")
        self._wait_s = FIRST_WAIT_S

    def hear(self, now: float, lost: float) -> None:
        """Take in a receiver report: ``lost`` is the share of packets lost since the one before, 0 to 1."""
        self._bad = self._bad + 1 if lost > TOO_MUCH else 0
        if lost > GOOD:
            self._good_since = None
        elif self._good_since is None:
            self._good_since = now
        if not self.low and self._bad >= BAD_REPORTS:
            failed = now - self._up_at < SOON_S
            self._wait_s = min(2 * self._wait_s, LONGEST_WAIT_S) if failed else FIRST_WAIT_S
            self.low, self._good_since = True, None
        elif self.low and self._good_since is not None and now - self._good_since >= self._wait_s:
            self.low, self._up_at = False, now
