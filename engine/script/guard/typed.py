"""Lines that a person wrote: the guard finds their evidence itself."""

from __future__ import annotations

from engine.flow import LineKind
from engine.script.guard.citing import facts_of
from engine.script.guard.guard import Guard
from engine.script.verdict import Verdict
from engine.script.writer import Draft


def judge_typed(
    guard: Guard, text: str, product_id: str | None, *, kind: LineKind = LineKind.SAY, writer: str = "operator"
) -> tuple[Draft, Verdict]:
    """``text`` as a draft that cites what it speaks of, and what the guard says; it need not carry any fact."""
    draft = Draft(kind, text, facts_of(text, product_id, guard.book), "", product_id, writer=writer)
    return draft, Verdict(tuple(found for found in guard.verdict(draft).findings if found.rule != "empty"))
