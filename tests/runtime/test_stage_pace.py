"""A stage that is slow still shows pictures."""

from __future__ import annotations

import pytest

from engine.broadcast.ring import AHEAD
from engine.runtime.stage import first_in_time


@pytest.mark.parametrize(("draw_s", "first"), [(0.0, 101), (0.039, 102), (0.041, 103), (0.09, 104), (5.0, 100 + AHEAD)])
def test_the_first_picture_that_is_still_in_time(draw_s: float, first: int) -> None:
    assert first_in_time(100, draw_s, 25) == first


@pytest.mark.parametrize("draw_s", [0.02, 0.05, 0.07, 0.11])
def test_pictures_arrive_before_their_time_however_slow(draw_s: float) -> None:
    fps, time_s, picture, in_time, drawn = 25, 0.0, 0, 0, 0
    for _ in range(50):
        picture = max(picture + 1, first_in_time(int(time_s * fps), draw_s, fps))
        time_s = max(time_s, (picture - AHEAD) / fps) + draw_s
        drawn += 1
        in_time += time_s <= picture / fps
    assert in_time == drawn
