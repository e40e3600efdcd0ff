"""Collars: a stand around the neck that folds over and lies on the shoulders, in one piece."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.spatial import cKDTree

from engine.avatar.body_file import Material
from engine.avatar.human.mesh import Part, Points, grid_quads, relax, smoothstep, triangulate, unit, vertex_normals
from engine.avatar.human.outfits.tailoring import Tailor
from engine.avatar.human.outfits.trimmings import Neckline

STAND_ROWS, FALL_ROWS = 3, 6
SIDE_POINTS = 22
"""Columns from the middle of the back to the front end."""

CLEARANCE = 0.0035
COLLAR = Material("outfit", sheen=0.18, stitched=True, over=True)

STATIONS = np.radians([180, 150, 122, 95, 70])
"""Angles around the neck, 0 in front, from which a lapel collar runs on to its notch."""


def shirt_collar(tailor: Tailor, shell: Points, line: Neckline, opening: Callable[[Points], Points]) -> Part:
    """A shirt's collar, open in front; its points lie on the chest."""
    skin = Neckline(tailor, tailor.tights.position, tailor.tights.normal, line.height, line.tilt)
    dense = np.linspace(0.05, np.pi, 160)
    trial = line.ring(dense)
    wide = trial[:, 0] >= opening(trial[:, 2] - tailor.neck[2]) + 0.002
    end = float(dense[int(wide.argmax())])
    angle = np.linspace(np.pi, end, SIDE_POINTS)
    ahead = np.linspace(0, 1, SIDE_POINTS)[:, None]
    outwards = np.stack([np.sin(angle), -np.cos(angle), 0 * angle], 1)
    sewn = line.ring(angle, -0.002, 0.0005)
    stand = skin.ring(angle, -0.014, 0.002)
    fold = skin.ring(angle, 0.030, 0.009) + outwards * 0.006 * ahead**2 - [0, 0, 0.006] * ahead**3
    edge = sewn + outwards * 0.012 - [0, 0, 0.010]
    tip = fold[-1] + np.array([0.021, -0.030, -0.064])
    late = smoothstep(0.55, 1.0, ahead)
    edge = edge + late * (tip - edge[-1])
    return folded_collar(tailor, shell, (stand, fold, edge), roll=0.0035)


def lapel_collar(tailor: Tailor, shell: Points, line: Neckline, inner: Points, corner: Points) -> Part:
    """A jacket's collar; its front end runs from ``inner``, where it meets the lapel, to its own ``corner``, both (3,)
    on the host's left.
    """
    skin = Neckline(tailor, tailor.tights.position, tailor.tights.normal, line.height, line.tilt)
    outwards = np.stack([np.sin(STATIONS), -np.cos(STATIONS), 0 * STATIONS], 1)
    ahead = np.linspace(0, 1, len(STATIONS))[:, None]
    stand = skin.ring(STATIONS, -0.026, 0.001)
    fold = skin.ring(STATIONS, 0.026, 0.010) + outwards * 0.008 * ahead
    edge = fold + outwards * (0.026 + 0.004 * ahead) - [0, 0, 0.020]
    lines = (
        _line(np.vstack([stand, inner + np.array([0.008, 0.010, -0.004])])),
        _line(np.vstack([fold, inner])),
        _line(np.vstack([edge, corner])),
    )
    return folded_collar(tailor, shell, lines, roll=0.004)


def folded_collar(tailor: Tailor, shell: Points, lines: tuple[Points, Points, Points], roll: float) -> Part:
    """A collar through three lines (n, 3) on the host's left, each from the middle of the back to the front end: where
    it is sewn on, where it folds, its edge. Extra: ``edge`` for the stitching.
    """
    stand, fold, edge = (np.concatenate([r[:0:-1] * [-1, 1, 1], r]) for r in lines)
    t = np.linspace(0, 1, STAND_ROWS, endpoint=False)[:, None, None]
    rising = stand * (1 - t) + fold * t
    t = np.linspace(0, 1, FALL_ROWS)[:, None, None]
    falling = fold * (1 - t) + edge * t + roll * np.sin(np.pi * np.minimum(t * 1.15, 1)) * np.array([0, 0, 1.0])
    position = np.concatenate([rising, falling]).reshape(-1, 3)
    rows, width = STAND_ROWS + FALL_ROWS, len(stand)
    triangles = triangulate(grid_quads(rows, width))
    falls = np.repeat(np.arange(rows) > STAND_ROWS, width)
    normals = vertex_normals(shell, tailor.tights.triangles)
    position = lifted(position, shell, normals, falls)
    position = np.where(falls[:, None], lifted(relax(position, triangles, 2), shell, normals, falls), position)
    part = Part("collar", position, triangles, tailor.borrowed(position, shell), kind="cloth", material=COLLAR)
    part.limbs, part.extra["loose"] = True, tailor.loose(position)
    away = unit(position - tailor.neck + [0, 0, 0.05])
    outer = np.repeat(np.arange(rows) > STAND_ROWS + 1, width)
    if (vertex_normals(position, triangles) * away).sum(1)[outer].mean() < 0:
        part.triangles = triangles[:, ::-1].copy()
    part.normal = vertex_normals(position, part.triangles)
    across = np.clip((np.arange(rows) - STAND_ROWS) / (FALL_ROWS - 1), 0, 1)
    stitches = np.repeat(0.5 + 0.5 * across, width).reshape(rows, width)
    stitches[STAND_ROWS + 1 :, [0, -1]] = 1.0
    part.extra["edge"] = stitches.ravel()
    return part


def lifted(position: Points, shell: Points, normals: Points, which: Points) -> Points:
    """Points raised along the cloth's normal until they lie on it."""
    tree = cKDTree(shell)
    for _ in range(6):
        _, near = tree.query(position, k=4)
        base, normal = shell[near].mean(1), normals[near].mean(1)
        height = ((position - base) * normal).sum(1)
        position = position + np.where(which, np.maximum(CLEARANCE - height, 0), 0)[:, None] * normal
    return position


def _line(stations: Points) -> Points:
    """A smooth line through stations, from the back to the front end."""
    length = np.r_[0, np.cumsum(np.linalg.norm(np.diff(stations, axis=0), axis=1))]
    return np.asarray(PchipInterpolator(length, stations)(np.linspace(0, length[-1], SIDE_POINTS + 4)))
