"""What backdrops are painted with: soft layers from far to near, light that is added, and the blur of distance.

A scene is painted small and scaled up (``finished``): nothing in it is sharp.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import cv2
import numpy as np

from engine.flow import Floats
from engine.stage.colour import Rgb
from engine.stage.layout import Layout
from engine.stage.sheet import rounded

MOST_SCALE = 0.5
"""Pixels to the unit of the largest scene: half the default canvas's. The picture takes no longer on a larger one."""

SUBPIXEL_BITS = 4

LAMP: Rgb = (1.0, 0.93, 0.78)
Point = tuple[float, float]


class Scene:
    """Float RGB in small; places are in units (1/720 of the canvas's shorter side)."""

    def __init__(self, layout: Layout) -> None:
        self.scale = min(layout.unit / 2, MOST_SCALE)
        self.wide, self.high = layout.width / layout.unit, layout.height / layout.unit
        self.width, self.height = round(self.wide * self.scale), round(self.high * self.scale)
        self.host = layout.host_x / layout.unit
        self.rgb: Floats = np.zeros((self.height, self.width, 3), np.float32)

    def blank(self) -> Floats:
        """An empty coverage."""
        return np.zeros((self.height, self.width), np.float32)

    def stamp(self, coverage: Floats, x: float, y: float, width: float, height: float, radius: float) -> None:
        """Add a round-cornered box to a coverage."""
        s = self.scale
        left, top = round(x * s), round(y * s)
        shape = rounded(max(1, round(width * s)), max(1, round(height * s)), radius * s)
        x0, y0 = max(0, left), max(0, top)
        x1, y1 = min(self.width, left + shape.shape[1]), min(self.height, top + shape.shape[0])
        if x1 > x0 and y1 > y0:
            part = coverage[y0:y1, x0:x1]
            np.maximum(part, shape[y0 - top : y1 - top, x0 - left : x1 - left], out=part)

    def fill(self, coverage: Floats, points: Iterable[Point]) -> None:
        """Add a polygon to a coverage."""
        corners = np.rint(np.array(list(points)) * self.scale * (1 << SUBPIXEL_BITS)).astype(np.int32)
        drawn = np.zeros(coverage.shape, np.uint8)
        cv2.fillPoly(drawn, [corners], 255, cv2.LINE_AA, SUBPIXEL_BITS)
        np.maximum(coverage, drawn.astype(np.float32) / np.float32(255), out=coverage)

    def stroke(self, coverage: Floats, points: Iterable[Point], width: float) -> None:
        """Add a line through points to a coverage."""
        line = np.rint(np.array(list(points)) * self.scale * (1 << SUBPIXEL_BITS)).astype(np.int32)
        drawn = np.zeros(coverage.shape, np.uint8)
        cv2.polylines(drawn, [line], False, 255, max(1, round(width * self.scale)), cv2.LINE_AA, SUBPIXEL_BITS)
        np.maximum(coverage, drawn.astype(np.float32) / np.float32(255), out=coverage)

    def lay(self, coverage: Floats, colour: Rgb | Floats, blur: float, opacity: float = 1.0) -> None:
        """Paint a colour, or a picture ``(height, 1 or width, 3)``, through a coverage blurred by ``blur`` units."""
        rows, columns = np.flatnonzero(coverage.max(axis=1)), np.flatnonzero(coverage.max(axis=0))
        if not rows.size:
            return
        reach = math.ceil(3 * blur * self.scale) + 1
        left, top = max(0, columns[0] - reach), max(0, rows[0] - reach)
        part = np.s_[top : rows[-1] + reach + 1, left : columns[-1] + reach + 1]
        alpha = (soft(coverage[part], blur * self.scale) * opacity)[..., None]
        view = self.rgb[part]
        paint = np.asarray(colour, np.float32)
        if paint.ndim == 3:
            paint = np.broadcast_to(paint, self.rgb.shape)[part]
        view += (paint - view) * alpha

    def fall(self, top: Rgb, low: Rgb, power: float = 1.0) -> Floats:
        """A colour for every row ``(height, 1, 3)``, from ``top`` to ``low``."""
        share = np.linspace(0, 1, self.height, dtype=np.float32)[:, None, None] ** power
        return np.asarray(np.asarray(top, np.float32) * (1 - share) + np.asarray(low, np.float32) * share, np.float32)

    def glow(self, x: float, y: float, reach: float, colour: Rgb, strength: float, squash: float = 1.0) -> None:
        """Add light that falls off as a Gaussian of ``reach`` units (screen blending, never over white)."""
        rows = (np.arange(self.height, dtype=np.float32) / self.scale - y) / (squash * reach)
        columns = (np.arange(self.width, dtype=np.float32) / self.scale - x) / reach
        near = np.abs(rows) < 3.4, np.abs(columns) < 3.4
        if not (near[0].any() and near[1].any()):
            return
        part = np.s_[near[0].argmax() : self.height - near[0][::-1].argmax(),
                     near[1].argmax() : self.width - near[1][::-1].argmax()]  # fmt: skip
        light = np.exp(-(rows[part[0], None] ** 2) / 2) * (np.exp(-(columns[part[1]] ** 2) / 2) * strength)
        view = self.rgb[part]
        view += (1 - view) * light[..., None] * np.asarray(colour, np.float32)

    def shine(self, coverage: Floats, colour: Rgb, blur: float, strength: float) -> None:
        """Add light through a coverage blurred by ``blur`` units (screen blending)."""
        light = (soft(coverage, blur * self.scale) * strength)[..., None]
        self.rgb += (1 - self.rgb) * light * np.asarray(colour, np.float32)

    def disc(self, x: float, y: float, radius: float, colour: Rgb, blur: float, opacity: float) -> None:
        """A soft disc."""
        coverage = self.blank()
        self.stamp(coverage, x - radius, y - radius, 2 * radius, 2 * radius, radius)
        self.lay(coverage, colour, blur, opacity)

    def finished(self, layout: Layout) -> Floats:
        """The picture in the canvas's size, float32 RGB ``(height, width, 3)`` of 0 to 1."""
        full = cv2.resize(self.rgb, (layout.width, layout.height), interpolation=cv2.INTER_CUBIC)
        return np.asarray(np.clip(full, 0, 1), np.float32)


def soft(coverage: Floats, sigma: float) -> Floats:
    """The coverage with a Gaussian of ``sigma`` pixels; what touches the edge goes on beyond it."""
    return np.asarray(cv2.GaussianBlur(coverage, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE), np.float32)


def lights(scene: Scene, points: Iterable[Point], radii: Iterable[float], colour: Rgb, opacity: float) -> None:
    """Small lamps that shine, such as those of a string."""
    for (x, y), radius in zip(points, radii, strict=True):
        scene.disc(x, y, radius, colour, 2.5, opacity)
        scene.glow(x, y, 22, LAMP, 0.43 * opacity)


def bokeh(scene: Scene, rng: np.random.Generator, count: int, colour: Rgb, opacity: tuple[float, float]) -> None:
    """A few large discs of light to both sides of the host, as a lens makes them of far lamps."""
    for index in range(count):
        x = scene.host + (-1 if index % 2 else 1) * float(rng.uniform(230, max(360, scene.wide * 0.5)))
        y = float(rng.uniform(0.25, 0.72)) * scene.high
        scene.disc(x, y, float(rng.uniform(16, 40)), colour, 2.5, float(rng.uniform(*opacity)))


def vignette(scene: Scene, strength: float = 0.44) -> None:
    """Darker towards the edges, lightest at the host's head."""
    rows = (np.arange(scene.height, dtype=np.float32)[:, None] / scene.height - 0.42) / 0.95
    columns = (np.arange(scene.width, dtype=np.float32)[None, :] / scene.scale - scene.host) / max(scene.wide, 900)
    scene.rgb *= (1 - strength * np.clip(rows**2 + columns**2, 0, 1))[..., None]
