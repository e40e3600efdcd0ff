"""Face shapes on the CPU: the few active shapes added to the moving vertices' positions and normals."""

from __future__ import annotations

import numpy as np

from engine.avatar.body_file import PartData
from engine.flow import CURVE_INDEX, FACE_CURVES, Floats

SMALLEST = 1e-3
"""Weights below this are left out."""


class Morpher:
    """Interleaved position and normal (active, 6) of one part's moving vertices."""

    def __init__(self, part: PartData) -> None:
        active = part.deltas.shape[1]
        rest = np.concatenate([part.position, part.normal], 1)[:active]
        self._rest = np.ascontiguousarray(rest, np.float32).ravel()
        known = [(CURVE_INDEX[name], i) for i, name in enumerate(part.shapes) if name in FACE_CURVES]
        self._curves = np.array([c for c, _ in known], np.int64)
        self._deltas = np.ascontiguousarray(part.deltas[[i for _, i in known]].reshape(len(known), -1))
        self._moved = np.empty_like(self._rest)
        self._step = np.empty_like(self._rest)

    def moved(self, curves: Floats) -> Floats:
        """The moving vertices (active * 6,) under a row of ``flow.CURVES``; valid until the next call."""
        np.copyto(self._moved, self._rest)
        weights = curves[self._curves]
        for i in np.flatnonzero(np.abs(weights) > SMALLEST):
            np.multiply(self._deltas[i], weights[i], out=self._step)
            np.add(self._moved, self._step, out=self._moved)
        return self._moved
