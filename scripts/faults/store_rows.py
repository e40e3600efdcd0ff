"""A full disk, a locked ledger, no good catalogue: the show goes on, and it is told."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from measure.processes import MeasureError

from faults.air import Air, Row, say

DISK_MB = 64
HELD_S = 20.0


@contextlib.contextmanager
def _small_disk(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if done.returncode:
        raise MeasureError(f"no small disk can be made here: {done.stderr.decode().strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


def store_rows(folder: Path) -> list[Row]:
    """The disk (ledger and recording are on it) and the catalogue, in one run."""
    disk = folder / "disk"
    with _small_disk(disk):
        recording = {"kind": "recording", "name": "recording", "folder": str(disk / "recordings"), "budget_gb": 0.02}
        with Air(folder, outputs=[recording], environment={"EVERHOST_STATE_DIR": str(disk / "state")}) as air:
            air.state = disk / "state"
            air.wait(lambda: any(kind == "pitch" for kind, _ in air.said()), 90, "a product is told of")
            rows = [_catalogue(air, "gone"), _catalogue(air, "broken"), _disk_full(air, disk), _ledger_locked(air)]
    return rows


def _disk_full(air: Air, disk: Path) -> Row:
    row = Row("disk full for 20 s")
    say(row.fault)
    began, studio = time.monotonic(), air.wait(lambda: air.child("studio"), 5, "the studio lives")
    filler = disk / "filler"
    with air.untouched(row, "viewer", "platform"):
        _fill(filler)
        time.sleep(HELD_S / 2)
        _fill(filler)
        time.sleep(HELD_S / 2)
        row.figures["ledger_waiting"] = air.ear.figure("studio", "ledger_waiting")
        row.figures["alarms"] = air.alarms_since(began)
        filler.unlink()
        air.wait(lambda: air.sends("outlet:recording"), 45, "it records again")
        air.wait(lambda: air.ear.figure("studio", "ledger_waiting") == 0, 30, "the ledger has caught up")
        time.sleep(3)
    row.must("an alarm was raised", bool(row.figures["alarms"]))
    row.must("the studio is the same process", studio.is_running())
    nothing_lost(air, row, began)
    return row


def _ledger_locked(air: Air) -> Row:
    row = Row("ledger locked by another program for 20 s")
    say(row.fault)
    began, studio = time.monotonic(), air.wait(lambda: air.child("studio"), 5, "the studio lives")
    with air.untouched(row, "viewer", "platform"):
        with contextlib.closing(sqlite3.connect(next(air.state.glob("*.ledger.sqlite")))) as other:
            other.execute("BEGIN IMMEDIATE")
            time.sleep(HELD_S)
            row.figures["ledger_waiting"] = air.ear.figure("studio", "ledger_waiting")
            row.figures["alarms"] = air.alarms_since(began)
        air.wait(lambda: air.ear.figure("studio", "ledger_waiting") == 0, 30, "the ledger has caught up")
        time.sleep(3)
    row.must("an alarm was raised", bool(row.figures["alarms"]))
    row.must("the studio is the same process", studio.is_running())
    nothing_lost(air, row, began)
    return row


def _fill(file: Path) -> None:
    """Take what is left of a disk."""
    with file.open("ab", buffering=0) as out:
        try:
            while True:
                out.write(bytes(4096))
        except OSError:
            return


def nothing_lost(air: Air, row: Row, began: float) -> None:
    """Every line that was on air and is over is in the ledger."""
    over = air.ear.lines_over(began, time.monotonic() - 5)
    known = air.performances()
    row.figures["lines_over"] = len(over)
    row.must(f"lines missing in the ledger: {sorted(over - known)}", over <= known)
    row.must("lines went on", bool(over))


def _catalogue(air: Air, how: str) -> Row:
    row = Row(f"catalogue {how} for 20 s")
    say(row.fault)
    file, began = air.folder / "catalogue.yaml", time.monotonic()
    kept = file.read_text()
    with air.untouched(row, "viewer", "platform"):
        if how == "gone":
            file.unlink()
        else:
            file.write_text(kept[: len(kept) // 2] + "\n  - [")
        time.sleep(HELD_S)
        row.figures["alarms"] = air.alarms_since(began)
        file.write_text(kept)
        time.sleep(4)
    row.must("an alarm was raised", bool(row.figures["alarms"]))
    nothing_lost(air, row, began)
    return row
