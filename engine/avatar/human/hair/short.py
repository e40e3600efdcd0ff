"""A man's short cut: a textured top swept to the side from a part, and tapered sides."""

from __future__ import annotations

import numpy as np

from engine.avatar.human.hair.cap import Cap
from engine.avatar.human.hair.head import HeadShape, Obstacles, azimuths, sphere
from engine.avatar.human.hair.strands import Cut, Lock, joined, lock, outer_first
from engine.avatar.human.hairline import MAN
from engine.avatar.human.mesh import Part, Points, smoothstep, unit
from engine.avatar.human.sculpt import Figure

WHORL = sphere(1.0, 178.0, 58.0)
PART_X = 0.40
"""Sine of the part's angle to the host's left."""

SPACING = 0.0080
STEPS = 9


def short(figure: Figure, skin: Part, obstacles: Obstacles, seed: int) -> Part:
    """Short sides, side-swept top."""
    head = HeadShape(figure, skin)
    cut = _Short(head, np.random.default_rng(seed))
    return joined([*outer_first(cut.locks()), cut.cap.piece(52, 22, (0.40, 0.03))])


class _Short:
    def __init__(self, head: HeadShape, rng: np.random.Generator) -> None:
        self.head, self.rng = head, rng
        self.cap = Cap(head, MAN, WHORL, self.height)

    def top(self, d: Points) -> Points:
        """1 on the top of the head, 0 on the sides."""
        return smoothstep(0.42, 0.80, self.head.level(self.head.over(d, 0.0)))

    def front(self, d: Points) -> Points:
        return smoothstep(0.15, 0.75, -d[..., 1]) * smoothstep(75, 35, azimuths(d))

    def height(self, d: Points) -> Points:
        """Metres over the skin."""
        level = self.head.level(self.head.over(d, 0.0))
        inside = level - MAN.at(azimuths(d))
        top, front = self.top(d), self.front(d)
        edge = smoothstep(0.0, 0.16, inside)
        sides = 0.0012 + 0.0055 * smoothstep(0.05, 0.65, inside)
        sweep = 0.0025 * smoothstep(0.25, -0.35, d[..., 0]) * top
        full = sides * (1 - top) + top * (0.0125 + 0.0100 * front) + sweep
        part = 0.0045 * np.exp(-(((d[..., 0] - PART_X) / 0.05) ** 2)) * top * smoothstep(0.35, -0.1, d[..., 1])
        return np.asarray(-0.0012 + (full + 0.0012 - part) * edge)

    def flow(self, d: Points) -> Points:
        """Which way hair lies."""
        top, front = self.top(d)[..., None], self.front(d)[..., None]
        swept = np.array([-0.80, 0.62, 0.05]) + front * np.array([0.05, 0.15, 0.5])
        left = np.array([0.45, 0.75, -0.5])
        over = smoothstep(PART_X - 0.02, PART_X + 0.06, d[..., 0])[..., None]
        sides = np.array([0.0, 0.55, -0.85])
        return np.asarray((swept * (1 - over) + left * over) * top + sides * (1 - top))

    def locks(self) -> list[Lock]:
        rng = self.rng
        roots = self.cap.roots(SPACING, rng, 0.02)
        roots = roots[(self.top(roots) > 0.25) | (rng.random(len(roots)) > 0.35)]
        roots = np.concatenate([roots, self.cap.front_roots(44, 0.006, rng)])
        top, front, count = self.top(roots), self.front(roots), len(roots)
        length = (0.018 + 0.034 * top + 0.012 * front) * rng.uniform(0.8, 1.2, count)
        u = np.linspace(0, 1, STEPS)
        tip = ((0.0005 + 0.0022 * rng.random(count)) * (0.25 + top))[:, None]
        rise = -0.0022 + (tip + 0.0022) * smoothstep(0, 0.7, u) - 0.0012 * smoothstep(0.75, 1, u)
        lines = self.cap.combed(roots, self.flow, length, rise, rng.normal(size=(count, 3)) * 0.13)
        inside = self.cap.inside(unit(lines - self.head.centre)).min(1) > -0.02
        width = (0.0052 + 0.0046 * top) * rng.uniform(0.7, 1.2, count)
        shade = rng.uniform(0.28, 0.72, count)
        made: list[Lock] = []
        for i in np.flatnonzero(inside):
            points = 9 if top[i] > 0.4 else 5
            tip_share = 0.07 + 0.93 * float(smoothstep(0.1, 0.5, top[i]))
            cut = Cut(
                float(width[i]), 0.8 + float(top[i]), 0.35, 0.3, 0.08, points, ridge=0.20, shares=(0.02, tip_share)
            )
            made += lock(self.head, lines[i], cut, float(shade[i]))
        return made
