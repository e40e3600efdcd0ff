"""The lens: soft moves between framings at the start of a line, slow push-ins while it lasts."""

from __future__ import annotations

import math
from dataclasses import dataclass

from engine.avatar.framing import FRAMINGS, View
from engine.flow import Framing
from engine.stage.timeline import Placed

MOVE_S = 0.64
"""Seconds that the lens takes from one framing to another."""

PUSH_IN = 0.055
"""How much nearer a push-in ends."""

PUSH_SLOWEST_S = 2.4
"""A push-in takes as long as its line, but no less."""


@dataclass(frozen=True, slots=True)
class Shot:
    """From picture ``start`` on, the lens moves from one view to another, and then nearer for ``push`` pictures."""

    start: int
    before: View
    after: View
    push: int

    def view(self, picture: int, move: int) -> View:
        """The view at a picture; ``move`` is the length of the move in pictures."""
        share = _eased((picture - self.start) / move)
        zoom = self.before.zoom * (self.after.zoom / self.before.zoom) ** share
        eyes_at = self.before.eyes_at + (self.after.eyes_at - self.before.eyes_at) * share
        nearer = _eased((picture - self.start) / self.push) if self.push else 0.0
        return View(zoom * (1 + PUSH_IN * nearer), eyes_at)


class Camerawork:
    """The view of each picture, from the lines that are placed. Pictures come in rising order, mostly."""

    def __init__(self, fps: int) -> None:
        self._fps = fps
        self._move = math.ceil(MOVE_S * fps)
        self._framing = FRAMINGS[Framing.BUST]
        start = Shot(-self._move, self._framing, self._framing, 0)
        self._shots = [start, start]

    def view(self, picture: int, placed: Placed | None) -> View:
        """The view at ``picture``, on which ``placed`` is on air."""
        if placed is not None and placed.start > self._shots[-1].start:
            self._begin(placed)
        shot = self._shots[-1] if picture >= self._shots[-1].start else self._shots[0]
        return shot.view(picture, self._move)

    def _begin(self, placed: Placed) -> None:
        """A line with a wish for a framing or a push-in starts a shot; any other goes on in the one before."""
        line = placed.act.line
        if line.framing is None and not line.push_in:
            return
        now = self._shots[-1].view(placed.start, self._move)
        self._framing = FRAMINGS[line.framing] if line.framing is not None else self._framing
        push = max(placed.act.pictures, math.ceil(PUSH_SLOWEST_S * self._fps)) if line.push_in else 0
        self._shots = [self._shots[-1], Shot(placed.start, now, self._framing, push)]


def _eased(share: float) -> float:
    """0 to 1 without a jolt in speed or acceleration (Perlin's quintic)."""
    x = min(max(share, 0.0), 1.0)
    return x * x * x * (x * (6 * x - 15) + 10)
