"""The guard over the labelled lines, and over the template bank times every catalogue."""

from __future__ import annotations

import time
from typing import Any

from engine.flow import LineKind
from engine.script import Draft, FactBook, Guard
from engine.settings import load_catalogue
from tests.script.whole_bank import whole_bank
from words.corpus import HALVES, Count, catalogue_file, rows, summaries

STOPPED_PERCENT, BLOCKED_PERCENT, LINE_MS = 98.0, 3.0, 3.0
BANK_CATALOGUES = ("demo", "xiaomei", "alder", "juniper", "qingchuan")


def guards() -> dict[str, Guard]:
    """A guard for each catalogue of the corpora."""
    names = {row["catalogue"] for language in ("en", "zh") for row in rows(f"guard_{language}")} | {*BANK_CATALOGUES}
    return {name: Guard(FactBook(load_catalogue(catalogue_file(name), check_files=False), "Mia")) for name in names}


def measure() -> dict[str, Any]:
    """What ``labelled`` finds, and the false alarms in the bank."""
    judges = guards()
    found, bank = labelled(judges), false_alarms(judges)
    return {**found, "bank": bank, "met": found["met"] and not bank["false_alarms"]}


def labelled(judges: dict[str, Guard]) -> dict[str, Any]:
    """Shares of wrong lines stopped and right ones blocked, and the time of a line."""
    by_half = {half: Count() for half in HALVES}
    by_language = {language: Count() for language in ("en", "zh")}
    by_class: dict[str, Count] = {}
    spent: list[float] = []
    for language, of_language in by_language.items():
        for row in rows(f"guard_{language}"):
            draft = Draft(LineKind.SAY, row["text"], tuple(row["facts"]), "", row["product"])
            began = time.perf_counter()
            verdict = judges[row["catalogue"]].verdict(draft)
            spent.append(1000 * (time.perf_counter() - began))
            for count in (by_half[row["half"]], of_language, by_class.setdefault(row["class"], Count())):
                count.add(row, refused=not verdict.ok)
    spent.sort()
    halves = summaries(by_half)
    classes = {name: count.summary()["stopped_percent"] for name, count in sorted(by_class.items()) if count.wrong}
    times = {"mean": _ms(sum(spent) / len(spent)), "p99": _ms(spent[int(0.99 * len(spent))]), "max": _ms(spent[-1])}
    return {
        **halves,
        "languages": {name: count.summary() for name, count in by_language.items()},
        "stopped_percent_by_class": classes,
        "ms_a_line": times,
        "met": halves["all"]["stopped_percent"] >= STOPPED_PERCENT
        and halves["all"]["blocked_percent"] <= BLOCKED_PERCENT
        and times["p99"] <= LINE_MS,
    }


def _ms(value: float) -> float:
    return round(value, 3)


def false_alarms(judges: dict[str, Guard]) -> dict[str, Any]:
    """Sentences of the whole template bank over each catalogue, and how many of them the guard refuses."""
    lines: dict[str, int] = {}
    refused: list[str] = []
    for name in BANK_CATALOGUES:
        for draft in whole_bank(judges[name].book):
            lines[name] = lines.get(name, 0) + 1
            if not judges[name].verdict(draft).ok:
                refused.append(f"{name}: {draft.text}")
    total = {"lines": sum(lines.values()), "false_alarms": len(refused)}
    return {**total, "by_catalogue": lines, "refused": refused}
