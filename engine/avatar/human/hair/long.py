"""Long hair from a side part: a panel before each shoulder, the rest down the back, in soft waves.

Panels are grids of strands that lie on what is below them; locks are laid on the panels, so neither can cut into
clothes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter, maximum_filter1d, minimum_filter1d

from engine.avatar.human.hair.head import HeadShape, Obstacles
from engine.avatar.human.hair.parted import FRINGE, SWEEP_POINTS, Parting, broken_shine
from engine.avatar.human.hair.strands import Cut, Lock, Piece, joined, lock, outer_first, sheet, smoothed
from engine.avatar.human.mesh import Part, Points, smoothstep, unit
from engine.avatar.human.sculpt import Figure

DROP_POINTS = 26
CLEARANCE = 0.007
FRINGE_BULK = 0.64
"""The fringe lies close: there are no raised locks under it, and from the side light would show between."""

CURTAIN_ROWS, CURTAIN_END = 5, 0.022
"""Strands that close the gap over the shoulder, between what falls before and behind it; they end this far above the
neck joint, in metres, so as not to hang into a collar.
"""

BEHIND = 0.058
"""y, in metres, to which hair that falls behind the shoulders has gone when it reaches them."""
FOLLOW_FADE = (-0.030, 0.010)
"""Metres: hair begins to follow the head this far over the neck joint, and does wholly this far over the chin."""


@dataclass(frozen=True)
class Fall:
    """How one panel falls: strands ``s`` from ``first`` to ``last``, ending ``below`` the neck joint (metres), before
    or behind the shoulder, between ``inner`` and ``outer`` metres from the middle.
    """

    first: float
    last: float
    below: float
    front: bool
    inner: float
    outer: float
    rows: int


FRONT = {1: Fall(0.0, 0.31, 0.125, True, 0.058, 0.106, 14), -1: Fall(0.0, 0.28, 0.115, True, 0.060, 0.102, 13)}
BACK = Fall(0.31, 1.0, 0.10, False, 0.100, 0.0, 20)

PANEL_LOCKS: tuple[tuple[int, float, float], ...] = ((11, 0.021, 0.6), (9, 0.013, 1.3), (4, 0.007, 2.0))


def long(figure: Figure, skin: Part, obstacles: Obstacles, seed: int) -> Part:
    """Past the shoulders, before and behind them."""
    head = HeadShape(figure, skin)
    builder = _Long(Parting(head, obstacles, seed, volume=1.0))
    pieces = builder.pieces()
    part = joined(pieces)
    broken_shine(head, part)
    part.follow = smoothstep(head.neck[2] + FOLLOW_FADE[0], head.chin + FOLLOW_FADE[1], part.position[:, 2])
    return part


class _Long:
    def __init__(self, parting: Parting) -> None:
        self.parting, self.head, self.rng = parting, parting.head, parting.rng
        self.torso = parting.obstacles.below(self.head.neck[2] + 0.045)

    def pieces(self) -> list[Piece]:
        locks: list[Lock] = []
        sheets: list[Piece] = []
        for side in (1, -1):
            front, back = self.panel(side, FRONT[side]), self.panel(side, BACK)
            locks += self.laid(front, FRONT[side]) + self.laid(back, BACK)
            curtain = front[-1] + (back[0] - front[-1]) * np.linspace(0, 1, CURTAIN_ROWS)[:, None, None]
            sheets += [sheet(self.head, np.concatenate([self.rim(side, front[0]), front])), sheet(self.head, back)]
            above = curtain[..., 2].min(0) > self.head.neck[2] + CURTAIN_END
            sheets.append(sheet(self.head, curtain[:, above]))
        for side, count in FRINGE:
            for k in range(count):
                line = self.parting.fringe(side, k / (count - 1), FRINGE_BULK)
                cut = Cut(0.012 * (1 + 0.25 * self.rng.random()), 2.5, taper=0.6, root=0.45)
                locks += lock(self.head, line, cut, self.rng.random())
        return outer_first(locks) + sheets

    def panel(self, side: int, fall: Fall) -> Points:
        """Strands (rows, columns, 3) that lie on head and torso."""
        q = np.linspace(0, 1, fall.rows)
        top = np.stack([self.parting.sweep(side, float(s), 0.0) for s in fall.first + (fall.last - fall.first) * q])
        grid = np.concatenate([top, self._drop(side, fall, q, top[:, -1])], axis=1)
        grid = np.stack([smoothed(line, 5) for line in grid])
        pushed = self.parting.obstacles.push(grid[:, 3:].reshape(-1, 3), 0.004).reshape(*grid[:, 3:].shape)
        head_share = smoothstep(self.head.chin, self.head.chin + 0.035, grid[:, 3:, 2])[..., None]
        grid[:, 3:] += (pushed - grid[:, 3:]) * head_share
        grid[:, SWEEP_POINTS:] = self._rested(grid[:, SWEEP_POINTS:], fall)
        if not fall.front:
            grid[-1, :, 0] = np.where(abs(grid[-1, :, 0]) < 0.02, 0.0, grid[-1, :, 0])
        return grid

    def _drop(self, side: int, fall: Fall, q: Points, start: Points) -> Points:
        u = np.linspace(0, 1, DROP_POINTS + 1)[1:]
        q, u = q[:, None], u[None]
        x0, y0, z0 = (start[:, axis, None] for axis in range(3))
        ragged = 0.004 * np.sin(11 * q + 1) + 0.003 * np.sin(23 * q)
        end = self.head.neck[2] - fall.below + 0.030 * (2 * q - 0.9) ** 2 + ragged
        z = z0 - (z0 - end) * u
        gathered = 1 - 0.30 * smoothstep(0.75, 1.0, u)
        goal = fall.inner + (fall.outer - fall.inner) * q
        middle = (fall.inner + fall.outer) / 2
        wave = np.sin(2 * np.pi * (1.45 * u - 0.12 * q) + (0.6 if side > 0 else 2.0)) * smoothstep(0.25, 0.8, u)
        settled = smoothstep(0.10, 0.62, u) if fall.front else smoothstep(0.05, 0.42, u)
        x = side * (abs(x0) * (1 - settled) + (middle + (goal - middle) * gathered) * settled)
        if not fall.front:
            x = x0 * (1 - 0.16 * settled)
        x = x + side * (0.0075 * wave + 0.003 * np.sin(np.pi * np.minimum(u * 2.2, 1)) * (1 - 0.4 * q))
        way = -0.012 - 0.008 * q if fall.front else np.maximum(BEHIND - y0, 0)
        y = y0 + way * settled + 0.004 * np.cos(2 * np.pi * 1.45 * u) * smoothstep(0.25, 0.8, u)
        return np.stack(np.broadcast_arrays(x, y, z), -1)

    def _rested(self, grid: Points, fall: Fall) -> Points:
        """The panel moved before (or behind) the torso wherever it would be inside."""
        grid = grid.copy()
        surface = self.torso.depth(grid[..., 0], grid[..., 2], front=fall.front)
        sign = 1.0 if fall.front else -1.0
        widest = minimum_filter1d if fall.front else maximum_filter1d
        limit = widest(surface - sign * CLEARANCE, 3, axis=1, mode="nearest")
        limit = widest(limit, 3, axis=0, mode="nearest")
        y = np.minimum(grid[..., 1], limit) if fall.front else np.maximum(grid[..., 1], limit)
        soft = gaussian_filter(y, (0.9, 1.8), mode="nearest")
        grid[..., 1] = np.minimum(soft, y + 0.004) if fall.front else np.maximum(soft, y - 0.004)
        return grid

    def rim(self, side: int, edge: Points) -> Points:
        """Strands that turn a panel's inner edge in: to the skin beside the face, and a little way below the chin."""
        low = smoothstep(self.head.chin + 0.03, self.head.chin - 0.02, edge[:, 2])[:, None]
        steps = np.array([3, 2, 1])[:, None, None]
        below = edge + np.array([side * 0.002, 0.0025, 0]) * steps
        return np.asarray(self.parting.rim(side, edge) * (1 - low) + below * low)

    def laid(self, panel: Points, fall: Fall) -> list[Lock]:
        """Locks on a panel."""
        made: list[Lock] = []
        rows = np.arange(len(panel))
        for count, width, layer in PANEL_LOCKS:
            number = count if fall.front else count * 3 // 2
            for k in range(number):
                at = float(np.clip((k + 0.5 + self.rng.normal() * 0.25) / number, 0, 1)) * (len(panel) - 1)
                meander = gaussian_filter(np.cumsum(self.rng.normal(size=panel.shape[1]) * 0.10), 3)
                path = np.clip(at + meander * layer, 0, len(panel) - 1)
                low = np.minimum(path.astype(int), len(rows) - 2)
                share = (path - low)[:, None]
                columns = np.arange(panel.shape[1])
                line = panel[low, columns] * (1 - share) + panel[low + 1, columns] * share
                out = self.head.outward(line, unit(np.gradient(line, axis=0)))
                line = line + out * ((-0.0008 + 0.0015 * (layer - 0.6)) * smoothstep(0, 8, columns))[:, None]
                cut_at = len(line) - int(self.rng.integers(0, 4))
                cut = Cut(width * (1 + 0.2 * self.rng.random()), layer, 0.80, 0.15, 0.2, points=24, ridge=0.16)
                made += lock(self.head, line[:cut_at], cut, 0.5 + 0.8 * (self.rng.random() - 0.5))
        return made
