"""What is sewn onto a garment: flat sheets such as lapels and plackets, buttons, cuffs, bands around the neck."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.spatial import cKDTree

from engine.avatar.body_file import Material
from engine.avatar.human.mesh import Indices, Part, Points, grid_quads, triangulate, vertex_normals
from engine.avatar.human.outfits.drape import Front
from engine.avatar.human.outfits.tailoring import Tailor

Polyline = list[tuple[float, float]]

CUFF_POINTS = 20
NECK_POINTS = 48
RIB_WIDTH = 0.0052
"""Metres from one rib of knitwear to the next."""

BAND_RIBS = 0.35
"""How strongly bands are ribbed, as a share of their light."""


def sheet(
    tailor: Tailor, name: str, front: Front, shell: Points, outlines: tuple[Polyline, Polyline], cells: tuple[int, int],
    *, mirrored: bool = True, lift: float = 0.003, roll: float = 0.0,
) -> Part:  # fmt: skip
    """Cloth between two outlines in (x, z) from the neck joint, lying on a front; a mirrored pair, or one.

    ``lift`` is its height above the cloth; ``roll`` what its middle stands higher, metres.
    """
    across, down = cells
    positions: list[Points] = []
    triangles: list[Indices] = []
    edges = []
    columns, rows = _hemmed(across), _hemmed(down)
    u, v = np.tile(columns, down), np.repeat(rows, across)
    for side in (1, -1) if mirrored else (1,):
        a, b = (resampled(line, rows) for line in outlines)
        t = columns[None, :, None]
        flat = (a[:, None] * (1 - t) + b[:, None] * t).reshape(-1, 2) * [side, 1] + tailor.neck[[0, 2]]
        on_cloth, normal = front.lookup(flat)
        height = lift + roll * np.sin(np.pi * np.clip(u * 0.85 + 0.1, 0, 1))
        quads = grid_quads(down, across)
        triangles.append(triangulate(quads if side > 0 else quads[:, ::-1]) + sum(len(p) for p in positions))
        positions.append(on_cloth + normal * height[:, None])
        edges.append(np.where((np.minimum(u, v) < 1e-6) | (np.maximum(u, v) > 1 - 1e-6), 1.0, 0.5))
    position = np.concatenate(positions)
    part = Part(name, position, np.concatenate(triangles), tailor.borrowed(position, shell), kind="cloth")
    part.extra["edge"] = np.concatenate(edges)
    part.limbs, part.extra["loose"] = True, tailor.loose(position)
    return faced(part)


def faced(part: Part) -> Part:
    """The part with its triangles, and so its normals, turned towards the viewer."""
    if (vertex_normals(part.position, part.triangles)[:, 1]).mean() > 0:
        part.triangles = part.triangles[:, ::-1].copy()
    part.normal = vertex_normals(part.position, part.triangles)
    return part


def _hemmed(count: int) -> Points:
    """Shares from 0 to 1 with the second and the last but one close to the ends, so that a hem is a thin line."""
    shares = np.linspace(0, 1, count)
    hem = shares[1] * 0.35
    shares[1], shares[-2] = hem, 1 - hem
    return shares


def resampled(line: Polyline, shares: Points) -> Points:
    """Points (n, 2) of a polyline at shares of its length."""
    points = np.array(line)
    length = np.r_[0, np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))]
    at = shares * length[-1]
    return np.stack([np.interp(at, length, points[:, 0]), np.interp(at, length, points[:, 1])], 1)


def buttons(
    tailor: Tailor, front: Front, shell: Points, spots: Polyline, radius: float, lift: float, dye: str = "outfit"
) -> Part:
    """Round buttons at points (x, z) from the neck joint: a rim and a dished middle."""
    turn = np.linspace(0, 2 * np.pi, 13)[:-1]
    rings = [(1.0, -0.0005), (1.0, 0.0016), (0.80, 0.0022), (0.62, 0.0013), (0.0, 0.0013)]
    positions: list[Points] = []
    triangles: list[Indices] = []
    edges = []
    quads = np.concatenate([_ring_quads(12) + 12 * k for k in range(len(rings) - 1)])
    for x, z in spots:
        centre, normal = front.lookup(np.array([[x, z]]) + tailor.neck[[0, 2]])
        right = np.cross(normal[0], [0, 0, 1.0])
        right /= np.linalg.norm(right)
        up = np.cross(right, normal[0])
        ring = right * np.cos(turn)[:, None] + up * np.sin(turn)[:, None]
        body = [centre + ring * radius * r + normal * (lift + h) for r, h in rings]
        triangles.append(triangulate(quads) + sum(len(p) for p in positions))
        positions.append(np.concatenate(body))
        edges.append(np.repeat([1.0, 0.97, 0.5, 0.955, 0.97], 12))
    position = np.concatenate(positions)
    part = Part("buttons", position, np.concatenate(triangles), tailor.borrowed(position, shell), kind="cloth")
    part.material = Material(dye, sheen=0.5, stitched=True, over=True)
    part.extra["edge"] = np.concatenate(edges)
    return faced(part)


def _ring_quads(count: int) -> Points:
    i = np.arange(count)
    return np.stack([i, (i + 1) % count, count + (i + 1) % count, count + i], 1)


def cuffs(
    tailor: Tailor, shell: Points, end: float, depth: float, lift: float, material: Material, *, ribbed: bool = False
) -> Part:
    """Bands around both wrists from ``end`` metres short of the wrist, ``depth`` long, turned in at the hand."""
    rows = [(-depth, -0.002), (-depth + 0.001, lift)]
    rows += [(-depth * f, lift * (1.15 if ribbed else 1.0)) for f in ((0.66, 0.33) if ribbed else (0.5,))]
    rows += [(-0.001, lift), (0.0, lift - 0.0012), (-0.001, lift - 0.0035), (-0.016, -0.011)]
    angle = np.linspace(-np.pi, np.pi, CUFF_POINTS + 1)
    positions: list[Points] = []
    triangles: list[Indices] = []
    seam, rib = [], []
    for side, sleeve in tailor.sleeves.items():
        along, around, radius = sleeve.measured(shell)
        stop = sleeve.length - end
        near = (tailor.arm[side] > 0.9) & (along > stop - depth - 0.01) & (along < stop + 0.012)
        tree = cKDTree(np.stack([np.cos(around[near]), np.sin(around[near])], 1))
        _, index = tree.query(np.stack([np.cos(angle), np.sin(angle)], 1), k=12)
        even = radius[near][index].mean(1)
        even = gaussian_filter1d(even[:-1], 1.5, mode="wrap")
        even = np.r_[even, even[:1]]
        grid = [sleeve.around(np.full(len(angle), stop + u), angle, even + r) for u, r in rows]
        quads = grid_quads(len(rows), len(angle))
        triangles.append(triangulate(quads) + sum(len(p) for p in positions))
        positions.append(np.concatenate(grid))
        seam.append(np.repeat([0.1] * (len(rows) - 2) + [0.0, 0.0], len(angle)))
        count = round(2 * np.pi * float(even.mean()) / RIB_WIDTH)
        rib.append(
            np.stack([np.tile(angle / (2 * np.pi) * count, len(rows)), np.full(len(rows) * len(angle), 0.35)], 1)
        )
    position = np.concatenate(positions)
    part = Part(
        "cuffs",
        position,
        np.concatenate(triangles),
        tailor.borrowed(position, shell, 8, tailor.arms > 0.98),
        kind="cloth",
    )
    part.material, part.limbs = material, True
    part.extra["seam"] = np.concatenate(seam)
    if ribbed:
        part.extra["rib"] = np.concatenate(rib)
    _outwards(part, tailor)
    return part


def _outwards(part: Part, tailor: Tailor) -> None:
    """Normals of tubes around the arms, pointing out; the inner rows' point in."""
    part.normal = vertex_normals(part.position, part.triangles)
    away = np.zeros(len(part.position))
    for side, sleeve in tailor.sleeves.items():
        own = np.sign(part.position[:, 0]) == (1 if side == "left" else -1)
        along, angle, radius = sleeve.measured(part.position)
        direction = part.position - sleeve.around(along, angle, radius * 0)
        away[own] = (part.normal * direction).sum(1)[own]
        if away[own].mean() < 0:
            flip = own[part.triangles].all(1)
            part.triangles[flip] = part.triangles[flip][:, ::-1]
    part.normal = vertex_normals(part.position, part.triangles)


class Neckline:
    """Where planes around the neck, higher at the back, meet the cloth or the skin.

    ``height`` is the plane's distance above the neck joint, ``tilt`` its rise for each metre backwards.
    """

    def __init__(self, tailor: Tailor, surface: Points, normals: Points, height: float, tilt: float) -> None:
        self.tailor, self.height, self.tilt = tailor, height, tilt
        near = np.hypot(surface[:, 0], surface[:, 1] - tailor.neck[1]) < 0.2
        near &= surface[:, 2] > tailor.neck[2] - 0.2
        self._points, self._normals = surface[near], normals[near]
        self._tree = cKDTree(self._points)

    def above(self, points: Points) -> Points:
        """Signed height (n,) of points above the plane."""
        local = points - self.tailor.neck
        return np.asarray(local[:, 2] - self.height - self.tilt * local[:, 1])

    def ring(self, angle: Points, height: float = 0.0, gap: float = 0.0) -> Points:
        """Points at angles around the neck (0 in front, positive to the host's left) where the plane, raised by
        ``height``, meets the surface, ``gap`` metres outside of it.
        """
        radius = np.arange(0.02, 0.17, 0.0015)
        direction = np.stack([np.sin(angle), -np.cos(angle)], 1)
        x = radius[None] * direction[:, :1]
        y = radius[None] * direction[:, 1:] + 0.0
        z = self.height + height + self.tilt * y
        points = np.stack([x, y, z], -1) + self.tailor.neck
        _, near = self._tree.query(points.reshape(-1, 3), k=3)
        away = (points.reshape(-1, 1, 3) - self._points[near]) * self._normals[near]
        outside = away.sum(2).mean(1).reshape(len(angle), -1) > 0
        # The last crossing from inside to outside: the neck may be hollow above the cloth.
        first = np.where(outside.all(1), 0, outside.shape[1] - 1 - (~outside[:, ::-1]).argmax(1))
        found = radius[np.minimum(first, len(radius) - 1)] + gap
        wrap = len(angle) > 2 and np.isclose(abs(angle[-1] - angle[0]), 2 * np.pi)
        found = gaussian_filter1d(found[:-1], 1.5, mode="wrap") if wrap else gaussian_filter1d(found, 1.5)
        found = np.r_[found, found[:1]] if wrap else found
        flat = direction * found[:, None]
        return np.stack([flat[:, 0], flat[:, 1], self.height + height + self.tilt * flat[:, 1]], 1) + self.tailor.neck


def band(
    tailor: Tailor, name: str, shell: Points, rows: list[Points], material: Material, *, ribbed: bool = False
) -> Part:
    """A closed or open strip through rows of points (n, 3) from the bottom up, such as a neckband."""
    width = len(rows[0])
    position = np.concatenate(rows)
    part = Part(name, position, triangulate(grid_quads(len(rows), width)), kind="cloth", material=material)
    part.source = tailor.borrowed(position, shell)
    away = (position - tailor.neck) * [1, 1, 0]
    if (vertex_normals(position, part.triangles) * away).sum() < 0:
        part.triangles = part.triangles[:, ::-1].copy()
    part.normal = vertex_normals(position, part.triangles)
    if np.allclose(rows[0][0], rows[0][-1]):
        ends = np.arange(len(rows)) * width
        joined = part.normal[ends] + part.normal[ends + width - 1]
        part.normal[ends] = part.normal[ends + width - 1] = joined / np.linalg.norm(joined, axis=1, keepdims=True)
    if ribbed:
        middle = rows[len(rows) // 2]
        length = float(np.linalg.norm(np.diff(middle, axis=0), axis=1).sum())
        count = round(length / RIB_WIDTH)
        part.extra["rib"] = np.stack(
            [np.tile(np.linspace(0, count, width), len(rows)), np.full(len(position), 0.35)], 1
        )
    return part
