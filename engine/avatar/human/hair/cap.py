"""Hair as a closed cap over the scalp, and locks combed over it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from engine.avatar.human.hair.head import HeadShape, azimuths, slerp
from engine.avatar.human.hair.strands import Piece, grid_normals, sheet
from engine.avatar.human.hairline import Hairline
from engine.avatar.human.mesh import Points, smoothstep, unit

Field = Callable[[Points], Points]
"""Directions from the head's centre (n, 3) to a number or a vector each."""

SAMPLES = 24000


@dataclass(frozen=True)
class Cap:
    """A surface over the whole scalp: strands run between ``pole`` and the hairline, ``height`` metres over the skin.

    ``lift`` bows the strands of the sides upwards, over the ears. ``towards_pole`` says that they grow from the
    hairline to the pole and not the other way round.
    """

    head: HeadShape
    hairline: Hairline
    pole: Points
    height: Field
    lift: float = 0.0
    towards_pole: bool = False

    def piece(
        self,
        strands: int,
        columns: int,
        shares: tuple[float, float] = (0.0, 1.0),
        shade: float = 0.5,
        streaks: float = 1.0,
    ) -> Piece:
        """The cap with ``strands`` a side; root to tip runs over ``shares``."""
        left = self.head.edge(self.hairline, strands)
        edge = np.concatenate([left, left[-2::-1] * [-1, 1, 1]])
        t = 1 - (1 - np.linspace(0, 1, columns)) ** 1.3
        direction = np.stack([slerp(self.pole, e, t) for e in edge])
        low = smoothstep(0.45, 0.0, self.head.level(self.head.over(edge, 0.0)))
        direction[..., 2] += self.lift * low[:, None] * np.sin(np.pi * t)
        grid = self.head.over(direction, self.height(unit(direction)))
        if self.towards_pole:
            grid = grid[:, ::-1]
        return sheet(self.head, grid, np.linspace(*shares, columns), grid_normals(grid, self.head), shade, streaks)

    def inside(self, directions: Points) -> Points:
        """How far (shares of the crown's height) directions lie above the hairline."""
        points = self.head.over(directions, 0.0)
        return self.head.level(points) - self.hairline.at(azimuths(directions))

    def roots(self, spacing: float, rng: np.random.Generator, margin: float = 0.0) -> Points:
        """Directions (n, 3) spread over the cap at least ``spacing`` metres apart, ``margin`` above the hairline."""
        candidates = unit(rng.normal(size=(SAMPLES, 3)))
        candidates = candidates[self.inside(candidates) > margin]
        points = self.head.over(candidates, self.height(candidates))
        near = cKDTree(points).query_ball_point(points, spacing)
        taken = np.zeros(len(points), bool)
        chosen = []
        for i, neighbours in enumerate(near):
            if not taken[i]:
                chosen.append(i)
                taken[neighbours] = True
        return candidates[chosen]

    def front_roots(self, azimuth: float, spacing: float, rng: np.random.Generator) -> Points:
        """Directions (n, 3) along the hairline over the forehead, as far to either side as an azimuth in degrees."""
        edge = self.head.edge(self.hairline, 400)
        edge = edge[azimuths(edge) < azimuth]
        edge = np.concatenate([edge[:0:-1] * [-1, 1, 1], edge])
        length = np.linalg.norm(np.diff(self.head.over(edge, 0.0), axis=0), axis=1)
        at = (
            np.arange(0.5, length.sum() / spacing) * spacing
            + rng.normal(size=int(length.sum() / spacing + 0.5)) * 0.001
        )
        return unit(edge[np.searchsorted(np.cumsum(length), at).clip(0, len(edge) - 1)] + np.array([0, 0, 0.02]))

    def combed(self, roots: Points, flow: Field, length: Points, rise: Points, turn: Points | None = None) -> Points:
        """Strands (n, k, 3) from roots along a flow, of ``length`` (n,), turned aside by vectors ``turn`` (n, 3);
        ``rise`` (n, k) is their height over the cap at even steps.
        """
        steps = rise.shape[1]
        direction, path = unit(roots), []
        stride = (length / (steps - 1))[:, None]
        for _ in range(steps):
            path.append(direction)
            way = unit(flow(direction)) + (0.0 if turn is None else turn)
            way = unit(way - (way * direction).sum(-1, keepdims=True) * direction)
            direction = unit(direction + way * stride / self.head.radius(direction)[:, None])
        lines = np.stack(path, 1)
        return self.head.over(lines, self.height(lines) + rise)


def through(controls: Points, count: int) -> Points:
    """Directions (count, 3) on a smooth curve through control directions (Catmull and Rom 1974)."""
    padded = np.r_[2 * controls[:1] - controls[1:2], controls, 2 * controls[-1:] - controls[-2:-1]]
    at = np.linspace(0, len(controls) - 1, count)
    i = np.minimum(at.astype(int), len(controls) - 2)
    u = (at - i)[:, None]
    a, b, c, d = (padded[i + k] for k in range(4))
    return unit(0.5 * (2 * b + (c - a) * u + (2 * a - 5 * b + 4 * c - d) * u**2 + (3 * b - a - 3 * c + d) * u**3))
