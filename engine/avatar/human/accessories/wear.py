"""What accessories are made of: tubes and beads, and the type of their makers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.avatar.body_file import Material
from engine.avatar.human.mesh import Indices, Part, Points, unit, vertex_normals
from engine.avatar.human.sculpt import Figure

Wearer = Callable[[Figure, Part], list[Part]]
"""(figure, its skin) to parts of kind "cloth" without a source, which ride on the head."""

Mesh = tuple[Points, Indices]


def nothing(figure: Figure, skin: Part) -> list[Part]:
    """No accessory."""
    return []


def joined(name: str, pieces: list[Mesh], material: Material) -> Part:
    """One part of several meshes."""
    starts = np.cumsum([0] + [len(position) for position, _ in pieces])
    position = np.concatenate([position for position, _ in pieces])
    triangles = np.concatenate([t + start for (_, t), start in zip(pieces, starts[:-1], strict=True)])
    return Part(name, position, triangles, normal=vertex_normals(position, triangles), kind="cloth", material=material)


def tube(line: Points, radius: Points | float, *, closed: bool = False, sides: int = 6, flat: float = 1.0) -> Mesh:
    """A tube around a line (n, 3); ``flat`` is its depth over its height, ends are closed to a point."""
    line = np.asarray(line, float)
    count = len(line)
    along = unit(np.roll(line, -1, 0) - np.roll(line, 1, 0) if closed else np.gradient(line, axis=0))
    centre = line.mean(0)
    out = line - centre if closed else np.tile([0.0, 0, 1.0], (count, 1))
    out = unit(out - along * (out * along).sum(1, keepdims=True))
    other = np.cross(along, out)
    turn = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    ring = out[:, None] * np.cos(turn)[None, :, None] + other[:, None] * np.sin(turn)[None, :, None] * flat
    thick = np.broadcast_to(np.asarray(radius, float), (count,))[:, None, None]
    position = (line[:, None] + ring * thick).reshape(-1, 3)
    rows = np.arange(count if closed else count - 1)
    i, j = np.meshgrid(rows, np.arange(sides), indexing="ij")
    a, b = i * sides + j, i * sides + (j + 1) % sides
    c, d = ((i + 1) % count) * sides + (j + 1) % sides, ((i + 1) % count) * sides + j
    triangles = np.concatenate([np.stack([a, d, c], -1).reshape(-1, 3), np.stack([a, c, b], -1).reshape(-1, 3)])
    return position, _facing_out(position, triangles, np.repeat(line, sides, 0))


def bead(centre: Points, radii: Points, rings: int = 6, around: int = 10) -> Mesh:
    """An ellipsoid with radii along x, y, z."""
    polar = np.linspace(0, np.pi, rings + 1)
    turn = np.linspace(0, 2 * np.pi, around, endpoint=False)
    p, t = (values.ravel() for values in np.meshgrid(polar, turn, indexing="ij"))
    position = centre + np.stack([np.sin(p) * np.cos(t), np.sin(p) * np.sin(t), np.cos(p)], 1) * radii
    i, j = (values.ravel() for values in np.meshgrid(np.arange(rings), np.arange(around), indexing="ij"))
    a, b = i * around + j, i * around + (j + 1) % around
    triangles = np.concatenate([np.stack([a, a + around, b + around], 1), np.stack([a, b + around, b], 1)])
    return position, _facing_out(position, triangles, np.tile(centre, (len(position), 1)))


def _facing_out(position: Points, triangles: Indices, inner: Points) -> Indices:
    """Triangles wound so that their normals point away from ``inner`` (n, 3)."""
    normal = vertex_normals(position, triangles)
    return triangles if ((position - inner) * normal).sum() > 0 else triangles[:, ::-1].copy()
