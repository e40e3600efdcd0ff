"""Painted eyebrows: short strokes along a curve over their own blur."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from scipy.ndimage import gaussian_filter

from engine.avatar.human.face_map import Canvas, Plane, empty, pixel
from engine.avatar.human.spec import Looks, srgb


@dataclass(frozen=True)
class BrowShape:
    """Course and half thickness of a brow from its inner to its outer end, metres in the face map's frame."""

    x: tuple[float, ...]
    z: tuple[float, ...]
    thickness: tuple[float, ...]
    strokes: int
    depth: float


BROWS: dict[str, BrowShape] = {
    "woman": BrowShape(
        (0.0125, 0.023, 0.035, 0.047, 0.0565),
        (0.0188, 0.0208, 0.0232, 0.0226, 0.0180),
        (0.0024, 0.0033, 0.0029, 0.0019, 0.0007),
        420,
        1.0,
    ),
    "man": BrowShape(
        (0.0115, 0.023, 0.036, 0.048, 0.0565),
        (0.0178, 0.0196, 0.0222, 0.0222, 0.0184),
        (0.0032, 0.0040, 0.0036, 0.0026, 0.0011),
        470,
        1.0,
    ),
}

STROKE_LENGTH = 0.0050
SPARSE = 0.8
"""Power of thickness that the number of strokes grows with."""


def paint_brows(canvas: Canvas, looks: Looks) -> None:
    """Both brows, in the host's colour and thickness."""
    shape = BROWS[looks.person.gender]
    colour = np.array(srgb(looks.brows.colour), np.float32)
    for side in (1, -1):
        _brow(canvas, shape, looks.brows.thickness, side, colour)


def _brow(canvas: Canvas, shape: BrowShape, factor: float, side: int, colour: Plane) -> None:
    rng = np.random.default_rng(11 + side)
    knots = np.linspace(0, 1, len(shape.x))
    fine = np.linspace(0, 1, 40)
    curve = gaussian_filter(np.interp(fine, knots, shape.z), 3, mode="nearest")
    strokes = empty()
    for _ in range(round(shape.strokes * factor**SPARSE)):
        s = rng.random() ** 0.9
        x = float(np.interp(s, knots, shape.x))
        thick = float(np.interp(s, knots, shape.thickness)) * factor
        off = (rng.random() - 0.5) * 2 * thick
        z = float(np.interp(s, fine, curve)) + off
        rise = float(np.interp(min(s + 0.05, 1), fine, curve) - np.interp(max(s - 0.05, 0), fine, curve))
        lean = float(np.interp(s, [0, 0.15, 0.5, 1], [0.95, 0.6, 0.28, 0.0])) * (1 if off < thick * 0.3 else 0.2)
        angle = np.arctan(rise / ((shape.x[-1] - shape.x[0]) * 0.1)) + lean
        length = STROKE_LENGTH * (0.75 + 0.4 * rng.random())
        start = pixel(side * x, z)
        stop = pixel(side * (x + np.cos(angle) * length), z + np.sin(angle) * length)
        dark = (0.40 + 0.35 * rng.random()) * float(np.interp(s, [0, 0.25, 1], [0.4, 1, 1]))
        ends = [tuple(int(q * 16) for q in p) for p in (start, stop)]
        cv2.line(strokes, ends[0], ends[1], dark * shape.depth, 2, cv2.LINE_AA, 4)
    share = np.clip(gaussian_filter(strokes, 0.9) * 0.6 + gaussian_filter(strokes, 5) * 0.75, 0, 1)
    canvas.cover(share, colour)
