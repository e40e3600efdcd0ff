"""Where the host stands in the picture, and how breath and sway move her there."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.avatar.body_file import BodyData
from engine.avatar.pose import Camera
from engine.flow import CURVE_INDEX, Floats, Framing
from engine.settings.channel import Canvas

Affine = NDArray[np.float64]

EYES_AT = 0.40
"""Height of the eyes, as a share of the canvas from the top."""

PORTRAIT_HEAD, LANDSCAPE_HEAD = 0.335, 0.46
"""Height of the head, chin to crown, as a share of the canvas height at bust framing."""

CAMERA_DISTANCE = 1.75
FACE_DEPTH = 1.62
"""Metres from the camera to the head's middle and to the face."""

BREATH_RISE = 0.0022
"""Metres that the shoulders rise with a full breath."""

HIP_BELOW_EYES = 0.52
YAW_DEPTH = 0.055
"""Metres from the spine to the chest's middle: how far a turn of the body shifts what is seen."""


@dataclass(frozen=True)
class View:
    """What the lens shows: ``zoom`` times the bust framing's size, the eyes at a share of the canvas from the top."""

    zoom: float = 1.0
    eyes_at: float = EYES_AT


FRAMINGS: dict[Framing, View] = {
    Framing.CLOSE: View(1.24, 0.42),
    Framing.BUST: View(1.0, EYES_AT),
    Framing.HALF: View(0.76, 0.33),
}


@dataclass(frozen=True)
class Window:
    """A rectangle of the canvas, or reaching beyond it, in pixels."""

    left: int
    top: int
    width: int
    height: int

    def within(self, other: Window | Canvas) -> Window:
        """What lies inside a canvas or another window, 2 by 2 pixels at least."""
        outer = other if isinstance(other, Window) else Window(0, 0, other.width, other.height)
        left = min(max(self.left, outer.left), outer.left + outer.width - 2)
        top = min(max(self.top, outer.top), outer.top + outer.height - 2)
        right = min(self.left + self.width, outer.left + outer.width)
        bottom = min(self.top + self.height, outer.top + outer.height)
        return Window(left, top, max(right - left, 2), max(bottom - top, 2))

    def of(self, canvas: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The window's part of a picture, as a view."""
        return canvas[self.top : self.top + self.height, self.left : self.left + self.width]


def frame(body: BodyData, canvas: Canvas, view: View) -> Camera:
    """The camera for a canvas: the head's size by the canvas's shape and the view, the host in the middle."""
    upright = min(max((canvas.height / canvas.width - 9 / 16) / (16 / 9 - 9 / 16), 0.0), 1.0)
    share = LANDSCAPE_HEAD + (PORTRAIT_HEAD - LANDSCAPE_HEAD) * upright
    head = body.landmarks["crown"] - body.landmarks["chin"]
    return Camera(
        eye=(0.0, -CAMERA_DISTANCE, body.eye_height),
        focus=FACE_DEPTH,
        scale=canvas.height * share / head * view.zoom,
        centre_x=canvas.width / 2,
        centre_y=canvas.height * view.eyes_at,
    )


def sway(camera: Camera, curves: Floats) -> Affine:
    """Pixel-to-pixel affine (3, 3) that breath, lean, roll, turn and shift of the body make of the resting picture."""
    breath = float(curves[CURVE_INDEX["breath"]])
    lean, roll, yaw = (math.radians(float(curves[CURVE_INDEX[n]])) for n in ("bodyLean", "bodyRoll", "bodyYaw"))
    hip_y = camera.centre_y + HIP_BELOW_EYES * camera.scale
    nearer = camera.focus / (camera.focus - 0.6 * HIP_BELOW_EYES * math.sin(lean))
    rise = breath * BREATH_RISE / HIP_BELOW_EYES
    widen = 1 + 0.5 * rise
    grow = np.diag([nearer * math.cos(yaw) * widen, nearer * (1 + rise), 1.0])
    c, s = math.cos(roll), math.sin(roll)
    turn = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]])
    to_hip = np.array([[1, 0, -camera.centre_x], [0, 1, -hip_y], [0, 0, 1.0]])
    aside = math.sin(yaw) * YAW_DEPTH + float(curves[CURVE_INDEX["bodyShift"]]) / 100
    back = np.array([[1, 0, camera.centre_x + aside * camera.scale], [0, 1, hip_y], [0, 0, 1.0]])
    settle = np.eye(3)
    settle[1, 2] = HIP_BELOW_EYES * camera.scale * (nearer - 1) * 0.75
    return np.asarray(settle @ back @ turn @ grow @ to_hip)


def between(before: Camera, after: Camera) -> Affine:
    """Pixel-to-pixel affine (3, 3) from a picture of one camera to the same picture of another lens."""
    grow = after.scale / before.scale
    left, top = after.centre_x - before.centre_x * grow, after.centre_y - before.centre_y * grow
    return np.array([[grow, 0, left], [0, grow, top], [0, 0, 1.0]])


def clip_matrix(camera: Camera, canvas: Canvas, window: Window, moved: Affine) -> NDArray[np.float32]:
    """World to clip space (4, 4) of a window of the moved picture, top row first (y of clip space points down)."""
    half_w, half_h = canvas.width / 2, canvas.height / 2
    to_pixels = np.array([[half_w, 0, half_w], [0, -half_h, half_h], [0, 0, 1.0]])
    w, h = window.width / 2, window.height / 2
    to_window = np.array([[1 / w, 0, -window.left / w - 1], [0, 1 / h, -window.top / h - 1], [0, 0, 1.0]])
    flat = to_window @ moved @ to_pixels
    lift = np.eye(4)
    lift[np.ix_([0, 1, 3], [0, 1, 3])] = flat
    return (lift @ camera.projection(0, 0, canvas.width, canvas.height)).astype(np.float32)
