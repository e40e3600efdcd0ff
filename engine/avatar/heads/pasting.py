"""Cutting a face out of the canvas for a network, and laying the mouth region that it made over it."""

from __future__ import annotations

import functools

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.avatar.heads.contract import Image
from engine.flow import Floats

Doubles = NDArray[np.float64]

FOREHEAD, BELOW_CHIN = 0.14, 0.04
"""How much of the face's border, brow top to chin, the cut leaves out above and adds below: face detectors, with whose
boxes such networks were trained, cut like this."""

MIDDLE, RADII = (0.5, 0.765), (0.36, 0.20)
"""The mouth region within the cut: an ellipse from below the nose to the chin."""

SOFT = 0.06
"""Its edge fades out over this share of the cut's side."""


def cut_of(border: Doubles, size: int) -> Doubles:
    """From canvas pixels to those of the cut (2, 3), for a face whose border lies at ``border`` (n, 2)."""
    left, right = border[:, 0].min(), border[:, 0].max()
    top, chin = border[:, 1].min(), border[:, 1].max()
    height = chin - top
    top, bottom = top + FOREHEAD * height, chin + BELOW_CHIN * height
    across, down = size / (right - left), size / (bottom - top)
    return np.array([[across, 0.0, -left * across], [0.0, down, -top * down]])


def cut(canvas: Image, to_cut: Doubles, size: int) -> Image:
    """The face (size, size, 3) as the network gets it."""
    smooth = cv2.INTER_AREA if to_cut[0, 0] < 1 else cv2.INTER_LINEAR
    # warpAffine cannot average; where the face is larger than the cut, it is cut out first and then made smaller.
    if smooth == cv2.INTER_LINEAR:
        return np.asarray(cv2.warpAffine(canvas, to_cut, (size, size), borderMode=cv2.BORDER_REPLICATE), np.uint8)
    whole = max(1, round(size / to_cut[0, 0])), max(1, round(size / to_cut[1, 1]))
    scale = np.array([whole[0] / size, whole[1] / size])[:, None]
    large = cv2.warpAffine(canvas, to_cut * scale, whole, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(large, (size, size), interpolation=smooth), np.uint8)


def paste(made: Image, canvas: Image, to_cut: Doubles, share: float) -> None:
    """Lay the mouth region of ``made`` over the canvas in place, ``share`` (0 to 1) of it."""
    size = made.shape[0]
    corners = np.array([[0, size], [size // 2, size]])
    left, right = np.clip((corners[0] - to_cut[0, 2]) / to_cut[0, 0] + [-1, 1], 0, canvas.shape[1]).astype(int)
    top, bottom = np.clip((corners[1] - to_cut[1, 2]) / to_cut[1, 1] + [-1, 1], 0, canvas.shape[0]).astype(int)
    if right <= left or bottom <= top:
        return
    window = to_cut.copy()
    window[:, 2] += to_cut[:, :2] @ [left, top]
    shape, flags = (right - left, bottom - top), cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    face = cv2.warpAffine(made, window, shape, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    weight = cv2.warpAffine(_region(size), window, shape, flags=flags, borderMode=cv2.BORDER_CONSTANT)[..., None]
    area = canvas[top:bottom, left:right]
    area[:] = np.rint(area + (face.astype(np.float32) - area) * (weight * share)).astype(np.uint8)


@functools.lru_cache(maxsize=4)
def _region(size: int) -> Floats:
    """How much of a network's face is taken (size, size), 0 to 1."""
    region = np.zeros((size, size), np.float32)
    middle, radii = (tuple(round(size * share) for share in pair) for pair in (MIDDLE, RADII))
    cv2.ellipse(region, middle, radii, 0, 0, 360, 1.0, -1, cv2.LINE_AA)
    soft = cv2.GaussianBlur(region, (0, 0), SOFT * size / 2)
    soft[: size // 2] = 0
    return np.asarray(np.minimum(soft, 1.0), np.float32)
