"""Image layers: premultiplied BGRA over BGR, and the soft edges that stand in for anti-aliasing."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.avatar.scratch import Scratch

Image = NDArray[np.uint8]

EDGE = 44
"""Grey steps between neighbours above which a pixel is softened."""

FADE = 10
"""Pixels within which a layer laid inside another fades out."""

BAND = 128
"""Rows of a picture that are halved at a time: a whole one of 8192 pixels a side would take gigabytes as floats."""

remap: Callable[..., NDArray[Any]] = cv2.remap
"""The stubs of OpenCV 5.0 deny the second map its None, those of 5.1 don't: none of them is asked."""

_KERNEL = np.ones((3, 3), np.uint8)


def softened(image: Image, scratch: Scratch) -> Image:
    """Blurs along edges of colour and alpha."""
    height, width = image.shape[:2]
    edges, also = scratch.take("edges", height, width), scratch.take("also", height, width)
    grey = cv2.cvtColor(image, cv2.COLOR_BGRA2GRAY, dst=scratch.take("one", height, width))
    _rise(np.asarray(grey, np.uint8), edges, scratch)
    _rise(_alpha(image, scratch), also, scratch)
    cv2.max(edges, also, dst=edges)
    smooth = cv2.threshold(edges, EDGE, 255, cv2.THRESH_BINARY_INV, dst=edges)[1]
    soft = cv2.GaussianBlur(image, (3, 3), 0, dst=scratch.take("soft", height, width, 4))
    return np.asarray(cv2.copyTo(image, smooth, soft), np.uint8)


def _rise(grey: Image, rise: Image, scratch: Scratch) -> None:
    """Sets ``rise`` to the range of each pixel's neighbours (the morphological gradient)."""
    low = cv2.erode(grey, _KERNEL, dst=scratch.take("low", *grey.shape))
    cv2.dilate(grey, _KERNEL, dst=rise)
    cv2.subtract(rise, low, dst=rise)


def _alpha(layer: Image, scratch: Scratch) -> Image:
    return np.asarray(cv2.extractChannel(layer, 3, dst=scratch.take("one", *layer.shape[:2])), np.uint8)


def split(layer: Image, scratch: Scratch) -> tuple[Image, Image]:
    """A premultiplied BGRA layer as its BGR and, three times, the share of what is behind it (0 to 255).

    Both are valid until the next of the same ``scratch``.
    """
    alpha = _alpha(layer, scratch)
    cv2.bitwise_not(alpha, dst=alpha)
    behind = cv2.cvtColor(alpha, cv2.COLOR_GRAY2BGR, dst=scratch.take("behind", *alpha.shape, 3))
    colour = cv2.cvtColor(layer, cv2.COLOR_BGRA2BGR, dst=scratch.take("colour", *alpha.shape, 3))
    return np.asarray(colour, np.uint8), np.asarray(behind, np.uint8)


def lay_over(colour: Image, behind: Image, area: Image) -> None:
    """A layer as ``split`` gives it over BGR, in place."""
    cv2.multiply(area, behind, dst=area, scale=1 / 255)
    cv2.add(area, colour, dst=area)


def lay_inside(layer: Image, covered: Image, area: Image, scratch: Scratch) -> None:
    """A premultiplied BGRA layer over BGR in place, fading out towards its border and where ``covered`` is 255."""
    height, width = covered.shape
    share = cv2.bitwise_not(covered, dst=scratch.take("share", height, width))
    cv2.multiply(share, _faded(width, height, scratch), dst=share, scale=1 / 255)
    alpha = _alpha(layer, scratch)
    cv2.multiply(share, alpha, dst=alpha, scale=1 / 255)
    cv2.bitwise_not(alpha, dst=alpha)
    behind = cv2.cvtColor(alpha, cv2.COLOR_GRAY2BGR, dst=scratch.take("behind", height, width, 3))
    shares = cv2.cvtColor(share, cv2.COLOR_GRAY2BGR, dst=scratch.take("shares", height, width, 3))
    colour = cv2.cvtColor(layer, cv2.COLOR_BGRA2BGR, dst=scratch.take("colour", height, width, 3))
    cv2.multiply(colour, shares, dst=colour, scale=1 / 255)
    lay_over(np.asarray(colour, np.uint8), np.asarray(behind, np.uint8), area)


def halved(picture: Image) -> Image:
    """A picture RGBA at half the size; what is clear lends no colour to what is not."""
    height = len(picture)
    size = max(picture.shape[1] // 2, 1), max(height // 2, 1)
    if picture[..., 3].min() == 255:
        return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    made = np.empty((size[1], size[0], 4), np.uint8)
    # Of an odd height no two rows make one: all of them are weighed together.
    step = BAND if height % 2 == 0 else height
    for top in range(0, height, step):
        band = picture[top : top + step]
        weighed = np.empty(band.shape, np.float32)
        weighed[..., 3] = band[..., 3]
        np.multiply(band[..., :3], weighed[..., 3:] + 0.5, out=weighed[..., :3])
        rows = made[top // 2 : top // 2 + max(len(band) // 2, 1)]
        small = np.asarray(cv2.resize(weighed, (size[0], len(rows)), interpolation=cv2.INTER_AREA), np.float32)
        small[..., :3] /= small[..., 3:] + 0.5
        rows[:] = np.clip(np.rint(small, out=small), 0, 255, out=small)
    return made


def _faded(width: int, height: int, scratch: Scratch) -> Image:
    """255 in the middle, falling to 0 at the border within ``FADE`` pixels."""
    room = scratch.take("faded", height, width)
    return np.asarray(np.minimum(_fading(width)[None, :], _fading(height)[:, None], out=room))


@functools.lru_cache(maxsize=256)
def _fading(length: int) -> Image:
    """The same along one side. Windows have ever other sizes: to keep whole ones would take megabytes."""
    far = np.minimum(np.arange(length), np.arange(length)[::-1]) / FADE
    return np.asarray(np.round(np.clip(far, 0, 1) * 255), np.uint8)
