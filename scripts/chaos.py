"""Puts the demo channel on air, breaks one thing after the other, and measures what still comes out; prints one JSON.

``chaos.py`` runs every group of faults; ``--only GROUP …`` some of them. Everything is measured from decoded pictures
and sound: a WebRTC viewer, an RTMP player behind nginx, and an RTMP server of our own that fails on demand.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(1, str(Path(__file__).resolve().parent.parent))

from faults.air import Air, Row, say
from faults.clock_rows import clock_rows
from faults.model_rows import hung_model_row, slow_endpoint_rows
from faults.offer_rows import offer_rows
from faults.process_rows import memory_row, process_rows
from faults.rtmp_rows import rtmp_rows
from faults.rtp_wrap_row import rtp_wrap_row
from faults.store_rows import store_rows
from faults.wrap_rows import wrap_rows
from measure.processes import MeasureError


def _rtmp(folder: Path, full: bool) -> list[Row]:
    with Air(folder) as air:
        return rtmp_rows(air, full=full)


def _processes(folder: Path, full: bool) -> list[Row]:
    with Air(folder) as air:
        return process_rows(air, times=2 if full else 1)


def _memory(folder: Path, full: bool) -> list[Row]:
    return [memory_row(folder)]


def _clock(folder: Path, full: bool) -> list[Row]:
    return clock_rows(folder)


def _wraps(folder: Path, full: bool) -> list[Row]:
    with Air(folder) as air:
        return wrap_rows(air)


def _browser(folder: Path, full: bool) -> list[Row]:
    return [rtp_wrap_row(folder)]


def _store(folder: Path, full: bool) -> list[Row]:
    return store_rows(folder)


def _model(folder: Path, full: bool) -> list[Row]:
    return [hung_model_row(folder)]


def _endpoint(folder: Path, full: bool) -> Iterable[Row]:
    return slow_endpoint_rows(folder)


def _offers(folder: Path, full: bool) -> list[Row]:
    with Air(folder) as air:
        return offer_rows(air)


GROUPS: dict[str, Callable[[Path, bool], Iterable[Row]]] = {
    "rtmp": _rtmp,
    "processes": _processes,
    "memory": _memory,
    "clock": _clock,
    "wraps": _wraps,
    "browser": _browser,
    "store": _store,
    "model": _model,
    "endpoint": _endpoint,
    "offers": _offers,
}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Break a channel on air and measure what still comes out.")
    parser.add_argument("--only", nargs="+", choices=list(GROUPS), default=list(GROUPS), help="only these groups")
    parser.add_argument("--full", action="store_true", help="everything twice, and 25 refusals (over an hour)")
    parser.add_argument("--out", type=Path, help="write the JSON there too")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep logs and records in a new FOLDER")
    return parser.parse_args()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _run(arguments: argparse.Namespace, folder: Path) -> tuple[list[Row], list[str]]:
    rows: list[Row] = []
    troubles: list[str] = []
    for group in arguments.only:
        try:
            for row in GROUPS[group](folder / group, arguments.full):
                # One by one: what was measured before one that cannot be stays.
                rows.append(row)
        except MeasureError as error:
            troubles.append(f"{group}: {error}")
            say(troubles[-1])
    return rows, troubles


def main() -> int:
    """Exit status 0 when everything held, 1 when something did not, 2 when a group could not be measured."""
    arguments = _arguments()
    signal.signal(signal.SIGTERM, _interrupt)
    if arguments.keep is not None:
        arguments.keep.mkdir(parents=True, exist_ok=False)
    folder = arguments.keep.resolve() if arguments.keep else Path(tempfile.mkdtemp(prefix="everhost-chaos-"))
    began, load = time.monotonic(), os.getloadavg()
    try:
        rows, troubles = _run(arguments, folder)
    except KeyboardInterrupt:
        return 130
    finally:
        if arguments.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    result = {
        "held": sum(not row.missed for row in rows),
        "rows": [row.plain() for row in rows],
        "not_measured": troubles,
        "seconds": round(time.monotonic() - began),
        "load_before": [round(each, 2) for each in load],
        "load_after": [round(each, 2) for each in os.getloadavg()],
    }
    text = json.dumps(result, indent=1, ensure_ascii=False)
    print(text)
    if arguments.out:
        arguments.out.write_text(text + "\n")
    return 2 if troubles else int(any(row.missed for row in rows))


if __name__ == "__main__":
    sys.exit(main())
