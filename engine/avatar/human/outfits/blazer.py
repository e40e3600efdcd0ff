"""A blazer with lapels and collar over a scoop-neck top, grown from MakeHuman's tights."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.spatial import cKDTree

from engine.avatar.body_file import Material
from engine.avatar.human.mesh import (
    Indices,
    Part,
    Points,
    catmull_clark,
    grid_quads,
    relax,
    smoothstep,
    triangulate,
    unit,
    vertex_normals,
)
from engine.avatar.human.outfits.collar import collar
from engine.avatar.human.sculpt import Figure
from engine.avatar.human.source import BASE_VERTICES
from engine.avatar.pose import ARM_BONES

OPENING_DEPTH = 0.235
"""How far below the neck joint the blazer closes, metres."""

HEM = 0.62
"""How far below the neck joint clothes end, metres: below the edge of the widest framing."""

CLEARANCE = 0.009
LAPEL_WIDTH = 0.062

CLOTH = Material("outfit", sheen=0.16, culled=True)
FACING = Material("outfit", sheen=0.16, stitched=True, over=True)
TOP = Material("second", sheen=0.25, culled=True)

Polyline = list[tuple[float, float]]


def blazer(figure: Figure) -> list[Part]:
    """A blazer over a scoop-neck top."""
    return Tailor(figure).outfit()


class Tailor:
    """Cuts one outfit for one figure."""

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.neck = figure.neck
        self.low = self.neck[2] - OPENING_DEPTH
        self.high = self.neck[2] + 0.004
        self.tights, self.source, self.coarse = self._tights()

    def outfit(self) -> list[Part]:
        """``collar``, ``lapels``, ``blazer``, ``top``."""
        blazer = self._blazer()
        front = _Front(blazer)
        notch = self.high - 0.055
        lapels = self._sheet(
            "lapels",
            front,
            [(self._opening(z), z) for z in np.linspace(self.low + 0.006, notch + 0.006, 10)],
            [
                (self._opening(self.low) + 0.004, self.low + 0.006),
                (0.045, self.low + 0.055),
                (0.075, self.low + 0.11),
                (self._opening(notch) + LAPEL_WIDTH, notch - 0.018),
            ],
            (7, 18),
        )
        inner, outer = (self._opening(notch), notch + 0.006), (self._opening(notch) + LAPEL_WIDTH * 0.66, notch + 0.014)
        ends = [_on(front, float(x), float(z)) for x, z in (inner, outer)]
        around = collar(blazer, self.neck, *ends)
        for part in (around, lapels):
            part.kind, part.material = "cloth", FACING
        return [around, lapels, blazer, self._top()]

    def _tights(self) -> tuple[Part, sp.csr_matrix, Indices]:
        """MakeHuman's tights from the neck to the hips with both arms: (subdivided twice, its source, the triangles of
        one subdivision less over the same vertices).
        """
        faces = self.figure.base.faces["helper-tights"]
        centre = self.figure.vertices[faces].mean(1)
        height = self.neck[2]
        arms = [i for i, n in enumerate(self.figure.rig.names) if n.split(".")[0] in ARM_BONES]
        sleeve = np.asarray(self.figure.rig.weights[:, arms].sum(1)).ravel()[faces].mean(1) > 0.5
        kept = ((centre[:, 2] > height - HEM) | sleeve) & (centre[:, 2] < height + 0.10)
        once, once_quads, _ = catmull_clark(faces[kept], BASE_VERTICES)
        twice, quads, used = catmull_clark(once_quads, once.shape[0])
        source = sp.csr_matrix(twice @ once)
        coarse = triangulate(np.searchsorted(used, once_quads))
        return Part("tights", source @ self.figure.vertices, triangulate(quads), source), source, coarse

    def _opening(self, z: Points | float) -> Any:
        """Half width of the V opening at a height, or at each of many."""
        knots = [self.low, self.low + 0.06, self.high - 0.055, self.high - 0.02, self.high + 0.03]
        return np.interp(z, knots, [0.0, 0.026, 0.065, 0.086, 0.098])

    def _blazer(self) -> Part:
        rest, normal, triangles = self.tights.position, self.tights.normal, self.tights.triangles
        shell = relax(rest, triangles, 60)
        out = ((shell - rest) * normal).sum(1)
        shell = relax(shell + normal * np.where(out < 0.011, 0.011 - out, 0)[:, None], triangles, 16)
        for _ in range(3):
            out = ((shell - rest) * normal).sum(1)
            shell = relax(shell + normal * np.maximum(CLEARANCE - out, 0)[:, None], triangles, 6)
        height = self.neck[2]
        pad = np.exp(-(((abs(shell[:, 0]) - 0.165) / 0.05) ** 2 + ((shell[:, 2] - height + 0.045) / 0.05) ** 2))
        shell[:, 2] += 0.003 * pad
        shell = shell + vertex_normals(shell, triangles) * self._folds(shell)[:, None]
        keep = self._blazer_keep(shell)
        part = Part("blazer", shell, triangles[(keep[triangles] > -0.012).any(1)], self.source)
        part.kind, part.material, part.limbs, part.coarse = "cloth", CLOTH, True, self.coarse
        part.normal = vertex_normals(shell, triangles)
        part.extra["keep"] = keep
        return part

    def _blazer_keep(self, shell: Points) -> Points:
        """Signed field, positive where there is cloth."""
        forward = shell[:, 1] < self.neck[1]
        height = self.neck[2]
        opening = np.where(forward & (shell[:, 2] > self.low), abs(shell[:, 0]) - self._opening(shell[:, 2]), 0.05)
        round_neck = np.hypot(shell[:, 0], shell[:, 1] - self.neck[1] - 0.006) - 0.086
        keep = np.minimum(opening, np.where(shell[:, 2] > height - 0.05, round_neck, 0.05))
        return np.asarray(np.minimum(keep, height + 0.05 - shell[:, 2]))

    def _folds(self, points: Points) -> Points:
        """Soft drapery, metres along the normal."""
        x, _, z = points.T
        ax, height = abs(x), self.neck[2]
        chest = np.exp(-(((ax - 0.13) / 0.05) ** 2) - ((z - height + 0.19) / 0.06) ** 2)
        a = np.sin(55 * (z + ax * 0.9) + 3 * np.sin(9 * ax + 5 * z)) * chest
        b = np.sin(70 * (z - 0.35 * ax) + 2.5 * np.sin(20 * z)) * smoothstep(0.16, 0.19, ax) * 0.8
        c = np.sin(38 * (z + 0.5 * ax) + 1) * smoothstep(height - 0.2, height - 0.3, z) * 0.6 * (ax < 0.17)
        return np.asarray((a * 1.6 + b * 0.9 + c * 0.9) * 0.0016)

    def _sheet(
        self, name: str, front: _Front, inner: Polyline, outer: Polyline, cells: tuple[int, int], lift: float = 0.006
    ) -> Part:
        """A mirrored pair of cloth sheets between two outlines in (x, z), lying on the blazer's front."""
        across, down = cells
        positions, triangles, nearest, edges, start = [], [], [], [], 0
        for side in (1, -1):
            a, b = _resampled(inner, down), _resampled(outer, down)
            u = np.linspace(0, 1, across)[None, :, None]
            flat = (a[:, None] * (1 - u) + b[:, None] * u).reshape(-1, 2) * [side, 1]
            on_cloth, normal, index = front.lookup(flat)
            along = np.tile(np.linspace(0, 1, across), down)
            roll = 0.002 + lift * (0.35 + 0.65 * np.sin(np.pi * np.clip(along * 0.9 + 0.1, 0, 1)))
            position = np.stack([flat[:, 0], on_cloth[:, 1], flat[:, 1]], 1) + normal * 0.002
            position[:, 1] -= roll
            quads = grid_quads(down, across)
            triangles.append(triangulate(quads if side > 0 else quads[:, ::-1]) + start)
            positions.append(position)
            nearest.append(index)
            edges.append(along)
            start += len(position)
        part = Part(name, np.concatenate(positions), np.concatenate(triangles), self.source[np.concatenate(nearest)])
        part.extra["edge"] = np.concatenate(edges)
        return part

    def _top(self) -> Part:
        position = self.tights.position + self.tights.normal * 0.004
        x, y, z = position.T
        height = self.neck[2]
        scoop = np.where(y < self.neck[1] + 0.035, 1 - np.hypot(x / 0.088, (z - height - 0.03) / 0.135), 0)
        keep = np.minimum(-scoop, height - z - 0.032) * 0.1
        around = 0.09 - np.hypot(x, y - self.neck[1])
        keep = np.minimum(keep, np.where(y < self.neck[1], self._opening(z) + 0.045 - abs(x), around))
        part = Part("top", position, self.tights.triangles[(keep[self.tights.triangles] > 0).any(1)], self.source)
        part.kind, part.material = "cloth", TOP
        part.normal = self.tights.normal
        part.extra["keep"] = keep
        return part


class _Front:
    """Depth and normal of the blazer's front by (x, z)."""

    def __init__(self, blazer: Part) -> None:
        self._index = np.where(blazer.normal[:, 1] < 0.3)[0]
        self._position, self._normal = blazer.position[self._index], blazer.normal[self._index]
        self._tree = cKDTree(self._position[:, [0, 2]])

    def lookup(self, flat: Points) -> tuple[Points, Points, Indices]:
        """(point on the cloth, its normal, nearest blazer vertex) for points (n, 2) in (x, z)."""
        distance, near = self._tree.query(flat, k=5)
        weight = 1 / (distance + 0.002) ** 2
        weight = (weight / weight.sum(1, keepdims=True))[..., None]
        point, normal = (self._position[near] * weight).sum(1), unit((self._normal[near] * weight).sum(1))
        return point, normal, self._index[near[:, 0]]


def _on(front: _Front, x: float, z: float) -> Points:
    """The point of a blazer's front at (x, z), a little proud of the cloth."""
    point, normal, _ = front.lookup(np.array([[x, z]]))
    return np.asarray(np.array([x, point[0, 1] - 0.005, z]) + normal[0] * 0.001)


def _resampled(line: Polyline, count: int) -> Points:
    points = np.array(line)
    length = np.r_[0, np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))]
    at = np.linspace(0, length[-1], count)
    return np.stack([np.interp(at, length, points[:, 0]), np.interp(at, length, points[:, 1])], 1)
