"""Hair drawn back from a side part into a low bun, with a soft front and a loose strand at each temple."""

from __future__ import annotations

import numpy as np

from engine.avatar.human.hair.cap import Cap, through
from engine.avatar.human.hair.head import HeadShape, Obstacles, azimuths, sphere
from engine.avatar.human.hair.strands import (
    Cut,
    Lock,
    Piece,
    grid_normals,
    joined,
    lock,
    outer_first,
    sheet,
    smoothed,
)
from engine.avatar.human.hairline import WOMAN
from engine.avatar.human.mesh import Part, Points, smoothstep, unit
from engine.avatar.human.sculpt import Figure

PART_X = 0.26
PART_FRONT, PART_BACK = 30.0, 128.0
"""Degrees over the head, from straight ahead, at which the part begins and ends."""

BUN = sphere(1.0, 180.0, -36.0)
GATHERED = sphere(1.0, 180.0, 2.0)
"""Where the hair that lies closest meets, under the rest."""

BUN_RADIUS = 0.043
DRAPES, DRAPE_POINTS = 22, 24


def tied(figure: Figure, skin: Part, obstacles: Obstacles, seed: int) -> Part:
    """A low bun, ears free."""
    builder = _Tied(HeadShape(figure, skin), obstacles, np.random.default_rng(seed))
    pieces = outer_first(builder.locks())
    pieces += builder.bun()
    pieces += [builder.drape(side) for side in (1, -1)]
    return joined([*pieces, builder.cap.piece(44, 18, (0.2, 0.6))])


class _Tied:
    def __init__(self, head: HeadShape, obstacles: Obstacles, rng: np.random.Generator) -> None:
        self.head, self.obstacles, self.rng = head, obstacles, rng
        self.cap = Cap(head, WOMAN, GATHERED, self.under, lift=0.35, towards_pole=True)

    def under(self, d: Points) -> Points:
        """Height of the hair that lies closest."""
        inside = self.head.level(self.head.over(d, np.zeros(d.shape[:-1]))) - WOMAN.at(azimuths(d))
        return np.asarray(-0.0012 + 0.0055 * smoothstep(0.0, 0.22, inside))

    def strand(self, side: int, s: float, layer: float, jitter: float = 0.0) -> Points:
        """From the part (``s`` 0 at the face, 1 at the crown) over the temple and the ear to the bun."""
        angle = np.radians(PART_FRONT + (PART_BACK - PART_FRONT) * s)
        root = unit(np.array([PART_X * (1 - 0.75 * s) - side * 0.03, -np.cos(angle), np.sin(angle)]))
        azimuth = np.array([24, 43, 57, 71, 92, 124]) * (1 - s) + np.array([60, 112, 134, 150, 160, 170]) * s
        level = np.array([0.66, 0.59, 0.42, 0.20, 0.10, -0.20]) * (1 - s) + np.array([0.93, 0.84, 0.7, 0.5, 0.2, -0.2]) * s
        on_way = self.head.directions(azimuth + jitter * 1.5, level + jitter * 0.012, side)
        d = through(np.concatenate([root[None], on_way, BUN[None]]), DRAPE_POINTS)
        t = np.linspace(0, 1, DRAPE_POINTS)
        back = smoothstep(0, 0.32, np.array(s))
        soft = 0.008 * np.sin(np.pi * np.clip(t * 1.25 + 0.05, 0, 1))
        height = (0.0060 + soft) * (0.4 + 0.6 * back) + 0.0018 * layer * smoothstep(0, 0.3, t) - 0.003 * smoothstep(0.85, 1, t) * back
        line = smoothed(self.head.over(d, height), 2)
        line[2:] = self.obstacles.push(line[2:], 0.0025 + 0.0015 * layer)
        return smoothed(line, 2)

    def drape(self, side: int) -> Piece:
        """One side's sheet, its front edge turned in to the hairline."""
        lines = np.stack([self.strand(side, float(s), 0.0) for s in np.linspace(0, 1, DRAPES) ** 1.1])
        away = unit(lines[0] - self.head.centre)
        rim = []
        for inward in (1.0, 0.5):
            turned = unit(away + np.array([-side * 0.01, 0.0, -0.03]) * (inward * 0.5) + np.array([0, 0.05, 0]) * inward)
            rim.append(self.head.over(turned, np.full(len(turned), -0.001 * inward + 0.004 * (1 - inward))))
        grid = np.concatenate([np.stack(rim), lines])
        return sheet(self.head, grid, np.linspace(0, 0.8, DRAPE_POINTS), grid_normals(grid, self.head))

    def locks(self) -> list[Lock]:
        made: list[Lock] = []
        for count, width, layer in ((18, 0.017, 0.6), (14, 0.009, 1.2)):
            for side in (1, -1):
                for k in range(count):
                    s = float(np.clip((k + 0.5 + self.rng.normal() * 0.25) / count, 0, 1))
                    line = self.strand(side, s, layer, self.rng.normal())
                    cut = Cut(width * (1 + 0.2 * self.rng.random()), layer, 0.9, 0.2, 0.4, ridge=0.12)
                    made += lock(self.head, line, cut, 0.5 + 0.5 * (self.rng.random() - 0.5))
        for side, length in ((1, 0.115), (-1, 0.105)):
            for k in range(3):
                made += lock(
                    self.head, self.tendril(side, k, length - 0.02 * k), Cut(0.009 - 0.0015 * k, 2.5, 0.35, 0.4, 0.08), 0.6
                )
        return made

    def tendril(self, side: int, k: int, length: float) -> Points:
        """A loose strand that falls from the temple, in front of the ear."""
        start = self.head.over(sphere(side, 57 + 1.5 * k, 16 - 2.0 * k)[None], np.array([0.004]))[0]
        u = np.linspace(0, 1, 16)
        x = start[0] + side * (0.006 * np.sin(np.pi * u) + 0.004 * np.sin(2.4 * np.pi * u + 0.4 * k) * u - 0.010 * u**2)
        y = start[1] + 0.006 * u + 0.004 * np.sin(1.8 * np.pi * u + 0.5 * k) * u
        line = np.stack([x, y, start[2] - length * u], 1)
        return smoothed(self.obstacles.push(line, 0.003), 3)

    def bun(self) -> list[Piece]:
        """A flattened ball of strands wound around its axis."""
        head = self.head
        centre = head.over(BUN[None], np.array([BUN_RADIUS * 0.55]))[0]
        axis = unit(BUN + np.array([0, 0, -0.25]))
        e1 = np.array([1.0, 0, 0])
        e2 = np.cross(axis, e1)
        pieces = []
        turn = np.linspace(0, 2 * np.pi, 25)
        polar = np.linspace(0.08, np.pi * 0.80, 12)
        radius = BUN_RADIUS * (1 + 0.06 * np.cos(3 * turn[:, None] + 4 * polar[None]))
        round_ = np.cos(turn[:, None] + 0.8 * polar[None])[..., None] * e1 + np.sin(turn[:, None] + 0.8 * polar[None])[
            ..., None
        ] * e2
        grid = centre + (
            round_ * (radius * np.sin(polar))[..., None] + axis * (radius * 0.72 * np.cos(polar))[..., None]
        )
        normal = unit(np.cross(np.gradient(grid, axis=1), np.gradient(grid, axis=0)))
        normal *= np.where(((grid - centre) * normal).sum(-1, keepdims=True) < 0, -1, 1)
        pieces.append(sheet(head, grid.swapaxes(0, 1), np.linspace(0.3, 0.9, 25), normal.swapaxes(0, 1)))
        return pieces
