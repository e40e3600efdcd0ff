"""Image layers: premultiplied BGRA over BGR, and the soft edges that stand in for anti-aliasing."""

from __future__ import annotations

import functools

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]

EDGE = 44
"""Grey steps between neighbours above which a pixel is softened."""

FADE = 10
"""Pixels within which a layer laid inside another fades out."""

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


def lay_inside(layer: Image, covered: Image, area: Image) -> None:
    """A premultiplied BGRA layer over BGR in place, fading out towards its border and where ``covered`` is 255."""
    height, width = covered.shape
    share = cv2.multiply(cv2.bitwise_not(covered), _faded(width, height), scale=1 / 255)
    behind = cv2.bitwise_not(cv2.multiply(share, layer[..., 3], scale=1 / 255))
    colour = cv2.multiply(
        cv2.cvtColor(layer, cv2.COLOR_BGRA2BGR), cv2.cvtColor(share, cv2.COLOR_GRAY2BGR), scale=1 / 255
    )
    lay_over(np.asarray(colour, np.uint8), np.asarray(cv2.cvtColor(behind, cv2.COLOR_GRAY2BGR), np.uint8), area)


def halved(picture: Image) -> Image:
    """A picture RGBA at half the size; what is clear lends no colour to what is not."""
    size = max(picture.shape[1] // 2, 1), max(picture.shape[0] // 2, 1)
    alpha = picture[..., 3:].astype(np.float32)
    if alpha.min() == 255:
        return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    weighed = np.concatenate([picture[..., :3] * (alpha + 0.5), alpha], 2).astype(np.float32)
    small = cv2.resize(weighed, size, interpolation=cv2.INTER_AREA)
    colours = small[..., :3] / (small[..., 3:] + 0.5)
    return np.asarray(np.clip(np.rint(np.dstack([colours, small[..., 3]])), 0, 255), np.uint8)


def _faded(width: int, height: int) -> Image:
    """255 in the middle, falling to 0 at the border within ``FADE`` pixels."""
    return np.asarray(np.minimum(_fading(width)[None, :], _fading(height)[:, None]))


@functools.lru_cache(maxsize=256)
def _fading(length: int) -> Image:
    """The same along one side. Windows have ever other sizes: to keep whole ones would take megabytes."""
    far = np.minimum(np.arange(length), np.arange(length)[::-1]) / FADE
    return np.asarray(np.round(np.clip(far, 0, 1) * 255), np.uint8)
