"""The master clock: a count of samples, paced by the monotonic clock and never by the wall clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from engine.flow import SAMPLE_RATE

NANOSECONDS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Clock:
    """Sample 0 was at ``epoch_ns`` of ``monotonic_ns``, which all processes of a machine share."""

    epoch_ns: int
    monotonic_ns: Callable[[], int] = time.monotonic_ns

    def sample(self) -> int:
        """The sample that is due now."""
        return (self.monotonic_ns() - self.epoch_ns) * SAMPLE_RATE // NANOSECONDS

    def seconds_until(self, sample: int) -> float:
        """Seconds from now until ``sample`` is due; negative when it is past."""
        due_ns = self.epoch_ns + sample * NANOSECONDS // SAMPLE_RATE
        return (due_ns - self.monotonic_ns()) / NANOSECONDS
