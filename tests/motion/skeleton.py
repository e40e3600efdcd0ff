"""A presenter's left arm at rest, torso and face, in metres: for tests of where gestures go.

Joints in the order of ``engine.avatar.pose.ARM_BONES``; x is the host's left, -y forward, z up.
"""

from __future__ import annotations

import numpy as np

from engine.avatar.arms import Arm
from engine.avatar.pose import ARM_BONES
from engine.flow import ARM_CURVES, CURVE_INDEX, rest_curves

LEFT_ARM = np.array([
    [0.144, -0.021, 0.537], [0.149, -0.026, 0.452], [0.156, -0.031, 0.270], [0.157, -0.101, 0.185],
    [0.169, -0.168, 0.105], [0.165, -0.195, 0.084], [0.165, -0.195, 0.084], [0.164, -0.183, 0.064],
    [0.164, -0.183, 0.064], [0.162, -0.214, 0.097], [0.139, -0.236, 0.103], [0.119, -0.269, 0.099],
    [0.161, -0.267, 0.051], [0.154, -0.289, 0.035], [0.142, -0.306, 0.022], [0.167, -0.247, 0.031],
    [0.156, -0.269, 0.004], [0.143, -0.286, -0.016], [0.168, -0.229, 0.020], [0.160, -0.243, -0.007],
    [0.149, -0.256, -0.027], [0.165, -0.208, 0.013], [0.157, -0.216, -0.008], [0.149, -0.222, -0.021],
])  # fmt: skip
RIGHT_ARM = LEFT_ARM * [-1, 1, 1]
ARMS = {"Left": Arm(LEFT_ARM, "left"), "Right": Arm(RIGHT_ARM, "right")}
JOINTS = {"Left": LEFT_ARM, "Right": RIGHT_ARM}
BONE = {name: i for i, name in enumerate(ARM_BONES)}

CHEST_FRONT, WAIST_HALF = -0.175, 0.115
"""y of the foremost point of the clothed chest, and half the width of the trunk between the arms."""

CHIN_HEIGHT, FACE_HALF = 0.672, 0.068
EYES, LENS, FOCUS = 0.774, -1.75, 1.62
"""Height of eyes and lens, the lens's y, and its distance to the face."""


def hand_joints(arm_row: np.ndarray, side: str) -> np.ndarray:
    """Places of wrist and finger joints (20, 3) under a row of ``ARM_CURVES``."""
    curves = rest_curves()
    curves[[CURVE_INDEX[name] for name in ARM_CURVES]] = arm_row
    world = ARMS[side].transforms(curves)
    joints = np.c_[JOINTS[side], np.ones(len(ARM_BONES))]
    return np.einsum("nij,nj->ni", world, joints)[BONE["wrist"] :, :3]


def seen(points: np.ndarray) -> np.ndarray:
    """Metres across and up from the eyes (n, 2) at which points are seen in the plane of the face."""
    nearer = FOCUS / (points[:, 1] - LENS)
    return np.stack([points[:, 0] * nearer, (points[:, 2] - EYES) * nearer], axis=1)
