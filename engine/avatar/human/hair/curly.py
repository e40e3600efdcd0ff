"""A rounded volume of close curls: a dark inner cap with ringlets all over it."""

from __future__ import annotations

import numpy as np

from engine.avatar.human.hair.cap import Cap
from engine.avatar.human.hair.head import HeadShape, Obstacles, azimuths, sphere
from engine.avatar.human.hair.strands import Lock, joined, outer_first, resampled
from engine.avatar.human.hairline import Hairline
from engine.avatar.human.mesh import Part, Points, smoothstep, unit
from engine.avatar.human.sculpt import Figure

CURLY = Hairline(
    (0, 22, 40, 52, 60, 66, 70, 80, 95, 110, 140, 180),
    (0.62, 0.62, 0.58, 0.47, 0.26, 0.00, -0.22, -0.28, -0.42, -0.62, -0.80, -0.84),
    ears=True,
)
VOLUME = 0.031
SPACING = 0.0142
STEPS = 14
TURN_POINTS = 6
WALL = 0.34
"""Shares of the crown's height above the hairline over which the cap rises; curls there lie along the hairline."""


def curly(figure: Figure, skin: Part, obstacles: Obstacles, seed: int) -> Part:
    """Natural curls, full and round."""
    head = HeadShape(figure, skin)
    rng = np.random.default_rng(seed)
    bumps = unit(rng.normal(size=(70, 3)))

    def height(d: Points) -> Points:
        inside = head.level(head.over(d, 0.0)) - CURLY.at(azimuths(d))
        full = VOLUME * (1.0 + 0.22 * smoothstep(0.2, 0.9, d[..., 2]) - 0.25 * smoothstep(0.0, -0.5, d[..., 2]))
        rough = np.exp(-((np.arccos(np.clip(d @ bumps.T, -1, 1)) / 0.13) ** 2)).sum(-1)
        edge = smoothstep(0.0, WALL, inside) ** 0.7
        return np.asarray(-0.001 + (full + 0.0035 * np.minimum(rough, 1.5)) * edge)

    cap = Cap(head, CURLY, sphere(1.0, 178.0, 62.0), height)
    axes = _axes(cap, cap.roots(SPACING, rng, 0.01), rng)
    made = [_ringlet(head, axis, rng) for axis in axes]
    return joined([*outer_first(made), cap.piece(40, 20, (0.0, 0.02), 0.1, 0.0)])


def _axes(cap: Cap, roots: Points, rng: np.random.Generator) -> Points:
    """Lines (n, STEPS, 3) that ringlets wind around: outwards and down over the cap, along the hairline near it.

    A line that would cross the hairline runs the other way; where that crosses too, there is none.
    """
    count = len(roots)
    away = unit(roots - cap.pole * (roots @ cap.pole)[:, None])
    flow = unit(0.6 * away + np.array([0, 0, -0.6]) + rng.normal(size=(count, 3)) * 0.55)
    beside = unit(np.cross(roots, cap.pole)) * np.where(rng.random(count) < 0.5, 1.0, -1.0)[:, None] + 0.25 * flow
    length = 0.022 + 0.012 * rng.random(count)
    loose = 0.0015 + 0.0045 * rng.random(count) ** 2
    rise = loose[:, None] * np.sin(np.pi * (0.2 + 0.8 * np.linspace(0, 1, STEPS)))
    near = (cap.inside(roots) < WALL)[:, None]
    chosen, found = np.zeros((count, STEPS, 3)), np.zeros(count, bool)
    for way in (np.where(near, beside, flow), np.where(near, -beside, -flow), flow, -flow):
        lines = cap.combed(roots, np.zeros_like, length, rise, way)
        good = (cap.inside(unit(lines - cap.head.centre)).min(1) > 0) & ~found
        chosen[good], found = lines[good], found | good
    return chosen[found]


def _ringlet(head: HeadShape, axis: Points, rng: np.random.Generator) -> Lock:
    """One corkscrew around an axis (k, 3)."""
    turns = 1.5 + 0.6 * rng.random()
    points = int(turns * TURN_POINTS) + 1
    u = np.linspace(0, 1, points)
    axis = resampled(axis, points)
    along = unit(np.gradient(axis, axis=0))
    out = unit(axis - head.centre)
    out = unit(out - (out * along).sum(1, keepdims=True) * along)
    across = np.cross(along, out)
    phase = 2 * np.pi * (turns * u + rng.random())
    hand = 1.0 if rng.random() < 0.5 else -1.0
    normal = np.cos(phase)[:, None] * out + hand * np.sin(phase)[:, None] * across
    radius = (0.0046 + 0.0020 * rng.random()) * (0.75 + 0.25 * np.sin(np.pi * u))
    line = axis + normal * radius[:, None]
    along = unit(np.gradient(line, axis=0))
    normal = unit(normal - (normal * along).sum(1, keepdims=True) * along)
    width = 0.0082 * (0.8 + 0.4 * rng.random()) * np.sin(np.pi * (0.14 + 0.72 * u)) ** 0.7
    shade = 0.25 + 0.5 * rng.random()
    return Lock(line, normal, np.cross(along, normal), along, width, 1.0 + rng.random(), shade, 0.25)
