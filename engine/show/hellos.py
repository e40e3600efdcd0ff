"""Greetings and thanks: one line for all that came in a while, by name where the name is safe to say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

BATCH_S = 3.0
"""The first greeting of a batch waits this long for others."""

APART_S = 45.0
"""Least time between two lines of greeting, so that a busy room does not hear nothing else."""

MOST_NAMED = 3


@dataclass(slots=True)
class Batch:
    """Viewers who said the same kind of thing: ``names`` may be said, ``others`` is how many more there are."""

    thanks: bool
    since: float
    names: list[str] = field(default_factory=list)
    others: int = 0


class Hellos:
    """Collects greetings and thanks. ``clock`` counts seconds and never goes back."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._open: dict[bool, Batch] = {}
        self._said_at = clock() - APART_S

    def put(self, name: str | None, *, thanks: bool) -> None:
        """Count a viewer in; ``name`` None: not a name to be said."""
        batch = self._open.setdefault(thanks, Batch(thanks, self._clock()))
        if name is not None and name not in batch.names and len(batch.names) < MOST_NAMED:
            batch.names.append(name)
        elif name is None or name not in batch.names:
            batch.others += 1

    def take(self) -> Batch | None:
        """The batch to be said now, if one is due."""
        now = self._clock()
        if now - self._said_at < APART_S:
            return None
        due = [batch for batch in self._open.values() if now - batch.since >= BATCH_S]
        if not due:
            return None
        first = min(due, key=lambda batch: batch.since)
        del self._open[first.thanks]
        self._said_at = now
        return first
