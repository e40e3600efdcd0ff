"""The time by which something is removed for its age, on a machine whose clock may be wrong.

A clock without a battery may say 2036 until it is put right; what is kept for thirty days must not go by it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

DAY_S = 86_400.0
"""A clock that has been wrong for a day after the start will not be put right by itself."""


def uptime_s() -> float:
    """Seconds since this machine was started."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def believed_now(times: Iterable[float], wall: float, uptime: float) -> float:
    """``wall``, but on the machine's first day no later than what is known: the newest of ``times`` and ``uptime``.

    All are seconds, the first two since the epoch. Of ``times`` those of before the start count: what was made since
    bears the same doubtful clock.
    """
    before = [each for each in times if each < wall - uptime]
    if uptime >= DAY_S or not before:
        return wall
    return min(wall, max(before) + uptime)
