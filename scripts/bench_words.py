"""What the host may say, measured on labelled lines; prints one JSON.

    python scripts/bench_words.py [SECTION ...]

Sections are modules of ``scripts/words`` with a ``measure()``; its "met" says whether the section's targets are met.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(1, str(Path(__file__).resolve().parent.parent))

SECTIONS = ("guard", "policy", "injection", "questions", "hour")
MORE_SECTIONS = ("llm", "beside")
"""Only when they are named: they need a model (`make llm`) and many minutes."""


def measured(section: str) -> dict[str, Any]:
    """What one section found."""
    result: dict[str, Any] = importlib.import_module(f"words.{section}").measure()
    return result


def main() -> int:
    """Exit status 0 when every section meets its targets, else 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sections", nargs="*", metavar="SECTION")
    sections = parser.parse_args().sections or SECTIONS
    for section in sections:
        if section not in SECTIONS + MORE_SECTIONS:
            parser.error(f"there is no section “{section}”; there are: {', '.join(SECTIONS + MORE_SECTIONS)}")
    results = {section: measured(section) for section in sections}
    missed = [section for section, result in results.items() if not result["met"]]
    print(json.dumps({**results, "missed": missed}, indent=1, ensure_ascii=False))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
