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
PART_LEVEL, PART_BACK = 0.635, 128.0
"""Where the part begins, as a share of the crown's height over the eyes, and ends, in degrees over the head."""

BUN = sphere(1.0, 180.0, -36.0)
GATHERED = sphere(1.0, 180.0, 2.0)
"""Where the hair that lies closest meets, under the rest."""

BUN_RADIUS = 0.043
DRAPES, DRAPE_POINTS = 30, 24

PART_AT = 0.65
KNOTS = (0.0, 0.16, 0.30, 0.44, 0.55, PART_AT, 1.0)
Ways = tuple[tuple[tuple[float, float], ...], ...]
_EAR: Ways = (
    ((69, -0.12), (76, 0.08), (91, 0.085), (122, -0.22)),
    ((60, 0.26), (76, 0.27), (98, 0.18), (128, -0.15)),
    ((45, 0.54), (70, 0.51), (98, 0.33), (132, -0.10)),
)
_CROWN: Ways = (((120, 0.95), (140, 0.85), (155, 0.60), (165, 0.10)),)
WAYS: dict[int, Ways] = {
    1: (
        *_EAR,
        ((30, 0.605), (58, 0.62), (98, 0.44), (136, -0.04)),
        ((21, 0.62), (56, 0.70), (100, 0.52), (139, 0.00)),
        ((14, 0.63), (55, 0.80), (104, 0.60), (142, 0.05)),
        *_CROWN,
    ),
    -1: (
        *_EAR,
        ((25, 0.61), (58, 0.63), (98, 0.45), (136, -0.04)),
        ((6, 0.62), (54, 0.71), (100, 0.52), (139, 0.00)),
        ((-14, 0.63), (50, 0.83), (104, 0.62), (142, 0.05)),
        *_CROWN,
    ),
}
"""At each of ``KNOTS``, azimuths (degrees) and levels (shares of the crown's height) that a strand goes through."""


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
        first = head.directions(np.array([14.0]), np.array([PART_LEVEL]))[0]
        self.part_front = float(np.degrees(np.arctan2(first[2], -first[1])))
        self.cap = Cap(head, WOMAN, GATHERED, self.under, lift=0.35, towards_pole=True)

    def under(self, d: Points) -> Points:
        """Height of the hair that lies closest."""
        inside = self.head.level(self.head.over(d, 0.0)) - WOMAN.at(azimuths(d))
        return np.asarray(-0.0012 + (0.0018 + 0.0026 * smoothstep(0.0, 0.22, inside)) * smoothstep(66, 92, azimuths(d)))

    def strand(self, side: int, s: float, layer: float, jitter: float = 0.0) -> Points:
        """From the hairline (``s`` 0 at the ear, ``PART_AT`` at the part) or the part (1 at the crown) to the bun."""
        knots = np.array(WAYS[side])
        azimuth, level = (
            np.array([np.interp(s, KNOTS, knots[:, k, axis]) for k in range(knots.shape[1])]) for axis in (0, 1)
        )
        azimuth[1:] += jitter * 1.5
        on_way = self.head.directions(azimuth, level + np.r_[0, [jitter * 0.012] * (len(level) - 1)], side)
        over = max(s - PART_AT, 0.0) / (1 - PART_AT)
        if over > 0:
            angle = np.radians(self.part_front + (PART_BACK - self.part_front) * over)
            on_way[0] = unit(np.array([PART_X * (1 - 0.75 * over) - side * 0.02, -np.cos(angle), np.sin(angle)]))
        d = through(np.concatenate([on_way, BUN[None]]), DRAPE_POINTS)
        t = np.linspace(0, 1, DRAPE_POINTS)
        top = float(smoothstep(0.12, 0.55, np.array(s)))
        rooted = float(smoothstep(0.6, PART_AT, np.array(s))) * 0.75
        soft = np.sin(np.pi * np.clip(t * 1.2 + 0.1, 0, 1)) * (0.0015 + 0.0060 * top)
        full = (
            0.0040
            + 0.0010 * top
            + soft
            + 0.017 * np.clip((d[:, 2] - 0.62) / 0.38, 0, 1) ** 1.4 * smoothstep(0, 0.3, t + over)
        )
        height = (
            0.0018
            + (full - 0.0018) * (rooted + (1 - rooted) * smoothstep(-0.04, 0.15, t))
            + 0.0016 * layer * (0.35 + 0.65 * t**0.5)
        )
        line = smoothed(self.head.over(d, height), 2)
        line[2:] = self.obstacles.push(line[2:], 0.0030 + 0.0015 * layer)
        line = smoothed(line, 2)
        line[1:] = self.obstacles.push(line[1:], 0.0024 + 0.0012 * layer)
        return line

    def drape(self, side: int) -> Piece:
        """One side's sheet."""
        grid = np.stack([self.strand(side, float(s), 0.0) for s in np.linspace(0, 1, DRAPES)])
        return sheet(self.head, grid, np.linspace(0, 0.8, DRAPE_POINTS), grid_normals(grid, self.head))

    def locks(self) -> list[Lock]:
        made: list[Lock] = []
        for count, width, layer in ((18, 0.017, 0.6), (14, 0.009, 1.2)):
            for side in (1, -1):
                for k in range(count):
                    s = float(np.clip((k + 0.5 + self.rng.normal() * 0.25) / count, 0, 1))
                    line = self.strand(side, s, layer, self.rng.normal())
                    cut = Cut(
                        width * (1 + 0.2 * self.rng.random()), layer, 0.9, 0.1, 0.4, ridge=0.12, shares=(0.1, 0.9)
                    )
                    made += lock(self.head, line[2:], cut, 0.5 + 0.5 * (self.rng.random() - 0.5))
        for side, length in ((1, 0.100), (-1, 0.092)):
            for k in range(2):
                made += lock(
                    self.head,
                    self.tendril(side, k, length - 0.02 * k),
                    Cut(0.011 - 0.004 * k, 0.5, 0.3, 0.1, 0.10),
                    0.6,
                )
        return made

    def tendril(self, side: int, k: int, length: float) -> Points:
        """A loose strand that falls from the temple, in front of the ear."""
        start = self.head.over(
            self.head.directions(np.array([60.0 + k]), np.array([0.40 - 0.03 * k]), side), np.array([0.003])
        )[0]
        u = np.linspace(0, 1, 16)
        x = start[0] + side * (0.007 * np.sin(np.pi * u) + 0.005 * np.sin(2.4 * np.pi * u + 0.4 * k) * u - 0.010 * u**2)
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
        round_ = (
            np.cos(turn[:, None] + 0.8 * polar[None])[..., None] * e1
            + np.sin(turn[:, None] + 0.8 * polar[None])[..., None] * e2
        )
        grid = centre + (
            round_ * (radius * np.sin(polar))[..., None] + axis * (radius * 0.72 * np.cos(polar))[..., None]
        )
        normal = unit(np.cross(np.gradient(grid, axis=1), np.gradient(grid, axis=0)))
        normal *= np.where(((grid - centre) * normal).sum(-1, keepdims=True) < 0, -1, 1)
        pieces.append(sheet(head, grid.swapaxes(0, 1), np.linspace(0.3, 0.9, 25), normal.swapaxes(0, 1)))
        return pieces
