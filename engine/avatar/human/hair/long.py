"""Long hair from a side part: a panel before each shoulder, the rest down the back, in soft waves.

Panels are grids of strands that lie on what is below them; locks are laid on the panels, so neither can cut into
clothes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter, maximum_filter1d, minimum_filter1d

from engine.avatar.human.hair.head import HeadShape, Obstacles
from engine.avatar.human.hair.parted import FRINGE, SWEEP_POINTS, Parting
from engine.avatar.human.hair.strands import Cut, Lock, Piece, joined, lock, outer_first, sheet, smoothed
from engine.avatar.human.mesh import Part, Points, smoothstep, unit
from engine.avatar.human.sculpt import Figure

DROP_POINTS = 26
CLEARANCE = 0.007
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
BACK = Fall(0.25, 1.0, 0.10, False, 0.100, 0.0, 20)

PANEL_LOCKS: tuple[tuple[int, float, float], ...] = ((11, 0.021, 0.6), (9, 0.013, 1.3), (4, 0.007, 2.0))


def long(figure: Figure, skin: Part, obstacles: Obstacles, seed: int) -> Part:
    """Past the shoulders, before and behind them."""
    head = HeadShape(figure, skin)
    builder = _Long(Parting(head, obstacles, seed, volume=0.95))
    pieces = builder.pieces()
    part = joined(pieces)
    _turn_shine(head, part)
    part.follow = smoothstep(head.neck[2] + FOLLOW_FADE[0], head.chin + FOLLOW_FADE[1], part.position[:, 2])
    return part


def _turn_shine(head: HeadShape, part: Part) -> None:
    """Leans the strand directions of what falls, more for some locks than for others.

    Straight hair lies at the angle of the key light's highlight over its whole length; leaning breaks that into bands.
    """
    low = smoothstep(head.eyes + 0.03, head.eyes - 0.04, part.position[:, 2])
    lean = low * (-0.30 + 0.35 * (part.extra["strand"][:, 2] - 0.5))
    part.extra["along"] = unit(part.extra["along"] + lean[:, None] * part.normal)


class _Long:
    def __init__(self, parting: Parting) -> None:
        self.parting, self.head, self.rng = parting, parting.head, parting.rng
        self.torso = parting.obstacles.below(self.head.neck[2] + 0.045)

    def pieces(self) -> list[Piece]:
        locks: list[Lock] = []
        sheets: list[Piece] = []
        for side in (1, -1):
            for fall in (FRONT[side], BACK):
                panel = self.panel(side, fall)
                locks += self.laid(panel, fall)
                rims = [self.parting.rim(side, panel[0])] if fall.front else []
                outer = [self.tucked(side, panel[-1])] if fall.front else []
                sheets.append(sheet(self.head, np.concatenate([*rims, panel, *outer])))
        for side, count in FRINGE:
            for k in range(count):
                line = self.parting.fringe(side, k / (count - 1))
                cut = Cut(0.012 * (1 + 0.25 * self.rng.random()), 2.5, taper=0.6, root=0.45)
                locks += lock(self.head, line, cut, self.rng.random())
        return outer_first(locks) + sheets

    def panel(self, side: int, fall: Fall) -> Points:
        """Strands (rows, columns, 3) that lie on head and torso."""
        q = np.linspace(0, 1, fall.rows)
        top = np.stack([self.parting.sweep(side, float(s), 0.0) for s in fall.first + (fall.last - fall.first) * q])
        grid = np.concatenate([top, self._drop(side, fall, q, top[:, -1])], axis=1)
        grid = np.stack([smoothed(line, 5) for line in grid])
        grid[:, 3:] = self.parting.obstacles.push(grid[:, 3:].reshape(-1, 3), 0.004).reshape(*grid[:, 3:].shape)
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
        settled = smoothstep(0.10, 0.62, u)
        x = side * (abs(x0) * (1 - settled) + (middle + (goal - middle) * gathered) * settled)
        if not fall.front:
            x = x0 * (1 - 0.12 * settled)
        x = x + side * (0.0075 * wave + 0.003 * np.sin(np.pi * np.minimum(u * 2.2, 1)) * (1 - 0.4 * q))
        way = -0.012 * settled - 0.008 * q * settled if fall.front else 0.075 * (1 - q) * settled
        y = y0 + way + 0.004 * np.cos(2 * np.pi * 1.45 * u) * smoothstep(0.25, 0.8, u)
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

    def tucked(self, side: int, edge: Points) -> Points:
        """Strands that turn a panel's outer edge back and in."""
        low = smoothstep(self.head.eyes - 0.02, self.head.eyes - 0.08, edge[:, 2])[:, None]
        steps = [edge + low * np.array([-side * 0.004, 0.012, 0]) * k for k in (1, 2)]
        return np.stack(steps)

    def laid(self, panel: Points, fall: Fall) -> list[Lock]:
        """Locks on a panel."""
        made: list[Lock] = []
        rows = np.arange(len(panel))
        for count, width, layer in PANEL_LOCKS:
            number = count if fall.front else count * 3 // 2
            for k in range(number):
                at = float(np.clip((k + 0.5 + self.rng.normal() * 0.25) / number, 0, 1)) * (len(panel) - 1)
                meander = 0.5 * np.cumsum(self.rng.normal(size=panel.shape[1]) * 0.12)
                path = np.clip(at + meander * layer, 0, len(panel) - 1)
                low = np.minimum(path.astype(int), len(rows) - 2)
                share = (path - low)[:, None]
                columns = np.arange(panel.shape[1])
                line = panel[low, columns] * (1 - share) + panel[low + 1, columns] * share
                line = smoothed(line, 4)
                out = self.head.outward(line, unit(np.gradient(line, axis=0)))
                line = line + out * (0.0008 + 0.0022 * layer * smoothstep(0, 8, columns))[:, None]
                cut_at = len(line) - int(self.rng.integers(0, 4))
                cut = Cut(width * (1 + 0.2 * self.rng.random()), layer, 0.80, 0.15, 0.2, points=24, ridge=0.16)
                made += lock(self.head, line[:cut_at], cut, 0.5 + 0.8 * (self.rng.random() - 0.5))
        return made
