"""What shines through: in which order it is drawn, and whether it hides what is drawn after it.

Opaque surfaces come first, as the file has them; then the blended ones that write depth; then those that hide nothing.
A VRM says more, as Unity's render queues do. A plain glTF says nothing (section 3.9.4.1), so there a surface itself
tells whether it is clear anywhere. What is still equal is drawn from back to front.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.avatar.body_file import Surface
from engine.avatar.gltf.document import Object

QUEUE = 3000
"""Unity's queue of blended surfaces: VRM 1.0 counts from it, VRM 0.x may name another (-1: the shader's own)."""

WRITES_DEPTH = 3
"""`_BlendMode` of a blended MToon 0.x that writes depth."""

SOLID = 0.9
"""Alpha from which a place is not seen through."""

WHOLLY, MOSTLY = 0.999, 0.95
"""Shares of a surface that are not seen through: of one that is opaque, and of one that hides what is behind."""

MOST_LAYERS = 64
"""Equal surfaces up to which each is held against each; more are sorted by their middles."""

PROBES = 48
"""Triangles of a surface at which it is held against another, at the most."""

NEARER = 1e-4
"""Metres that a surface lies in front of another at the least."""

_STEPS = 5
_CORNERS = np.array([(i, j, _STEPS - 1 - i - j) for i in range(_STEPS) for j in range(_STEPS - i)])
PLACES = (_CORNERS + 1 / 3) / _STEPS
"""Shares (p, 3) of a triangle's corners in places spread over it."""

Points = NDArray[np.float64]
Triangles = NDArray[np.int64]


@dataclass(frozen=True)
class Blending:
    """What a file says of a blended material: lower ``queue`` first. ``hides`` is None where it says nothing."""

    queue: int = QUEUE
    hides: bool | None = None


def blending_0(told: Object) -> Blending:
    """Of an entry of VRM 0.x's ``materialProperties``."""
    shader, floats = str(told.get("shader", "")), told.get("floatProperties") or {}
    queue = _whole(told.get("renderQueue"), -1)
    hides = floats.get("_BlendMode") == WRITES_DEPTH or floats.get("_ZWrite") == 1 or shader.endswith("ZWrite")
    known = hides or shader.startswith("VRM/")
    return Blending(queue if queue >= 0 else QUEUE, hides if known else None)


def blending_1(mtoon: Object) -> Blending:
    """Of a material's ``VRMC_materials_mtoon``, empty where it has none."""
    if not mtoon:
        return Blending()
    later = _whole(mtoon.get("renderQueueOffsetNumber"), 0)
    return Blending(QUEUE + later, mtoon.get("transparentWithZWrite") is True)


def _whole(value: object, default: int) -> int:
    return value if isinstance(value, int) else default


@dataclass(frozen=True)
class Sheet:
    """A surface as it is laid out: ``position`` (n, 3) in metres, y away from the viewer."""

    surface: Surface
    queue: int
    position: Points
    triangles: Triangles

    @property
    def rank(self) -> tuple[int, int]:
        """What is drawn first has the lowest."""
        if not self.surface.blended or not len(self.triangles):
            return 0, 0
        return 1 if self.surface.hides else 2, self.queue

    @cached_property
    def corners(self) -> Points:
        """Of its triangles (t, 3, 3)."""
        return np.asarray(self.position[self.triangles])

    @cached_property
    def _boxes(self) -> tuple[Points, Points]:
        """Least and greatest x and z of each triangle (t, 2)."""
        seen = self.corners[..., [0, 2]]
        return seen.min(1), seen.max(1)

    @cached_property
    def bounds(self) -> tuple[Points, Points]:
        """Least and greatest x and z (2,)."""
        low, high = self._boxes
        return low.min(0), high.max(0)

    @cached_property
    def probes(self) -> Points:
        """Places spread over it, as x and z (p, 2)."""
        step = -(-len(self.triangles) // PROBES)
        # With few triangles, each is looked at in several places.
        places = PLACES[:: max(1, len(self.triangles) * len(PLACES) // PROBES)]
        spots = np.einsum("pk,tkc->tpc", places, self.corners[::step]).reshape(-1, 3)
        return np.asarray(spots[:, [0, 2]])

    def depth_at(self, points: Points) -> Points:
        """Where (p,) it is seen in front at x and z of ``points`` (p, 2); infinite where it is not."""
        low, high = self._boxes
        probe, near = np.nonzero(((low <= points[:, None]) & (high >= points[:, None])).all(2))
        a, b, c = (self.corners[near, k] for k in range(3))
        away, area = points[probe] - a[:, [0, 2]], _crossed(b - a, c - a)
        area = np.where(np.abs(area) > 1e-14, area, np.nan)
        right, left = _crossed(away, c - a) / area, _crossed(b - a, away) / area
        hit = (right >= 0) & (left >= 0) & (right + left <= 1)
        depth = a[:, 1] + right * (b - a)[:, 1] + left * (c - a)[:, 1]
        seen = np.full(len(points), np.inf)
        np.minimum.at(seen, probe[hit], depth[hit])
        return seen


def _crossed(a: Points, b: Points) -> Points:
    """Twice the area that two directions span, of x and the last of their numbers."""
    return np.asarray(a[..., 0] * b[..., -1] - a[..., -1] * b[..., 0])


def drawing_order(sheets: Sequence[Sheet]) -> list[int]:
    """Numbers of the sheets in the order in which they are drawn."""
    order: list[int] = []
    for rank in sorted({sheet.rank for sheet in sheets}):
        equal = [number for number, sheet in enumerate(sheets) if sheet.rank == rank]
        order += _layered(sheets, equal) if rank[0] else equal
    return order


def _layered(sheets: Sequence[Sheet], equal: list[int]) -> list[int]:
    """These sheets from back to front: what covers another comes later; what meets no other stays where it is."""
    if len(equal) > MOST_LAYERS:
        return sorted(equal, key=lambda number: -float(sheets[number].corners[..., 1].mean()))
    above: dict[int, set[int]] = {number: set() for number in equal}
    for i, j in itertools.combinations(equal, 2):
        ahead = _ahead(sheets[i], sheets[j])
        if abs(ahead) > NEARER:
            above[i if ahead > 0 else j].add(j if ahead > 0 else i)
    order: list[int] = []
    left = list(equal)
    while left:
        # Of sheets that lie over each other in a ring, the file's first.
        lowest = next((i for i in left if not above[i].intersection(left)), left[0])
        left.remove(lowest)
        order.append(lowest)
    return order


def _ahead(a: Sheet, b: Sheet) -> float:
    """How far the one lies in front of the other, metres, in the middle of where both are seen; 0 where none is."""
    (low, high), (least, most) = a.bounds, b.bounds
    if (low > most).any() or (least > high).any():
        return 0.0
    probes = a.probes if np.prod(high - low) < np.prod(most - least) else b.probes
    one, other = a.depth_at(probes), b.depth_at(probes)
    both = np.isfinite(one) & np.isfinite(other)
    return float(np.median(other[both] - one[both])) if both.any() else 0.0


def back_to_front(position: Points, triangles: Triangles) -> Triangles:
    """Triangles (t, 3) with the farthest from the viewer first."""
    return np.asarray(triangles[np.argsort(-position[triangles, 1].sum(1), kind="stable")])


def solid_share(alpha: NDArray[np.float32], position: Points, triangles: Triangles) -> float:
    """Share of the triangles' area that is not seen through; ``alpha`` (t, p) is that at their ``PLACES``."""
    a, b, c = (position[triangles[:, k]] for k in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    return float((area * (alpha >= SOLID).mean(1)).sum() / max(float(area.sum()), 1e-12))


def spread(values: NDArray[np.float32], triangles: Triangles) -> NDArray[np.float32]:
    """Values of vertices (n, width) at the triangles' ``PLACES`` (t, p, width)."""
    return np.asarray(np.einsum("pk,tkc->tpc", PLACES, values[triangles]), np.float32)
