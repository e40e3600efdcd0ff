"""The torso as a picture: drawn once for each framing, larger than it is shown, and moved as a whole by sway."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.avatar.body_file import BodyData, PartData, Shown
from engine.avatar.framing import Affine, Window, between, clip_matrix
from engine.avatar.layers import Image, lay_over, split
from engine.avatar.pose import Camera
from engine.avatar.scene import Scene
from engine.settings.channel import Canvas

STILL_KINDS = ("decal", "hair", "cloth", "skin")
STILL_WEIGHT = 0.02
"""A vertex that the neck bones move by less than this share belongs to the still torso."""

SUPERSAMPLE = 2
PAD = 0.06
"""A still reaches past the canvas's sides and bottom by this share of its width, for sway to bring in."""

ABOVE = 16
"""Rows above a still's first that sway can bring into the picture."""

STEP = 0.2
"""Pixels: a still is warped again when it would move by more than this."""


@dataclass(frozen=True)
class Still:
    """One drawn torso: premultiplied BGRA, seen by ``camera``; ``top`` is its first row with anything in it."""

    camera: Camera
    top: int
    image: Image


def moving(part: PartData) -> NDArray[np.bool_]:
    """Which triangles the neck bones move."""
    return np.asarray((part.neck.sum(1) >= STILL_WEIGHT)[part.triangles].any(1))


def still_body(data: BodyData) -> BodyData:
    """Only what the neck does not move, arms at rest."""
    parts = []
    for part in data.parts:
        kept = part.picked(~moving(part))
        if part.kind in STILL_KINDS and len(kept.triangles) and part.shown is not Shown.RAISED:
            parts.append(replace(kept, shapes=(), deltas=part.deltas[:0]))
    return replace(data, parts=parts)


def draw_stills(data: BodyData, canvas: Canvas, cameras: tuple[Camera, ...]) -> dict[frozenset[str], tuple[Still, ...]]:
    """The torso as each camera sees it, drawn larger and averaged; by the sides whose arms are left out."""
    pad = padding(canvas)
    width, height = canvas.width + 2 * pad, canvas.height + pad
    scene = Scene(still_body(data), width * SUPERSAMPLE, height * SUPERSAMPLE)
    scene.pose(np.stack([np.eye(4)] * 4), 0.0, 0.0, 0.0)
    scene.look_from(cameras[0].eye)

    def still(camera: Camera, without: frozenset[str]) -> Still:
        matrix = clip_matrix(camera, canvas, Window(-pad, 0, width, height), np.eye(3))
        large = scene.draw(matrix, width * SUPERSAMPLE, height * SUPERSAMPLE, raised=without)
        image = np.asarray(cv2.resize(large, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
        return Still(camera, int(np.flatnonzero(image[..., 3].any(1))[0]), image)

    try:
        sides = [frozenset(side for side in both if side) for both in product(("", "left"), ("", "right"))]
        return {without: tuple(still(camera, without) for camera in cameras) for without in sides}
    finally:
        scene.close()


def padding(canvas: Canvas) -> int:
    """Columns that a still is wider on either side than the canvas, and rows longer."""
    return round(canvas.width * PAD)


class StillPainter:
    """Lays stills over the canvas; the last warp is kept while nothing moves."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._pad = padding(canvas)
        self._last: tuple[Still, Affine, int, Image, Image] | None = None

    def paint(self, still: Still, camera: Camera, moved: Affine, canvas: Image) -> None:
        """Draws a still as ``camera`` sees it, moved by sway, over the canvas (height, width, 3) in place."""
        shift = moved @ between(still.camera, camera)
        last = self._last
        if last is None or last[0] is not still or self._farthest(shift, last[1]) > STEP:
            last = self._last = (still, shift, *self._warped(still, shift))
        _, _, top, colour, behind = last
        lay_over(colour, behind, canvas[top:])

    def _warped(self, still: Still, shift: Affine) -> tuple[int, Image, Image]:
        top = int(np.clip((shift @ [0, still.top, 1])[1] - ABOVE, 0, self._canvas.height - 2))
        size = (self._canvas.width, self._canvas.height - top)
        down = shift @ np.array([[1, 0, -self._pad], [0, 1, 0], [0, 0, 1.0]])
        down[1, 2] -= top
        warped = cv2.warpAffine(still.image, down[:2], size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
        return top, *split(np.asarray(warped, np.uint8))

    def _farthest(self, a: Affine, b: Affine) -> float:
        width, height = self._canvas.width, self._canvas.height
        corners = np.array([[0, width, 0, width], [0, 0, height, height], [1, 1, 1, 1]])
        return float(np.abs((a - b) @ corners).max())
