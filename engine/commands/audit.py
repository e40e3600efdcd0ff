"""``everhost audit``: what was said, and why it was allowed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import indent
from typing import Any, TypeVar

from engine.commands import CommandError
from engine.commands.telling import tell
from engine.commands.where import refuse_other_channel
from engine.records import AuditedLine, LedgerError, ReadOnlyLedger, Steering, ledger_place
from engine.settings import load_channel, state_dir

DAY = timedelta(days=1)

Span = tuple[datetime | None, datetime | None]
Row = TypeVar("Row")

_LEDGER_ENDINGS = frozenset({".sqlite", ".sqlite3", ".db"})


def audit(file: Path, begin: datetime | None, end: datetime | None, as_json: bool) -> int:
    """Print the lines that ended on air from ``begin`` up to ``end``, each with its evidence and verdict.

    Raises:
        SettingsError: mistakes in the channel file.
        CommandError: there is no ledger, or it cannot be read.
    """
    if begin is not None and end is not None and end <= begin:
        raise CommandError("--to must be later than --from")
    try:
        ledger = _open(file)
        try:
            (_print_json if as_json else _print_report)(ledger, begin, end)
        finally:
            ledger.close()
    except LedgerError as error:
        raise CommandError(str(error)) from error
    return 0


def _open(file: Path) -> ReadOnlyLedger:
    """The ledger of a channel file, or the ledger itself. It is only looked at: any file stays as it is."""
    if file.suffix.lower() in _LEDGER_ENDINGS:
        place: Path | str = file
        channel = ""
    else:
        settings = load_channel(file, check_files=False)
        refuse_other_channel(settings)
        place, channel = ledger_place(settings, state_dir()), settings.file.stem
    if isinstance(place, Path) and not place.is_file():
        raise CommandError(f"there is no ledger at {place}; it is made when the channel goes on air")
    return ReadOnlyLedger(place, channel)


def _spans(ledger: ReadOnlyLedger, begin: datetime | None, end: datetime | None) -> list[Span]:
    """The time from ``begin`` to ``end`` in days. The outer ones are open where these are not given."""
    began = ledger.began()
    if began is None:
        return [(begin, end)]
    first = max(began, begin.astimezone(UTC)) if begin is not None else began
    last = (end or datetime.now(UTC)).astimezone(UTC)
    edges = [begin]
    while (edge := first + len(edges) * DAY) < last:
        edges.append(edge)
    return list(zip(edges, [*edges[1:], end], strict=True))


def _each(read: Callable[[datetime | None, datetime | None], Sequence[Row]], spans: list[Span]) -> Iterator[Row]:
    """Rows a day at a time: a ledger of years needs the memory of a day."""
    for span in spans:
        yield from read(*span)


def _print_json(ledger: ReadOnlyLedger, begin: datetime | None, end: datetime | None) -> None:
    """As ``json.dumps`` would write it whole, with two spaces a level."""
    spans = _spans(ledger, begin, end)
    print("{")
    print(f'  "ledger": {json.dumps(ledger.name, ensure_ascii=False)},')
    print(f'  "from": {json.dumps(begin.isoformat() if begin is not None else None)},')
    print(f'  "to": {json.dumps(end.isoformat() if end is not None else None)},')
    parts: dict[str, Iterator[dict[str, Any]]] = {
        "lines": (_plain_line(line) for line in _each(ledger.audit, spans)),
        "operator_actions": (asdict(steering) for steering in _each(ledger.steerings, spans)),
        "taken_back": (asdict(line) for line in _each(ledger.dropped_lines, spans)),
        "messages": (asdict(message) for message in _each(ledger.messages, spans)),
        "shown": (asdict(shown) for shown in _each(ledger.shown, spans)),
    }
    for number, (name, rows) in enumerate(parts.items(), 1):
        _print_list(name, rows, "," if number < len(parts) else "")
    print("}")


def _print_list(name: str, rows: Iterator[dict[str, Any]], behind: str) -> None:
    before = f'  "{name}": [\n'
    for row in rows:
        print(before + indent(json.dumps(row, ensure_ascii=False, indent=2), "    "), end="")
        before = ",\n"
    print(f'  "{name}": []{behind}' if before != ",\n" else f"\n  ]{behind}")


def _plain_line(line: AuditedLine) -> dict[str, Any]:
    rest = asdict(line)
    said = rest.pop("said")
    return {**said, **rest, "allowed": _is_allowed(line)}


def _is_allowed(line: AuditedLine) -> bool | None:
    """The guard's word, or None where the ledger is older than its verdicts."""
    return bool(line.verdict["ok"]) if "ok" in line.verdict else None


def _print_report(ledger: ReadOnlyLedger, begin: datetime | None, end: datetime | None) -> None:
    spans = _spans(ledger, begin, end)
    print(tell(f"{ledger.name}: {ledger.count('lines', begin, end)} lines on air"))
    for span in spans:
        said = [(line.said.at, _words(line)) for line in ledger.audit(*span)]
        done = [(steering.at, _deed(steering)) for steering in ledger.steerings(*span)]
        for _, words in sorted(said + done, key=lambda part: part[0]):
            print(words)
    if number := ledger.count("messages", begin, end):
        print("\n" + tell(f"Chat ({number} messages):"))
        for m in _each(ledger.messages, spans):
            became = " ".join(part for part in (m.outcome, m.reason, m.line_id) if part)
            print(f"  {m.at}  {m.viewer}: “{m.text}”  → {became}")
    if number := ledger.count("written", begin, end, "dropped_at"):
        print("\n" + tell(f"Taken back before they went on air ({number}):"))
        for line in _each(ledger.dropped_lines, spans):
            print(f"  {line.dropped_at}  “{line.text}”  ({line.dropped_why})")
    if number := ledger.count("shown", begin, end):
        print("\n" + tell(f"Shown on the card ({number} changes):"))
        for s in _each(ledger.shown, spans):
            print(f"  {s.at}  {s.product_id}  {s.card.get('price', '')}  {s.card.get('stock', '')}")


def _deed(steering: Steering) -> str:
    why = "  " + tell(f"because “{steering.why}”") if steering.why else ""
    detail = f" “{steering.detail}”" if steering.detail else ""
    who = tell(f"operator {steering.who}: {steering.action}")
    return f"\n{steering.at}  {who}{detail}{why}  → {steering.outcome}"


def _words(line: AuditedLine) -> str:
    said = line.said
    writer = f"{line.writer} {line.model}".strip() or "writer not recorded"
    told = [f"written by {writer}"]
    for fact in line.facts:
        amount = f" = {fact.value} {fact.unit}".rstrip() if fact.value else ""
        told.append(f"fact {fact.fact_id}{amount}: “{fact.text}” ({fact.source})")
    recorded = {fact.fact_id for fact in line.facts}
    told += [f"fact {fact_id}: value not recorded" for fact_id in said.fact_ids if fact_id not in recorded]
    if said.question_id:
        told.append(f"answers message {said.question_id}")
    for price in line.prices:
        was = f", was {price.was_price}" if price.was_price else ""
        told.append(f"{price.product_id} then: {price.price} {price.currency}{was}, stock {price.stock}")
    allowed = _is_allowed(line)
    reasons = "; ".join(str(reason) for reason in line.verdict.get("reasons", ()))
    verdict = {True: "allowed by the guard", False: f"not held by the guard: {reasons}", None: "verdict not recorded"}
    told.append(verdict[allowed])
    head = f"\n{said.at}  {said.kind}  {said.line_id}  “{said.text}”"
    return "\n".join([head, *(f"    {tell(each)}" for each in told)])
