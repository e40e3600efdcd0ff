"""Measures the kinds of bodies that merchants bring, and their voices.

``python scripts/bench_bodies.py [models] [photo] [heads] [air]`` prints one JSON; the exit status is 1 when a target is
missed. ``air`` puts a channel with each kind of body and voice on air for ``--seconds``: photo and Kokoro, imported VRM
and Coqui, toon mascot and Kokoro, head by weights and speech endpoint; ``--channels`` names others, such as ``host``,
our own as a reference.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(1, str(Path(__file__).resolve().parent.parent))

KINDS = ("models", "photo", "heads", "air")
CHANNELS = ("photo", "model", "toon", "head", "host")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"{', '.join(KINDS)}; all when none is named")
    parser.add_argument("--seconds", type=float, default=600.0, help="of each channel on air")
    parser.add_argument("--channels", nargs="+", choices=CHANNELS, default=CHANNELS[:4], help="that go on air")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.kinds) - set(KINDS))
    if unknown:
        parser.error(f"there is no {', '.join(unknown)}; there are {', '.join(KINDS)}")
    return arguments


def main() -> int:
    """Every kind named on the command line, or all."""
    arguments = _arguments()
    report: dict[str, Any] = {}
    for kind in arguments.kinds or KINDS:
        measure = importlib.import_module(f"bodies.{kind}").measure
        report[kind] = measure(arguments.channels, arguments.seconds) if kind == "air" else measure()
    print(json.dumps(report, indent=1))
    return 1 if any(figures["missed"] for figures in report.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
