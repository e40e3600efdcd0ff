"""Image layers: premultiplied BGRA over BGR, and the soft edges that stand in for anti-aliasing."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]

EDGE = 44
"""Grey steps between neighbours above which a pixel is softened."""

_KERNEL = np.ones((3, 3), np.uint8)


def softened(image: Image) -> Image:
    """Blurs along edges of colour and alpha."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGRA2GRAY)
    edges = cv2.max(
        cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, _KERNEL),
        cv2.morphologyEx(image[..., 3], cv2.MORPH_GRADIENT, _KERNEL),
    )
    smooth = cv2.threshold(edges, EDGE, 255, cv2.THRESH_BINARY_INV)[1]
    return np.asarray(cv2.copyTo(image, smooth, cv2.GaussianBlur(image, (3, 3), 0)), np.uint8)


def split(layer: Image) -> tuple[Image, Image]:
    """A premultiplied BGRA layer as its BGR and, three times, the share of what is behind it (0 to 255)."""
    behind = cv2.cvtColor(cv2.bitwise_not(layer[..., 3]), cv2.COLOR_GRAY2BGR)
    return np.asarray(cv2.cvtColor(layer, cv2.COLOR_BGRA2BGR), np.uint8), np.asarray(behind, np.uint8)


def lay_over(colour: Image, behind: Image, area: Image) -> None:
    """A layer as ``split`` gives it over BGR, in place."""
    cv2.multiply(area, behind, dst=area, scale=1 / 255)
    cv2.add(area, colour, dst=area)
