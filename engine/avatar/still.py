"""The torso as a picture: drawn once for each framing, larger than it is shown, and moved as a whole by sway."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import chain, combinations

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.avatar.body_file import BodyData, PartData, Shown
from engine.avatar.framing import Affine, Window, between, clip_matrix
from engine.avatar.layers import Image, lay_over, split
from engine.avatar.passes import swing_of
from engine.avatar.pose import Camera
from engine.avatar.scene import Scene
from engine.avatar.scratch import Scratch
from engine.settings.channel import Canvas

STILL_KINDS = ("decal", "hair", "cloth", "skin", "toon", "soft")
STILL_WEIGHT = 0.02
"""A vertex that the neck bones move by less than this share belongs to the still torso."""

SUPERSAMPLE = 2
PAD = 0.06
"""A still reaches past the canvas's sides and bottom by this share of its width, for sway to bring in."""

ABOVE = 16
"""Rows above a still's first that sway can bring into the picture."""

NEARLY = 0.9
"""A still serves views up to its own zoom over this, a little enlarged."""

STEP = 0.15
"""Pixels: a still is warped again when it would move by more than this."""


@dataclass(frozen=True)
class Still:
    """One drawn torso: premultiplied BGRA, seen by ``camera``; ``top`` is its first row with anything in it, from which
    ``image`` begins: what is kept of it is half of what was drawn.

    Of a host without a torso, which is a head alone, it is clear, and ``top`` is below its last row.
    """

    camera: Camera
    top: int
    image: Image


def moving(part: PartData) -> NDArray[np.bool_]:
    """Which triangles the neck bones or spring bones move."""
    return np.asarray((part.neck.sum(1) + swing_of(part) >= STILL_WEIGHT)[part.triangles].any(1))


def still_body(data: BodyData) -> BodyData:
    """Only what the neck does not move, arms at rest."""
    parts = []
    for part in data.parts:
        kept = part.picked(~moving(part))
        if part.kind in STILL_KINDS and len(kept.triangles) and part.shown is not Shown.RAISED:
            parts.append(replace(kept, shapes=(), deltas=part.deltas[:0]))
    return replace(data, parts=parts)


class Stills:
    """The torso as each of some cameras sees it, with and without arms; each is drawn when it is first asked for, or
    before that by ``prepare``: some are asked for only after an hour.
    """

    def __init__(self, data: BodyData, canvas: Canvas, cameras: tuple[Camera, ...]) -> None:
        """``cameras`` are sorted by scale, smallest first."""
        self._canvas, self._cameras, self._pad = canvas, cameras, padding(canvas)
        self._width, self._height = canvas.width + 2 * self._pad, canvas.height + self._pad
        self._scene = Scene(still_body(data), (self._width * SUPERSAMPLE, self._height * SUPERSAMPLE))
        self._drawn: dict[tuple[Camera, frozenset[str]], Still] = {}

    def seen(self, camera: Camera, without: frozenset[str]) -> Still:
        """The smallest still that is large enough for a camera, without the sleeves and hands of some sides."""
        fitting = (c for c in self._cameras if c.scale >= camera.scale * NEARLY)
        key = next(fitting, self._cameras[-1]), without
        if key not in self._drawn:
            self._drawn[key] = self._draw(*key)
        return self._drawn[key]

    def prepare(self, sides: Collection[str]) -> bool:
        """Draws one that is missing of all that these sides' arms may ask for; False where none is."""
        arms = chain.from_iterable(combinations(sides, n) for n in range(len(sides) + 1))
        keys = ((camera, frozenset(without)) for without in arms for camera in self._cameras)
        missing = next((key for key in keys if key not in self._drawn), None)
        if missing is not None:
            self._drawn[missing] = self._draw(*missing)
        return missing is not None

    def close(self) -> None:
        """Releases the drawing context."""
        self._scene.close()

    def _draw(self, camera: Camera, without: frozenset[str]) -> Still:
        with self._scene.current():
            self._scene.pose(np.stack([np.eye(4)] * 4), 0.0, 0.0, 0.0)
            self._scene.look_from(camera.eye)
            matrix = clip_matrix(camera, self._canvas, Window(-self._pad, 0, self._width, self._height), np.eye(3))
            room = np.empty((self._height * SUPERSAMPLE, self._width * SUPERSAMPLE, 4), np.uint8)
            large = self._scene.draw(matrix, room, raised=without)
        image = np.asarray(cv2.resize(large, (self._width, self._height), interpolation=cv2.INTER_AREA), np.uint8)
        seen = np.flatnonzero(image[..., 3].any(1))
        top = int(seen[0]) if len(seen) else self._height
        return Still(camera, top, image[min(top, self._height - 1) :].copy())


def padding(canvas: Canvas) -> int:
    """Columns that a still is wider on either side than the canvas, and rows longer."""
    return round(canvas.width * PAD)


class StillPainter:
    """Lays stills over the canvas; the last warp is kept while nothing moves."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._pad = padding(canvas)
        self._scratch = Scratch()
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
        cut = self._canvas.height + self._pad - still.image.shape[0]
        down = shift @ np.array([[1, 0, -self._pad], [0, 1, cut], [0, 0, 1.0]])
        down[1, 2] -= top
        warped = cv2.warpAffine(
            still.image, down[:2], size, dst=self._scratch.take("warped", size[1], size[0], 4),
            flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT,
        )  # fmt: skip
        return top, *split(np.asarray(warped, np.uint8), self._scratch)

    def _farthest(self, a: Affine, b: Affine) -> float:
        width, height = self._canvas.width, self._canvas.height
        corners = np.array([[0, width, 0, width], [0, 0, height, height], [1, 1, 1, 1]])
        return float(np.abs((a - b) @ corners).max())
