"""The labelled lines of tests/corpora, and counting them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CORPORA = ROOT / "tests" / "corpora"
HALVES = ("dev", "held", "fresh")


def rows(name: str) -> Iterator[dict[str, Any]]:
    """The lines of ``tests/corpora/NAME.jsonl``."""
    for line in (CORPORA / f"{name}.jsonl").read_text("utf-8").splitlines():
        yield json.loads(line)


def catalogue_file(name: str) -> Path:
    """Where the catalogue that a line names lies."""
    ours = ROOT / "assets" / "catalogue" / f"{name}.yaml"
    return ours if ours.is_file() else CORPORA / "catalogues" / f"{name}.yaml"


@dataclass(slots=True)
class Count:
    """How many wrong lines were stopped and how many right ones were blocked."""

    wrong: int = 0
    stopped: int = 0
    right: int = 0
    blocked: int = 0
    misses: list[str] = field(default_factory=list)

    def add(self, row: dict[str, Any], *, refused: bool) -> None:
        """Count one labelled line."""
        if row["ok"]:
            self.right += 1
            self.blocked += refused
        else:
            self.wrong += 1
            self.stopped += refused
        if refused == row["ok"]:
            self.misses.append(row["id"])

    def summary(self) -> dict[str, Any]:
        """The counts with both shares in percent."""
        return {
            "wrong": self.wrong,
            "stopped": self.stopped,
            "stopped_percent": round(100 * self.stopped / max(self.wrong, 1), 2),
            "right": self.right,
            "blocked": self.blocked,
            "blocked_percent": round(100 * self.blocked / max(self.right, 1), 2),
            "misses": self.misses,
        }


def summaries(counts: dict[str, Count]) -> dict[str, Any]:
    """The summary of each half, and of all together."""
    total = Count()
    for count in counts.values():
        total.wrong += count.wrong
        total.stopped += count.stopped
        total.right += count.right
        total.blocked += count.blocked
    whole = total.summary()
    del whole["misses"]
    return {"all": whole} | {half: count.summary() for half, count in counts.items()}
