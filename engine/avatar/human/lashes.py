"""Upper lashes: tapered strokes between root and tip of MakeHuman's lash strips, so that they follow a blink.

The lower ones are too fine for the picture's pixels; the face paint's liner stands for them.
"""

from __future__ import annotations

import itertools

import numpy as np
import scipy.sparse as sp

from engine.avatar.human.mesh import Indices, Part, Points, smoothstep
from engine.avatar.human.sculpt import Figure
from engine.avatar.human.source import BASE_VERTICES
from engine.avatar.human.spec import Looks

UPPER = 34
HALF_THICKNESS = 0.00055
BAND_STATIONS, BAND_REACH = 22, 0.30
"""A solid band along the roots, up to this share of the lashes' length, joins the strokes into one line."""
STATIONS = (0.0, 0.35, 0.7, 1.0)
VERTICES_A_LASH = 2 * len(STATIONS)
BINS = 9

FULLNESS = ((0.0, 0.85), (0.55, 1.0))
"""Liner, and the share of the lashes' full length and of the band's height that goes with it."""

Mix = dict[int, float]


def lashes(figure: Figure, looks: Looks) -> Part:
    """The upper lashes of both eyes, ``UPPER`` strokes each, the left eye's first; fuller with liner."""
    rng = np.random.default_rng(looks.seed)
    fullness = float(np.interp(looks.makeup.liner, *FULLNESS))
    matrices, triangles, offsets = [], [], []
    start = 0
    for side in "lr":
        matrix, tri, offset = _one_eye(figure, side, fullness, rng)
        matrices.append(matrix)
        triangles.append(tri + start)
        offsets.append(offset)
        start += matrix.shape[0]
    source = sp.csr_matrix(sp.vstack(matrices))
    position = source @ figure.vertices + np.concatenate(offsets)
    return Part("lashes", position, np.concatenate(triangles), source, kind="lash", moving=True)


def _one_eye(
    figure: Figure, side: str, fullness: float, rng: np.random.Generator
) -> tuple[sp.csr_matrix, Indices, Points]:
    roots, tips = _strip_bins(figure, f"helper-{side}-eyelashes-2", side)
    entries: list[tuple[int, int, float]] = []
    triangles: list[list[int]] = []
    offsets: list[Points] = []
    for along in np.linspace(0.03, 0.93, UPPER):
        outward = float(smoothstep(0.1, 0.9, np.array(along)))
        at = float(np.clip(along + rng.normal() * 0.010, 0, 1))
        root, tip = _mix_at(roots, at), _mix_at(tips, float(np.clip(at + 0.05 * outward, 0, 1)))
        reach = fullness * (0.42 + 0.42 * outward) * (1 + rng.normal() * 0.06)
        for k, q in enumerate(STATIONS):
            bow = np.array([0, -0.0006, -0.0016 * 4 * q * (1 - q)])
            for edge in (-1, 1):
                row = len(offsets)
                for mix, share in ((root, 1 - q * reach), (tip, q * reach)):
                    entries += [(row, vertex, weight * share) for vertex, weight in mix.items()]
                offsets.append(bow + np.array([edge * HALF_THICKNESS * (1 - q * 0.6), 0, 0]))
            if k:
                o = len(offsets) - 4
                triangles += [[o, o + 1, o + 3], [o, o + 3, o + 2]]
    band = np.linspace(0.03, 0.97, BAND_STATIONS)
    for k, along in enumerate(band):
        root, tip = _mix_at(roots, float(along)), _mix_at(tips, float(along))
        thick = fullness * BAND_REACH * (0.5 + 0.5 * float(smoothstep(0.0, 0.6, np.array(along))))
        for share in (0.0, thick):
            row = len(offsets)
            for mix, part in ((root, 1 - share), (tip, share)):
                entries += [(row, vertex, weight * part) for vertex, weight in mix.items()]
            offsets.append(np.array([0, -0.0006, 0.0]))
        if k:
            o = len(offsets) - 4
            triangles += [[o, o + 1, o + 3], [o, o + 3, o + 2]]
    rows, columns, values = zip(*entries, strict=True)
    matrix = sp.csr_matrix((values, (rows, columns)), shape=(len(offsets), BASE_VERTICES))
    return matrix, np.array(triangles), np.array(offsets)


def _strip_bins(
    figure: Figure, strip: str, side: str
) -> tuple[list[tuple[float, Indices]], list[tuple[float, Indices]]]:
    ids = figure.group(strip)
    centre = figure.left_eye if side == "l" else figure.right_eye
    away = np.linalg.norm(figure.vertices[ids] - centre, axis=1) - figure.eye_radius
    near, far = np.quantile(away, 0.42), np.quantile(away, 0.62)
    return _bins(figure, ids[away <= near]), _bins(figure, ids[away >= far])


def _bins(figure: Figure, ids: Indices) -> list[tuple[float, Indices]]:
    x = abs(figure.vertices[ids][:, 0])
    edges = np.linspace(x.min(), x.max(), BINS + 1)
    found = []
    for low, high in itertools.pairwise(edges):
        inside = (x >= low - 1e-9) & (x <= high + 1e-9)
        if inside.any():
            found.append((float(x[inside].mean()), ids[inside]))
    return found


def _mix_at(bins: list[tuple[float, Indices]], along: float) -> Mix:
    x = np.array([b[0] for b in bins])
    at = x[0] + (x[-1] - x[0]) * along
    j = int(np.clip(np.searchsorted(x, at) - 1, 0, len(x) - 2))
    t = float(np.clip((at - x[j]) / (x[j + 1] - x[j]), 0, 1))
    mix: Mix = {}
    for share, (_, ids) in ((1 - t, bins[j]), (t, bins[j + 1])):
        for vertex in ids:
            mix[int(vertex)] = mix.get(int(vertex), 0.0) + share / len(ids)
    return mix
