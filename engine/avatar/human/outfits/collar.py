"""The blazer's collar: a stand around the neck that folds over and lies on the shoulders, in one piece."""

from __future__ import annotations

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.spatial import cKDTree

from engine.avatar.human.mesh import Part, Points, grid_quads, relax, triangulate, vertex_normals

ALONG, ACROSS = 61, 12
FOLD_AT = 4
"""Row of the fold between the stand (rows below) and the fall (rows above)."""

CLEARANCE = 0.0035

Stations = tuple[tuple[float, float, float], ...]

STAND: Stations = ((0.0, 0.052, -0.012), (0.040, 0.038, -0.020), (0.050, 0.006, -0.034), (0.056, -0.026, -0.056))
FOLD: Stations = ((0.0, 0.076, 0.014), (0.056, 0.058, 0.009), (0.079, 0.008, -0.008), (0.080, -0.040, -0.030))
EDGE: Stations = ((0.0, 0.096, -0.020), (0.082, 0.074, -0.022), (0.112, 0.006, -0.026), (0.120, -0.046, -0.044))
"""Metres from the neck joint (x to the side, y to the back, z up), from the back of the neck to the collarbone, for
the host's left. The last station of each line is the notch, which the tailor gives."""


def collar(blazer: Part, neck: Points, notch_inner: Points, notch_outer: Points) -> Part:
    """The collar over a blazer; both notch points (3,) are on the host's left. Extra: ``edge`` for the stitching."""
    inner = notch_inner - neck
    rows = [
        _line((*STAND, tuple(inner + np.array([0.010, 0.012, 0.000])))),
        _line((*FOLD, tuple(inner))),
        _line((*EDGE, tuple(notch_outer - neck))),
    ]
    stand, fold, edge = (np.concatenate([r[:0:-1] * [-1, 1, 1], r]) + neck for r in rows)
    sheet = []
    for k in range(ACROSS):
        if k <= FOLD_AT:
            t = k / FOLD_AT
            sheet.append(stand * (1 - t) + fold * t)
        else:
            t = (k - FOLD_AT) / (ACROSS - 1 - FOLD_AT)
            roll = 0.005 * np.sin(np.pi * min(t * 1.15, 1.0))
            sheet.append(fold * (1 - t) + edge * t + roll * np.array([0, 0, 1.0]))
    position = np.array(sheet).reshape(-1, 3)
    triangles = triangulate(grid_quads(ACROSS, stand.shape[0]))
    falls = np.repeat(np.arange(ACROSS) > FOLD_AT, stand.shape[0])
    position = _above(blazer, position, falls)
    position = np.where(falls[:, None], _above(blazer, relax(position, triangles, 2), falls), position)
    nearest = cKDTree(blazer.position).query(position)[1]
    assert blazer.source is not None
    part = Part("collar", position, triangles, blazer.source[nearest])
    part.normal = vertex_normals(position, triangles)
    across = np.clip((np.arange(ACROSS) - FOLD_AT) / (ACROSS - 1 - FOLD_AT), 0, 1)
    part.extra["edge"] = np.repeat(0.5 + 0.5 * across, stand.shape[0])
    return part


def _line(stations: Stations) -> Points:
    """A smooth line through stations, from the back to the notch."""
    points = np.array(stations)
    length = np.r_[0, np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))]
    return np.asarray(PchipInterpolator(length, points)(np.linspace(0, length[-1], ALONG // 2 + 1)))


def _above(blazer: Part, position: Points, which: Points) -> Points:
    """Points lifted along the cloth's normal until they lie on it."""
    tree = cKDTree(blazer.position)
    for _ in range(3):
        _, near = tree.query(position, k=4)
        base, normal = blazer.position[near].mean(1), blazer.normal[near].mean(1)
        height = ((position - base) * normal).sum(1)
        lift = np.where(which, np.maximum(CLEARANCE - height, 0), 0)
        position = position + lift[:, None] * normal
    return position
