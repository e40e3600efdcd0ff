"""``everhost audit``: what was said, and why it was allowed."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.commands import CommandError
from engine.records import AuditedLine, Ledger, LedgerError, Steering, ledger_place
from engine.settings import load_channel, state_dir

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
            if as_json:
                print(json.dumps(_plain(ledger, begin, end), ensure_ascii=False, indent=2))
            else:
                print(_report(ledger, begin, end))
        finally:
            ledger.close()
    except LedgerError as error:
        raise CommandError(str(error)) from error
    return 0


def _open(file: Path) -> Ledger:
    """The ledger of a channel file, or the ledger itself. A file is never made: there would be nothing in it."""
    if file.suffix.lower() in _LEDGER_ENDINGS:
        place: Path | str = file
        channel = ""
    else:
        settings = load_channel(file, check_files=False)
        place, channel = ledger_place(settings, state_dir()), settings.file.stem
    if isinstance(place, Path) and not place.is_file():
        raise CommandError(f"there is no ledger at {place}; it is made when the channel goes on air")
    return Ledger(place, channel)


def _plain(ledger: Ledger, begin: datetime | None, end: datetime | None) -> dict[str, Any]:
    return {
        "ledger": ledger.name,
        "from": begin.isoformat() if begin is not None else None,
        "to": end.isoformat() if end is not None else None,
        "lines": [_plain_line(line) for line in ledger.audit(begin, end)],
        "operator_actions": [asdict(steering) for steering in ledger.steerings(begin, end)],
        "taken_back": [asdict(line) for line in ledger.dropped_lines(begin, end)],
        "messages": [asdict(message) for message in ledger.messages(begin, end)],
        "shown": [asdict(shown) for shown in ledger.shown(begin, end)],
    }


def _plain_line(line: AuditedLine) -> dict[str, Any]:
    rest = asdict(line)
    said = rest.pop("said")
    return {**said, **rest, "allowed": _is_allowed(line)}


def _is_allowed(line: AuditedLine) -> bool | None:
    """The guard's word, or None where the ledger is older than its verdicts."""
    return bool(line.verdict["ok"]) if "ok" in line.verdict else None


def _report(ledger: Ledger, begin: datetime | None, end: datetime | None) -> str:
    lines = ledger.audit(begin, end)
    parts = [f"{ledger.name}: {len(lines)} lines on air"]
    said = [(line.said.at, _words(line)) for line in lines]
    done = [(steering.at, _deed(steering)) for steering in ledger.steerings(begin, end)]
    parts += [words for _, words in sorted(said + done, key=lambda part: part[0])]
    messages = ledger.messages(begin, end)
    if messages:
        parts.append(f"\nChat ({len(messages)} messages):")
        parts += [
            f"  {m.at}  {m.viewer}: “{m.text}”  → {' '.join(p for p in (m.outcome, m.reason, m.line_id) if p)}"
            for m in messages
        ]
    dropped = ledger.dropped_lines(begin, end)
    if dropped:
        parts.append(f"\nTaken back before they went on air ({len(dropped)}):")
        parts += [f"  {line.dropped_at}  “{line.text}”  ({line.dropped_why})" for line in dropped]
    shown = ledger.shown(begin, end)
    if shown:
        parts.append(f"\nShown on the card ({len(shown)} changes):")
        parts += [f"  {s.at}  {s.product_id}  {s.card.get('price', '')}  {s.card.get('stock', '')}" for s in shown]
    return "\n".join(parts)


def _deed(steering: Steering) -> str:
    why = f"  because “{steering.why}”" if steering.why else ""
    detail = f" “{steering.detail}”" if steering.detail else ""
    return f"\n{steering.at}  operator {steering.who}: {steering.action}{detail}{why}  → {steering.outcome}"


def _words(line: AuditedLine) -> str:
    said = line.said
    writer = f"{line.writer} {line.model}".strip() or "writer not recorded"
    parts = [f"\n{said.at}  {said.kind}  {said.line_id}  “{said.text}”", f"    written by {writer}"]
    for fact in line.facts:
        amount = f" = {fact.value} {fact.unit}".rstrip() if fact.value else ""
        parts.append(f"    fact {fact.fact_id}{amount}: “{fact.text}” ({fact.source})")
    recorded = {fact.fact_id for fact in line.facts}
    parts += [f"    fact {fact_id}: value not recorded" for fact_id in said.fact_ids if fact_id not in recorded]
    if said.question_id:
        parts.append(f"    answers message {said.question_id}")
    for price in line.prices:
        was = f", was {price.was_price}" if price.was_price else ""
        parts.append(f"    {price.product_id} then: {price.price} {price.currency}{was}, stock {price.stock}")
    allowed = _is_allowed(line)
    reasons = "; ".join(str(reason) for reason in line.verdict.get("reasons", ()))
    verdict = {True: "allowed by the guard", False: f"not held by the guard: {reasons}", None: "verdict not recorded"}
    return "\n".join([*parts, f"    {verdict[allowed]}"])
