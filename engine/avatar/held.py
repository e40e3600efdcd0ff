"""A drawn head that is kept and moved: while a turn is small, the pixels go where the body's points go.

Most of a head is rigid, and drawing it again costs ten times what moving its picture costs. The picture is moved by a
field of shifts: in each cell of a grid, the shift of the vertex that lies in front there. So hair at the side, the nose
and the still collar each move as far as they would when drawn.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.avatar.body_file import BodyData, PartData, Shown
from engine.avatar.framing import Affine, Window
from engine.avatar.layers import Image, remap
from engine.avatar.passes import acted
from engine.avatar.pose import Camera, Matrix
from engine.avatar.scratch import Scratch
from engine.avatar.shaders import COVERING
from engine.flow import CURVE_INDEX, FACE_CURVES, Floats

CELL = 16
"""Pixels between the field's points."""

MOST_TURN, MOST_ROLL = 1.0, 2.5
"""Degrees of yaw and pitch together, and of roll, up to which a kept picture serves; beyond, its light is off."""

MOST_SHIFT, MOST_GROWTH = 20.0, 0.02
"""Pixels that it may be moved, and the share by which it may be enlarged."""

MOST_BULGE = 0.0012
"""Metres that the face's outline may have changed by face shapes, since what lay behind it is not drawn again."""

MOST_SWING = 0.008
"""Metres that the end of a spring bone may have swung; what hangs on it is moved with the rest."""

EDGE_ROWS = 12

SEEN_MOVE_M, SEEN_GAZE = 0.00025, 0.25
"""Metres that a vertex, and degrees that the eyes, must have moved to be drawn again."""


SPARSE = 2
"""Of the vertices, every second is enough to see where they go."""

Points = NDArray[np.float64]


@dataclass(frozen=True)
class Expression:
    """What ``Face.under`` says of the face shapes (n, 3), and the yaw and pitch of the gaze in degrees."""

    face: Floats
    gaze: tuple[float, float]


@dataclass(frozen=True)
class Pose:
    """All that a head's picture depends on: ``angles`` are yaw, pitch and roll in degrees, ``arms`` the raised ones,
    ``detail`` the resolution, ``tails`` (n, 3) where spring bones end, ``swing`` (n, 3, 4) what each adds to its root.
    """

    camera: Camera
    moved: Affine
    chain: Matrix
    angles: tuple[float, float, float]
    expression: Expression
    arms: frozenset[str]
    detail: float
    tails: Points = field(default_factory=lambda: np.zeros((0, 3)))
    swing: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 3, 4), np.float32))


class Face:
    """Some of the vertices that act, and how far a row of curves moves them."""

    def __init__(self, body: BodyData) -> None:
        acting = [(part, _some_acting(part)) for part in body.parts if part.shapes]
        rest = [np.zeros((0, 3), np.float32), *(part.position[who] for part, who in acting)]
        deltas = [np.zeros((len(FACE_CURVES), len(each), 3), np.float32) for each in rest]
        for (part, who), moves in zip(acting, deltas[1:], strict=True):
            for i, name in enumerate(part.shapes):
                if name in FACE_CURVES:
                    moves[FACE_CURVES.index(name)] = part.deltas[i, who, :3]
        eyes = [part.position[::SPARSE] for part in body.parts if part.kind == "eye"]
        self._rest = np.concatenate(rest + eyes).astype(np.float64)
        self._gazing = np.arange(len(self._rest)) >= sum(map(len, rest))
        self._deltas = np.concatenate(deltas, 1)
        self._curves = np.array([CURVE_INDEX[name] for name in FACE_CURVES])
        self._edge = self._outermost()

    def under(self, curves: Floats) -> Floats:
        """How far each acting vertex (n, 3) is moved, metres."""
        return np.asarray(np.tensordot(curves[self._curves], self._deltas, 1), np.float32)

    def bulge(self, then: Expression, now: Expression) -> float:
        """How far the edge of the face, seen from the front, has moved, metres."""
        return float(np.abs(now.face[self._edge] - then.face[self._edge])[:, [0, 2]].max(initial=0.0))

    def changed(self, then: Expression, now: Expression) -> Points:
        """Where (n, 3), at rest but for the shapes, the face looks another than it did."""
        moved = np.abs(now.face - then.face).max(1) > SEEN_MOVE_M
        places = [self._rest[: len(moved)][moved] + each.face[moved] for each in (then, now)]
        looks = max(abs(a - b) for a, b in zip(now.gaze, then.gaze, strict=True)) > SEEN_GAZE
        return np.concatenate([*places, self._rest[self._gazing & looks]])

    def _outermost(self) -> NDArray[np.int64]:
        """Row by row, the vertices farthest to the left and to the right."""
        rows = np.array_split(np.argsort(self._rest[: self._deltas.shape[1], 2]), EDGE_ROWS)
        filled = [row for row in rows if len(row)]
        return np.array([row[pick(self._rest[row, 0])] for row in filled for pick in (np.argmin, np.argmax)], np.int64)


def _some_acting(part: PartData) -> NDArray[np.int64]:
    return np.flatnonzero(acted(part))[::SPARSE]


class Skeleton:
    """Some vertices of the parts that show with the head, and where they are seen under a pose."""

    def __init__(self, body: BodyData) -> None:
        shown = [p for p in body.parts if p.shown is not Shown.RAISED]
        picked = [np.unique(p.triangles)[::SPARSE] for p in shown]
        rest = np.concatenate([p.position[i] for p, i in zip(shown, picked, strict=True)]).astype(np.float64)
        self._rest = np.concatenate([rest, np.ones((len(rest), 1))], 1)
        self._neck = np.concatenate([p.neck[i] for p, i in zip(shown, picked, strict=True)]).astype(np.float64)
        self._swing, self._swing_weight = (
            np.concatenate([_attribute(p, name)[i] for p, i in zip(shown, picked, strict=True)])
            for name in ("swing", "swing_weight")
        )
        self.everyone = np.arange(len(rest))

    def seen(self, who: NDArray[np.int64], pose: Pose) -> tuple[Points, NDArray[np.float64]]:
        """Canvas pixels (n, 2) of these vertices, and their distance in depth, metres."""
        rest, neck = self._rest[who], self._neck[who]
        world = rest[:, :3] * (1 - neck.sum(1, keepdims=True))
        for i in range(neck.shape[1]):
            world += neck[:, i : i + 1] * (rest @ pose.chain[i, :3].T)
        self._add_swing(world, who, pose)
        camera = pose.camera
        depth = world[:, 1] - camera.eye[1]
        reach = camera.scale * camera.focus / depth
        x = camera.centre_x + (world[:, 0] - camera.eye[0]) * reach
        y = camera.centre_y - (world[:, 2] - camera.eye[2]) * reach
        pixels = np.stack([x, y], 1) @ pose.moved[:2, :2].T + pose.moved[:2, 2]
        return pixels, depth

    def _add_swing(self, world: Points, who: NDArray[np.int64], pose: Pose) -> None:
        """Moves on what hangs on spring bones, in place."""
        hanging = np.flatnonzero(self._swing_weight[who].any(1)) if len(pose.swing) else np.zeros(0, np.int64)
        if not len(hanging):
            return
        rest = self._rest[who[hanging]]
        bones, weights = self._swing[who[hanging]].round().astype(np.int64), self._swing_weight[who[hanging]]
        for column in range(bones.shape[1]):
            moved = np.einsum("nij,nj->ni", pose.swing[bones[:, column]], rest)
            world[hanging] += weights[:, column, None] * moved


def _attribute(part: PartData, name: str) -> Floats:
    """A part's four spring bones or their weights (n, 4); zeros where nothing swings."""
    return part.attributes.get(name, np.zeros((len(part.position), 4), np.float32))


@dataclass(frozen=True)
class HeldHead:
    """One drawn head: ``layer`` is premultiplied BGRA (height, width, 4) in ``window`` of the canvas, and ``covered``
    (height, width) is 255 where hair lies in front.
    """

    pose: Pose
    window: Window
    layer: Image
    covered: Image
    cells: NDArray[np.int64]
    """In each cell of the field (rows, columns), the vertex in front."""

    seen: Points
    """Where those vertices were seen (rows * columns, 2)."""

    def serves(self, pose: Pose, face: Face) -> bool:
        """Whether this head, moved, is as good as one drawn again."""
        then, there = self.pose, np.array([self.window.width / 2, self.window.height / 2, 1.0])
        turned = np.hypot(pose.angles[0] - then.angles[0], pose.angles[1] - then.angles[1])
        if turned > MOST_TURN or abs(pose.angles[2] - then.angles[2]) > MOST_ROLL:
            return False
        if pose.arms != then.arms or pose.detail != then.detail:
            return False
        if abs(pose.camera.scale / then.camera.scale - 1) > MOST_GROWTH:
            return False
        if face.bulge(then.expression, pose.expression) > MOST_BULGE:
            return False
        if np.abs(pose.tails - self._carried(pose)).max(initial=0.0) > MOST_SWING:
            return False
        corner = np.array([self.window.left, self.window.top, 0.0])
        shift = (pose.moved - then.moved) @ (there + corner)
        return bool(np.abs(shift[:2]).max() < MOST_SHIFT)

    def _carried(self, pose: Pose) -> Points:
        """Where the spring bones' ends would be had they turned with the head since."""
        turn = pose.chain[3] @ np.linalg.inv(self.pose.chain[3])
        return np.asarray(self.pose.tails @ turn[:3, :3].T + turn[:3, 3])

    def moved_to(
        self, pose: Pose, skeleton: Skeleton, window: Window, face: Window, scratch: Scratch
    ) -> tuple[Image, Image]:
        """The layer in ``window`` as this pose shows it, and ``covered`` in ``face``, a part of that window."""
        source = self._source(pose, skeleton, window, scratch)
        room = scratch.take("moved", window.height, window.width, 4)
        layer = remap(self.layer, source, None, cv2.INTER_LINEAR, dst=room, borderMode=cv2.BORDER_CONSTANT)
        left, top = face.left - window.left, face.top - window.top
        part = source[top : top + face.height, left : left + face.width]
        room = scratch.take("still covered", face.height, face.width)
        covered = remap(self.covered, part, None, cv2.INTER_LINEAR, dst=room, borderMode=cv2.BORDER_CONSTANT)
        return np.asarray(layer, np.uint8), np.asarray(covered, np.uint8)

    def _source(self, pose: Pose, skeleton: Skeleton, window: Window, scratch: Scratch) -> NDArray[np.float32]:
        """For each pixel of ``window``, where in the layer it comes from (height, width, 2)."""
        now, _ = skeleton.seen(self.cells.ravel(), pose)
        shift = now - self.seen
        field = cv2.blur(shift.reshape(*self.cells.shape, 2).astype(np.float32), (3, 3))
        aside = np.array([window.left - self.window.left, window.top - self.window.top], np.float64)
        rows, columns = window.height // CELL + 3, window.width // CELL + 3
        x, y = (np.arange(n) - 1 + (aside[i] - shift[:, i].mean()) / CELL for i, n in enumerate((columns, rows)))
        at = np.stack(np.meshgrid(x, y), 2).astype(np.float32)
        coarse = remap(field, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE) - aside
        # The pixels themselves as well: between cells they go up as evenly as what is added to them.
        centres = np.stack(np.meshgrid(*((np.arange(n) - 0.5) * CELL - 0.5 for n in (columns, rows))), 2)
        source = (centres - coarse).astype(np.float32)
        room = scratch.take("source", rows * CELL, columns * CELL, 2, dtype=np.float32)
        fine = cv2.resize(source, (columns * CELL, rows * CELL), dst=room, interpolation=cv2.INTER_LINEAR)
        return np.asarray(fine[CELL : CELL + window.height, CELL : CELL + window.width], np.float32)


def hold(pose: Pose, window: Window, layer: Image, skeleton: Skeleton, scratch: Scratch) -> HeldHead:
    """Keeps a head that was drawn in this pose, until the next one is kept with the same ``scratch``."""
    size = layer.shape[:2]
    alpha, wider = scratch.take("one", *size), scratch.take("low", *size)
    hair = cv2.inRange(cv2.extractChannel(layer, 3, dst=alpha), COVERING, COVERING, dst=scratch.take("share", *size))
    cv2.dilate(hair, np.ones((3, 3), np.uint8), dst=wider)
    covered = np.asarray(cv2.blur(wider, (3, 3), dst=scratch.take("covered", *size)), np.uint8)
    pixels, depth = skeleton.seen(skeleton.everyone, pose)
    rows, columns = -(-window.height // CELL), -(-window.width // CELL)
    column, row = ((pixels - [window.left, window.top]) // CELL).astype(np.int64).T
    inside = np.flatnonzero((column >= 0) & (column < columns) & (row >= 0) & (row < rows))
    nearest_last = inside[np.argsort(-depth[inside])]
    cells = np.full((rows, columns), -1)
    cells[row[nearest_last], column[nearest_last]] = nearest_last
    cells = _filled(cells)
    return HeldHead(pose, window, layer, covered, cells, pixels[cells.ravel()])


def _filled(cells: NDArray[np.int64]) -> NDArray[np.int64]:
    """Empty cells (-1) take the number of the nearest that is not."""
    empty = (cells < 0).astype(np.uint8)
    _, labels = cv2.distanceTransformWithLabels(empty, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    numbers = np.zeros(int(labels.max()) + 1, np.int64)
    numbers[labels[empty == 0]] = cells[empty == 0]
    return np.asarray(numbers[labels])
