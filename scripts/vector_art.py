"""Drawing for still illustrations: smooth shapes, gradients, soft shadows; three times oversampled, no randomness.

Coordinates are pixels of the finished 640x640 picture. A shape is a ``Mask``: coverage 0 to 1 on the oversampled grid.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

SIDE = 640
OVERSAMPLING = 3
GRID = SIDE * OVERSAMPLING

Floats = NDArray[np.float32]
Colour = tuple[float, float, float]
Point = tuple[float, float]
Stops = Sequence[tuple[float, Colour]]


def rgb(text: str) -> Colour:
    """``#rrggbb`` as numbers of 0 to 1."""
    red, green, blue = (int(text[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def tone(colour: Colour, factor: float) -> Colour:
    """Darker (below 1) or lighter (above 1, towards white)."""
    if factor <= 1:
        red, green, blue = (c * factor for c in colour)
    else:
        red, green, blue = (c + (1 - c) * (factor - 1) for c in colour)
    return red, green, blue


def round_body(base: Colour, contrast: float = 1.0) -> Stops:
    """Stops across an upright cylinder lit softly from the upper left."""
    steps = ((0, 0.66), (0.07, 0.78), (0.24, 1.20), (0.36, 1.10), (0.60, 0.92), (0.86, 0.66), (0.95, 0.62), (1, 0.76))
    return [(place, tone(base, 1 + (factor - 1) * contrast)) for place, factor in steps]


@dataclass(frozen=True)
class Mask:
    """``coverage`` begins at ``x``, ``y`` of the oversampled grid."""

    coverage: Floats
    x: int
    y: int

    def within(self, other: Mask) -> Mask:
        """The part of it that ``other`` covers."""
        return Mask(self.coverage * _cut(other, self), self.x, self.y)

    def without(self, other: Mask) -> Mask:
        """The part of it that ``other`` leaves free."""
        return Mask(self.coverage * (1 - _cut(other, self)), self.x, self.y)

    def fading(self, top: float, bottom: float) -> Mask:
        """It with a coverage that changes evenly from its top to its bottom."""
        ramp_down = np.linspace(top, bottom, self.coverage.shape[0], dtype=np.float32)[:, None]
        return Mask(self.coverage * ramp_down, self.x, self.y)

    def soft(self, sigma: float) -> Mask:
        """It with blurred edges."""
        reach = int(3 * sigma * OVERSAMPLING) + 2
        padded = np.pad(self.coverage, reach)
        blurred = cv2.GaussianBlur(padded, (0, 0), sigma * OVERSAMPLING)
        return Mask(np.asarray(blurred, np.float32), self.x - reach, self.y - reach)


def _cut(source: Mask, frame: Mask) -> Floats:
    """``source`` on the rectangle of ``frame``."""
    out = np.zeros_like(frame.coverage)
    left, top = max(source.x, frame.x), max(source.y, frame.y)
    right = min(source.x + source.coverage.shape[1], frame.x + out.shape[1])
    bottom = min(source.y + source.coverage.shape[0], frame.y + out.shape[0])
    if right > left and bottom > top:
        part = source.coverage[top - source.y : bottom - source.y, left - source.x : right - source.x]
        out[top - frame.y : bottom - frame.y, left - frame.x : right - frame.x] = part
    return out


def polygon(points: Sequence[Point]) -> Mask:
    """The inside of a closed polygon."""
    scaled = [(px * OVERSAMPLING, py * OVERSAMPLING) for px, py in points]
    x, y = math.floor(min(p[0] for p in scaled)) - 2, math.floor(min(p[1] for p in scaled)) - 2
    width = math.ceil(max(p[0] for p in scaled)) - x + 4
    height = math.ceil(max(p[1] for p in scaled)) - y + 4
    image = Image.new("L", (width, height))
    ImageDraw.Draw(image).polygon([(px - x, py - y) for px, py in scaled], fill=255)
    return Mask(np.asarray(image, np.float32) / np.float32(255), x, y)


def path(text: str) -> list[Point]:
    """Points along a path of absolute ``M``, ``L``, ``Q`` and ``C`` commands (SVG's letters)."""
    tokens = text.replace(",", " ").split()
    points: list[Point] = []
    index = 0
    while index < len(tokens):
        count = {"M": 1, "L": 1, "Q": 2, "C": 3}[tokens[index]]
        numbers = [float(n) for n in tokens[index + 1 : index + 1 + 2 * count]]
        given = [(numbers[2 * i], numbers[2 * i + 1]) for i in range(count)]
        points += given if count == 1 else _curve([points[-1], *given])
        index += 1 + 2 * count
    return points


def _curve(control: list[Point]) -> list[Point]:
    """Points of a Bézier curve after its first (de Casteljau)."""
    points: list[Point] = []
    for share in np.linspace(0, 1, 41)[1:]:
        row = np.asarray(control)
        while len(row) > 1:
            row = row[:-1] + (row[1:] - row[:-1]) * share
        points.append((float(row[0][0]), float(row[0][1])))
    return points


def shape(text: str) -> Mask:
    """The inside of a path."""
    return polygon(path(text))


def ellipse(cx: float, cy: float, rx: float, ry: float, turn: float = 0.0) -> Mask:
    """An ellipse turned clockwise by degrees."""
    angles, c, s = np.linspace(0, 2 * np.pi, 181)[:-1], math.cos(math.radians(turn)), math.sin(math.radians(turn))
    return polygon(
        [
            (cx + rx * math.cos(a) * c - ry * math.sin(a) * s, cy + rx * math.cos(a) * s + ry * math.sin(a) * c)
            for a in angles
        ]
    )


def box(x: float, y: float, width: float, height: float, radius: float = 0.0, turn: float = 0.0) -> Mask:
    """A round-cornered box, turned clockwise about its middle by degrees."""
    radius = min(radius, width / 2, height / 2)
    cx, cy, points = x + width / 2, y + height / 2, []
    c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    for corner, (sx, sy) in enumerate(((1, 1), (-1, 1), (-1, -1), (1, -1))):
        for step in np.linspace(0, np.pi / 2, 16):
            angle = corner * np.pi / 2 + step
            dx = sx * (width / 2 - radius) + radius * math.cos(angle)
            dy = sy * (height / 2 - radius) + radius * math.sin(angle)
            points.append((cx + dx * c - dy * s, cy + dx * s + dy * c))
    return polygon(points)


def stroke(points: Sequence[Point], width: float | Sequence[float]) -> Mask:
    """A line of round ends along points; ``width`` is one number, or first and last."""
    first, last = (width, width) if isinstance(width, (int, float)) else (width[0], width[-1])
    pad = max(first, last) + 2
    left, top = min(p[0] for p in points) - pad, min(p[1] for p in points) - pad
    right, bottom = max(p[0] for p in points) + pad, max(p[1] for p in points) + pad
    x, y = math.floor(left * OVERSAMPLING), math.floor(top * OVERSAMPLING)
    image = Image.new("L", (math.ceil(right * OVERSAMPLING) - x, math.ceil(bottom * OVERSAMPLING) - y))
    draw = ImageDraw.Draw(image)
    dense = _dense(points)
    for index, (px, py) in enumerate(dense):
        radius = (first + (last - first) * index / max(1, len(dense) - 1)) / 2 * OVERSAMPLING
        cx, cy = px * OVERSAMPLING - x, py * OVERSAMPLING - y
        draw.ellipse((cx - radius, cy - radius, cx + radius, cy + radius), fill=255)
    return Mask(np.asarray(image, np.float32) / np.float32(255), x, y)


def _dense(points: Sequence[Point]) -> list[Point]:
    dense: list[Point] = []
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        steps = max(1, math.ceil(math.hypot(x1 - x0, y1 - y0) * 2))
        dense += [(x0 + (x1 - x0) * i / steps, y0 + (y1 - y0) * i / steps) for i in range(steps)]
    return [*dense, points[-1]]


def ramp(stops: Stops, share: Floats) -> Floats:
    """Colours of a gradient at shares of 0 to 1."""
    places = [s[0] for s in stops]
    channels = [np.interp(share, places, [s[1][i] for s in stops]) for i in range(3)]
    return np.stack(channels, axis=-1).astype(np.float32)


class Art:
    """One picture. ``ground`` is the height on which things stand; ``frame`` (left, top, side) is what is kept."""

    def __init__(self, tint: Colour, ground: float = 548, frame: tuple[int, int, int] = (0, 0, SIDE)) -> None:
        self.ground = ground
        self.frame = frame
        rows = np.linspace(0, 1, GRID, dtype=np.float32)
        self.pixels: Floats = np.empty((GRID, GRID, 3), np.float32)
        self.pixels[:] = ramp([(0, tone(tint, 1.42)), (0.62, tone(tint, 1.20)), (1, tint)], rows)[:, None, :]
        light = np.hypot(rows[None, :] - 0.42, (rows[:, None] - 0.36) * 0.9)
        glow = (np.exp(-((light / 0.42) ** 2)) * 0.55)[..., None]
        self.pixels += (1 - self.pixels) * glow

    def fill(self, mask: Mask, paint: Colour | Floats, opacity: float = 1.0) -> None:
        """Paint a colour, or colours of the mask's own size."""
        left, top = max(0, -mask.x), max(0, -mask.y)
        right = min(mask.coverage.shape[1], GRID - mask.x)
        bottom = min(mask.coverage.shape[0], GRID - mask.y)
        if right <= left or bottom <= top:
            return
        view = self.pixels[mask.y + top : mask.y + bottom, mask.x + left : mask.x + right]
        colours = np.asarray(paint, np.float32)
        if colours.ndim == 3:
            colours = colours[top:bottom, left:right]
        view += (colours - view) * (mask.coverage[top:bottom, left:right] * opacity)[..., None]

    def grade(self, mask: Mask, stops: Stops, angle: float = 0.0, opacity: float = 1.0) -> None:
        """Paint a gradient over the mask's extent: 0 degrees from left to right, 90 downwards."""
        height, width = mask.coverage.shape
        c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        x = np.linspace(-0.5, 0.5, width, dtype=np.float32)[None, :] * width
        y = np.linspace(-0.5, 0.5, height, dtype=np.float32)[:, None] * height
        length = abs(width * c) + abs(height * s)
        self.fill(mask, ramp(stops, np.asarray((x * c + y * s) / length + 0.5, np.float32)), opacity)

    def shadow(self, cx: float, reach: float, depth: float = 15, opacity: float = 0.42) -> None:
        """The contact shadow of something that stands on the ground: a dark core and a wide soft one."""
        dark = (0.16, 0.13, 0.15)
        self.fill(ellipse(cx + 14, self.ground + 3, reach * 1.22, depth * 1.5).soft(17), dark, opacity * 0.55)
        self.fill(ellipse(cx + 2, self.ground, reach * 0.98, depth * 0.62).soft(4), dark, opacity)

    def shade(self, mask: Mask, within: Mask, sigma: float, opacity: float, colour: Colour = (0.1, 0.07, 0.08)) -> None:
        """A soft shadow of one shape on another."""
        self.fill(mask.soft(sigma).within(within), colour, opacity)

    def save(self, file: Path) -> None:
        """Scale down and write."""
        left, top, side = (n * OVERSAMPLING for n in self.frame)
        kept = np.clip(self.pixels[top : top + side, left : left + side], 0, 1)
        small = cv2.resize(kept, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        image = Image.fromarray(np.rint(np.asarray(small) * 255).astype(np.uint8))
        image.save(file, optimize=True)
