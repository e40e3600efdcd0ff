"""Puts the demo channel on air and measures what really comes out; prints one JSON.

``bench_onair.py --seconds 600 --viewers 5`` is the whole measurement: about as long on air, and some ten minutes of
analysis afterwards. Progress goes to standard error. With ``--keep FOLDER`` everything collected stays, and
``--analyse FOLDER`` computes the figures again without going on air.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

# Before numpy is imported: one thread each, so that the measurement disturbs as little as it can.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("GLOG_minloglevel", "2")
sys.path.insert(1, str(Path(__file__).resolve().parent.parent))

from measure.analyse import analyse
from measure.collect import PARTS, Collected, Options, collect, say
from measure.processes import ROOT, MeasureError
from measure.session import Session


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the channel on air.")
    parser.add_argument("--seconds", type=float, default=600.0, help="length of the measured window")
    parser.add_argument("--viewers", type=int, default=5, help="WebRTC viewers in all, the browser among them")
    parser.add_argument(
        "--browser-seconds",
        type=float,
        metavar="S",
        help="let the browser watch only this long (it decodes and draws on the same cores)",
    )
    parser.add_argument("--channel", type=Path, default=ROOT / "avatars" / "mia.yaml")
    parser.add_argument("--out", type=Path, help="write the JSON there too")
    parser.add_argument("--only", nargs="+", choices=PARTS, help="measure only these parts")
    parser.add_argument("--skip", nargs="+", choices=PARTS, default=[], help="leave these parts out")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep everything collected in a new FOLDER")
    parser.add_argument("--analyse", type=Path, metavar="FOLDER", help="compute the figures of a kept run again")
    return parser.parse_args()


def _options(arguments: argparse.Namespace) -> Options:
    parts = frozenset(arguments.only or PARTS) - frozenset(arguments.skip)
    seconds = arguments.seconds
    watch = seconds if arguments.browser_seconds is None else arguments.browser_seconds
    return Options(arguments.channel, seconds, arguments.viewers, watch, parts)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _folder(arguments: argparse.Namespace) -> Path:
    if arguments.keep is None:
        return Path(tempfile.mkdtemp(prefix="everhost-bench-"))
    keep: Path = arguments.keep
    keep.mkdir(parents=True, exist_ok=False)
    return keep.resolve()


def _measure(arguments: argparse.Namespace) -> Session:
    folder = _folder(arguments)
    try:
        return Session(folder, collect(folder, _options(arguments)))
    except BaseException:
        if arguments.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
        raise


def _again(arguments: argparse.Namespace) -> Session:
    folder: Path = arguments.analyse.resolve()
    got = Collected.load(folder)
    got.parts = sorted((set(arguments.only or PARTS) - set(arguments.skip)) & set(got.parts))
    return Session(folder, got)


def main() -> int:
    """Exit status 0 when every target is met, 1 when one is missed, 2 when it could not be measured."""
    arguments = _arguments()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        session = _again(arguments) if arguments.analyse else _measure(arguments)
    except MeasureError as error:
        print(f"bench_onair: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    try:
        result = analyse(session).plain()
    except KeyboardInterrupt:
        return 130
    finally:
        if not arguments.keep and not arguments.analyse:
            shutil.rmtree(session.folder, ignore_errors=True)
    text = json.dumps(result, indent=1, ensure_ascii=False)
    print(text)
    if arguments.out:
        arguments.out.write_text(text + "\n")
    say(f"{result['met']} of {result['judged']} targets met; missed: {', '.join(result['missed']) or 'none'}")
    return 0 if result["met"] == result["judged"] else 1


if __name__ == "__main__":
    sys.exit(main())
