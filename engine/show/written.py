"""The lines that were handed out: each kept with its evidence, and found again when the catalogue changes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import asdict

from engine.flow import Line, LineKind
from engine.records import Ledger
from engine.script import Draft, FactBook, Guard, Verdict

REMEMBERED_LINES = 400
"""Lines that may still wait for the air when a catalogue changes; many times more than ``show.ahead_s`` can hold."""

JUDGED_AGAIN = 60
"""The newest lines, which may wait for the air, are held against a changed catalogue once more."""

_STAYS = frozenset({LineKind.ANSWER, LineKind.NOTICE, LineKind.GREETING})
"""Kinds of lines that a product does not take along when it sells out."""


class WrittenLines:
    """Remembers the newest lines, and keeps each in the ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._lines: deque[tuple[Line, bool]] = deque(maxlen=REMEMBERED_LINES)

    def keep(self, line: Line, draft: Draft, book: FactBook, verdict: Verdict) -> None:
        """Remember a line, and write it into the ledger with all that allows it."""
        owners = dict.fromkeys(fact_id.partition(".")[0] for fact_id in line.fact_ids)
        products = dict.fromkeys([*owners, *([line.product_id] if line.product_id else [])])
        evidence = [book.evidence(fact_id) for fact_id in line.fact_ids]
        self._ledger.wrote(
            line,
            writer=draft.writer,
            model=draft.model,
            frame=draft.frame,
            facts=[fact for fact in evidence if fact is not None],
            prices=book.prices(products),
            verdict={"ok": verdict.ok, "reasons": verdict.reasons, "findings": [asdict(f) for f in verdict.findings]},
        )
        self._lines.append((line, verdict.ok))

    def remember(self, line: Line) -> None:
        """Remember a line that another process kept."""
        self._lines.append((line, bool(line.allowed)))

    def stale(self, changed: Iterable[str], sold_out: frozenset[str], guard: Guard) -> frozenset[str]:
        """Ids of lines that cite a changed fact, are about a product that sold out, or are no longer allowed."""
        changed = frozenset(changed)
        stale = {line.line_id for line, _ in self._lines if changed & _evidence_of(line)}
        stale |= {line.line_id for line, _ in self._lines if line.kind not in _STAYS and sold_out & _products_of(line)}
        if changed:
            newest = list(self._lines)[-JUDGED_AGAIN:]
            stale |= {line.line_id for line, allowed in newest if allowed and not guard.verdict(line).ok}
        return frozenset(stale)

    def citing(self, fact_ids: frozenset[str]) -> frozenset[str]:
        """Ids of lines that cite one of these facts."""
        return frozenset(line.line_id for line, _ in self._lines if not fact_ids.isdisjoint(line.fact_ids))


def _evidence_of(line: Line) -> frozenset[str]:
    """The facts that a line cites, and the names of the products they are of, which it may speak."""
    return frozenset((*line.fact_ids, *(f"{owner}.name" for owner in _owners_of(line))))


def _products_of(line: Line) -> frozenset[str]:
    return frozenset((*_owners_of(line), *([line.product_id] if line.product_id else [])))


def _owners_of(line: Line) -> list[str]:
    return [fact_id.partition(".")[0] for fact_id in line.fact_ids]
