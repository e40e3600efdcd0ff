"""The live body: a row of curves in, the host drawn over a canvas."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.avatar.body_file import BodyData, PartData, read_body
from engine.avatar.errors import BodyError
from engine.avatar.framing import Affine, Window, clip_matrix, frame, sway
from engine.avatar.pose import head_transforms
from engine.avatar.scene import Scene
from engine.flow import CURVE_INDEX, CURVES, Floats
from engine.settings.channel import Canvas

Image = NDArray[np.uint8]

STILL_PARTS = ("top", "blazer", "lapels", "collar", "skin")
STILL_WEIGHT = 0.02
"""A vertex that the neck bones move by less than this share belongs to the still body."""

SUPERSAMPLE = 2
EDGE = 44
"""Grey steps between neighbours above which a pixel is softened."""

STILL_PAD = 0.06
"""The still body reaches past the canvas's sides and bottom by this share of its width, for sway to bring in."""

MARGIN = 6
OUTLINE_DIRECTIONS = 240
FLOOR_MARGIN = 0.05
"""Metres below the neck that breath, lean and roll can bring into the head's window."""
STEP = 0.125
"""Pixels: the cached body is warped again when it would move by more than this."""

LID_FOLLOW = 1 / 32
"""Share of eyeLookDown or eyeLookUp that a degree of gaze brings: lids follow the eyes."""

_AT = CURVE_INDEX


class Body:
    """One host on one canvas. Not thread-safe: open, paint and close in one thread."""

    def __init__(self, data: BodyData, canvas: Canvas) -> None:
        self.detail = 1.0
        """Share of the picture's resolution at which the head is drawn, 0.5 to 1; less costs less CPU."""
        self._canvas = canvas
        self._camera = frame(data, canvas)
        data = replace(data, paint=_fitted_paint(data, self._camera.scale))
        self._outline = _outline(data)
        self._neck_floor = _neck_floor(data)
        self._joints = data.neck_joints.astype(np.float64)
        self._kernel = np.ones((3, 3), np.uint8)
        self._warped: tuple[Affine, Image, Image] | None = None
        self._pad = round(canvas.width * STILL_PAD)
        still = (canvas.width + 2 * self._pad) * SUPERSAMPLE, (canvas.height + self._pad) * SUPERSAMPLE
        self._scene: Scene | None = Scene(_still_body(data), *still)
        self._still_top, self._still = self._draw_still(self._scene)
        self._scene.close()
        self._scene = Scene(_live_body(data, float(self._neck_floor[:, 2].min())), canvas.width, canvas.height)
        self._scene.look_from(self._camera.eye)

    def paint(self, curves: Floats, canvas_bgr: Image) -> None:
        """Draws the host over ``canvas_bgr`` (height, width, 3), in place, acting a row of ``flow.CURVES``.

        Shapes are 0 to 1; head angles are relative to the body and best within ±20° yaw, ±12° pitch, ±10° roll.
        """
        if self._scene is None:
            raise BodyError("the body is closed")
        expected = (self._canvas.height, self._canvas.width, 3)
        if canvas_bgr.shape != expected or curves.shape != (len(CURVES),):
            raise BodyError(
                f"paint needs {len(CURVES)} curves and a canvas {expected}, not {curves.shape} and {canvas_bgr.shape}"
            )
        moved = sway(self._camera, curves)
        self._paint_still(moved, canvas_bgr)
        self._paint_head(self._scene, curves, moved, canvas_bgr)

    def close(self) -> None:
        """Releases the drawing context. May be called again."""
        if self._scene is not None:
            self._scene.close()
            self._scene = None

    def _paint_head(self, scene: Scene, curves: Floats, moved: Affine, canvas: Image) -> None:
        yaw, pitch, roll = (float(curves[_AT[n]]) for n in ("headYaw", "headPitch", "headRoll"))
        chain = head_transforms(self._joints, yaw + float(curves[_AT["bodyYaw"]]), pitch, roll)
        window = self._head_window(chain[3], moved)
        acted = _with_lids(curves)
        scene.shape(acted)
        gaze = float(curves[_AT["gazeYaw"]]), float(curves[_AT["gazePitch"]])
        scene.pose(chain, *gaze, _mouth_open(curves))
        matrix = clip_matrix(self._camera, self._canvas, window, moved)
        live = scene.draw(matrix, max(2, round(window.width * self.detail)), max(2, round(window.height * self.detail)))
        if self.detail < 1:
            live = np.asarray(cv2.resize(live, (window.width, window.height), interpolation=cv2.INTER_LINEAR), np.uint8)
        area = canvas[window.top : window.top + window.height, window.left : window.left + window.width]
        _lay_over(_softened(live, self._kernel), area)

    def _head_window(self, head: NDArray[np.float64], moved: Affine) -> Window:
        """Bounds of the turned head and of all that the neck moves, cut to the canvas."""
        points = self._outline @ head[:3, :3].T + head[:3, 3]
        points = np.concatenate([points, self._neck_floor])
        c = self._camera
        depth = points[:, 1] - c.eye[1]
        x = c.centre_x + (points[:, 0] - c.eye[0]) / depth * c.scale * c.focus
        y = c.centre_y - (points[:, 2] - c.eye[2]) / depth * c.scale * c.focus
        px = moved @ np.stack([x, y, np.ones_like(x)])
        left, top = (max(int(px[i].min()) - MARGIN, 0) for i in (0, 1))
        right = min(int(px[0].max()) + MARGIN, self._canvas.width)
        bottom = min(int(px[1].max()) + MARGIN, self._canvas.height)
        return Window(left, top, max(right - left, 2), max(bottom - top, 2))

    def _draw_still(self, scene: Scene) -> tuple[int, Image]:
        """The resting torso, drawn larger and averaged: (its first row, premultiplied BGRA)."""
        width, height = self._canvas.width + 2 * self._pad, self._canvas.height + self._pad
        scene.look_from(self._camera.eye)
        scene.pose(np.stack([np.eye(4)] * 4), 0.0, 0.0, 0.0)
        matrix = clip_matrix(self._camera, self._canvas, Window(-self._pad, 0, width, height), np.eye(3))
        large = scene.draw(matrix, width * SUPERSAMPLE, height * SUPERSAMPLE)
        still = cv2.resize(large, (width, height), interpolation=cv2.INTER_AREA)
        rows = np.flatnonzero(still[..., 3].any(1))
        return int(rows[0]), np.asarray(still, np.uint8)

    def _paint_still(self, moved: Affine, canvas: Image) -> None:
        top = max(self._still_top - 16, 0)
        if self._warped is None or _largest_move(moved, self._warped[0], self._canvas) > STEP:
            size = (self._canvas.width, self._canvas.height - top)
            down = moved @ np.array([[1, 0, -self._pad], [0, 1, 0], [0, 0, 1.0]])
            down[1, 2] -= top
            warped = cv2.warpAffine(self._still, down[:2], size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
            self._warped = (moved, *_split(np.asarray(warped, np.uint8)))
        area = canvas[top:]
        _, colour, behind = self._warped
        cv2.multiply(area, behind, dst=area, scale=1 / 255)
        cv2.add(area, colour, dst=area)


def open_body(file: Path, canvas: Canvas) -> Body:
    """The body in ``file`` (``.ehb``), ready to draw on that canvas, with a drawing context of its own.

    Raises BodyError when the file is missing, no body, or of another version, and when EGL is missing.
    """
    return Body(read_body(Path(file)), canvas)


def _with_lids(curves: Floats) -> Floats:
    """The curves with lids that follow the gaze up and down."""
    pitch = float(curves[_AT["gazePitch"]])
    acted = curves.copy()
    for side in ("Left", "Right"):
        for name, degrees in ((f"eyeLookDown{side}", -pitch), (f"eyeLookUp{side}", pitch)):
            acted[_AT[name]] = max(float(curves[_AT[name]]), min(max(degrees * LID_FOLLOW, 0.0), 1.0))
    return acted


def _mouth_open(curves: Floats) -> float:
    return min(1.0, 0.25 + 1.6 * max(float(curves[_AT["jawOpen"]]), 0.0))


def _softened(image: Image, kernel: Image) -> Image:
    """Blurs along edges of colour and alpha, which stands in for anti-aliasing."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGRA2GRAY)
    edges = cv2.max(
        cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, kernel),
        cv2.morphologyEx(image[..., 3], cv2.MORPH_GRADIENT, kernel),
    )
    smooth = cv2.threshold(edges, EDGE, 255, cv2.THRESH_BINARY_INV)[1]
    return np.asarray(cv2.copyTo(image, smooth, cv2.GaussianBlur(image, (3, 3), 0)), np.uint8)


def _lay_over(layer: Image, area: Image) -> None:
    """Premultiplied BGRA over BGR, in place."""
    colour, behind = _split(layer)
    cv2.multiply(area, behind, dst=area, scale=1 / 255)
    cv2.add(area, colour, dst=area)


def _split(layer: Image) -> tuple[Image, Image]:
    """A premultiplied BGRA layer as its BGR and, three times, the share of what is behind it (0 to 255)."""
    behind = cv2.cvtColor(cv2.bitwise_not(layer[..., 3]), cv2.COLOR_GRAY2BGR)
    return np.asarray(cv2.cvtColor(layer, cv2.COLOR_BGRA2BGR), np.uint8), np.asarray(behind, np.uint8)


def _largest_move(a: Affine, b: Affine, canvas: Canvas) -> float:
    corners = np.array([[0, canvas.width, 0, canvas.width], [0, 0, canvas.height, canvas.height], [1, 1, 1, 1]])
    return float(np.abs((a - b) @ corners).max())


def _fitted_paint(data: BodyData, pixels_a_metre: float) -> Image:
    """The face paint, halved until its texels are not much finer than the picture, so that it needs no mipmaps."""
    paint = data.paint
    while paint.shape[1] / data.landmarks["paint_width"] > pixels_a_metre * 2:
        half = cv2.resize(paint, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        paint = np.asarray(half, np.uint8)
    return paint


def _moving(part: PartData) -> NDArray[np.bool_]:
    """Which triangles the neck bones move."""
    return np.asarray((part.neck.sum(1) >= STILL_WEIGHT)[part.triangles].any(1))


def _still_body(data: BodyData) -> BodyData:
    """Only what the neck does not move."""
    parts = []
    for part in data.parts:
        kept = part.triangles[~_moving(part)]
        if part.name in STILL_PARTS and len(kept):
            parts.append(replace(part, triangles=kept, shapes=(), deltas=part.deltas[:0]))
    return replace(data, parts=parts)


def _live_body(data: BodyData, floor: float) -> BodyData:
    """Only what can show in the head's window, whose lower edge is at the height ``floor``."""
    parts = []
    for part in data.parts:
        kept = part.triangles
        if part.kind == "cloth":
            kept = kept[(part.position[kept, 2] > floor - FLOOR_MARGIN).any(1)]
        if len(kept):
            parts.append(replace(part, triangles=kept))
    return replace(data, parts=parts)


def _outline(data: BodyData) -> NDArray[np.float64]:
    """The head's outermost points (n, 3) in many directions."""
    points = np.concatenate([p.position[p.neck[:, 3] > 0.9] for p in data.parts]).astype(np.float64)
    i = np.arange(OUTLINE_DIRECTIONS) + 0.5
    polar, turn = np.arccos(1 - 2 * i / OUTLINE_DIRECTIONS), np.pi * (1 + 5**0.5) * i
    directions = np.stack([np.cos(turn) * np.sin(polar), np.sin(turn) * np.sin(polar), np.cos(polar)])
    return np.asarray(points[np.unique((points @ directions).argmax(0))])


def _neck_floor(data: BodyData) -> NDArray[np.float64]:
    """The lowest and outermost points of the triangles that the neck bones move."""
    moved = [p.position[p.triangles[_moving(p)].ravel()] for p in data.parts]
    points = np.concatenate(moved).astype(np.float64)
    return np.asarray(points[[points[:, 0].argmin(), points[:, 0].argmax(), points[:, 2].argmin()]])
