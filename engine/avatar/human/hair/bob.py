"""A bob: a closed sheet of hair over the head with tapered locks laid on it.

The sheet is a grid of neighbouring strands whose front edge turns in to the skin, so nothing behind it can be seen
between hair, ear and collar; the locks give relief and a lively outline.
"""

from __future__ import annotations

import numpy as np

from engine.avatar.human.hair.head import HeadShape, Obstacles
from engine.avatar.human.hair.parted import FRINGE, Parting, broken_shine
from engine.avatar.human.hair.strands import Cut, Lock, Piece, joined, lock, outer_first, sheet, smoothed
from engine.avatar.human.mesh import Part, Points, smoothstep
from engine.avatar.human.sculpt import Figure

BELOW_CHIN = 0.008
DROP_POINTS = 13
SHEET_STRANDS = 32

LOCK_LAYERS: tuple[tuple[int, float, float], ...] = ((22, 0.022, 0.6), (17, 0.014, 1.2), (8, 0.006, 2.0))
"""(locks a side, width in metres, layer) of each layer over the sheet."""


def bob(figure: Figure, skin: Part, obstacles: Obstacles, seed: int) -> Part:
    """Chin-length hair with a side part and a side-swept fringe."""
    head = HeadShape(figure, skin)
    builder = _Bob(Parting(head, obstacles, seed))
    part = joined(outer_first(builder.locks()) + [builder.sheet(side) for side in (1, -1)])
    broken_shine(head, part)
    return part


class _Bob:
    def __init__(self, parting: Parting) -> None:
        self.parting, self.head, self.rng = parting, parting.head, parting.rng
        self.end = self.head.chin - BELOW_CHIN

    def locks(self) -> list[Lock]:
        made: list[Lock] = []
        for count, width, layer in LOCK_LAYERS:
            for side in (1, -1):
                for k in range(count):
                    s = float(np.clip((k + 0.5 + self.rng.normal() * 0.25) / count, 0, 1))
                    jitter = self.rng.normal() * (0.2 + 0.2 * layer)
                    line = self.strand(side, s, layer, jitter, self.rng.normal() * 0.003)
                    cut = Cut(width * (1 + 0.2 * self.rng.random()), layer)
                    made += lock(self.head, line, cut, self.rng.random())
        for side, count in FRINGE:
            for k in range(count):
                line = self.parting.fringe(side, k / (count - 1))
                cut = Cut(0.012 * (1 + 0.25 * self.rng.random()), 2.5, taper=0.6, root=0.45)
                made += lock(self.head, line, cut, self.rng.random())
        return made

    def strand(self, side: int, s: float, layer: float, jitter: float = 0.0, lift: float = 0.0) -> Points:
        """Centre line of the strand at ``s``: 0 at the face, 1 at the back of the head."""
        top = self.parting.sweep(side, s, layer, jitter)
        line = smoothed(np.r_[top, self._drop(top[-1], s, lift)], 5)
        line[3:] = self.parting.obstacles.push(line[3:], 0.004 + 0.003 * layer)
        return smoothed(line, 3)

    def _drop(self, start: Points, s: float, lift: float) -> Points:
        u = np.linspace(0, 1, DROP_POINTS + 1)[1:]
        uneven = 0.003 * np.sin(9.0 * s + 1.0) + 0.002 * np.sin(23.0 * s)
        end = self.end + lift + uneven + 0.016 * float(smoothstep(0.5, 1, np.array(s)))
        outward = np.array([start[0], start[1] - self.head.neck[1]])
        outward = outward / np.linalg.norm(outward)
        belly = (0.003 + 0.006 * float(smoothstep(0.1, 0.4, np.array(s)))) * np.sin(np.pi * np.minimum(u * 1.25, 1))
        radial = belly - 0.034 * smoothstep(0.42, 1.05, u)
        forward = -0.010 * u if s < 0.3 else 0 * u
        return np.stack(
            [start[0] + outward[0] * radial, start[1] + outward[1] * radial + forward, start[2] - (start[2] - end) * u],
            1,
        )

    def sheet(self, side: int) -> Piece:
        lines = np.stack([self.strand(side, float(s), 0.0) for s in np.linspace(0, 1, SHEET_STRANDS)])
        lines[-1, :, 0] = np.where(abs(lines[-1, :, 0]) < 0.02, 0.0, lines[-1, :, 0])
        return sheet(self.head, np.concatenate([self.parting.rim(side, lines[0]), lines]))
