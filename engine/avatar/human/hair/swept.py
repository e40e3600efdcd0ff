"""Hair of a hand's length brushed back from the forehead, short over the ears."""

from __future__ import annotations

import numpy as np

from engine.avatar.human.hair.cap import Cap
from engine.avatar.human.hair.head import HeadShape, Obstacles, azimuths, sphere
from engine.avatar.human.hair.strands import Cut, Lock, joined, lock, outer_first
from engine.avatar.human.hairline import RECEDED
from engine.avatar.human.mesh import Part, Points, smoothstep, unit
from engine.avatar.human.sculpt import Figure

NAPE = sphere(1.0, 180.0, -12.0)
SPACING = 0.0090


def swept(figure: Figure, skin: Part, obstacles: Obstacles, seed: int) -> Part:
    """Brushed back."""
    head = HeadShape(figure, skin)
    rng = np.random.default_rng(seed)

    def top(d: Points) -> Points:
        return smoothstep(0.30, 0.80, head.level(head.over(d, np.zeros(d.shape[:-1]))))

    def height(d: Points) -> Points:
        level = head.level(head.over(d, np.zeros(d.shape[:-1])))
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

    made: list[Lock] = []
    for root in cap.roots(SPACING, rng, 0.02):
        high = float(top(root[None])[0])
        if rng.random() > 0.5 + 0.5 * high:
            continue
        turn = rng.normal(size=3) * 0.07
        length = (0.022 + 0.050 * high) * (0.8 + 0.4 * rng.random())
        points = 10 if high > 0.4 else 6
        u = np.linspace(0, 1, points)
        rise = (
            -0.0022 + (0.0026 + 0.0016 * high * rng.random()) * smoothstep(0, 0.6, u) - 0.0022 * smoothstep(0.7, 1, u)
        )
        line = cap.combed(root, lambda d, turn=turn: unit(flow(d)) + turn, length, rise)
        width = (0.0055 + 0.0055 * high) * (0.7 + 0.5 * rng.random())
        cut = Cut(width, 0.8 + high, taper=0.4, root=0.3, tip=0.1, points=points, ridge=0.17)
        made += lock(head, line, cut, 0.5 + 0.4 * (rng.random() - 0.5))
    return joined([*outer_first(made), cap.piece(52, 26, (0.2, 0.7))])
