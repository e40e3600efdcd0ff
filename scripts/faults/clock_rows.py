"""The wall clock is put forward and back while the channel is on air (libfaketime): nothing may be seen of it."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from measure.processes import MeasureError

from faults.air import FPS, Air, Row, say

LIBRARY = "faketime/libfaketimeMT.so.1"
STEPS = {"+1 h": "+3600", "-1 h": "-3600", "+0.5 s": "+0.5"}
WATCHED_S = 10.0
SETTLE_S = 2.0
OFFSET_MS = 10.0
"""By so much the difference of arrival of sound and picture may wander of itself."""


def clock_rows(folder: Path) -> list[Row]:
    """A channel whose wall clock is that of a file, and a step of each kind, each from the true time on."""
    library = next((p for p in Path("/usr/lib").glob(f"*/{LIBRARY}")), None)
    if library is None:
        raise MeasureError("libfaketime is missing: apt-get install libfaketime")
    folder.mkdir(parents=True, exist_ok=True)
    shift = folder / "shift"
    shift.write_text("+0\n")
    environment = {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(shift),
        "FAKETIME_CACHE_DURATION": "1",
        # The monotonic clock is the one that the air goes by; stepping it would be another machine, not another time.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    with Air(folder, environment=environment) as air:
        time.sleep(5)
        return [_step(air, shift, name, text) for name, text in STEPS.items()]


def _step(air: Air, shift: Path, name: str, text: str) -> Row:
    row = Row(f"wall clock {name}")
    say(row.fault)
    shift.write_text("+0\n")
    time.sleep(SETTLE_S)
    began = time.monotonic()
    time.sleep(WATCHED_S)
    before = air.seen("viewer", began)
    stepped = time.monotonic()
    shift.write_text(f"{text}\n")
    time.sleep(WATCHED_S)
    after = air.seen("viewer", stepped)
    row.figures["interval_p99_before_s"] = round(before.interval_p99_s(), 4)
    row.at_most("interval_p99_s", after.interval_p99_s(), 2 / FPS)
    row.at_most("offset_change_ms", abs(after.offset_ms() - before.offset_ms()), OFFSET_MS)
    row.at_most("viewer_picture_gap_s", after.longest_gap_s("pictures"), 0.2)
    row.at_most("platform_lost_pictures", air.seen("platform", began).lost_pictures(FPS), 0)
    _prove(air, row, float(text))
    return row


def _prove(air: Air, row: Row, step_s: float) -> None:
    """That the processes really saw another time: the last line that the studio wrote down bears it."""
    air.wait(air.said_at, 30, "a line is in the ledger")
    count = len(air.said())
    air.wait(lambda: len(air.said()) > count, 30, "another line is in the ledger")
    moved = (datetime.fromisoformat(air.said_at()) - datetime.now(UTC)).total_seconds()
    row.figures["ledger_clock_moved_s"] = round(moved, 1)
    row.must("the processes see the step", abs(moved - step_s) < 2.5)
