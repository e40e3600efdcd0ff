"""Which way fingers, wrist and forearm turn: the words of ``flow.ARM_ANGLES`` on a real skeleton."""

from __future__ import annotations

import numpy as np
import pytest

from engine.avatar.arms import RAISED, RAISED_WRIST, Arm, Stature
from engine.flow import ARM_CURVES, CURVE_INDEX, rest_curves
from tests.motion.skeleton import BONE, EYES, LEFT_ARM, hand_joints

BENT = {"armForward": 30.0, "elbow": 70.0}
WRIST = BONE["wrist"]
INDEX_KNUCKLE, INDEX_TIP, THUMB_TIP = (BONE[b] - WRIST for b in ("finger2-1", "finger2-3", "finger1-3"))
LITTLE_KNUCKLE, MIDDLE_KNUCKLE = (BONE[b] - WRIST for b in ("finger5-1", "finger3-1"))


def hand(side: str, **values: float) -> np.ndarray:
    row = np.zeros(len(ARM_CURVES))
    for name, value in (BENT | values).items():
        row[ARM_CURVES.index(name + side)] = value
    return hand_joints(row, side)


def palm(joints: np.ndarray, side: str) -> np.ndarray:
    """Where the palm looks: fingers × thumb side on the left, the other way round on the right."""
    normal = np.cross(joints[MIDDLE_KNUCKLE] - joints[0], joints[INDEX_KNUCKLE] - joints[LITTLE_KNUCKLE])
    return normal / np.linalg.norm(normal) * (1 if side == "Left" else -1)


@pytest.mark.parametrize("side", ["Left", "Right"])
def test_the_palm_looks_inwards_at_rest_and_up_when_turned(side):
    inwards = -1 if side == "Left" else 1
    assert palm(hand(side), side)[0] * inwards > 0.5
    assert palm(hand(side, forearmTwist=85), side)[2] > 0.5
    assert palm(hand(side, forearmTwist=-85), side)[2] < -0.2


@pytest.mark.parametrize("side", ["Left", "Right"])
def test_fingers_and_wrist_bend_towards_the_palm(side):
    flat = hand(side)
    look = palm(flat, side)
    fist = hand(side, index=1.0)
    assert (fist[INDEX_TIP] - flat[INDEX_TIP]) @ look > 0.005
    assert np.linalg.norm(fist[INDEX_TIP] - fist[0]) < 0.85 * np.linalg.norm(flat[INDEX_TIP] - flat[0])
    assert (hand(side, wristBend=40.0)[MIDDLE_KNUCKLE] - flat[MIDDLE_KNUCKLE]) @ look > 0.03
    thumbwards = flat[INDEX_KNUCKLE] - flat[LITTLE_KNUCKLE]
    assert (hand(side, wristTilt=25.0)[MIDDLE_KNUCKLE] - flat[MIDDLE_KNUCKLE]) @ thumbwards > 0


@pytest.mark.parametrize("side", ["Left", "Right"])
def test_the_thumb_goes_in_front_of_the_palm(side):
    flat = hand(side)
    folded = hand(side, thumb=0.9, thumbIn=1.0)
    assert (folded[THUMB_TIP] - flat[LITTLE_KNUCKLE]) @ palm(flat, side) > 0.02
    thumbwards = flat[INDEX_KNUCKLE] - flat[LITTLE_KNUCKLE]
    assert (folded[THUMB_TIP] - flat[THUMB_TIP]) @ thumbwards / np.linalg.norm(thumbwards) < -0.03


def test_the_two_sides_are_mirror_images():
    values = {"armOut": 20.0, "armTwist": 30.0, "forearmTwist": 40.0, "wristTilt": 10.0, "index": 0.5, "spread": 0.7}
    left, right = hand("Left", **values), hand("Right", **values)
    assert np.allclose(left * [-1, 1, 1], right, atol=1e-9)


@pytest.mark.parametrize(("fore", "head"), [(1.0, 0.2045), (1.2, 0.224), (0.9, 0.19)])
def test_every_host_raises_the_hand_to_the_same_place_beside_the_face(fore, head):
    joints = LEFT_ARM.copy()
    beyond = slice(BONE["lowerarm02"], None)
    joints[beyond] = joints[BONE["lowerarm01"]] + fore * (joints[beyond] - joints[BONE["lowerarm01"]])
    arm = Arm(joints, "left", Stature(EYES, head))
    curves = rest_curves()
    for name, value in RAISED.items():
        curves[CURVE_INDEX[f"{name}Left"]] = value
    world = arm.transforms(curves)[WRIST]
    wrist = world[:3, :3] @ joints[WRIST] + world[:3, 3]
    aside, forward, up = RAISED_WRIST
    assert wrist == pytest.approx([aside * head, joints[0, 1] + forward * head, EYES + up * head], abs=0.02)
    assert np.allclose(arm.transforms(rest_curves()), np.eye(4))
