"""``everhost guard``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.commands.rows import read_rows
from engine.commands.shop import open_shop
from engine.commands.telling import tell, tell_finding
from engine.flow import LineKind
from engine.script import Draft, FactBook, Guard, Verdict, judge_typed
from engine.settings import Problem

_EXAMPLE = '{"text": "…", "product": "…"}'

REFUSED = 1
"""Exit status when a line may not go on air."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the merchant's file; ``facts`` None: not given."""

    number: int
    text: str
    product: str | None
    facts: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class _Judged:
    """One line of the merchant's file with its verdict; ``inferred``: its facts were found, not given."""

    number: int
    text: str
    product: str | None
    facts: tuple[str, ...]
    inferred: bool
    verdict: Verdict

    def as_data(self) -> dict[str, Any]:
        findings = [
            {"rule": found.rule, "words": found.words, "fact": found.fact_id, "message": found.message}
            for found in self.verdict.findings
        ]
        return {
            "line": self.number,
            "text": self.text,
            "product": self.product,
            "facts": list(self.facts),
            "facts_inferred": self.inferred,
            "ok": self.verdict.ok,
            "findings": findings,
        }


def guard(file: Path, lines: Path, *, as_json: bool) -> int:
    """Judge each line of ``lines``; ``file`` is a channel or a catalogue. Status 1 when one is refused.

    Raises:
        SettingsError: mistakes in the channel, the catalogue, or the lines.
        CommandError: the channel's ledger cannot be read.
    """
    shop = open_shop(file)
    judge = Guard(shop.book, shop.packs)
    rows = read_rows(lines, _EXAMPLE, lambda number, row: _row(lines, number, row, shop.book))
    judged = [_judge(judge, row) for row in rows]
    refused = [line for line in judged if not line.verdict.ok]
    if as_json:
        data = {"lines": [line.as_data() for line in judged], "ok": len(judged) - len(refused), "refused": len(refused)}
        print(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        _print(judged, refused)
    return REFUSED if refused else 0


def _judge(judge: Guard, row: _Row) -> _Judged:
    if row.facts is None:
        draft, verdict = judge_typed(judge, row.text, row.product)
        return _Judged(row.number, row.text, row.product, draft.fact_ids, True, verdict)
    verdict = judge.verdict(Draft(LineKind.SAY, row.text, row.facts, "", row.product))
    return _Judged(row.number, row.text, row.product, row.facts, False, verdict)


def _row(path: Path, number: int, row: dict[str, Any], book: FactBook) -> _Row | list[Problem]:
    """One row of the file, or what is wrong with it."""
    problems = []
    if not isinstance(row.get("text"), str) or not row["text"].strip():
        problems.append(Problem(path, number, "text", "the words of the line are missing", 'write it as "text": "…"'))
    product = row.get("product")
    if product is not None and (not isinstance(product, str) or product not in book.products):
        hint = f"products here: {', '.join(list(book.products)[:12])}"
        problems.append(Problem(path, number, "product", f"the catalogue has no product “{product}”", hint))
        product = None
    facts = row.get("facts")
    if facts is not None and not (isinstance(facts, list) and all(isinstance(fact, str) for fact in facts)):
        hint = 'write it as ["bottle.cold"]'
        problems.append(Problem(path, number, "facts", "this must be a list of fact ids", hint))
        facts = None
    ids = [_full_id(fact, product, book) for fact in facts or ()]
    for fact, fact_id in zip(facts or (), ids, strict=True):
        if book.value(fact_id) is None:
            hint = "a fact is named as bottle.cold, a price as bottle.price, a policy as policy.shipping"
            problems.append(Problem(path, number, "facts", f"the catalogue has no fact “{fact}”", hint))
    if problems:
        return problems
    return _Row(number, row["text"].strip(), product, None if facts is None else tuple(ids))


def _full_id(fact: str, product: str | None, book: FactBook) -> str:
    """``cold`` as ``bottle.cold`` where the row names the product."""
    return fact if book.value(fact) is not None or product is None else f"{product}.{fact}"


def _print(judged: list[_Judged], refused: list[_Judged]) -> None:
    for line in judged:
        verdict = tell("ok" if line.verdict.ok else "refused")
        print(f"{line.number:>4}  {verdict:<7}  {line.text}")
        for found in line.verdict.findings:
            against = f"  [{found.fact_id}]" if found.fact_id else ""
            print(f"{'':>15}{found.rule}: {tell_finding(found)}{against}")
    print(tell(f"{len(judged) - len(refused)} of {len(judged)} lines may go on air."))
