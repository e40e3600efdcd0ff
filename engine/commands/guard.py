"""``everhost guard``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.flow import LineKind
from engine.runtime.checks import policy_problems
from engine.script import Draft, FactBook, Guard, Verdict
from engine.script.guard.citing import facts_of
from engine.script.policy import packs_for
from engine.settings import Problem, SettingsError, is_catalogue, load_catalogue, load_channel

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
    """
    book, packs = _book(file)
    judge = Guard(book, packs)
    judged = [_judge(judge, row) for row in _read(lines, book)]
    refused = [line for line in judged if not line.verdict.ok]
    if as_json:
        data = {"lines": [line.as_data() for line in judged], "ok": len(judged) - len(refused), "refused": len(refused)}
        print(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        _print(judged, refused)
    return REFUSED if refused else 0


def _book(file: Path) -> tuple[FactBook, tuple[str, ...]]:
    if is_catalogue(file):
        catalogue = load_catalogue(file, check_files=False)
        return FactBook(catalogue), packs_for(catalogue.language, None)
    channel = load_channel(file, check_files=False)
    problems = [problem for problem in policy_problems(channel) if "may not start" not in problem.message]
    if problems:
        raise SettingsError(problems)
    book = FactBook.of(channel)
    return book, packs_for(channel.items.language, channel.policy.packs, channel.policy.platform)


def _judge(judge: Guard, row: _Row) -> _Judged:
    facts = facts_of(row.text, row.product, judge.book) if row.facts is None else row.facts
    verdict = judge.verdict(Draft(LineKind.SAY, row.text, facts, "", row.product))
    if row.facts is None:
        verdict = Verdict(tuple(found for found in verdict.findings if found.rule != "empty"))
    return _Judged(row.number, row.text, row.product, facts, row.facts is None, verdict)


def _read(path: Path, book: FactBook) -> list[_Row]:
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise SettingsError([Problem(path, 0, "", "there is no file of lines here", "check the path")]) from error
    except UnicodeDecodeError as error:
        raise SettingsError([Problem(path, 0, "", "this is not a text file", "save it as UTF-8")]) from error
    except OSError as error:
        raise SettingsError([Problem(path, 0, "", f"the lines cannot be read: {error.strerror}")]) from error
    rows: list[_Row] = []
    problems: list[Problem] = []
    for number, written in enumerate(text.splitlines(), start=1):
        if written.strip():
            found = _row(path, number, written, book)
            if isinstance(found, _Row):
                rows.append(found)
            else:
                problems += found
    if problems:
        raise SettingsError(problems)
    if not rows:
        raise SettingsError([Problem(path, 0, "", "there are no lines here", 'write one a line, as {"text": "…"}')])
    return rows


def _row(path: Path, number: int, written: str, book: FactBook) -> _Row | list[Problem]:
    """One row of the file, or what is wrong with it."""
    try:
        row = json.loads(written)
    except ValueError as error:
        return [Problem(path, number, "", f"this is not JSON: {error}", 'write {"text": "…", "product": "…"}')]
    if not isinstance(row, dict):
        return [Problem(path, number, "", "this is no JSON object", 'write {"text": "…", "product": "…"}')]
    problems = []
    if not isinstance(row.get("text"), str) or not row["text"].strip():
        problems.append(Problem(path, number, "text", "the words of the line are missing", 'write "text": "…"'))
    product = row.get("product")
    if product is not None and (not isinstance(product, str) or product not in book.products):
        hint = f"products here: {', '.join(list(book.products)[:12])}"
        problems.append(Problem(path, number, "product", f"the catalogue has no product “{product}”", hint))
        product = None
    facts = row.get("facts")
    if facts is not None and not (isinstance(facts, list) and all(isinstance(fact, str) for fact in facts)):
        problems.append(Problem(path, number, "facts", "this must be a list of fact ids", 'write ["bottle.cold"]'))
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
        print(f"{line.number:>4}  {'ok     ' if line.verdict.ok else 'refused'}  {line.text}")
        for found in line.verdict.findings:
            against = f"  [{found.fact_id}]" if found.fact_id else ""
            print(f"{'':>15}{found.rule}: {found}{against}")
    print(f"{len(judged) - len(refused)} of {len(judged)} lines may go on air.")
