from __future__ import annotations

import numpy as np
import pytest

from engine.flow import ARM_ANGLES, ARM_CURVES
from engine.motion.gestures import (
    BOTH,
    EARLIEST,
    FINGER_DELAY,
    LATE,
    Gesture,
    beat_gesture,
    gesture_curves,
    minimum_jerk,
    stroke_gesture,
)
from engine.motion.poses import ARM_POSES, REST, pose_row
from engine.motion.repertoire import REPERTOIRE
from tests.motion.skeleton import CHEST_FRONT, CHIN_HEIGHT, EYES, FACE_HALF, WAIST_HALF, hand_joints, seen

FPS = 25
LIMITS = {
    "armForward": (-10, 75), "armOut": (-2, 60), "armTwist": (-70, 85), "elbow": (0, 148), "forearmTwist": (-90, 90),
    "wristBend": (-60, 65), "wristTilt": (-25, 28),
}  # fmt: skip
SECONDS = np.arange(0, 4.0, 1 / FPS)


def gesture(name: str, second: float = 1.2, end: float = 4.0) -> Gesture:
    if name == "beat":
        found = beat_gesture([second, second + 0.8], ("Left",), end)
    else:
        entry = REPERTOIRE[name]
        found = stroke_gesture(name, entry.ready, entry.pose, BOTH if entry.both else ("Left",), second, end)
    assert found is not None
    return found


NAMES = [*REPERTOIRE, "beat"]


@pytest.mark.parametrize("pose", ARM_POSES)
def test_poses_are_within_what_joints_can_do(pose):
    values = ARM_POSES[pose]
    assert len(values) == 14
    for name, value in zip(ARM_ANGLES, values, strict=False):
        low, high = LIMITS[name]
        assert low <= value <= high, (pose, name)
    assert all(0 <= shape <= 1 for shape in values[len(ARM_ANGLES) :])


def test_a_pose_of_one_side_leaves_the_other_at_rest():
    row = pose_row("thumb", ("Right",))
    left = [name.endswith("Left") for name in ARM_CURVES]
    assert not row[left].any()
    assert row[ARM_CURVES.index("elbowRight")] == ARM_POSES["thumb"][3]
    assert not pose_row(REST, BOTH).any()


@pytest.mark.parametrize("name", NAMES)
def test_it_begins_and_ends_at_rest_softly(name):
    g = gesture(name)
    rows = gesture_curves(g, SECONDS)
    assert not rows[g.start > SECONDS].any()
    assert np.abs(rows[g.keys[-1].second + FINGER_DELAY <= SECONDS]).max() < 1e-9
    steps = np.abs(np.diff(rows[:, : len(ARM_ANGLES)], axis=0)).max(axis=1)
    moving = np.flatnonzero(steps > 1e-9)
    assert steps[moving[0]] < 0.8
    assert steps[moving[-1]] < 0.8
    assert steps.max() < 25.0
    assert np.abs(np.diff(rows, 2, axis=0)).max() < 13.0


@pytest.mark.parametrize("name", REPERTOIRE)
def test_the_stroke_ends_on_the_word(name):
    g = gesture(name, second=1.37)
    assert g.stroke == 1.37
    at_stroke = gesture_curves(g, np.array([1.37 + FINGER_DELAY]))[0]
    pose = pose_row(REPERTOIRE[name].pose, g.sides)
    assert np.abs(at_stroke - pose)[pose != 0].max() < 0.05 * np.abs(pose).max()


def test_the_shoulder_leads_and_the_fingers_follow():
    rows = gesture_curves(gesture("offer"), np.arange(0, 1.0, 0.005))
    half = {}
    for name in ("armForwardLeft", "elbowLeft", "wristBendLeft"):
        curve = np.abs(rows[:, ARM_CURVES.index(name)])
        half[name] = int(np.argmax(curve > 0.5 * 10))
    assert half["armForwardLeft"] < half["wristBendLeft"]
    spread = rows[:, ARM_CURVES.index("spreadLeft")]
    forward = rows[:, ARM_CURVES.index("armForwardLeft")]
    assert np.argmax(spread > 1e-3) > np.argmax(forward > 1e-3)


def test_a_stroke_near_the_start_comes_a_little_late_or_not_at_all():
    entry = REPERTOIRE["offer"]
    late = stroke_gesture("offer", entry.ready, entry.pose, ("Left",), EARLIEST, 4.0)
    assert late is not None
    assert late.stroke == pytest.approx(EARLIEST + LATE)
    assert late.start == pytest.approx(0.0)
    assert stroke_gesture("offer", entry.ready, entry.pose, ("Left",), EARLIEST - 0.01, 4.0) is None
    assert stroke_gesture("offer", entry.ready, entry.pose, ("Left",), 3.2, 4.0) is None


def test_beats_fall_on_the_stresses():
    g = beat_gesture([1.0, 1.9, 2.7], ("Right",), 5.0)
    assert g is not None
    assert [k.second for k in g.keys if k.pose == "beat_down"] == [1.0, 1.9, 2.7]
    assert beat_gesture([0.3], ("Right",), 5.0) is None
    assert beat_gesture([1.0], ("Right",), 1.9) is None


def test_minimum_jerk_is_eased_at_both_ends():
    share = minimum_jerk(np.array([-1.0, 0.0, 0.01, 0.5, 0.99, 1.0, 2.0]))
    assert share == pytest.approx([0, 0, 0, 0.5, 1, 1, 1], abs=1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_hands_never_go_through_the_body_or_over_the_face(name):
    for row in gesture_curves(gesture(name), SECONDS):
        for side, mirror in (("Left", 1.0), ("Right", -1.0)):
            if not row[[n.endswith(side) for n in ARM_CURVES]].any():
                continue
            hand = hand_joints(row, side) * [mirror, 1, 1]
            before_the_trunk = np.abs(hand[:, 0]) < WAIST_HALF
            assert (hand[before_the_trunk, 1] < CHEST_FRONT + 0.02).all()
            assert hand[:, 0].min() > -0.045
            across, up = seen(hand).T
            assert np.hypot(across / FACE_HALF, up / (EYES - CHIN_HEIGHT)).min() > 1.0


@pytest.mark.parametrize("name", REPERTOIRE)
def test_the_hand_is_in_the_half_picture_above_the_captions(name):
    g = gesture(name)
    row = gesture_curves(g, np.array([g.stroke + 0.1]))[0]
    across, up = seen(hand_joints(row, "Left")[5:]).T
    assert across.max() < 0.205
    assert up.min() > -0.29
