"""Rotations, the camera, and how a head turn is shared by neck and head. x is the host's left, -y is forward, z up."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

NECK_SHARE: tuple[float, ...] = (0.20, 0.15, 0.20, 0.45)
"""Share of a head turn taken by neck01, neck02, neck03 and head."""

NECK_BONES: tuple[str, ...] = ("neck01", "neck02", "neck03", "head")

SEEN_YAWS: tuple[float, ...] = (-28.0, -14.0, 0.0, 14.0, 28.0)
"""Head turns, in degrees, at which it is found out what can be seen. Between two neighbours, what is seen at either."""

ARM_BONES: tuple[str, ...] = (
    "upperarm01", "upperarm02", "lowerarm01", "lowerarm02", "wrist",
    "metacarpal1", "metacarpal2", "metacarpal3", "metacarpal4",
    *(f"finger{finger}-{joint}" for finger in range(1, 6) for joint in range(1, 4)),
)  # fmt: skip
"""Bones of one arm in MakeHuman's default rig, parents first; finger 1 is the thumb."""

_AXES = {"x": 0, "y": 1, "z": 2}


def rotation(axis: str, degrees: float) -> Matrix:
    """Right-handed rotation about a world axis."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    i = _AXES[axis]
    j, k = (i + 1) % 3, (i + 2) % 3
    turn = np.eye(3)
    turn[j, j] = turn[k, k] = c
    turn[j, k], turn[k, j] = -s, s
    return turn


def head_transforms(joints: Matrix, yaw: float, pitch: float, roll: float) -> Matrix:
    """World transforms (4, 4, 4) of neck01, neck02, neck03 and head for a head turn in degrees.

    Signs are those of ``flow.POSE_CURVES``: yaw > 0 to the host's left, pitch > 0 up, roll > 0 tips to the left.
    """
    world = np.eye(4)
    chain = np.zeros((len(NECK_SHARE), 4, 4))
    for i, share in enumerate(NECK_SHARE):
        turn = rotation("z", yaw * share) @ rotation("x", -pitch * share) @ rotation("y", roll * share)
        local = np.eye(4)
        local[:3, :3] = turn
        local[:3, 3] = joints[i] - turn @ joints[i]
        world = world @ local
        chain[i] = world
    return chain


def gaze_direction(yaw: float, pitch: float) -> Matrix:
    """Unit vector of a gaze in the head's frame; yaw > 0 to the host's left, pitch > 0 up, degrees."""
    y, p = math.radians(yaw), math.radians(pitch)
    return np.array([math.sin(y) * math.cos(p), -math.cos(y) * math.cos(p), math.sin(p)])


@dataclass(frozen=True)
class Camera:
    """A level camera at ``eye`` looking along +y with a shifted lens, so that verticals stay vertical.

    A point at the depth ``focus`` (metres from the eye) is drawn at ``scale`` pixels a metre, and the optical axis
    meets the canvas at ``(centre_x, centre_y)`` pixels from the top left.
    """

    eye: tuple[float, float, float]
    focus: float
    scale: float
    centre_x: float
    centre_y: float

    def projection(self, left: float, top: float, width: float, height: float) -> Matrix:
        """Clip-space matrix (4, 4) of the window of the canvas with that corner and size, in pixels; y up."""
        near, far = 0.3, 6.0
        x, y, z = self.eye
        view = np.array([[1.0, 0, 0, -x], [0, 0, 1, -z], [0, -1, 0, y], [0, 0, 0, 1]])
        fx, fy = 2 * self.scale * self.focus / width, 2 * self.scale * self.focus / height
        shift_x = (2 * (self.centre_x - left) - width) / width
        shift_y = (height - 2 * (self.centre_y - top)) / height
        lens = np.zeros((4, 4))
        lens[0, 0], lens[0, 2] = fx, -shift_x
        lens[1, 1], lens[1, 2] = fy, -shift_y
        lens[2, 2], lens[2, 3] = (far + near) / (near - far), 2 * far * near / (near - far)
        lens[3, 2] = -1
        return np.asarray(lens @ view)
