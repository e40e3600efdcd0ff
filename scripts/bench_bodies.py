"""Measures the kinds of bodies that merchants bring.

``python scripts/bench_bodies.py [models] [photo] [heads]`` prints one JSON; the exit status is 1 when a target is
missed.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parent.parent))

KINDS = ("models", "photo", "heads")


def main() -> int:
    """Every kind named on the command line, or all."""
    asked = sys.argv[1:] or KINDS
    unknown = sorted(set(asked) - set(KINDS))
    if unknown:
        sys.exit(f"bench_bodies.py: there is no {', '.join(unknown)}; there are {', '.join(KINDS)}")
    report = {kind: importlib.import_module(f"bodies.{kind}").measure() for kind in asked}
    print(json.dumps(report, indent=1))
    return 1 if any(figures["missed"] for figures in report.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
