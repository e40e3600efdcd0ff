"""Shots: which framing a line is best seen in, and when the camera comes nearer. Deterministic by seed."""

from __future__ import annotations

import hashlib

from engine.flow import Framing, LineKind
from engine.script import Draft
from engine.show.pacing import spoken_seconds

LEAST_SHOT_S = 6.0
"""A framing stays at least this long; only an answer may cut it short."""

PREFERRED: dict[LineKind, tuple[tuple[Framing, float], ...]] = {
    LineKind.GREETING: ((Framing.HALF, 1.0),),
    LineKind.NOTICE: ((Framing.BUST, 1.0),),
    LineKind.OPENER: ((Framing.HALF, 0.75), (Framing.BUST, 0.25)),
    LineKind.PITCH: ((Framing.BUST, 0.72), (Framing.HALF, 0.28)),
    LineKind.PRICE: ((Framing.CLOSE, 0.55), (Framing.BUST, 0.45)),
    LineKind.ASK: ((Framing.BUST, 0.60), (Framing.CLOSE, 0.40)),
    LineKind.TRANSITION: ((Framing.HALF, 0.85), (Framing.BUST, 0.15)),
    LineKind.RECAP: ((Framing.HALF, 0.80), (Framing.BUST, 0.20)),
    LineKind.ANSWER: ((Framing.CLOSE, 0.55), (Framing.BUST, 0.45)),
    LineKind.SAY: ((Framing.BUST, 1.0),),
}
"""Framings of each kind of line with their shares."""

SINCERE = frozenset({"sincere", "sorry", "serious"})
"""Moods that are seen from near."""

PUSH_IN: dict[LineKind, float] = {LineKind.PRICE: 0.60, LineKind.PITCH: 0.13, LineKind.ANSWER: 0.15}
"""Chance of a slow approach, by kind of line."""

BETWEEN_PUSHES_S = 14.0


class Shots:
    """Chooses the shot of each line, in the order in which the lines of the show are made.

    Every line names its framing, because an answer may come between two lines that are made already.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._framing = Framing.HALF
        self._held_s = 0.0
        self._since_push_s = BETWEEN_PUSHES_S

    def shot(self, draft: Draft, line_id: str) -> tuple[Framing, bool]:
        """``Line.framing`` and ``Line.push_in`` of a draft."""
        framing_at, push_at = _units(f"{self._seed} {line_id} {draft.text}")
        wanted = _wanted(draft, framing_at)
        if draft.kind is LineKind.ANSWER:
            return wanted, push_at < PUSH_IN[LineKind.ANSWER]
        if wanted is not self._framing and self._held_s >= LEAST_SHOT_S:
            self._framing, self._held_s = wanted, 0.0
        near = self._framing is not Framing.HALF
        push = near and self._since_push_s >= BETWEEN_PUSHES_S and push_at < PUSH_IN.get(draft.kind, 0.0)
        length = spoken_seconds(draft.text)
        self._held_s += length
        self._since_push_s = length if push else self._since_push_s + length
        return self._framing, push


def _wanted(draft: Draft, unit: float) -> Framing:
    """The framing by mood and kind; ``unit`` is 0 to 1."""
    if draft.mood in SINCERE:
        return Framing.CLOSE
    for framing, share in PREFERRED[draft.kind]:
        if unit < share:
            return framing
        unit -= share
    return PREFERRED[draft.kind][-1][0]


def _units(key: str) -> tuple[float, float]:
    """Two numbers from 0 to 1 for a key."""
    digest = hashlib.sha256(key.encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64, int.from_bytes(digest[8:16], "big") / 2**64
