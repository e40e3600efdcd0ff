"""Hair of a hand's length brushed back from the forehead, short over the ears."""

from __future__ import annotations

import numpy as np

from engine.avatar.human.hair.cap import Cap
from engine.avatar.human.hair.head import HeadShape, Obstacles, azimuths, sphere
from engine.avatar.human.hair.strands import Cut, Lock, joined, lock, outer_first
from engine.avatar.human.hairline import RECEDED
from engine.avatar.human.mesh import Part, Points, smoothstep
from engine.avatar.human.sculpt import Figure

NAPE = sphere(1.0, 180.0, -12.0)
SPACING = 0.0094
STEPS = 10


def swept(figure: Figure, skin: Part, obstacles: Obstacles, seed: int) -> Part:
    """Brushed back."""
    head = HeadShape(figure, skin)
    rng = np.random.default_rng(seed)

    def top(d: Points) -> Points:
        return smoothstep(0.30, 0.80, head.level(head.over(d, 0.0)))

    def height(d: Points) -> Points:
        level = head.level(head.over(d, 0.0))
        inside = level - RECEDED.at(azimuths(d))
        front = smoothstep(-0.1, 0.8, -d[..., 1]) * smoothstep(80, 30, azimuths(d))
        full = 0.0015 + 0.0050 * smoothstep(0.0, 0.5, inside) + top(d) * (0.0055 + 0.0075 * front)
        return np.asarray(-0.0012 + (full + 0.0012) * smoothstep(0.0, 0.15, inside))

    cap = Cap(head, RECEDED, NAPE, height, lift=0.30, towards_pole=True)

    def flow(d: Points) -> Points:
        back = np.array([0.0, 1.0, 0.12]) + d[..., :1] * np.array([0.35, 0, 0])
        down = np.array([0.0, 0.85, -0.45])
        behind = smoothstep(0.1, 0.8, d[..., 1:2]) * np.array([0, 0, -1.0])
        share = top(d)[..., None]
        return np.asarray(back * share + down * (1 - share) + behind)

    roots = cap.roots(SPACING, rng, 0.02)
    roots = roots[rng.random(len(roots)) < 0.5 + 0.5 * top(roots)]
    roots = np.concatenate([roots, cap.front_roots(50, 0.007, rng)])
    high, count = top(roots), len(roots)
    u = np.linspace(0, 1, STEPS)
    crest = (0.0026 + 0.0016 * high * rng.random(count))[:, None]
    rise = -0.0022 + crest * smoothstep(0, 0.6, u) - 0.0022 * smoothstep(0.7, 1, u)
    length = (0.022 + 0.050 * high) * rng.uniform(0.8, 1.2, count)
    lines = cap.combed(roots, flow, length, rise, rng.normal(size=(count, 3)) * 0.07)
    width = (0.0055 + 0.0055 * high) * rng.uniform(0.7, 1.2, count)
    shade = rng.uniform(0.3, 0.7, count)
    made: list[Lock] = []
    for i in range(count):
        points = 10 if high[i] > 0.4 else 6
        cut = Cut(float(width[i]), 0.8 + float(high[i]), 0.4, 0.3, 0.1, points, ridge=0.17)
        made += lock(head, lines[i], cut, float(shade[i]))
    return joined([*outer_first(made), cap.piece(52, 26, (0.2, 0.7))])
