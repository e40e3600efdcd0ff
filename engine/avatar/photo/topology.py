"""Which of mediapipe's face points are what, and the mesh that is made of them.

The mesh has the landmarker's 468 points, a row of points behind each lash line that moves with it, and a border
outside the face; around lips and lids its edges are halved, so that curves stay round. Left is the host's own left.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Delaunay

Ints = NDArray[np.int64]
Doubles = NDArray[np.float64]

TEMPLATE = Path(__file__).with_name("face_template.npz")
LANDMARKS = 468
IRISES = {"Right": 468, "Left": 473}
"""Of each eye, the landmark in the middle of the iris; the four behind it lie on its edge."""

BROW_TOP, CHIN, NOSE = 10, 152, 1
UPPER_LIP = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
LOWER_LIP = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
"""The edges of the mouth's opening, from the host's right to left; both ends are shared."""

LIP_ROWS = (
    (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291), (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291),
    (76, 184, 74, 73, 72, 11, 302, 303, 304, 408, 306), (76, 77, 90, 180, 85, 16, 315, 404, 320, 307, 306),
    (62, 183, 42, 41, 38, 12, 268, 271, 272, 407, 292), (62, 96, 89, 179, 86, 15, 316, 403, 319, 325, 292),
    UPPER_LIP, LOWER_LIP,
)  # fmt: skip
OUTER_UPPER, OUTER_LOWER = LIP_ROWS[0], LIP_ROWS[1]

UPPER_LID = {
    "Right": (33, 246, 161, 160, 159, 158, 157, 173, 133), "Left": (362, 398, 384, 385, 386, 387, 388, 466, 263),
}  # fmt: skip
LOWER_LID = {
    "Right": (33, 7, 163, 144, 145, 153, 154, 155, 133), "Left": (362, 382, 381, 380, 374, 373, 390, 249, 263),
}  # fmt: skip
"""The lash lines, from the host's right to left; both ends are shared."""

LID_FOLDS = {
    "Right": (130, 247, 30, 29, 27, 28, 56, 190, 243), "Left": (463, 414, 286, 258, 257, 259, 260, 467, 359),
}  # fmt: skip
LID_TOPS = {
    "Right": (226, 113, 225, 224, 223, 222, 221, 189, 244), "Left": (464, 413, 441, 442, 443, 444, 445, 342, 446),
}  # fmt: skip
LID_BAGS = {
    "Right": (130, 25, 110, 24, 23, 22, 26, 112, 243), "Left": (463, 341, 256, 252, 253, 254, 339, 255, 359),
}  # fmt: skip
"""Rows of points above the upper and below the lower lash line, in the same order."""

OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150,
    136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
"""The face's border, clockwise as seen."""

BAND = 0.32
"""How far from the lash line to the fold the row lies that moves with the lash line."""

BORDER = 1.07
"""Distance of the mesh's border from the face's middle, times that of the oval."""


@dataclass(frozen=True)
class Template:
    """The mean of our hosts: points (468, 3) and what each of ``FACE_CURVES`` adds to them (curves, 468, 3).

    In face heights (brow top to chin) from the middle between the outer corners of the eyes; x to the host's left, y
    down, z to the viewer. ``layout`` (468, 2) is where the landmarker sees the points of an open mouth.
    """

    points: Doubles
    moves: Doubles
    layout: Doubles


@dataclass(frozen=True)
class Mesh:
    """``fine`` (m, n) makes the drawn points of the n coarse ones; ``triangles`` (t, 3) are of drawn points.

    ``coarse`` (n, 468) makes the coarse points of the landmarks at rest. ``bands`` and ``border`` are numbers of
    coarse points; ``upper_lip``, ``lower_lip``, ``upper_lid`` and ``lower_lid`` of drawn ones, as long rows.
    """

    coarse: Doubles
    fine: Doubles
    triangles: NDArray[np.int32]
    bands: dict[str, Ints]
    border: Ints
    upper_lip: Ints
    lower_lip: Ints
    upper_lid: dict[str, Ints]
    lower_lid: dict[str, Ints]


@functools.cache
def template() -> Template:
    """The template that comes with Everhost (``scripts/learn_face_shapes.py`` makes it)."""
    with np.load(TEMPLATE, allow_pickle=False) as stored:
        moves = stored["moves"].astype(np.float64) * stored["scale"].astype(np.float64)[:, None, None]
        return Template(stored["points"].astype(np.float64), moves, stored["layout"].astype(np.float64))


@functools.cache
def mesh() -> Mesh:
    """The mesh, the same for every face."""
    coarse, bands, border = _coarse()
    flat = coarse @ template().layout
    triangles = _without_holes(Delaunay(flat).simplices, flat)
    rows = [list(row) for row in LIP_ROWS]
    for side in ("Right", "Left"):
        upper = UPPER_LID[side]
        rows += [list(upper), list(LOWER_LID[side]), [upper[0], *bands[side].tolist(), upper[-1]]]
    fine, triangles, halves = _halved(len(flat), triangles, rows)
    return Mesh(
        coarse, fine, triangles.astype(np.int32), bands, border,
        _long(UPPER_LIP, halves), _long(LOWER_LIP, halves),
        {side: _long(row, halves) for side, row in UPPER_LID.items()},
        {side: _long(row, halves) for side, row in LOWER_LID.items()},
    )  # fmt: skip


def _coarse() -> tuple[Doubles, dict[str, Ints], Ints]:
    """Weights of the landmarks in each coarse point, and which points are bands and border."""
    weights, bands = [np.eye(LANDMARKS)], {}
    count = LANDMARKS
    for side in ("Right", "Left"):
        lashes, folds = list(UPPER_LID[side][1:-1]), list(LID_FOLDS[side][1:-1])
        band = np.zeros((len(lashes), LANDMARKS))
        band[np.arange(len(lashes)), lashes] = 1 - BAND
        band[np.arange(len(lashes)), folds] = BAND
        weights.append(band)
        bands[side] = np.arange(count, count + len(lashes))
        count += len(lashes)
    around = np.full((len(OVAL), LANDMARKS), 0.0)
    around[:, list(OVAL)] = (1 - BORDER) / len(OVAL)
    around[np.arange(len(OVAL)), list(OVAL)] += BORDER
    weights.append(around)
    return np.concatenate(weights), bands, np.arange(count, count + len(OVAL))


def _without_holes(triangles: NDArray[Any], flat: Doubles) -> Ints:
    """Without the mouth's opening, the eyes, and slivers."""
    kept = np.ones(len(triangles), bool)
    for ring in ({*UPPER_LIP, *LOWER_LIP}, *({*UPPER_LID[s], *LOWER_LID[s]} for s in ("Right", "Left"))):
        kept &= ~np.isin(triangles, list(ring)).all(1)
    a, b, c = (flat[triangles[:, i]] for i in range(3))
    area = (b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]
    return np.asarray(triangles[kept & (np.abs(area) > 1e-7)], np.int64)


def _halved(count: int, triangles: Ints, rows: list[list[int]]) -> tuple[Doubles, Ints, dict[tuple[int, int], int]]:
    """Halves the edges between points of ``rows``; those along a row by the four-point rule (Dyn, Levin, Gregory 1987).

    Returns the weights of the coarse points in each point, the triangles, and the middle of each halved edge.
    """
    near = {point for row in rows for point in row}
    along = {}
    for row in rows:
        for i in range(len(row) - 1):
            four = row[max(i - 1, 0)], row[i], row[i + 1], row[min(i + 2, len(row) - 1)]
            along[min(four[1:3]), max(four[1:3])] = four
    halves: dict[tuple[int, int], int] = {}
    weights = [np.eye(count)]
    for a, b in sorted({(min(t[i], t[i - 1]), max(t[i], t[i - 1])) for t in triangles.tolist() for i in range(3)}):
        if a in near and b in near:
            middle = np.zeros((1, count))
            for point, weight in zip(along.get((a, b), (a, a, b, b)), (-1 / 16, 9 / 16, 9 / 16, -1 / 16), strict=True):
                middle[0, point] += weight
            halves[a, b] = count + len(halves)
            weights.append(middle)
    smaller = [part for t in triangles.tolist() for part in _parted(t, halves)]
    return np.concatenate(weights), np.array(smaller), halves


def _parted(triangle: list[int], halves: dict[tuple[int, int], int]) -> list[tuple[int, int, int]]:
    """One triangle as one to four, by which of its edges are halved."""
    a, b, c = triangle
    middles = [halves.get((min(p, q), max(p, q))) for p, q in ((a, b), (b, c), (c, a))]
    if all(m is None for m in middles):
        return [(a, b, c)]
    ring = [p for pair in zip((a, b, c), middles, strict=True) for p in pair if p is not None]
    if len(ring) == 6:
        return [(a, ring[1], ring[5]), (ring[1], b, ring[3]), (ring[3], c, ring[5]), (ring[1], ring[3], ring[5])]
    start = next(i for i, point in enumerate(ring) if point not in (a, b, c))
    turned = ring[start:] + ring[:start]
    return [(turned[0], turned[i], turned[i + 1]) for i in range(1, len(turned) - 1)]


def _long(row: tuple[int, ...], halves: dict[tuple[int, int], int]) -> Ints:
    """A row with the middles of its edges."""
    points = [row[0]]
    for a, b in pairwise(row):
        middle = halves.get((min(a, b), max(a, b)))
        points += [b] if middle is None else [middle, b]
    return np.array(points)
