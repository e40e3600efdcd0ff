"""A speech row over an idle row."""

from __future__ import annotations

import numpy as np

from engine.flow import ARKIT_CURVES, CURVE_INDEX, FACE_CURVES, Floats
from engine.motion.visemes import MOUTH_CURVES

LIMITS: dict[str, float] = {
    "headYaw": 20.0,
    "headPitch": 12.0,
    "headRoll": 10.0,
    "gazeYaw": 22.0,
    "gazePitch": 20.0,
    "bodyYaw": 15.0,
    "bodyRoll": 6.0,
    "bodyLean": 6.0,
    "bodyShift": 3.0,
}
"""Furthest either way, in the curves' units."""

SPEAKING_SMILE = 0.75
"""Share of the idle smile that stays while the mouth speaks."""

ROUNDED_SMILE = 0.12
"""Share of any smile that stays on rounded lips: the muscle that rounds them pulls their corners in."""

_SMILE = np.array(
    [CURVE_INDEX[c] for c in ("mouthSmileLeft", "mouthSmileRight", "mouthDimpleLeft", "mouthDimpleRight")]
)
_SPEECH = np.array([CURVE_INDEX[c] for c in MOUTH_CURVES if not c.startswith("mouthSmile")])
_PUCKER, _FUNNEL = CURVE_INDEX["mouthPucker"], CURVE_INDEX["mouthFunnel"]
_CLOSE = CURVE_INDEX["mouthClose"]
_LIMITED = np.array([CURVE_INDEX[c] for c in LIMITS])
_LIMIT = np.array(list(LIMITS.values()), np.float32)
_FACE = len(FACE_CURVES)
_BREATH = CURVE_INDEX["breath"]
_YAW, _PITCH = CURVE_INDEX["gazeYaw"], CURVE_INDEX["gazePitch"]
_LOOK = {name: CURVE_INDEX[name] for name in ARKIT_CURVES if name.startswith("eyeLook")}


def blend(idle: Floats, row: Floats) -> Floats:
    """What is drawn: ``row`` (one row of a Performance) over ``idle``, both of shape ``(len(CURVES),)``.

    The smile gives way while the mouth speaks, and nearly all of it to rounded lips; what holds the lips together at
    rest lets go. Angles add up to ``LIMITS``; face curves stay within 0 and 1. The lids follow the gaze (the
    ``eyeLook`` curves are set from it).
    """
    out = np.asarray(idle + row, np.float32)
    speaking = min(1.0, 4.0 * float(row[_SPEECH].max(initial=0.0)))
    rounded = min(1.0, max(float(row[_PUCKER]) / 0.6, float(row[_FUNNEL]) / 0.4))
    keep = 1.0 - speaking * (1.0 - SPEAKING_SMILE)
    out[_CLOSE] = idle[_CLOSE] * (1.0 - speaking) + row[_CLOSE]
    out[_SMILE] = (idle[_SMILE] * keep + row[_SMILE]) * (1.0 - (1.0 - ROUNDED_SMILE) * rounded)
    out[_LIMITED] = np.clip(out[_LIMITED], -_LIMIT, _LIMIT)
    _look(out)
    np.clip(out[:_FACE], 0.0, 1.0, out=out[:_FACE])
    out[_BREATH] = min(1.0, max(0.0, float(out[_BREATH])))
    return out


def _look(row: Floats) -> None:
    """Sets the ``eyeLook`` curves from the gaze; the full curve is 25 degrees sideways or 22 up and down."""
    yaw, pitch = float(row[_YAW]) / 25.0, float(row[_PITCH]) / 22.0
    row[_LOOK["eyeLookOutLeft"]] = row[_LOOK["eyeLookInRight"]] = max(0.0, yaw)
    row[_LOOK["eyeLookInLeft"]] = row[_LOOK["eyeLookOutRight"]] = max(0.0, -yaw)
    row[_LOOK["eyeLookUpLeft"]] = row[_LOOK["eyeLookUpRight"]] = max(0.0, pitch)
    row[_LOOK["eyeLookDownLeft"]] = row[_LOOK["eyeLookDownRight"]] = max(0.0, -pitch)
