"""Hours on air in one piece, measured from what is decoded on the RTMP and the WebRTC side; prints one JSON.

``soak.py --minutes 100`` goes on air with chat, changing prices and two faults an hour, and analyses for some twenty
minutes afterwards. ``soak.py --day 24`` puts 24 hours of media through the real master by a virtual clock.
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
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("GLOG_minloglevel", "2")
sys.path.insert(1, str(Path(__file__).resolve().parent.parent))

from faults.air import Row, say
from faults.day import day_row
from faults.endure import soak
from measure.processes import MeasureError
from measure.report import machine


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure a channel that is on air for hours.")
    parser.add_argument("--minutes", type=float, default=0.0, help="minutes on air")
    parser.add_argument("--day", type=float, default=0.0, metavar="HOURS", help="hours of media by a virtual clock")
    parser.add_argument("--out", type=Path, help="write the JSON there too")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep what was collected in a new FOLDER")
    return parser.parse_args()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _run(arguments: argparse.Namespace, folder: Path) -> list[Row]:
    rows = []
    if arguments.day:
        rows.append(day_row(folder / "day", arguments.day))
    if arguments.minutes:
        rows += soak(folder / "air", arguments.minutes)
    return rows


def main() -> int:
    """Exit status 0 when everything held, 1 when something did not, 2 when it could not be measured."""
    arguments = _arguments()
    if not (arguments.minutes or arguments.day):
        print("soak: say --minutes or --day", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _interrupt)
    if arguments.keep is not None:
        arguments.keep.mkdir(parents=True, exist_ok=False)
    folder = arguments.keep.resolve() if arguments.keep else Path(tempfile.mkdtemp(prefix="everhost-soak-"))
    before, began = machine(), time.monotonic()
    try:
        rows = _run(arguments, folder)
    except MeasureError as error:
        say(str(error))
        return 2
    except KeyboardInterrupt:
        return 130
    finally:
        if arguments.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    result = {
        "held": sum(not row.missed for row in rows),
        "rows": [row.plain() for row in rows],
        "seconds": round(time.monotonic() - began),
        "machine": before,
        "load_after": [round(each, 2) for each in os.getloadavg()],
    }
    text = json.dumps(result, indent=1, ensure_ascii=False)
    print(text)
    if arguments.out:
        arguments.out.write_text(text + "\n")
    return int(any(row.missed for row in rows))


if __name__ == "__main__":
    sys.exit(main())
