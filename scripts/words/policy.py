"""The policy packs over labelled violations, plain and in disguise, and over lawful uses of the same words."""

from __future__ import annotations

import time
from typing import Any

from engine.script.policy import load_policies
from words.corpus import HALVES, Count, rows, summaries

STOPPED_PERCENT, BLOCKED_PERCENT = 99.0, 5.0


def measure() -> dict[str, Any]:
    """Shares of violations caught and of lawful lines blocked, by half, and what was caught by disguise."""
    by_half = {half: Count() for half in HALVES}
    by_disguise: dict[str, Count] = {}
    spent: list[float] = []
    for name in ("cn", "en"):
        for row in rows(f"policy_{name}"):
            policies = load_policies(tuple(row["packs"]))
            began = time.perf_counter()
            refused = bool(policies.findings(row["text"]))
            spent.append(1000 * (time.perf_counter() - began))
            by_half[row["half"]].add(row, refused=refused)
            if not row["ok"]:
                by_disguise.setdefault(row["disguise"] or "plain", Count()).add(row, refused=refused)
    spent.sort()
    halves = summaries(by_half)
    return {
        **halves,
        "caught_by_disguise": {name: f"{count.stopped}/{count.wrong}" for name, count in sorted(by_disguise.items())},
        "ms_a_line_p99": round(spent[int(0.99 * len(spent))], 3),
        "met": halves["all"]["stopped_percent"] >= STOPPED_PERCENT
        and halves["all"]["blocked_percent"] <= BLOCKED_PERCENT,
    }
