"""Pictures of what is inside a mouth: teeth, tongue and the dark behind, painted for one person's light.

All are BGRA, not premultiplied. Sizes and places are shares of the face's height; the placing is ``inside.py``'s.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Reals = NDArray[np.float32]

TEETH_SIZE, TONGUE_SIZE = (320, 112), (160, 96)
"""Pixels across and down."""

_SMOOTH = 3
_UPPER_WIDTHS = (0.205, 0.165, 0.160, 0.125, 0.105, 0.085)
_UPPER_LENGTHS = (1.0, 0.94, 0.98, 0.91, 0.87, 0.83)
_LOWER_WIDTHS = (0.130, 0.140, 0.145, 0.130, 0.115, 0.100)
_LOWER_LENGTHS = (0.92, 0.94, 1.0, 0.92, 0.86, 0.80)
"""From the middle outwards; the widths of one side add up to a half or more, and shrink as the row curves away."""

_ENAMEL = (0.84, 0.91, 0.94)
_GUM = (0.42, 0.42, 0.66)
_TONGUE = (0.27, 0.25, 0.50)


def upper_teeth(light: float) -> Image:
    """The upper row, its biting edge at the bottom."""
    return _teeth(_UPPER_WIDTHS, _UPPER_LENGTHS, light)


def lower_teeth(light: float) -> Image:
    """The lower row, its biting edge on top; darker, because the lip shades it."""
    return np.ascontiguousarray(_teeth(_LOWER_WIDTHS, _LOWER_LENGTHS, light * 0.76)[::-1])


def tongue(light: float) -> Image:
    """A tongue seen from the front, its tip in the middle of the upper half."""
    width, height = TONGUE_SIZE
    x, y = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    round_ = np.abs(x) ** 2.6 + np.abs(y) ** 2.6
    alpha = np.clip((1 - round_) / 0.22, 0, 1)
    bump = np.sqrt(np.clip(1 - 0.72 * round_, 0, 1))
    groove = 1 - 0.22 * np.exp(-((x / 0.10) ** 2)) * np.clip(0.6 - y, 0, 1)
    shade = (0.48 + 0.52 * bump) * groove * (0.95 - 0.25 * y) * light
    shine = 0.07 * np.exp(-(((x - 0.05) / 0.42) ** 2) - ((y + 0.35) / 0.22) ** 2) * light
    colour = np.array(_TONGUE)[None, None] * shade[..., None] + shine[..., None]
    return _bytes(colour, alpha)


def _teeth(widths: tuple[float, ...], lengths: tuple[float, ...], light: float) -> Image:
    """A row of twelve teeth below their gum."""
    width, height = TEETH_SIZE[0] * _SMOOTH, TEETH_SIZE[1] * _SMOOTH
    x = (np.arange(width) + 0.5) / width * 2 - 1
    y = (np.arange(height) + 0.5) / height
    # The row is an arch seen from the front: what is even along it crowds towards the sides.
    along = np.arcsin(np.clip(np.abs(x), 0, 1)) / (np.pi / 2) * sum(widths)
    edges = np.concatenate([[0], np.cumsum(widths)])
    tooth = np.clip(np.searchsorted(edges, along, side="right") - 1, 0, len(widths) - 1)
    left, wide = edges[tooth], np.array(widths)[tooth]
    across = (along - left) / wide * 2 - 1
    length = np.array(lengths)[tooth] * 0.90
    corner = np.abs(across) ** 7 * 0.075 + np.abs(across) ** 2 * 0.018
    tip = (length - corner)[None]
    enamel = np.clip((tip - y[:, None]) * height / (2 * _SMOOTH), 0, 1)
    neck = 0.30 + 0.10 * across**2
    gum = np.clip((neck[None] - y[:, None]) * height / (4 * _SMOOTH), 0, 1)
    round_ = 1 - 0.10 * across**4
    gap = 1 - 0.20 * np.exp(-(((1 - np.abs(across)) / 0.06) ** 2))
    away = 1 - 0.62 * np.clip(np.abs(x), 0, 1) ** 2.4
    down = 0.90 + 0.14 * np.clip((y - 0.30) / 0.5, 0, 1)
    glass = np.clip((y[:, None] - (tip - 0.10)) / 0.10, 0, 1)
    shade = (round_ * gap * away)[None] * down[:, None] * light
    colour = np.array(_ENAMEL)[None, None] * (shade * (1 - 0.14 * glass))[..., None]
    colour = colour + glass[..., None] * np.array([0.03, 0.015, 0.0]) * light
    pink = np.array(_GUM)[None, None] * (away[None] * light * (0.75 + 0.25 * y[:, None]))[..., None]
    colour = colour * (1 - gum[..., None]) + pink * gum[..., None]
    side = np.clip((1 - np.abs(x)) / 0.05, 0, 1)
    return _shrunk(_bytes(colour, np.maximum(enamel, gum) * side[None]))


def _bytes(colour: NDArray[np.float64], alpha: NDArray[np.float64]) -> Image:
    together = np.concatenate([colour, alpha[..., None]], 2)
    return np.asarray(np.clip(np.round(together * 255), 0, 255), np.uint8)


def _shrunk(image: Image) -> Image:
    size = image.shape[1] // _SMOOTH, image.shape[0] // _SMOOTH
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
