"""The head that hair grows on: its shape by direction, its ears and chin, and what hair must stay outside of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from engine.avatar.human.anatomy import head_centre
from engine.avatar.human.hairline import Hairline
from engine.avatar.human.mesh import Part, Points, smoothstep, unit
from engine.avatar.human.sculpt import Figure

ELEVATIONS = np.linspace(-70, 90, 161)


@dataclass(frozen=True)
class Ear:
    """One ear's bounds: azimuths in degrees, heights in metres, and how far out it stands."""

    front: float
    back: float
    top: float
    bottom: float
    out: float


class HeadShape:
    """The skin's distance from the head's centre by direction, without the ears."""

    def __init__(self, figure: Figure, skin: Part) -> None:
        self.figure = figure
        self.centre = head_centre(figure)
        self.eyes = figure.eye_height
        self.crown = figure.head_height
        self.neck = figure.neck
        self.chin = _chin(skin)
        self.ear = self._ear(skin)
        skull = (
            (skin.position[:, 2] > figure.eye_height - 0.13)
            & (skin.extra["ear"] < 0.15)
            & (skin.extra["inner_mouth"] < 0.3)
        )
        away = skin.position[skull] - self.centre
        self._radius = np.linalg.norm(away, axis=1)
        self._tree = cKDTree(unit(away))

    def radius(self, directions: Points) -> Points:
        """Metres from the centre to the skin, smooth over direction."""
        distance, index = self._tree.query(unit(directions), k=8)
        weight = 1 / (distance + 0.03) ** 2
        return np.asarray((self._radius[index] * weight).sum(-1) / weight.sum(-1))

    def over(self, directions: Points, height: Points | float) -> Points:
        """Points at heights (metres) over the skin in directions (..., 3)."""
        directions = unit(directions)
        return np.asarray(self.centre + directions * (self.radius(directions) + height)[..., None])

    def directions(self, azimuth: Points, level: Points, side: float = 1.0) -> Points:
        """Directions (n, 3) to the skin at azimuths (degrees) and levels over the eyes (shares of the crown's)."""
        azimuth, level = np.broadcast_arrays(np.asarray(azimuth, float), np.asarray(level, float))
        around = sphere(side, azimuth[:, None], ELEVATIONS[None])
        height = (self.centre[2] - self.eyes + around[..., 2] * self.radius(around)) / self.crown
        height = np.maximum.accumulate(height, axis=1)
        found = [np.interp(v, h, ELEVATIONS) for v, h in zip(level, height, strict=True)]
        return sphere(side, azimuth, np.array(found))

    def edge(self, hairline: Hairline, count: int) -> Points:
        """Directions (count, 3) along a hairline on the left side, face to nape, evenly spaced on the skin."""
        azimuth = np.linspace(0, 180, 361)
        fine = self.directions(azimuth, hairline.at(azimuth))
        fine[[0, -1], 0] = 0
        length = np.r_[0, np.cumsum(np.linalg.norm(np.diff(self.over(fine, 0.0), axis=0), axis=1))]
        at = np.linspace(0, length[-1], count)
        return unit(np.stack([np.interp(at, length, fine[:, axis]) for axis in range(3)], 1))

    def level(self, points: Points) -> Points:
        """Height over the eyes as a share of the crown's."""
        return np.asarray((points[..., 2] - self.eyes) / self.crown)

    def outward(self, line: Points, along: Points) -> Points:
        """Normals across a strand: away from the head, and level below the ears."""
        below = smoothstep(self.eyes - 0.02, self.eyes - 0.09, line[..., 2])[..., None]
        level = line - self.neck
        level = np.stack([level[..., 0], level[..., 1], np.zeros(level.shape[:-1])], -1)
        normal = unit(unit(line - self.centre) * (1 - below) + unit(level) * below)
        return unit(normal - (normal * along).sum(-1, keepdims=True) * along)

    def _ear(self, skin: Part) -> Ear:
        ear = skin.position[(skin.extra["ear"] > 0.5) & (skin.position[:, 0] > 0)]
        azimuth = azimuths(ear - self.centre)
        return Ear(
            float(azimuth.min()),
            float(azimuth.max()),
            float(ear[:, 2].max()),
            float(ear[:, 2].min()),
            float(ear[:, 0].max()),
        )


class Obstacles:
    """Surfaces that hair must stay outside of."""

    def __init__(self, position: Points, normal: Points) -> None:
        self._position, self._normal = position, normal
        self._tree = cKDTree(position)

    def push(self, points: Points, clearance: float) -> Points:
        """Points moved out along the nearest surface's normal until they clear it."""
        for _ in range(3):
            distance, index = self._tree.query(points)
            height = ((points - self._position[index]) * self._normal[index]).sum(-1)
            inside = (height < clearance) & (distance < 0.05)
            points = points + np.where(inside, clearance - height, 0)[..., None] * self._normal[index]
        return points

    def below(self, height: float) -> Obstacles:
        """Only what lies below a height: shoulders and clothes."""
        low = self._position[:, 2] < height
        return Obstacles(self._position[low], self._normal[low])

    def depth(self, x: Points, z: Points, *, front: bool) -> Points:
        """Where (y) the frontmost or rearmost surface is near (x, z); where there is none within 2 cm, far behind or
        far before everything.
        """
        facing = self._normal[:, 1] < 0.2 if front else self._normal[:, 1] > -0.2
        side = self._position[facing]
        tree = cKDTree(side[:, [0, 2]])
        sign = 1.0 if front else -1.0
        distance, index = tree.query(np.stack([x, z], -1), k=24)
        y = np.where(distance < 0.012, sign * side[index, 1], np.inf)
        y[..., 0] = np.where(distance[..., 0] < 0.02, sign * side[index[..., 0], 1], y[..., 0])
        nearest = y.min(-1)
        return np.asarray(sign * np.where(np.isfinite(nearest), nearest, 1.0))


def azimuths(away: Points) -> Points:
    """Degrees from straight ahead, either side, of vectors from the head's centre."""
    return np.asarray(np.degrees(np.arctan2(abs(away[..., 0]), -away[..., 1])))


def sphere(side: float, azimuth: Points | float, elevation: Points | float) -> Points:
    """Unit directions at azimuth and elevation in degrees; ``side`` 1 is the host's left."""
    a, e = np.broadcast_arrays(np.radians(azimuth), np.radians(elevation))
    return np.stack([side * np.sin(a) * np.cos(e), -np.cos(a) * np.cos(e), np.sin(e)], -1)


def slerp(a: Points, b: Points, t: Points) -> Points:
    """Directions (n, 3) on the great circle from a to b."""
    a, b = unit(a), unit(b)
    angle = np.arccos(np.clip((a * b).sum(), -1, 1))
    return np.asarray((np.sin((1 - t) * angle)[:, None] * a + np.sin(t * angle)[:, None] * b) / np.sin(angle))


def bent(a: Points, middle: Points, b: Points, t: Points) -> Points:
    """Directions (n, 3) on a quadratic curve from a to b drawn towards ``middle``."""
    t = t[:, None]
    return unit((1 - t) ** 2 * unit(a) + 2 * t * (1 - t) * unit(middle) + t**2 * unit(b))


def _chin(skin: Part) -> float:
    lips = skin.extra["lip"] > 0.6
    mouth, front = float(skin.position[lips, 2].mean()), float(skin.position[lips, 1].min())
    x, y, z = skin.position.T
    chin = (abs(x) < 0.012) & (z < mouth - 0.012) & (z > mouth - 0.07) & (y < front + 0.02)
    return float(z[chin].min())
