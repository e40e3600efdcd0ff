"""A merchant's logo: a picture, lying on the clothes."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import cv2
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree

from engine.avatar.body_file import Material
from engine.avatar.errors import BodyError
from engine.avatar.human.mesh import Part, Points, grid_quads, triangulate, unit
from engine.avatar.human.sculpt import Figure

Place = Literal["chest", "lapel"]

MOST_PIXELS = 192
"""A logo is stored no larger: at the closest framing it is drawn over about a hundred pixels, without mipmaps."""

WIDTH: dict[Place, float] = {"chest": 0.045, "lapel": 0.028}
TALLEST = 1.2
"""Height over width from which a logo is made narrower instead of taller."""

SPOTS: dict[Place, tuple[tuple[float, float], ...]] = {
    "chest": ((0.066, -0.160), (0.046, -0.165), (0.072, -0.215), (0.036, -0.170), (0.077, -0.180)),
    "lapel": ((0.084, -0.104),),
}
"""Where its middle may be, (x, z) from the neck joint on the host's left: the first at which it lies flat is taken, or
the last.
"""
UNEVEN = 0.0022
"""Metres that cloth may depart from a smooth surface where a logo lies flat on it: less than a hem stands out."""

CELLS = 10
LIFT = 0.0014
NO_LOGO: NDArray[np.uint8] = np.zeros((1, 1, 4), np.uint8)
PICTURES = "use a PNG or JPEG picture of your logo, best a PNG with a transparent background"
_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


def read_logo(file: Path) -> NDArray[np.uint8]:
    """The picture as RGBA (height, width, 4), at most ``MOST_PIXELS`` on its longer side; its alpha is kept.

    Raises BodyError when the file cannot be read or is not a whole PNG or JPEG.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BodyError(f"{file}: the logo cannot be read ({error.strerror}); {PICTURES}") from error
    if not content.startswith(_SIGNATURES):
        raise BodyError(f"{file}: the logo is neither PNG nor JPEG; {PICTURES}")
    picture = _decoded(content)
    if picture is None:
        raise BodyError(f"{file}: the logo is a broken picture; {PICTURES}")
    height, width = picture.shape[:2]
    scale = MOST_PIXELS / max(height, width)
    if scale < 1:
        # Colours are averaged by alpha, so that what is clear does not tint the edges.
        alpha = picture[..., 3:].astype(np.float32) / 255
        size = max(1, round(width * scale)), max(1, round(height * scale))
        small = cv2.resize(np.dstack([picture[..., :3] * alpha, alpha]), size, interpolation=cv2.INTER_AREA)
        colour = small[..., :3] / np.maximum(small[..., 3:], 1e-6)
        picture = np.dstack([colour, small[..., 3:] * 255]).round().clip(0, 255).astype(np.uint8)
    return picture


def _decoded(content: bytes) -> NDArray[np.uint8] | None:
    try:
        picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:
        return None
    if picture is None:
        return None
    if picture.dtype == np.uint16:
        picture = (picture // 257).astype(np.uint8)
    if picture.ndim == 2:
        picture = picture[..., None]
    if picture.shape[2] == 1:
        picture = np.repeat(picture, 3, 2)
    if picture.shape[2] == 3:
        picture = np.dstack([picture, np.full(picture.shape[:2], 255, np.uint8)])
    return np.ascontiguousarray(picture[..., [2, 1, 0, 3]], np.uint8)


def logo_part(figure: Figure, clothes: list[Part], logo: NDArray[np.uint8], place: Place) -> Part:
    """``logo``: a decal on the foremost of the clothes. Extra: ``logo_at`` (n, 2), from the picture's top left."""
    height, width = logo.shape[:2]
    half_x = WIDTH[place] / 2 * min(1.0, TALLEST * width / height)
    half_z = half_x * height / width
    u, v = (a.ravel() for a in np.meshgrid(np.linspace(0, 1, CELLS + 1), np.linspace(0, 1, CELLS + 1)))
    across = np.stack([(2 * u - 1) * half_x, (1 - 2 * v) * half_z], 1)
    for spot in SPOTS[place]:
        flat = figure.neck[[0, 2]] + spot + across
        raw = foremost(clothes, flat)
        if unevenness(across, raw) < UNEVEN:
            break
    raw = raw.reshape(CELLS + 1, CELLS + 1)
    depth = np.minimum(gaussian_filter(raw, 1.5, mode="nearest"), raw)
    depth = gaussian_filter(depth, 0.7, mode="nearest") - LIFT
    down, right = np.gradient(depth, 2 * half_z / CELLS, 2 * half_x / CELLS)
    normal = unit(np.stack([right.ravel(), -np.ones(len(flat)), -down.ravel()], 1))
    position = np.stack([flat[:, 0], depth.ravel(), flat[:, 1]], 1)
    quads = grid_quads(CELLS + 1, CELLS + 1)
    part = Part("logo", position, triangulate(quads), _carrier(clothes, position), normal, kind="decal")
    part.material = Material(over=True)
    part.extra["logo_at"] = np.stack([u, v], 1)
    return part


def foremost(clothes: list[Part], flat: Points) -> Points:
    """Depth y (n,) of the foremost cloth at points (n, 2) in (x, z); where there is none, that of the nearest point."""
    depth = np.full(len(flat), np.inf)
    low, high = flat.min(0), flat.max(0)
    for part in clothes:
        kept = part.triangles
        if "keep" in part.extra:
            kept = kept[(part.extra["keep"][kept] > 0).all(1)]
        corners = part.position[kept]
        flat_corners = corners[:, :, [0, 2]]
        near = ((flat_corners.max(1) >= low) & (flat_corners.min(1) <= high)).all(1) & (corners[..., 1].mean(1) < 0)
        for corner in corners[near]:
            inside, at = _over(flat, corner)
            depth[inside] = np.minimum(depth[inside], at)
    found = np.isfinite(depth)
    if not found.any():
        raise BodyError("the outfit has no cloth where the logo would lie; use another logo_place")
    return np.asarray(depth[found][cKDTree(flat[found]).query(flat)[1]])


def unevenness(flat: Points, depth: Points) -> float:
    """How far depths (n,) at points (n, 2) depart from the quadric that fits them best, metres."""
    x, z = (flat / np.abs(flat).max(0)).T
    terms = np.stack([np.ones_like(x), x, z, x * z, x * x, z * z], 1)
    return float(abs(terms @ np.linalg.lstsq(terms, depth, rcond=None)[0] - depth).max())


def _over(flat: Points, corner: Points) -> tuple[NDArray[np.bool_], Points]:
    """(which points (n, 2) lie in a triangle (3, 3) seen from the front, its depth at those)."""
    a, b, c = corner[:, [0, 2]]
    matrix = np.stack([b - a, c - a], 1)
    if abs(np.linalg.det(matrix)) < 1e-12:
        return np.zeros(len(flat), bool), np.zeros(0)
    s, t = np.linalg.solve(matrix, (flat - a).T)
    inside = (s >= -1e-9) & (t >= -1e-9) & (s + t <= 1 + 1e-9)
    return inside, corner[0, 1] + s[inside] * (corner[1, 1] - corner[0, 1]) + t[inside] * (corner[2, 1] - corner[0, 1])


def _carrier(clothes: list[Part], position: Points) -> sp.csr_matrix:
    part = max(clothes, key=lambda p: len(p.position))
    assert part.source is not None
    return sp.csr_matrix(part.source[cKDTree(part.position).query(position)[1]])
