"""Lines that a language model wrote ahead, waiting for their moment."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from engine.flow import LineKind
from engine.script import Draft
from engine.script.choose import TEXT_WINDOW

REST = 15
"""Lines, about a minute and a half, before the same words around another fact or name may come again."""

MOST_EACH = 16
"""Lines that wait for one moment; the newest replace the oldest."""

Key = tuple[LineKind, frozenset[str]]


class DraftPool:
    """Holds at most ``MOST_EACH`` lines for each fact and each product's opener, question and transition.

    ``share`` is the part of the moments for which a model's line is taken where one rests. ``allowed`` judges a line
    at the moment when it is to be said. When a line was said last is remembered while it waits to come again or would
    not be rested; of the others, of which there are more every hour, nothing is kept.
    """

    def __init__(self, share: float, seed: int, allowed: Callable[[Draft], bool]) -> None:
        self._share = share
        self._random = random.Random(seed)
        self._allowed = allowed
        self._waiting: dict[Key, list[Draft]] = {}
        self._said: dict[str, int] = {}
        self._frames: dict[str, int] = {}
        self._line = 0
        self._last: Draft | None = None

    def add(self, drafts: Iterable[Draft]) -> None:
        """Take lines in; those that are there already are left out."""
        for draft in drafts:
            key = key_of(draft)
            if key is None:
                continue
            waiting = self._waiting.setdefault(key, [])
            if all(draft.text != other.text for other in waiting):
                waiting.append(draft)
                del waiting[:-MOST_EACH]

    def drop(self, changed: frozenset[str]) -> None:
        """Let go of every line that cites one of the facts ``changed``."""
        for waiting in self._waiting.values():
            waiting[:] = [draft for draft in waiting if not changed.intersection(draft.fact_ids)]

    def remember(self, texts: Sequence[str]) -> None:
        """Take lines of an earlier run as said, oldest first."""
        for text in texts:
            self._line += 1
            self._said[text] = self._line

    def waiting(self) -> int:
        """How many lines wait."""
        return sum(map(len, self._waiting.values()))

    def instead_of(self, plain: Draft) -> Draft:
        """The model's line for the moment of ``plain``, or ``plain`` itself; to be asked for every line of the show."""
        chosen = self._choose(plain) or plain
        self._line += 1
        self._said[chosen.text] = self._frames[chosen.frame] = self._line
        self._last = chosen
        if self._line % TEXT_WINDOW == 0:
            self._forget()
        return chosen

    def _choose(self, plain: Draft) -> Draft | None:
        key = key_of(plain)
        waiting = self._waiting.get(key, []) if key is not None else []
        if not waiting or self._random.random() >= self._share:
            return None
        follows = self._last is not None and self._last.kind is LineKind.PITCH and _about(self._last) == _about(plain)
        rested = [draft for draft in waiting if self._rests(draft) and (follows or not draft.follows)]
        rested.sort(key=lambda draft: self._said.get(draft.text, 0))
        for draft in rested:
            if self._allowed(draft):
                return replace(draft, product_id=plain.product_id, mood=plain.mood)
            waiting.remove(draft)
        return None

    def _rests(self, draft: Draft) -> bool:
        said, frame = self._said.get(draft.text), self._frames.get(draft.frame)
        return (said is None or self._line - said > TEXT_WINDOW) and (frame is None or self._line - frame > REST)

    def _forget(self) -> None:
        """Let go of words that have rested and of which no line waits."""
        waiting = [draft for drafts in self._waiting.values() for draft in drafts]
        self._said = self._kept(self._said, {draft.text for draft in waiting}, TEXT_WINDOW)
        self._frames = self._kept(self._frames, {draft.frame for draft in waiting}, REST)

    def _kept(self, said: Mapping[str, int], wanted: set[str], lines: int) -> dict[str, int]:
        return {words: at for words, at in said.items() if words in wanted or self._line - at <= lines}


def _about(draft: Draft) -> str:
    return draft.fact_ids[0].partition(".")[0] if draft.fact_ids else ""


def key_of(draft: Draft) -> Key | None:
    """The moment for which a line is; None where a model's line is not wanted."""
    if draft.kind is LineKind.PITCH:
        products = {fact_id.partition(".")[0] for fact_id in draft.fact_ids}
        return (draft.kind, frozenset(draft.fact_ids)) if draft.fact_ids and "policy" not in products else None
    owners = {fact_id.removesuffix(".name") for fact_id in draft.fact_ids if fact_id.endswith(".name")}
    if draft.kind in {LineKind.OPENER, LineKind.ASK}:
        return (draft.kind, frozenset(owners)) if len(owners) == 1 else None
    if draft.kind is LineKind.TRANSITION:
        # A transition is the following product's: whichever comes before it.
        following = owners - {draft.product_id} or owners
        return (draft.kind, frozenset(following)) if len(following) == 1 else None
    return None
