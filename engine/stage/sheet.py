"""A sheet to draw on: premultiplied float RGBA, with rounded boxes, soft shadows, pictures and text."""

from __future__ import annotations

import cv2
import numpy as np

from engine.flow import Floats
from engine.stage.colour import Rgb
from engine.stage.overlay import Overlay, bake
from engine.stage.typeface import Style, Typeface


def rounded(width: int, height: int, radius: float) -> Floats:
    """Coverage ``(height, width)`` of a round-cornered box, from its signed distance: exact edges."""
    radius = min(radius, width / 2, height / 2)
    x = np.abs(np.arange(width, dtype=np.float32) + 0.5 - width / 2) - (width / 2 - radius)
    y = np.abs(np.arange(height, dtype=np.float32) + 0.5 - height / 2) - (height / 2 - radius)
    outside = np.hypot(np.maximum(x, 0)[None, :], np.maximum(y, 0)[:, None])
    inside = np.minimum(np.maximum(x[None, :], y[:, None]), 0)
    return np.asarray(np.clip(0.5 - (outside + inside - radius), 0, 1), np.float32)


def blurred(coverage: Floats, sigma: float) -> Floats:
    """The coverage with a Gaussian of ``sigma`` pixels."""
    return np.asarray(cv2.GaussianBlur(coverage, (0, 0), sigma, borderType=cv2.BORDER_CONSTANT), np.float32)


class Sheet:
    """Four layers ``(4, height, width)`` float32, 0 to 1: red, green, blue, each multiplied by opacity, and opacity."""

    def __init__(self, width: int, height: int, typeface: Typeface) -> None:
        self.layers: Floats = np.zeros((4, height, width), np.float32)
        self.typeface = typeface

    @property
    def rgba(self) -> Floats:
        """A copy as ``(height, width, 4)``."""
        return np.asarray(cv2.merge(list(self.layers)), np.float32)

    def cover(self, coverage: Floats, colour: Rgb | Floats, x: int, y: int, opacity: float = 1.0) -> None:
        """Paint ``colour`` (one, or ``(height, width, 3)``) through ``coverage``; cut at the edges."""
        height, width = self.layers.shape[1:]
        left, top = max(0, -x), max(0, -y)
        right, bottom = min(coverage.shape[1], width - x), min(coverage.shape[0], height - y)
        if right <= left or bottom <= top:
            return
        alpha = coverage[top:bottom, left:right] * np.float32(opacity)
        keep = 1 - alpha
        paint = np.asarray(colour, np.float32)
        if paint.ndim == 3:
            paint = paint[top:bottom, left:right]
        view = self.layers[:, y + top : y + bottom, x + left : x + right]
        view *= keep
        for channel in range(3):
            view[channel] += alpha * paint[..., channel]
        view[3] += alpha

    def box(self, x: int, y: int, width: int, height: int, radius: float, colour: Rgb, opacity: float = 1.0) -> None:
        """A box with round corners."""
        self.cover(rounded(width, height, radius), colour, x, y, opacity)

    def shadow(self, x: int, y: int, width: int, height: int, radius: float, sigma: float, opacity: float) -> None:
        """The soft shadow of such a box, in black."""
        reach = int(3 * sigma) + 1
        shape = np.pad(rounded(width, height, radius), reach)
        self.cover(blurred(shape, sigma), (0.05, 0.03, 0.04), x - reach, y - reach, opacity)

    def text(self, x: float, baseline: float, text: str, style: Style, colour: Rgb, opacity: float = 1.0) -> float:
        """Write from ``x`` on ``baseline``; returns the advance in pixels."""
        ink = self.typeface.ink(text, style, x % 1)
        self.cover(ink.coverage, colour, int(x // 1) - ink.left, round(baseline) - ink.above, opacity)
        return ink.advance

    def bake(self) -> Overlay:
        """The sheet as an overlay."""
        return bake(self.rgba)
