"""By which time things are removed for their age, where the clock may be wrong."""

from __future__ import annotations

import pytest

from engine.settings.believed import DAY_S, believed_now

NOW = 1_800_000_000.0
YEARS = 10 * 365 * DAY_S


@pytest.mark.parametrize(
    ("wall", "uptime", "times", "believed"),
    [
        (NOW, 30 * DAY_S, [NOW - 5], NOW),
        (NOW + YEARS, 120, [NOW - 600, NOW - 5 * DAY_S], NOW - 600 + 120),
        # What was made since the start bears the wrong time, and proves nothing.
        (NOW + YEARS, 3600, [NOW - 600, NOW + YEARS - 60], NOW - 600 + 3600),
        (NOW + YEARS, 2 * DAY_S, [NOW - 600], NOW + YEARS),
        (NOW, 120, [], NOW),
        # A clock that is behind makes everything younger, which removes nothing.
        (1000.0, 120, [NOW], 1000.0),
    ],
    ids=["usual", "years ahead", "and restarted", "a day later", "nothing known", "behind"],
)
def test_a_clock_is_believed_as_far_as_something_bears_it_out(
    wall: float, uptime: float, times: list[float], believed: float
) -> None:
    assert believed_now(times, wall, uptime) == believed
