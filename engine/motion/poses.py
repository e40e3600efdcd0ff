"""Key poses of the arms: angles and hand shapes of one arm; the other arm's are the same, mirrored.

Angles are solved for the wrist's place and the hand's direction on the presenter's skeleton (shoulder to elbow
27 cm, elbow to wrist 21 cm); the elbow stays in front of the waist, so that the upper arm never crosses the chest.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.flow import ARM_ANGLES, ARM_CURVES, HAND_SHAPES

Doubles = NDArray[np.float64]

RELAXED = (0.15, 0.14, 0.18, 0.22, 0.28, 0.20, 0.0)
"""``HAND_SHAPES`` of an open, easy hand."""

OPEN = (0.05, 0.04, 0.06, 0.08, 0.12, 0.35, 0.0)
FLAT = (0.12, 0.02, 0.02, 0.02, 0.03, 0.0, 0.0)
FIST = (0.60, 1.0, 1.0, 1.0, 1.0, 0.0, 1.0)
ONE = (0.90, 0.0, 1.0, 1.0, 1.0, 0.0, 1.0)
TWO = (0.80, 0.0, 0.0, 1.0, 1.0, 0.5, 1.0)
THREE = (0.80, 0.0, 0.0, 0.0, 1.0, 0.5, 1.0)
THUMB = (0.0, 1.0, 1.0, 1.0, 1.0, 0.9, 0.0)
ARCH = (0.10, 0.55, 0.55, 0.55, 0.55, 0.0, 1.0)
HALF_ARCH = (0.10, 0.25, 0.25, 0.25, 0.25, 0.0, 0.6)

ARM_POSES: dict[str, tuple[float, ...]] = {
    "welcome_ready": (35, 2, 24, 84, -27, -17, -18, *RELAXED),
    "welcome": (35, 2, 22, 88, 66, -25, 12, *OPEN),
    "offer_ready": (32, 2, 25, 90, -17, -11, -16, *RELAXED),
    "offer": (42, 2, 27, 78, 85, -30, 1, *OPEN),
    "count_ready": (28, 2, 22, 92, -90, -22, -19, *FIST),
    "one": (43, 1, 26, 95, -90, -18, -25, *ONE),
    "two": (43, 1, 26, 95, -90, -18, -25, *TWO),
    "three": (43, 1, 26, 95, -90, -18, -25, *THREE),
    "present_ready": (43, 12, 36, 87, 16, -14, -25, *RELAXED),
    "present": (45, 18, 35, 76, 82, -17, -25, *OPEN),
    "thumb_ready": (31, 8, 27, 89, 23, -6, -18, *RELAXED),
    "thumb": (47, 7, 30, 85, 50, -8, -25, *THUMB),
    "heart_ready": (35, 2, 29, 88, -12, -37, 5, *HALF_ARCH),
    "heart": (42, 1, 46, 79, 1, -60, 21, *ARCH),
    "together_ready": (34, 2, 25, 85, -18, -24, -4, *RELAXED),
    "together": (36, 2, 43, 80, -27, -43, -2, *FLAT),
    "beat_up": (41, 2, 24, 86, -30, -13, -22, *RELAXED),
    "beat_down": (39, 1, 22, 79, -21, -12, -25, *OPEN),
}  # fmt: skip
"""``ARM_ANGLES`` in degrees and ``HAND_SHAPES`` of one arm in each pose."""

REST = "rest"

CLEARANCE: dict[str, float] = {"armOut": 11.0, "armTwist": -22.0}
"""Degrees that the arm keeps clear of the hip half-way between rest and a pose."""

_ARM = len(ARM_ANGLES) + len(HAND_SHAPES)


def pose_row(pose: str, sides: tuple[str, ...]) -> Doubles:
    """A row of ``ARM_CURVES`` with the arms of ``sides`` ("Left", "Right") in a pose; ``REST`` is all zero."""
    row = np.zeros(len(ARM_CURVES))
    if pose != REST:
        for side in sides:
            first = 0 if side == "Left" else _ARM
            row[first : first + _ARM] = ARM_POSES[pose]
    return row


def clearance_row(sides: tuple[str, ...]) -> Doubles:
    """A row of ``ARM_CURVES`` with ``CLEARANCE`` on the arms of ``sides``."""
    return np.array([CLEARANCE.get(n.removesuffix(s), 0.0) if (s := _side(n)) in sides else 0.0 for n in ARM_CURVES])


def _side(name: str) -> str:
    return "Left" if name.endswith("Left") else "Right"
