"""A full disk, a locked ledger, no good catalogue, a hung model, a slow endpoint: the show goes on, and it is told."""

from __future__ import annotations

import contextlib
import http.server
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from measure.processes import ROOT, MeasureError

from faults.air import Air, Row, say

DISK_MB = 64
HELD_S = 20.0
SLOW_S = 30.0
MODEL = "smollm2-135m-instruct-q4_1.gguf"


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
    _nothing_lost(air, row, began)
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
    _nothing_lost(air, row, began)
    return row


def _fill(file: Path) -> None:
    """Take what is left of a disk."""
    with file.open("ab", buffering=0) as out:
        try:
            while True:
                out.write(bytes(4096))
        except OSError:
            return


def _nothing_lost(air: Air, row: Row, began: float) -> None:
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
    _nothing_lost(air, row, began)
    return row


def model_rows(folder: Path) -> list[Row]:
    """A model's process that hangs, and an endpoint that takes half a minute for each answer."""
    rows = []
    model = ROOT / "var" / "models" / MODEL
    if model.is_file():
        with Air(folder / "hung", changes={"writer": {"kind": "gguf", "model": str(model), "deadline_s": 20}}) as air:
            rows.append(_hung_model(air))
    with _slow_endpoint() as port:
        writer = {"kind": "endpoint", "address": f"http://127.0.0.1:{port}/v1", "model": "slow", "deadline_s": 60}
        with Air(folder / "slow", changes={"writer": writer}) as air:
            rows.append(_slow(air))
    return rows


def _hung_model(air: Air) -> Row:
    row = Row("model process hung")
    say(row.fault)
    process = air.wait(lambda: air.child("writer"), 30, "the writer lives")
    air.wait(lambda: air.ear.last("writer"), 60, "the writer has loaded")
    began = time.monotonic()
    with air.untouched(row, "viewer", "platform"):
        for each in (process, *process.children(recursive=True)):
            each.send_signal(signal.SIGSTOP)
        back = air.wait(lambda: air.ear.first_beat("writer", process.pid, began), 60, "the writer is back")
        time.sleep(5)
    row.figures["back_s"] = round(back - began, 2)
    row.figures["alarms"] = air.alarms_since(began)
    row.must("an alarm was raised", bool(row.figures["alarms"]))
    _nothing_lost(air, row, began)
    return row


def _slow(air: Air) -> Row:
    row = Row("LLM endpoint takes 30 s")
    say(row.fault)
    began = time.monotonic()
    with air.untouched(row, "viewer", "platform"):
        time.sleep(SLOW_S + 15)
    row.figures["alarms"] = air.alarms_since(began)
    _nothing_lost(air, row, began)
    return row


class _Slow(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        """Answer, but late."""
        time.sleep(SLOW_S)
        self.send_response(503)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def _slow_endpoint() -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Slow)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="slow-endpoint", daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
