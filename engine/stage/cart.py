"""The little yellow cart (小黄车) by which viewers of Chinese live rooms know what is for sale."""

from __future__ import annotations

import cv2
import numpy as np

from engine.flow import Floats
from engine.stage.colour import WHITE, Rgb
from engine.stage.sheet import Sheet, rounded

YELLOW: Rgb = (1.0, 0.70, 0.0)
_FINE = 8
"""The drawing is made so many times larger and averaged, for soft edges."""

_BASKET = ((0.26, 0.34), (0.80, 0.34), (0.73, 0.58), (0.33, 0.58))
_HANDLE = ((0.14, 0.24), (0.24, 0.24), (0.35, 0.66), (0.72, 0.66))
_WHEELS = ((0.40, 0.77), (0.67, 0.77))


def paint_cart(sheet: Sheet, x: int, y: int, side: int) -> None:
    """A white cart on a yellow tile of ``side`` pixels."""
    sheet.cover(rounded(side, side, side * 0.28), YELLOW, x, y)
    sheet.cover(_cart(side), WHITE, x, y)


def _cart(side: int) -> Floats:
    fine = side * _FINE
    drawn = np.zeros((fine, fine), np.uint8)
    cv2.fillPoly(drawn, [_points(_BASKET, fine)], 255)
    cv2.polylines(drawn, [_points(_HANDLE, fine)], False, 255, max(1, round(fine * 0.075)))
    for wheel in _WHEELS:
        cv2.circle(drawn, (round(wheel[0] * fine), round(wheel[1] * fine)), round(fine * 0.065), 255, -1)
    small = cv2.resize(drawn, (side, side), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32) / np.float32(255)


def _points(shares: tuple[tuple[float, float], ...], size: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
    return np.asarray(np.round(np.array(shares) * size), np.int32)
