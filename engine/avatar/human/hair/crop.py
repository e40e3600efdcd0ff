"""Very short hair all over: a close cap with the tips of the hair on it."""

from __future__ import annotations

import numpy as np

from engine.avatar.human.hair.cap import Cap
from engine.avatar.human.hair.head import HeadShape, Obstacles, azimuths, sphere
from engine.avatar.human.hair.strands import Cut, Lock, joined, lock, outer_first
from engine.avatar.human.hairline import RECEDED
from engine.avatar.human.mesh import Part, Points, smoothstep, unit
from engine.avatar.human.sculpt import Figure

WHORL = sphere(1.0, 178.0, 60.0)
SPACING = 0.0062


def crop(figure: Figure, skin: Part, obstacles: Obstacles, seed: int) -> Part:
    """A crop, a little longer on the top than at the sides."""
    head = HeadShape(figure, skin)
    rng = np.random.default_rng(seed)

    def height(d: Points) -> Points:
        level = head.level(head.over(d, 0.0))
        ragged = 0.030 * np.sin(61 * d[..., 0] + 2 * np.sin(40 * d[..., 2])) * np.cos(47 * d[..., 0] + 1)
        inside = level - RECEDED.at(azimuths(d)) + ragged
        full = 0.0022 + 0.0055 * smoothstep(0.45, 0.95, level)
        return np.asarray(-0.0008 + (full + 0.0008) * smoothstep(-0.02, 0.28, inside))

    cap = Cap(head, RECEDED, WHORL, height)

    def flow(d: Points) -> Points:
        forward = smoothstep(0.35, 0.75, head.level(head.over(d, 0.0)))[..., None]
        away = d - WHORL * (d * WHORL).sum(-1, keepdims=True)
        return np.asarray(
            unit(away) + forward * np.array([0.12, -0.5, 0.0]) + np.array([0, 0.25, -0.3]) * (1 - forward)
        )

    roots = cap.roots(SPACING, rng, 0.01)
    count = len(roots)
    rise = np.tile([-0.0008, 0.0004, 0.0006], (count, 1))
    lines = cap.combed(roots, flow, rng.uniform(0.0096, 0.0144, count), rise, rng.normal(size=(count, 3)) * 0.25)
    cut = Cut(0.0034, 1.2, 0.4, 0.4, 0.1, points=3, ridge=0.08, shares=(0.28, 0.45))
    made: list[Lock] = []
    for line, shade in zip(lines, rng.uniform(0.40, 0.60, count), strict=True):
        made += lock(head, line, cut, float(shade))
    return joined([*outer_first(made), cap.piece(48, 18, (0.35, 0.35))])
