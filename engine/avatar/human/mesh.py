"""Meshes: Catmull-Clark subdivision as sparse matrices, normals, smoothing, small vector helpers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from engine.avatar.body_file import Material
from engine.avatar.errors import INSTALL, BodyError

Points = NDArray[Any]
"""Floats: (n, 3) positions or directions in metres, or one number or vector a vertex."""

Indices = NDArray[Any]
"""Integers: vertex or face numbers."""


@dataclass
class Part:
    """One drawable piece of the host at rest.

    ``kind`` picks the shader. ``source`` (rows are this part's vertices, columns the base mesh's) carries shapes and
    skin weights over. What a part follows: ``follow`` (n,), where given, is the head's share in moving each vertex
    (1 rides on the head, 0 stays with the torso); else cloth stays with the torso, skin follows the rig, and what has
    no source rides on the head. ``moving`` parts act the face's shapes. ``limbs`` parts have sleeves or hands, which
    are cut off and follow the arms. ``extra`` holds named per-vertex attributes. ``drawn`` are the triangles to draw
    where these are fewer than ``triangles``, from which normals come; ``coarse`` the same for what is cut off.
    """

    name: str
    position: Points
    triangles: Indices
    source: sp.csr_matrix | None = None
    normal: Points = field(default_factory=lambda: np.zeros((0, 3)))
    extra: dict[str, Points] = field(default_factory=dict)
    drawn: Indices | None = None
    coarse: Indices | None = None
    kind: str = ""
    material: Material = field(default_factory=Material)
    follow: Points | None = None
    moving: bool = False
    limbs: bool = False

    def __post_init__(self) -> None:
        if len(self.normal) != len(self.position):
            self.normal = vertex_normals(self.position, self.triangles)


def smoothstep(low: float, high: float, x: Points) -> Points:
    """Hermite step from 0 at ``low`` to 1 at ``high``; ``low`` may be the larger."""
    t = np.clip((np.asarray(x) - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def unit(vectors: Points) -> Points:
    """Vectors along the last axis, scaled to length 1."""
    vectors = np.asarray(vectors, np.float64)
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12))


def triangulate(quads: Indices) -> Indices:
    """Quads (n, 4) as triangles, without the degenerate ones of a quad that is a triangle."""
    t = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    return np.asarray(t[(t[:, 0] != t[:, 1]) & (t[:, 1] != t[:, 2]) & (t[:, 0] != t[:, 2])])


def simplified(position: Points, triangles: Indices, share: float) -> Indices:
    """Fewer triangles over the same vertices, by quadric edge collapse (Garland and Heckbert 1997).

    Each collapsed vertex becomes the nearest old one, so attributes, shapes and weights stay as they are.
    Raises BodyError without the package that does it.
    """
    try:
        from fast_simplification import simplify  # noqa: PLC0415 - baking alone needs it
    except ImportError as error:
        raise BodyError(f"baking a human body needs the package fast-simplification: {INSTALL}") from error
    used, corners = np.unique(triangles, return_inverse=True)
    old = position[used].astype(np.float64)
    points, faces = simplify(old, corners.reshape(triangles.shape).astype(np.int64), target_reduction=1 - share)[:2]
    nearest = used[cKDTree(old).query(points)[1]]
    t = nearest[faces]
    return np.asarray(t[(t[:, 0] != t[:, 1]) & (t[:, 1] != t[:, 2]) & (t[:, 0] != t[:, 2])])


def grid_quads(rows: int, columns: int) -> Indices:
    """Quads of a rows x columns grid of vertices stored row by row."""
    i = np.arange(rows * columns).reshape(rows, columns)
    return np.stack([i[:-1, :-1], i[:-1, 1:], i[1:, 1:], i[1:, :-1]], -1).reshape(-1, 4)


def vertex_normals(position: Points, triangles: Indices) -> Points:
    """Area-weighted unit normals."""
    a, b, c = (position[triangles[:, k]] for k in range(3))
    face = np.cross(b - a, c - a)
    normal = np.zeros_like(position)
    for corner in range(3):
        for axis in range(3):
            normal[:, axis] += np.bincount(triangles[:, corner], face[:, axis], minlength=len(position))
    return unit(normal)


def adjacency(count: int, triangles: Indices) -> sp.csr_matrix:
    """Row-normalised neighbour average of a triangle mesh."""
    i = triangles[:, [0, 1, 2]].T.ravel()
    j = triangles[:, [1, 2, 0]].T.ravel()
    links = sp.csr_matrix((np.ones(2 * len(i)), (np.r_[i, j], np.r_[j, i])), shape=(count, count))
    links.data[:] = 1
    degree = np.asarray(links.sum(1)).ravel()
    return sp.csr_matrix(sp.diags(1 / np.maximum(degree, 1)) @ links)


def relax(position: Points, triangles: Indices, rounds: int, step: float = 0.6) -> Points:
    """Laplacian smoothing."""
    average = adjacency(len(position), triangles)
    for _ in range(rounds):
        position = position + step * (average @ position - position)
    return position


def catmull_clark(faces: Indices, vertices: int, *, smooth: bool = True) -> tuple[sp.csr_matrix, Indices, Indices]:
    """One subdivision step: (matrix from old to new vertices, new quads, old ids of the first new vertices).

    ``faces`` (n, 4) may hold triangles as quads with the last corner repeated. With ``smooth`` False the step only
    splits (for texture coordinates). Catmull and Clark 1978.
    """
    count = len(faces)
    used, corner = np.unique(faces, return_inverse=True)
    corner = corner.reshape(faces.shape)
    m = len(used)
    is_triangle = corner[:, 2] == corner[:, 3]
    weights = np.where(is_triangle[:, None], np.array([1, 1, 1, 0]) / 3, np.full(4, 0.25))
    face_row = np.repeat(np.arange(count), 4)
    to_face = sp.csr_matrix((weights.ravel(), (face_row, corner.ravel())), shape=(count, m))
    ends = np.stack([np.sort(np.stack([corner[:, j], corner[:, (j + 1) % 4]], 1), 1) for j in range(4)], 1)
    real = ends[..., 0] != ends[..., 1]
    keys, edge = np.unique(ends[..., 0].astype(np.int64) * m + ends[..., 1], return_inverse=True)
    edge = edge.reshape(count, 4)
    to_vertex, to_edge = _smooth_rules(corner, edge, keys, real, to_face) if smooth else _split_rules(keys, m)
    quads = []
    for j in range(4):
        following, previous = edge[:, j].copy(), edge[:, (j - 1) % 4]
        keep = ~is_triangle if j == 3 else np.ones(count, bool)
        if j == 2:
            following[is_triangle] = edge[is_triangle, 3]
        quad = np.stack([corner[:, j], m + following, m + len(keys) + np.arange(count), m + previous], 1)
        quads.append(quad[keep])
    select = sp.csr_matrix((np.ones(m), (np.arange(m), used)), shape=(m, vertices))
    return sp.csr_matrix(sp.vstack([to_vertex, to_edge, to_face]) @ select), np.concatenate(quads), used


def _edge_mean(keys: Indices, m: int) -> sp.csr_matrix:
    edges = len(keys)
    rows = np.r_[np.arange(edges), np.arange(edges)]
    return sp.csr_matrix((np.full(2 * edges, 0.5), (rows, np.r_[keys // m, keys % m])), shape=(edges, m))


def _split_rules(keys: Indices, m: int) -> tuple[sp.csr_matrix, sp.csr_matrix]:
    return sp.identity(m, format="csr"), _edge_mean(keys, m)


def _smooth_rules(
    corner: Indices, edge: Indices, keys: Indices, real: NDArray[np.bool_], to_face: sp.csr_matrix
) -> tuple[sp.csr_matrix, sp.csr_matrix]:
    count, m, edges = len(corner), to_face.shape[1], len(keys)
    face_of = np.repeat(np.arange(count)[:, None], 4, 1)[real]
    sides = np.bincount(edge[real], minlength=edges)
    edge_faces = sp.csr_matrix((np.ones(len(face_of)), (edge[real], face_of)), shape=(edges, count))
    mean = _edge_mean(keys, m)
    inner = sides == 2
    to_edge = sp.diags(np.where(inner, 0.5, 1.0)) @ mean + sp.diags(np.where(inner, 0.25, 0.0)) @ (edge_faces @ to_face)
    around = sp.csr_matrix((np.ones(len(face_of)), (corner[real], face_of)), shape=(m, count))
    faces_at = np.asarray(around.sum(1)).ravel()
    rows, columns = np.r_[keys // m, keys % m], np.r_[np.arange(edges), np.arange(edges)]
    spokes = sp.csr_matrix((np.ones(2 * edges), (rows, columns)), shape=(m, edges)) @ sp.diags(
        (sides > 0).astype(float)
    )
    edges_at = np.asarray(spokes.sum(1)).ravel()
    rim = spokes @ sp.diags((sides == 1).astype(float))
    rim_at = np.asarray(rim.sum(1)).ravel()
    identity = sp.identity(m, format="csr")
    inside = (
        sp.diags(1 / np.maximum(faces_at, 1) ** 2) @ around @ to_face
        + sp.diags(2 / np.maximum(faces_at * edges_at, 1)) @ spokes @ mean
        + sp.diags((faces_at - 3) / np.maximum(faces_at, 1)) @ identity
    )
    border = (
        sp.diags(np.where(rim_at == 2, 0.5, 1.0)) @ identity + sp.diags(np.where(rim_at == 2, 0.25, 0.0)) @ rim @ mean
    )
    on_rim = (rim_at > 0).astype(float)
    return sp.diags(1 - on_rim) @ inside + sp.diags(on_rim) @ border, to_edge
