"""Arms: what each angle does, and that rest is rest."""

from __future__ import annotations

import numpy as np
import pytest

from engine.avatar.arms import SIDES, Arm, LimbSkin, raised, turn
from engine.avatar.body_file import PartData
from engine.avatar.pose import ARM_BONES
from engine.flow import CURVE_INDEX, Floats, rest_curves

ELBOW, WRIST, TIP = (ARM_BONES.index(bone) for bone in ("lowerarm01", "wrist", "finger3-3"))


def joints(side: float) -> np.ndarray:
    """A plain hanging arm: shoulder at z = 1, elbow 0.7, wrist 0.45, the palm to the thigh."""
    at = {"upperarm01": (0.2, 0, 1.0), "upperarm02": (0.2, 0, 0.85), "lowerarm01": (0.2, 0, 0.7),
          "lowerarm02": (0.2, 0, 0.58), "wrist": (0.2, 0, 0.45)}  # fmt: skip
    rows = []
    for bone in ARM_BONES:
        if bone.startswith("metacarpal"):
            place = (0.2, 0.03 * (int(bone[-1]) - 2.5), 0.43)
        elif bone.startswith("finger1"):
            place = (0.2, -0.04 - 0.015 * int(bone[-1]), 0.43 - 0.02 * int(bone[-1]))
        elif bone.startswith("finger"):
            place = (0.2, 0.02 * (int(bone[6]) - 3.5), 0.37 - 0.03 * int(bone[-1]))
        else:
            place = at[bone]
        rows.append([side * place[0], place[1], place[2]])
    return np.array(rows)


def moved(side: str, bone: int, **angles: float) -> np.ndarray:
    """Where a joint goes."""
    rest = joints(1.0 if side == "left" else -1.0)
    row = curves(side, **angles)
    return np.asarray((Arm(rest, side).transforms(row)[bone] @ [*rest[bone], 1.0])[:3])


def curves(side: str, **angles: float) -> Floats:
    row = rest_curves()
    for name, value in angles.items():
        row[CURVE_INDEX[name + side.capitalize()]] = value
    return row


@pytest.mark.parametrize("side", SIDES)
def test_zero_is_rest(side: str) -> None:
    rest = joints(1.0 if side == "left" else -1.0)
    assert np.allclose(Arm(rest, side).transforms(rest_curves()), np.eye(4))
    assert raised(rest_curves()) == frozenset()
    assert raised(curves(side, elbow=5.0)) == {side}


@pytest.mark.parametrize(("side", "out"), [("left", 1.0), ("right", -1.0)])
def test_each_angle_moves_its_way_on_both_sides(side: str, out: float) -> None:
    rest = joints(out)
    assert moved(side, WRIST, armForward=90) == pytest.approx([0.2 * out, -0.55, 1.0], abs=1e-6)
    assert moved(side, WRIST, armOut=90) == pytest.approx([(0.2 + 0.55) * out, 0, 1.0], abs=1e-6)
    assert moved(side, WRIST, elbow=90) == pytest.approx([0.2 * out, -0.25, 0.7], abs=1e-6)
    inwards = moved(side, WRIST, elbow=90, armTwist=90)
    assert inwards == pytest.approx([(0.2 - 0.25) * out, 0, 0.7], abs=1e-6)  # in front of the belly
    assert moved(side, ELBOW, elbow=90) == pytest.approx(rest[ELBOW])


@pytest.mark.parametrize(("side", "out"), [("left", 1.0), ("right", -1.0)])
def test_hands_bend_towards_the_palm(side: str, out: float) -> None:
    rest = joints(out)
    assert (moved(side, TIP, wristBend=40)[0] - rest[TIP][0]) * out < -0.03  # to the thigh
    assert (moved(side, TIP, middle=1)[0] - rest[TIP][0]) * out < -0.01
    assert moved(side, TIP, wristTilt=30)[1] < rest[TIP][1] - 0.02  # towards the thumb, which points forward
    thumb = ARM_BONES.index("finger1-2")
    turned = moved(side, thumb, forearmTwist=90) - rest[WRIST]
    assert turned[0] * out > 0.03  # the thumb goes outwards


def test_a_limb_follows_its_bones_by_share() -> None:
    rest = joints(1.0)
    part = PartData(
        name="left_sleeve", kind="cloth", position=rest[[WRIST, WRIST]].astype(np.float32),
        normal=np.tile(np.array([0, -1, 0], np.float32), (2, 1)), neck=np.zeros((2, 4), np.float32),
        triangles=np.zeros((0, 3), np.int32), limb="left", bones=np.full((2, 4), WRIST, np.uint8),
        bone_weights=np.array([[1, 0, 0, 0], [0.5, 0, 0, 0]], np.float32),
    )  # fmt: skip
    after = LimbSkin(part).moved(Arm(rest, "left").transforms(curves("left", armForward=90)))
    whole = np.array([0.2, -0.55, 1.0])
    assert after[0, :3] == pytest.approx(whole, abs=1e-5)
    assert after[1, :3] == pytest.approx((whole + rest[WRIST]) / 2, abs=1e-5)
    assert after[0, 3:] == pytest.approx([0, 0, 1.0], abs=1e-5)


def test_a_turn_is_right_handed() -> None:
    assert turn(np.array([0, 0, 1.0]), 90) @ [1, 0, 0] == pytest.approx([0, 1, 0])
