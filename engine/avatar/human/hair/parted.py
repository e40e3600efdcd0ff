"""Hair that falls from a side part: the sweep over the head, the side-swept fringe and the sheet's turned-in rim."""

from __future__ import annotations

import numpy as np

from engine.avatar.human.hair.head import HeadShape, Obstacles, bent, slerp, sphere
from engine.avatar.human.hair.strands import smoothed
from engine.avatar.human.mesh import Part, Points, smoothstep, unit

PART_X = 0.022
PART_FRONT, PART_BACK = np.radians(26), np.radians(158)
FRONT_AZIMUTH = 51.0
DROP_ELEVATION = -10.0
SWEEP_POINTS = 14
RIM_STEPS = 3

FRINGE: tuple[tuple[int, int], ...] = ((-1, 14), (1, 8))
"""(side, strands) of the fringe: most of it is swept to the host's right."""


class Parting:
    """Strands that start at a side part, sweep around the head by a slerp over its own radius, and then drop."""

    def __init__(self, head: HeadShape, obstacles: Obstacles, seed: int, volume: float = 1.0) -> None:
        self.head, self.obstacles = head, obstacles
        self.volume = volume
        self.rng = np.random.default_rng(seed)

    def sweep(self, side: int, s: float, layer: float, jitter: float = 0.0) -> Points:
        """The strand at ``s`` (0 at the face, 1 at the back of the head) down to the ears, (SWEEP_POINTS, 3)."""
        root_angle = PART_FRONT + (PART_BACK - PART_FRONT) * s
        root = np.array([PART_X * (1 - s * 0.8) / 0.11 - side * 0.006, -np.cos(root_angle), np.sin(root_angle)])
        azimuth = FRONT_AZIMUTH + (180 - FRONT_AZIMUTH) * s**1.15 + jitter * 4
        t = np.linspace(0, 1, SWEEP_POINTS)
        direction = slerp(root, sphere(side, azimuth, DROP_ELEVATION + jitter * 2), t)
        direction = unit(direction + np.array([0, 0, 0.16]) * np.sin(np.pi * t)[:, None])
        return self.head.over(direction, self._height(t, s, layer) + jitter * 0.0012 * smoothstep(0, 0.2, t))

    def _height(self, t: Points, s: float, layer: float) -> Points:
        face = smoothstep(0, 0.30, np.array(s))
        body = 0.0125 + 0.0035 * face
        rise = 0.82 + 0.18 * np.sin(np.pi * np.clip(t * 0.8 + 0.15, 0, 1))
        hug = 1 - (1 - face) * (0.45 - 0.35 * smoothstep(0.0, 0.35, t) + 0.35 * smoothstep(0.45, 0.9, t))
        flare = (0.001 + 0.006 * smoothstep(0.12, 0.5, np.array(s))) * smoothstep(0.55, 1, t)
        crown = 0.0020 * np.exp(-((t / 0.80) ** 2)) * np.sin(np.pi * min(s * 1.2, 1.0)) ** 0.5
        bulk = self.volume * ((0.004 + body * rise) * hug + crown + flare)
        return np.asarray(bulk + 0.0030 * layer * (1.2 * smoothstep(0, 0.75, t) - 0.2))

    def fringe(self, side: int, q: float, bulk: float = 1.0) -> Points:
        """A side-swept fringe strand, lying on the forehead and ending at the cheekbone; ``q`` 0 to 1. ``bulk`` is a
        factor on its height over the skin.
        """
        jitter = self.rng.normal()
        angle = PART_FRONT + 0.04 + 0.35 * q
        root = unit(np.array([PART_X / 0.11 + side * 0.03, -np.cos(angle), np.sin(angle)]))
        if side < 0:
            middle, end = sphere(side, 30 + 12 * q, 35 + 9 * q), sphere(side, 61 + 8 * q, 2 + 4 * q)
        else:
            middle, end = sphere(side, 36 + 8 * q, 35 + 8 * q), sphere(side, 63 + 6 * q, 2 + 3 * q)
        t = np.linspace(0, 1, 16)
        height = 0.012 + 0.012 * np.sin(np.pi * t * 0.7 + 0.25) + 0.004 * q + 0.0008 * jitter
        over = bulk * height * (0.75 + 0.25 * smoothstep(0, 0.30, t)) - 0.001
        top = self.head.over(bent(root, middle * 1.05, end, t), over)
        u = np.linspace(0, 1, 10)[1:]
        start, length = top[-1], 0.052 + 0.028 * q + 0.008 * self.rng.random()
        swing = side * (0.006 * np.sin(np.pi * u) - 0.004 * u)
        fall = np.stack([start[0] + swing, start[1] + 0.014 * u, start[2] - length * u], 1)
        line = self.obstacles.push(smoothed(np.r_[top, fall], 5), 0.007)
        return smoothed(line, 3)

    def rim(self, side: int, front: Points) -> Points:
        """Strands (RIM_STEPS, columns, 3) that turn the sheet's front strand in to skin and neck, innermost first."""
        head, rim = self.head, []
        for step in range(RIM_STEPS, 0, -1):
            inward = step / RIM_STEPS
            turned = unit(unit(front - head.centre) + np.array([-side * 0.02, 0.42 * inward, 0]))
            at_skin = head.over(turned, np.full(len(front), -0.008 * inward))
            behind = head.neck + (front - head.neck) * [0.62, 0.5, 1] + np.array([0, 0.02, 0])
            low = smoothstep(head.eyes - 0.06, head.eyes - 0.10, front[:, 2])[:, None]
            rim.append(front + (at_skin * (1 - low) + behind * low - front) * inward)
        return np.stack(rim)


def broken_shine(head: HeadShape, part: Part) -> None:
    """Leans the strand directions of what falls back from the viewer, more for some locks than for others.

    Straight hair lies at the angle of the key light's highlight over its whole length and would look bleached; leaning
    leaves glints on some locks.
    """
    low = smoothstep(head.eyes + 0.03, head.eyes - 0.04, part.position[:, 2])
    along = part.extra["along"].copy()
    lean = 0.13 + 0.24 * (part.extra["strand"][:, 2] - 0.5)
    along[:, 1] = along[:, 1] * (1 - low) + lean * low
    part.extra["along"] = unit(along)
