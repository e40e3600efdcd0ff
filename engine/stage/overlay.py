"""Small pictures blended straight into the Y, U and V planes.

An overlay is baked once: colour multiplied by its opacity, in Y at full size and in U and V at half size with the
colour and the opacity averaged over each 2x2 pixels. Drawing it is two saturating SIMD passes over its own rectangle.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.flow import Floats
from engine.stage.colour import YUV_FROM_RGB, YUV_OFFSET
from engine.stage.errors import StageError

Bytes = NDArray[np.uint8]


class Planes:
    """The three planes of an I420 array ``(height * 3 // 2, width)`` as views: ``planes`` is Y, U, V."""

    def __init__(self, i420: Bytes, width: int, height: int) -> None:
        if i420.shape != (height * 3 // 2, width) or i420.dtype != np.uint8 or not i420.flags.c_contiguous:
            raise StageError(
                f"a picture must be a contiguous uint8 array of shape {(height * 3 // 2, width)}, "
                f"not {i420.dtype} {i420.shape}"
            )
        flat = i420.reshape(-1)
        area, quarter = width * height, (width // 2) * (height // 2)
        self.width, self.height = width, height
        self.planes: tuple[Bytes, Bytes, Bytes] = (
            flat[:area].reshape(height, width),
            flat[area : area + quarter].reshape(height // 2, width // 2),
            flat[area + quarter : area + 2 * quarter].reshape(height // 2, width // 2),
        )

    def window(self, x: int, y: int, width: int, height: int) -> tuple[Bytes, Bytes, Bytes]:
        """Views of an even rectangle in the three planes."""
        luma, blue, red = self.planes
        half = np.s_[y // 2 : (y + height) // 2, x // 2 : (x + width) // 2]
        return luma[y : y + height, x : x + width], blue[half], red[half]


@dataclass(frozen=True, slots=True)
class Overlay:
    """A baked picture: for each plane the colour times opacity, and ``keep`` = 255 x (1 - opacity) for Y and for UV."""

    width: int
    height: int
    colour: tuple[Bytes, Bytes, Bytes]
    keep: tuple[Bytes, Bytes]

    def draw(self, picture: Planes, x: int, y: int, opacity: float = 1.0) -> None:
        """Blend it with its top left corner at even ``x`` and ``y``; what lies outside the picture is cut off."""
        if opacity <= 0:
            return
        left, top = max(0, -x), max(0, -y)
        width = min(self.width, picture.width - x) - left
        height = min(self.height, picture.height - y) - top
        if width <= 0 or height <= 0:
            return
        windows = picture.window(x + left, y + top, width, height)
        for plane, (window, colour) in enumerate(zip(windows, self.colour, strict=True)):
            shift = 1 if plane else 0
            part = np.s_[top >> shift : (top + height) >> shift, left >> shift : (left + width) >> shift]
            blend(window, colour[part], self.keep[shift][part], opacity)


def blend(window: Bytes, colour: Bytes, keep: Bytes, opacity: float) -> None:
    """``window = window * keep / 255 + colour`` in place, by ``opacity`` (1 is fully)."""
    if opacity >= 1:
        cv2.multiply(window, keep, dst=window, scale=1 / 255)
        cv2.add(window, colour, dst=window)
        return
    full = cv2.add(cv2.multiply(window, keep, scale=1 / 255), colour)
    cv2.addWeighted(full, opacity, window, 1 - opacity, 0, dst=window)


def bake(rgba: Floats) -> Overlay:
    """Bake ``(height, width, 4)`` float32 of 0 to 1, colour already multiplied by opacity; both sizes even."""
    height, width = rgba.shape[:2]
    if height % 2 or width % 2:
        raise StageError(f"an overlay needs even sizes, not {width}x{height}")
    halves = np.asarray(cv2.resize(rgba, (width // 2, height // 2), interpolation=cv2.INTER_AREA), np.float32)
    luma = _plane(rgba, 0)
    return Overlay(
        width=width,
        height=height,
        colour=(luma, _plane(halves, 1), _plane(halves, 2)),
        keep=(_keep(rgba), _keep(halves)),
    )


def _plane(rgba: Floats, plane: int) -> Bytes:
    row = np.append(YUV_FROM_RGB[plane], YUV_OFFSET[plane]).reshape(1, 4)
    return np.clip(np.rint(cv2.transform(rgba, row)), 0, 255).astype(np.uint8)


def _keep(rgba: Floats) -> Bytes:
    return np.clip(np.rint(255 * (1 - rgba[..., 3])), 0, 255).astype(np.uint8)
