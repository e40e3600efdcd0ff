"""Where a photo lies on the canvas, and how breath, sway and head turns move every place of it.

Photo pixels become canvas pixels by a scale and a shift (``Placing``). What moves is a field over the photo on a
coarse grid: the head turns in depth about a pivot in the neck and fades out towards the shoulders; the whole person
sways about the hips, and stands still where the photo's edge cuts the person.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RBFInterpolator

from engine.avatar.framing import (
    CAMERA_DISTANCE,
    FACE_DEPTH,
    LANDSCAPE_HEAD,
    PORTRAIT_HEAD,
    Affine,
    View,
    Window,
    sway,
)
from engine.avatar.photo.package import Image
from engine.avatar.photo.topology import CHIN, LANDMARKS, OVAL
from engine.avatar.pose import Camera
from engine.avatar.scratch import Scratch
from engine.flow import CURVE_INDEX, Floats
from engine.settings.channel import Canvas

Doubles = NDArray[np.float64]
Reals = NDArray[np.float32]

FACE_METRES = 0.165
"""Brow top to chin of a grown person, about."""

HEAD_TO_FACE = 1.32
"""Height of a head, chin to crown, over that of its face."""

MOST_CLOSER, LOWEST_EYES = 1.3, 0.52
"""How much closer, and how far down, a photo that is too small for the canvas is shown before it is shown larger."""

TURN = {"headYaw": (1.35, 8.0), "headPitch": (1.35, 5.8), "headRoll": (1.35, 6.2)}
"""Share of a small turn that a photo makes (a little more than all, so that it lives while nothing is said: a flat
picture shows less of a turn than a round head), and the most degrees that it can, which it comes near to but does not
reach."""

PIVOT_DOWN, PIVOT_BACK = 0.10, 0.52
"""The neck's pivot, in face heights below the chin and behind the eyes' corners."""

SILHOUETTE = -0.42
"""Depth of the head's outline, in face heights."""

CELL = 32
"""Photo pixels between the field's nodes, and canvas pixels between those that are looked up."""

ROUNDS = 3
_AT = CURVE_INDEX


@dataclass(frozen=True)
class Anatomy:
    """What placing must know of a photo: ``points`` (478, 3), its size, where the person touches its sides."""

    points: Doubles
    width: int
    height: int
    cut_left: bool
    cut_right: bool

    @property
    def face(self) -> float:
        """Height of the face, brow top to chin, pixels."""
        return float(np.linalg.norm(self.points[CHIN, :2] - self.points[OVAL[0], :2]))

    @property
    def middle(self) -> tuple[float, float]:
        """Pixels across to the middle of the face, and down to the eyes."""
        oval = self.points[list(OVAL), 0]
        return float(oval.min() + oval.max()) / 2, float(self.points[[33, 133, 362, 263], 1].mean())


@dataclass(frozen=True)
class Placing:
    """A photo's pixel (x, y) is the canvas's ``scale * (x, y) + (left, top)``."""

    scale: float
    left: float
    top: float

    def to_canvas(self, points: Doubles) -> Doubles:
        """Canvas pixels of photo pixels, both (…, 2)."""
        return points * self.scale + [self.left, self.top]

    def to_photo(self, points: Doubles) -> Doubles:
        """Photo pixels of canvas pixels, both (…, 2)."""
        return np.asarray((points - [self.left, self.top]) / self.scale)


def place(anatomy: Anatomy, canvas: Canvas, view: View) -> Placing:
    """How the lens shows a photo: the head as large as any host's, unless the photo does not reach that far."""
    upright = min(max((canvas.height / canvas.width - 9 / 16) / (16 / 9 - 9 / 16), 0.0), 1.0)
    share = LANDSCAPE_HEAD + (PORTRAIT_HEAD - LANDSCAPE_HEAD) * upright
    x, y = anatomy.middle
    wanted = canvas.height * share / (anatomy.face * HEAD_TO_FACE) * view.zoom
    eyes = canvas.height * view.eyes_at
    sides = [x] * anatomy.cut_left + [anatomy.width - x] * anatomy.cut_right
    least = max([(canvas.height - eyes) / (anatomy.height - y), *(canvas.width / 2 / side for side in sides)])
    scale = max(wanted, min(least, wanted * MOST_CLOSER))
    lower = max(eyes, min(canvas.height - scale * (anatomy.height - y), canvas.height * LOWEST_EYES))
    scale = max(scale, (canvas.height - lower) / (anatomy.height - y))
    return Placing(scale, canvas.width / 2 - scale * x, lower - scale * y)


class Field:
    """How the places of one photo move."""

    def __init__(self, anatomy: Anatomy) -> None:
        self._anatomy = anatomy
        self._columns, self._rows = anatomy.width // CELL + 2, anatomy.height // CELL + 2
        across = np.meshgrid(np.arange(self._columns) * float(CELL), np.arange(self._rows) * float(CELL))
        self._nodes = np.stack(across, 2)
        face, (x, _) = anatomy.face, anatomy.middle
        chin = float(anatomy.points[CHIN, 1])
        self._pivot = np.array([x, chin + PIVOT_DOWN * face, -PIVOT_BACK * face])
        self._flat = self._nodes.reshape(-1, 2)
        self._depth = _depth(anatomy, self._flat)
        self._head = self.head_share(self._flat)
        self._pinned = self.free_share(self._flat)

    def head_share(self, points: Doubles) -> Doubles:
        """How much of the head's turn a place (n, 2) follows."""
        face, (x, eyes) = self._anatomy.face, self._anatomy.middle
        below = (points[:, 1] - (float(self._anatomy.points[CHIN, 1]) - 0.05 * face)) / (0.75 * face)
        aside = (np.hypot(points[:, 0] - x, np.minimum(points[:, 1] - eyes, 0) * 0.6) - 1.25 * face) / (0.9 * face)
        return (1 - _eased(below)) * (1 - _eased(aside))

    def free_share(self, points: Doubles) -> Doubles:
        """How much of the body's sway a place (n, 2) follows: none at the edges that cut the person."""
        face = self._anatomy.face
        share = _eased((self._anatomy.height - points[:, 1]) / (1.6 * face))
        if self._anatomy.cut_left:
            share = share * _eased(points[:, 0] / (0.8 * face))
        if self._anatomy.cut_right:
            share = share * _eased((self._anatomy.width - points[:, 0]) / (0.8 * face))
        return share

    def depth_at(self, points: Doubles) -> Doubles:
        """Depth of places (n, 2) of the photo, pixels towards the viewer."""
        grid = self._depth.reshape(self._rows, self._columns).astype(np.float32)
        at = (points / CELL).astype(np.float32)
        found = cv2.remap(grid, at[:, None, 0], at[:, None, 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(found[:, 0], np.float64)

    def turned(self, points: Doubles, share: Doubles, curves: Floats) -> Doubles:
        """By how many photo pixels (n, 2) places (n, 3) move with the head; ``share`` (n,) is their part in it."""
        angles = {name: most * math.tanh(part * float(curves[_AT[name]]) / most) for name, (part, most) in TURN.items()}
        yaw, pitch, roll = (math.radians(angles[n]) for n in ("headYaw", "headPitch", "headRoll"))
        yaw += math.radians(0.35 * float(curves[_AT["bodyYaw"]]))
        x, y, z = (points - self._pivot).T
        x1, z1 = x * math.cos(yaw) + z * math.sin(yaw), z * math.cos(yaw) - x * math.sin(yaw)
        y2 = y * math.cos(pitch) - z1 * math.sin(pitch)
        x3 = x1 * math.cos(roll) - y2 * math.sin(roll)
        y3 = x1 * math.sin(roll) + y2 * math.cos(roll)
        return np.stack([x3 - x, y3 - y], 1) * share[:, None]

    def swayed(self, at: Doubles, share: Doubles, moved: Affine) -> Doubles:
        """By how many canvas pixels places (n, 2) of the canvas move with the body; ``moved`` is ``sway``'s."""
        return (at @ moved[:2, :2].T + moved[:2, 2] - at) * share[:, None]

    def moved_by(self, placing: Placing, canvas: Canvas, curves: Floats) -> Affine:
        """The sway of the whole person, canvas pixels to canvas pixels (3, 3)."""
        x, y = self._anatomy.middle
        eyes = placing.to_canvas(np.array([x, y]))
        scale = placing.scale * self._anatomy.face / FACE_METRES
        camera = Camera((0.0, -CAMERA_DISTANCE, 0.0), FACE_DEPTH, scale, float(eyes[0]), float(eyes[1]))
        return sway(camera, curves)

    def sources(self, placing: Placing, moved: Affine, curves: Floats, window: Window, scratch: Scratch) -> Reals:
        """For each pixel of ``window``, the photo's pixel that is seen there (height, width, 2), until the next."""
        turned = self.turned(np.column_stack([self._flat, self._depth]), self._head, curves) * placing.scale
        at = placing.to_canvas(self._flat)
        total = turned + self.swayed(at + turned, self._pinned, moved)
        field = total.reshape(self._rows, self._columns, 2).astype(np.float32)
        rows, columns = window.height // CELL + 3, window.width // CELL + 3
        x, y = ((np.arange(n) - 1) * CELL + (CELL - 1) / 2 for n in (columns, rows))
        target = np.stack(np.meshgrid(x + window.left, y + window.top), 2)
        source = placing.to_photo(target)
        for _ in range(ROUNDS):
            place = (source / CELL).astype(np.float32)
            shift = cv2.remap(field, place, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            source = placing.to_photo(target - shift)
        size = columns * CELL, rows * CELL
        room = scratch.take("source", rows * CELL, columns * CELL, 2, dtype=np.float32)
        fine = cv2.resize(source.astype(np.float32), size, dst=room, interpolation=cv2.INTER_LINEAR)
        return np.asarray(fine[CELL : CELL + window.height, CELL : CELL + window.width], np.float32)


def _depth(anatomy: Anatomy, nodes: Doubles) -> Doubles:
    """Depth (n,) of places of the photo: the face's own, falling to the outline's around the head."""
    face, (x, eyes) = anatomy.face, anatomy.middle
    known = anatomy.points[:LANDMARKS:3]
    turn = np.linspace(0, 2 * math.pi, 25)[:-1]
    outline = np.stack([x + 0.72 * face * np.sin(turn), eyes + 0.05 * face - 0.95 * face * np.cos(turn)], 1)
    far = np.stack([x + 1.6 * face * np.sin(turn), eyes - 1.9 * face * np.cos(turn)], 1)
    places = np.concatenate([known[:, :2], outline, far])
    depths = np.concatenate([known[:, 2], np.full(2 * len(turn), SILHOUETTE * face)])
    smooth = RBFInterpolator(places / face, depths / face, kernel="thin_plate_spline", smoothing=2e-3)
    return np.asarray(np.clip(smooth(nodes / face), 1.2 * SILHOUETTE, 0.6) * face)


def _eased(share: Doubles) -> Doubles:
    """0 to 1 with flat ends."""
    x = np.clip(share, 0, 1)
    return np.asarray(x * x * (3 - 2 * x))


def anatomy_of(points: Floats, matte: Image) -> Anatomy:
    """The anatomy of a photo with this matte (height, width)."""
    height, width = matte.shape
    edge = max(2, width // 200)
    cut = [bool((side > 127).mean() > 0.01) for side in (matte[:, :edge], matte[:, -edge:])]
    return Anatomy(points.astype(np.float64), width, height, *cut)
