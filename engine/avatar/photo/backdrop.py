"""What is behind a photo's person: the photo's own background, sharp or blurred, carried on beyond its edges."""

from __future__ import annotations

import cv2
import numpy as np

from engine.avatar.framing import FRAMINGS
from engine.avatar.photo.package import Image, PhotoData
from engine.avatar.photo.placing import Placing, anatomy_of, place
from engine.flow import Framing
from engine.settings.channel import Canvas

BLUR = 0.075
"""Of a blurred background, in face heights."""

SOFT = 0.035
"""Blur of what is carried on beyond the photo: it is a mirror image, and must not be read."""


class Backdrop:
    """The background of one photo on one canvas; it stands still whatever the person does."""

    def __init__(self, photo: PhotoData, canvas: Canvas) -> None:
        anatomy = anatomy_of(photo.points, photo.matte)
        size = canvas.width, canvas.height
        widest = place(anatomy, canvas, FRAMINGS[Framing.HALF])
        left, top = (max(0, round(side / widest.scale) + 2) for side in (widest.left, widest.top))
        right = max(0, round((canvas.width - widest.left) / widest.scale) - anatomy.width + 2)
        picture = photo.backdrop
        if photo.background == "blur":
            picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), BLUR * anatomy.face), np.uint8)
        self._picture = _carried_on(picture, left, top, right, SOFT * anatomy.face)
        self._corner = left, top
        self._size = size
        self._shown: tuple[Placing, Image] | None = None

    def paint(self, placing: Placing, canvas: Image) -> None:
        """Covers the canvas (height, width, 3)."""
        if self._shown is None or self._shown[0] != placing:
            self._shown = placing, self._seen(placing)
        np.copyto(canvas, self._shown[1])

    def _seen(self, placing: Placing) -> Image:
        left, top = self._corner
        shift = np.array([
            [placing.scale, 0, placing.left - left * placing.scale],
            [0, placing.scale, placing.top - top * placing.scale],
        ])  # fmt: skip
        seen = cv2.warpAffine(self._picture, shift, self._size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(seen, np.uint8)


def _carried_on(picture: Image, left: int, top: int, right: int, soft: float) -> Image:
    """The picture mirrored at its edges, softer the farther out."""
    height, width = picture.shape[:2]
    left, right, top = min(left, width - 1), min(right, width - 1), min(top, height - 1)
    wide = cv2.copyMakeBorder(picture, top, 0, left, right, cv2.BORDER_REFLECT_101)
    if not (left or right or top):
        return picture
    out = np.zeros(wide.shape[:2], np.float32)
    y, x = np.mgrid[0 : wide.shape[0], 0 : wide.shape[1]].astype(np.float32)
    for beyond in (left - x, top - y, x - (left + width - 1)):
        out = np.maximum(out, beyond)
    for sigma, begins in ((soft, 0.0), (3 * soft, 2 * soft)):
        share = np.clip((out - begins) / (4 * sigma), 0, 1)[..., None]
        blurred = cv2.GaussianBlur(wide, (0, 0), sigma)
        wide = np.asarray(np.round(wide * (1 - share) + blurred * share), np.uint8)
    return np.asarray(wide, np.uint8)
