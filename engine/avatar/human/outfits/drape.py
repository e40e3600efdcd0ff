"""How cloth hangs: taut over hollows, straight down from where it touches, in calm folds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates
from scipy.spatial import cKDTree

from engine.avatar.human.mesh import Points, smoothstep, unit, vertex_normals

if TYPE_CHECKING:
    from engine.avatar.human.outfits.tailoring import Tailor

CELL = 0.006
HALF_WIDTH, TOP, BOTTOM = 0.16, 0.04, -0.66
FALL = 0.16
"""How far back cloth falls for each metre down, where it hangs free."""


@dataclass(frozen=True)
class Fold:
    """A fold of the front between two points (x, z) in metres from the neck joint, on the host's left and mirrored."""

    start: tuple[float, float]
    stop: tuple[float, float]
    height: float = 0.0022
    width: float = 0.014


class Front:
    """The depth of a surface's front by (x, z), on a grid."""

    def __init__(self, points: Points, neck: Points) -> None:
        self.neck = neck
        self._x = np.arange(-HALF_WIDTH, HALF_WIDTH + CELL / 2, CELL)
        self._z = np.arange(BOTTOM, TOP + CELL / 2, CELL)
        x, z = np.meshgrid(self._x, self._z)
        flat = points[:, [0, 2]] - neck[[0, 2]]
        grid = np.stack([x.ravel(), z.ravel()], 1)
        self.depth = _fitted(flat, points[:, 1], grid).reshape(x.shape)

    @property
    def levels(self) -> Points:
        """Heights of the grid's rows, from the neck joint."""
        return self._z

    def at(self, flat: Points) -> Points:
        """Depth y at points (n, 2) in (x, z) of the world."""
        return self._sampled(self.depth, flat)

    def _sampled(self, values: Points, flat: Points) -> Points:
        row = (flat[:, 1] - self.neck[2] - self._z[0]) / CELL
        column = (flat[:, 0] - self._x[0]) / CELL
        return np.asarray(map_coordinates(values, [row, column], order=1, mode="nearest"))

    def lookup(self, flat: Points) -> tuple[Points, Points]:
        """(points on the surface, outward normals) at (x, z)."""
        depth = self.at(flat)
        down, across = (self._sampled(g, flat) for g in np.gradient(gaussian_filter(self.depth, 1.0), CELL))
        normal = unit(np.stack([across, -np.ones(len(flat)), down], 1))
        return np.stack([flat[:, 0], depth, flat[:, 1]], 1), normal


def _fitted(flat: Points, depth: Points, grid: Points) -> Points:
    """Depths at points (n, 2): each by the plane that fits the nearest given depths best."""
    distance, near = cKDTree(flat).query(grid, k=8)
    weight = 1 / (distance + 0.001) ** 2
    weight /= weight.sum(1, keepdims=True)
    away = flat[near] - grid[:, None]
    terms = np.concatenate([np.ones((*near.shape, 1)), away / CELL], 2)
    normal = np.einsum("nk,nki,nkj->nij", weight, terms, terms) + np.diag([0.0, 1e-2, 1e-2])
    level = np.einsum("nk,nki,nk->ni", weight, terms, depth[near])
    plane = np.linalg.solve(normal, level[..., None])[:, 0, 0]
    # Far outside, where a plane would run away, the nearest depth holds.
    return np.asarray(np.where(distance[:, 0] < 2 * CELL, plane, depth[near[:, 0]]))


class Drape:
    """Pulls the front of a torso taut and lets it hang."""

    def __init__(self, points: Points, torso: Points, neck: Points) -> None:
        self.neck = neck
        self.front = Front(points[torso & (points[:, 1] < neck[1] - 0.02)], neck)
        depth = np.array([_taut(row) for row in self.front.depth])
        rows = np.arange(len(depth))[::-1]
        for below, row in zip(rows[1:], rows[:-1], strict=True):
            depth[below] = np.minimum(depth[below], depth[row] + FALL * CELL)
        self.front.depth = gaussian_filter(depth, 2.0)

    def hung(self, points: Points, share: Points) -> Points:
        """Points drawn forward to the hanging cloth, by a share (n,)."""
        x, y, z = (points - self.neck).T
        fade = share * smoothstep(0.13, 0.09, abs(x)) * smoothstep(-0.10, -0.16, z) * smoothstep(0.0, -0.04, y)
        result = points.copy()
        ahead = np.minimum(self.front.at(points[:, [0, 2]]) - points[:, 1], 0)
        result[:, 1] += ahead * fade
        return result


def _taut(row: Points) -> Points:
    """The lower convex hull of a row of depths: cloth spans hollows."""
    hull: list[int] = []
    for i in range(len(row)):
        while len(hull) > 1:
            a, b = hull[-2], hull[-1]
            if (row[b] - row[a]) * (i - a) < (row[i] - row[a]) * (b - a):
                break
            hull.pop()
        hull.append(i)
    return np.interp(np.arange(len(row)), hull, row[hull])


def folded(tailor: Tailor, shell: Points, folds: tuple[Fold, ...], sleeve_height: float) -> Points:
    """The shell with folds in its front and at its elbows, metres along the normal."""
    height = np.zeros(len(shell))
    local = shell - tailor.neck
    front = (1 - smoothstep(0.2, 0.6, tailor.arms)) * smoothstep(0.01, -0.03, local[:, 1])
    for number, fold in enumerate(folds):
        for side in (1, -1):
            differ = 1 + 0.22 * side * (-1) ** number
            height += fold.height * differ * front * _ridge(local[:, [0, 2]] * [side, 1], fold)
    for name, sleeve in tailor.sleeves.items():
        along, angle, _ = sleeve.measured(shell)
        height += (
            sleeve_height * _elbow_folds(along - sleeve.elbow, angle, name) * smoothstep(0.7, 0.95, tailor.arm[name])
        )
    return shell + vertex_normals(shell, tailor.tights.triangles) * height[:, None]


def _ridge(flat: Points, fold: Fold) -> Points:
    """A soft ridge with a hollow on one side, 1 high, fading at its ends."""
    start, stop = np.array(fold.start), np.array(fold.stop)
    length = float(np.linalg.norm(stop - start))
    along = (stop - start) / length
    t = (flat - start) @ along / length
    bow = 0.10 * length * np.sin(np.pi * np.clip(t, 0, 1))
    d = ((flat - start) @ np.array([-along[1], along[0]]) - bow) / fold.width
    shape = np.exp(-(d**2)) - 0.55 * np.exp(-((d + 1.5) ** 2))
    return np.asarray(shape * smoothstep(-0.15, 0.3, t) * smoothstep(1.15, 0.6, t))


def _elbow_folds(past_elbow: Points, angle: Points, side: str) -> Points:
    """Drag lines that run around the arm near the elbow, and a few above the cuff."""
    phase = 0.6 if side == "left" else 0.0
    turned = 0.012 * np.sin(angle + phase)
    near = np.exp(-((past_elbow / 0.055) ** 2)) * (0.55 + 0.45 * np.sin(angle + 0.4))
    low = np.exp(-(((past_elbow - 0.15) / 0.05) ** 2)) * 0.55
    high = np.exp(-(((past_elbow + 0.15) / 0.06) ** 2)) * 0.5
    return np.asarray(
        np.sin((past_elbow + turned) * 2 * np.pi / 0.036 + phase) * near
        + np.sin((past_elbow - 1.6 * turned) * 2 * np.pi / 0.043 + 1 + phase) * low
        + np.sin((past_elbow + 2.2 * turned) * 2 * np.pi / 0.055 + 2) * high
    )
