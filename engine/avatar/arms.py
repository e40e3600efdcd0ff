"""Arms and hands: a row of ``flow.ARM_CURVES`` to bone transforms, and sleeves and hands moved by them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.avatar.body_file import PartData
from engine.avatar.pose import ARM_BONES, Matrix
from engine.flow import ARM_CURVES, CURVE_INDEX, Floats

SIDES: tuple[str, ...] = ("left", "right")

AT_REST = 1e-3
"""Arm curves below this, in degrees or shares, are an arm at rest."""

DOWN = np.array([0.0, 0.0, -1.0])

FINGER_BEND = (62.0, 95.0, 60.0)
THUMB_BEND = (18.0, 38.0, 55.0)
"""Degrees that each joint of a curled finger turns, from the palm to the tip."""

FINGER_SPREAD = (0.0, 14.0, 3.0, -8.0, -19.0)
"""Degrees towards the thumb of each finger of a spread hand; the thumb's is ``THUMB_SPREAD``."""

THUMB_SPREAD, THUMB_ACROSS = 26.0, 48.0
"""Degrees that the thumb moves away from the fingers, and in front of the palm."""

SHORTEST_M = 1e-6
"""Metres: joints nearer than this lie in one place, and no direction leads from one to the other."""

THUMB_TO_PALM = 0.7
"""How far a curling thumb leaves the plane of the palm, beside its way towards the little finger."""

RAISED: dict[str, float] = {"armForward": 38.0, "armOut": 2.0, "armTwist": 26.0, "elbow": 85.0}
"""A hand raised in front of the chest, amid the poses of gestures."""

RAISED_WRIST = (0.46, -1.13, -1.21)
"""Where its wrist is, in heights of the head: aside of the middle, from the shoulder forwards, from the eyes up."""

REFIT_STEPS, MOST_REFIT = 8, 30.0
"""Steps of the fit, and degrees by which an angle may be changed to bring the wrist of a raised hand there."""

_INDEX = {bone: i for i, bone in enumerate(ARM_BONES)}
_FINGERS: tuple[str, ...] = ("thumb", "index", "middle", "ring", "little")


def _parent(bone: str) -> int:
    if bone == ARM_BONES[0]:
        return -1
    if bone.startswith("finger"):
        finger, joint = int(bone[6]), int(bone[8])
        if joint > 1:
            return _INDEX[f"finger{finger}-{joint - 1}"]
        return _INDEX["wrist"] if finger == 1 else _INDEX[f"metacarpal{finger - 1}"]
    return _INDEX["wrist"] if bone.startswith("metacarpal") else _INDEX[bone] - 1


PARENTS: tuple[int, ...] = tuple(_parent(bone) for bone in ARM_BONES)

_UNMOVED = np.eye(4)

_ARM = {
    side: np.array([CURVE_INDEX[name] for name in ARM_CURVES if name.endswith(side.capitalize())]) for side in SIDES
}


def raised(curves: Floats) -> frozenset[str]:
    """The sides whose arm a row holds away from rest."""
    return frozenset(side for side in SIDES if (np.abs(curves[_ARM[side]]) > AT_REST).any())


@dataclass(frozen=True, slots=True)
class Stature:
    """Height of the eyes, and of the head from chin to crown, in metres."""

    eye_height: float
    head_height: float


class Arm:
    """One arm's skeleton at rest, and its transforms under the curves.

    Arms differ in their proportions, and pictures are framed by the head: with a ``Stature``, a bent arm's angles are
    changed so that the hand of every host is raised to the same place beside the face.
    """

    def __init__(self, joints: Matrix, side: str, stature: Stature | None = None) -> None:
        """``joints`` (bones, 3) are where ``ARM_BONES`` begin, metres; ``side`` is "left" or "right"."""
        self._joints = np.asarray(joints, np.float64)
        self._mirror = 1.0 if side == "left" else -1.0
        names = [name for name in ARM_CURVES if name.endswith(side.capitalize())]
        self._columns = {name.removesuffix(side.capitalize()): CURVE_INDEX[name] for name in names}
        at = {bone: self._joints[i] for bone, i in _INDEX.items()}
        self._upper = _unit(at["lowerarm01"] - at["upperarm01"], DOWN)
        self._fore = _unit(at["wrist"] - at["lowerarm01"], self._upper)
        self._fingers = _unit(at["finger3-1"] - at["wrist"], self._fore)
        across = at["finger2-1"] - at["finger5-1"]
        self._across = _unit(across - self._fingers * (across @ self._fingers), _beside(self._fingers))
        self._palm = np.cross(self._fingers, self._across) * self._mirror
        thumb = _unit(at["finger1-3"] - at["finger1-1"], self._fingers)
        self._thumb_axis = _unit(np.cross(thumb, THUMB_TO_PALM * self._palm - self._across), self._across)
        self._refit = self._refitted(stature) if stature is not None else {}

    def transforms(self, curves: Floats) -> Matrix:
        """World transforms (bones, 4, 4) from rest."""
        value = {name: float(curves[column]) for name, column in self._columns.items()}
        bent = min(max(value["elbow"] / RAISED["elbow"], 0.0), 1.0)
        for name, change in self._refit.items():
            value[name] += change * bent
        return self._posed(value)

    def _posed(self, value: dict[str, float]) -> Matrix:
        turns = self._turns(value)
        world = np.empty((len(ARM_BONES), 4, 4))
        for i, joint in enumerate(self._joints):
            parent = world[PARENTS[i]] if PARENTS[i] >= 0 else _UNMOVED
            world[i] = parent
            if i in turns:
                world[i, :3, :3] = parent[:3, :3] @ turns[i]
                world[i, :3, 3] = parent[:3, :3] @ (joint - turns[i] @ joint) + parent[:3, 3]
        return world

    def _refitted(self, stature: Stature) -> dict[str, float]:
        """Degrees to add to the bent arm's angles: a few Gauss-Newton steps on the wrist of ``RAISED``."""
        aside, forward, up = RAISED_WRIST
        head, shoulder = stature.head_height, self._joints[0]
        place = [self._mirror * aside * head, shoulder[1] + forward * head, stature.eye_height + up * head]
        names = ("armForward", "armTwist", "elbow")
        change = np.zeros(len(names))
        for _ in range(REFIT_STEPS):
            wrist = self._wrist(names, change)
            nudged = [self._wrist(names, change + step) - wrist for step in np.eye(len(names))]
            change += np.linalg.lstsq(np.stack(nudged, axis=1), np.array(place) - wrist, rcond=None)[0]
            change = np.clip(change, -MOST_REFIT, MOST_REFIT)
        return dict(zip(names, change.tolist(), strict=True))

    def _wrist(self, names: tuple[str, ...], change: Matrix) -> Matrix:
        value = dict.fromkeys(self._columns, 0.0) | RAISED
        for name, degrees in zip(names, change, strict=True):
            value[name] += float(degrees)
        world = self._posed(value)[_INDEX["wrist"]]
        return np.asarray(world[:3, :3] @ self._joints[_INDEX["wrist"]] + world[:3, 3])

    def _turns(self, value: dict[str, float]) -> dict[int, Matrix]:
        side = self._mirror
        x, y = np.array([1.0, 0, 0]), np.array([0, 1.0, 0])
        inward = side * value["armTwist"]
        shoulder = turn(x, -value["armForward"]) @ turn(y, -side * value["armOut"])
        twist = -side * value["forearmTwist"]
        turns = {
            _INDEX["upperarm01"]: shoulder @ turn(self._upper, 0.4 * inward),
            _INDEX["upperarm02"]: turn(self._upper, 0.6 * inward),
            _INDEX["lowerarm01"]: turn(x, -value["elbow"]) @ turn(self._fore, 0.2 * twist),
            _INDEX["lowerarm02"]: turn(self._fore, 0.45 * twist),
            _INDEX["wrist"]: turn(self._across, -side * value["wristBend"])
            @ turn(self._palm, side * value["wristTilt"])
            @ turn(self._fore, 0.35 * twist),
        }
        for number, finger in enumerate(_FINGERS, 1):
            turns |= self._finger(number, value[finger], value["spread"], value["thumbIn"])
        return turns

    def _finger(self, number: int, curl: float, spread: float, across: float) -> dict[int, Matrix]:
        side = self._mirror
        bones = [_INDEX[f"finger{number}-{joint}"] for joint in (1, 2, 3)]
        if number == 1:
            bent = [turn(self._thumb_axis, curl * degrees) for degrees in THUMB_BEND]
            bent[0] = turn(self._fingers, side * across * THUMB_ACROSS) @ bent[0]
            bent[0] = bent[0] @ turn(self._palm, side * spread * THUMB_SPREAD)
            return dict(zip(bones, bent, strict=True))
        bent = [turn(self._across, -side * curl * degrees) for degrees in FINGER_BEND]
        bent[0] = turn(self._palm, side * spread * FINGER_SPREAD[number - 1]) @ bent[0]
        return dict(zip(bones, bent, strict=True))


class LimbSkin:
    """A sleeve or a hand that follows its arm's bones (linear blend skinning)."""

    def __init__(self, part: PartData) -> None:
        self._position = np.ascontiguousarray(part.position.T, np.float32)
        self._normal = np.ascontiguousarray(part.normal.T, np.float32)
        weights = np.zeros((len(part.position), len(ARM_BONES) + 1), np.float32)
        np.add.at(weights, (np.arange(len(weights))[:, None], part.bones.astype(np.int64)), part.bone_weights)
        weights[:, -1] = 1 - part.bone_weights.sum(1)
        self._weights = np.ascontiguousarray(weights.T)
        self._moved = np.zeros((len(weights), 6), np.float32)

    def moved(self, transforms: Matrix) -> NDArray[np.float32]:
        """Position and normal (n, 6) under bone transforms; valid until the next call."""
        rows = np.concatenate([transforms[:, :3].reshape(-1, 12), np.eye(3, 4).reshape(1, 12)])
        blend = rows.T.astype(np.float32) @ self._weights
        (x, y, z), (u, v, w) = self._position, self._normal
        for axis in range(3):
            a, b, c, shift = blend[4 * axis : 4 * axis + 4]
            self._moved[:, axis] = a * x + b * y + c * z + shift
            self._moved[:, 3 + axis] = a * u + b * v + c * w
        return self._moved


def turn(axis: Matrix, degrees: float) -> Matrix:
    """Right-handed rotation about a unit axis (Rodrigues)."""
    x, y, z = axis.tolist()
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    k = 1 - c
    return np.array(
        [
            [c + k * x * x, k * x * y - s * z, k * x * z + s * y],
            [k * x * y + s * z, c + k * y * y, k * y * z - s * x],
            [k * x * z - s * y, k * y * z + s * x, c + k * z * z],
        ]
    )


def _unit(vector: Matrix, otherwise: Matrix) -> Matrix:
    """The direction of a vector; ``otherwise`` where it has none, as between joints in one place."""
    length = float(np.linalg.norm(vector))
    return np.asarray(vector / length) if length > SHORTEST_M else otherwise


def _beside(direction: Matrix) -> Matrix:
    """A direction at a right angle to another."""
    axis = np.eye(3)[int(np.abs(direction).argmin())]
    return _unit(np.cross(direction, axis), axis)
