"""Judges what a model wrote: the closed list for a small one, and the guard for every one."""

from __future__ import annotations

from engine.flow import LineKind
from engine.script.facts import FactBook
from engine.script.guard import Guard
from engine.script.llm.tails import added_tail
from engine.script.llm.talk import Subject, talk_of
from engine.script.writer import Draft

WHOLE = "whole"
"""The frame of a draft that a strong model wrote freely; the guard judges it, and what follows its facts."""

CLAIMLESS = (LineKind.OPENER, LineKind.ASK, LineKind.TRANSITION)
"""Kinds of line that claim nothing."""


class Judge:
    """Holds drafts against one version of the catalogue."""

    def __init__(self, book: FactBook, guard: Guard) -> None:
        self._book = book
        self._guard = guard
        self._talk = talk_of(book.catalogue.language)

    def faults(self, draft: Draft) -> tuple[str, ...]:
        """Why ``draft`` may not be said; empty when it may."""
        if draft.frame != WHOLE:
            subject = subject_of(draft, self._book)
            if subject is None:
                return ("it is about something that the catalogue does not have",)
            found = self._talk.faults(draft.text, subject)
            if found:
                return found
        reasons = self._guard.verdict(draft).reasons
        tail = "" if reasons or draft.frame != WHOLE else self._tail(draft)
        return (f"adds to its facts: “{tail}”",) if tail else reasons

    def _tail(self, draft: Draft) -> str:
        """What the line goes on to say beyond the facts that it cites, or ""."""
        told = " | ".join(self._book.value(fact_id) or "" for fact_id in draft.fact_ids).lower()
        return added_tail(self._guard.nameless(draft), told)


def subject_of(draft: Draft, book: FactBook) -> Subject | None:
    """What ``draft`` is about, by the facts that it cites; None if the catalogue does not have it."""
    if len(draft.fact_ids) != 1:
        return None
    owner, _, key = draft.fact_ids[0].partition(".")
    product = book.products.get(owner)
    if product is None:
        return None
    if draft.kind in CLAIMLESS:
        return Subject(product, draft.kind) if key == "name" else None
    fact = next((fact for fact in product.facts if fact.id == key), None)
    return Subject(product, draft.kind, fact.text) if fact is not None and draft.kind is LineKind.PITCH else None
