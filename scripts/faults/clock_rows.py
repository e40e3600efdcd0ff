"""The wall clock is put forward and back while the channel is on air (libfaketime): nothing may be seen of it."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from faults.air import FPS, Air, Row, say
from faults.wall_clock import WallClock

STEPS_S = {"+1 h": 3600.0, "-1 h": -3600.0, "+0.5 s": 0.5}
WATCHED_S = 10.0
SETTLE_S = 2.0
OFFSET_MS = 10.0
"""By so much the difference of arrival of sound and picture may wander of itself."""


def clock_rows(folder: Path) -> list[Row]:
    """A channel whose wall clock is that of a file, and a step of each kind, each from the true time on."""
    clock = WallClock(folder / "clock")
    with Air(folder, environment=clock.environment) as air:
        time.sleep(5)
        return [_step(air, clock, name, seconds) for name, seconds in STEPS_S.items()]


def _step(air: Air, clock: WallClock, name: str, seconds: float) -> Row:
    row = Row(f"wall clock {name}")
    say(row.fault)
    clock.shift(0)
    time.sleep(SETTLE_S)
    began = time.monotonic()
    time.sleep(WATCHED_S)
    before = air.seen("viewer", began)
    stepped = time.monotonic()
    clock.shift(seconds)
    time.sleep(WATCHED_S)
    after = air.seen("viewer", stepped)
    row.figures["interval_p99_before_s"] = round(before.interval_p99_s(), 4)
    row.at_most("interval_p99_s", after.interval_p99_s(), 2 / FPS)
    row.at_most("offset_change_ms", abs(after.offset_ms() - before.offset_ms()), OFFSET_MS)
    row.at_most("viewer_picture_gap_s", after.longest_gap_s("pictures"), 0.2)
    row.at_most("platform_lost_pictures", air.seen("platform", began).lost_pictures(FPS), 0)
    _prove(air, row, seconds)
    return row


def _prove(air: Air, row: Row, step_s: float) -> None:
    """That the processes really saw another time: the last line that the studio wrote down bears it."""
    air.wait(air.said_at, 30, "a line is in the ledger")
    count = len(air.said())
    air.wait(lambda: len(air.said()) > count, 30, "another line is in the ledger")
    moved = (datetime.fromisoformat(air.said_at()) - datetime.now(UTC)).total_seconds()
    row.figures["ledger_clock_moved_s"] = round(moved, 1)
    row.must("the processes see the step", abs(moved - step_s) < 2.5)
