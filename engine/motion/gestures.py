"""Gestures as curves: key poses joined by minimum-jerk moves that run from the shoulder to the fingers.

A gesture has the four phases of Kendon ("Gesture: Visible Action as Utterance", 2004): preparation, stroke, hold,
retraction. The stroke ends on the word; the arms begin and end at rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.flow import ARM_CURVES, CURVE_INDEX
from engine.motion.poses import REST, Doubles, clearance_row, pose_row

BOTH: tuple[str, ...] = ("Left", "Right")

PREPARE, STROKE, HOLD, RETRACT = 0.62, 0.32, 0.60, 0.90
"""Seconds of the four phases. At bust framing the hand enters the picture in the last third of the preparation."""

SLACKENS = 0.09
"""Part of the way back that a held hand gives way: a hand that is held stock-still looks frozen."""

LEAST_HOLD = 0.18
LATE = 0.30
"""Seconds that a stroke may come behind its word's stress, where the line begins with the word."""

EARLIEST = PREPARE + STROKE - LATE
"""Seconds into the line of the first stress that a stroke can mark."""

LONGEST_HOLD = 1.1

BEAT_UP, BEAT_DOWN = 0.20, 0.17
"""Seconds in which a beating hand lifts before the stressed syllable, and falls on to it."""

_SHOULDER = ("armForward", "armOut", "armTwist")
_ELBOW = ("elbow", "forearmTwist")
_DELAYS: dict[str, float] = {
    **dict.fromkeys(_SHOULDER, 0.0),
    **dict.fromkeys(_ELBOW, 0.03),
    **dict.fromkeys(("wristBend", "wristTilt"), 0.06),
}
FINGER_DELAY = 0.08
"""Seconds that fingers follow the shoulder."""

_DELAY = np.array([_DELAYS.get(name.removesuffix("Left").removesuffix("Right"), FINGER_DELAY) for name in ARM_CURVES])


ARM_COLUMNS = np.array([CURVE_INDEX[name] for name in ARM_CURVES])


@dataclass(frozen=True, slots=True)
class Key:
    """A pose reached at ``second`` after ``move`` seconds; ``share`` < 1 goes only that part of the way to it."""

    second: float
    pose: str
    move: float
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Gesture:
    """Keys in rising time from rest to rest, of one arm or both."""

    name: str
    sides: tuple[str, ...]
    keys: tuple[Key, ...]

    @property
    def stroke(self) -> float:
        """The second at which the first stroke ends."""
        return self.keys[1].second

    @property
    def start(self) -> float:
        """The second at which the arms leave rest."""
        return self.keys[0].second - self.keys[0].move


def stroke_gesture(
    name: str, ready: str, pose: str, sides: tuple[str, ...], second: float, end: float
) -> Gesture | None:
    """A gesture whose stroke ends at ``second``, at rest again by ``end``; None where that leaves too little time.

    The stroke comes up to ``LATE`` seconds behind a stress near the start of the line.
    """
    if second < EARLIEST:
        return None
    second = max(second, PREPARE + STROKE)
    room = end - FINGER_DELAY - RETRACT - second
    if room < LEAST_HOLD:
        return None
    hold = min(HOLD, room)
    return Gesture(
        name,
        sides,
        (
            Key(second - STROKE, ready, PREPARE),
            Key(second, pose, STROKE),
            Key(second + hold, ready, hold, SLACKENS),
            Key(second + hold + RETRACT, REST, RETRACT),
        ),
    )


def beat_gesture(seconds: Sequence[float], sides: tuple[str, ...], end: float) -> Gesture | None:
    """A hand that rises before the first of ``seconds``, marks each, and falls; None where there is no time."""
    last = end - FINGER_DELAY - RETRACT - LEAST_HOLD
    marks = [s for s in sorted(seconds) if PREPARE + BEAT_DOWN <= s <= last]
    if not marks:
        return None
    keys = [Key(marks[0] - BEAT_DOWN, "beat_up", PREPARE), Key(marks[0], "beat_down", BEAT_DOWN)]
    for mark in marks[1:]:
        if mark - keys[-1].second > LONGEST_HOLD:
            break
        if mark - keys[-1].second >= BEAT_UP + BEAT_DOWN:
            keys += [Key(mark - BEAT_DOWN, "beat_up", BEAT_UP), Key(mark, "beat_down", BEAT_DOWN)]
    keys.append(Key(keys[-1].second + LEAST_HOLD + RETRACT, REST, RETRACT))
    return Gesture("beat", sides, tuple(keys))


def gesture_curves(gesture: Gesture, seconds: Doubles) -> Doubles:
    """Rows of ``ARM_CURVES`` at ``seconds``, shape ``(len(seconds), len(ARM_CURVES))``."""
    at = seconds[:, None] - _DELAY[None, :]
    rows = np.zeros(at.shape)
    before, pose = pose_row(REST, gesture.sides), REST
    clear = clearance_row(gesture.sides)
    for key in gesture.keys:
        after = before + (pose_row(key.pose, gesture.sides) - before) * key.share
        share = minimum_jerk((at - key.second + key.move) / key.move)
        rows += (after - before) * share
        if REST in (key.pose, pose):
            rows += clear * np.square(4.0 * share * (1.0 - share))
        before, pose = after, key.pose
    return rows


def minimum_jerk(share: Doubles) -> Doubles:
    """0 to 1 with the least jerk (Flash and Hogan 1985)."""
    x = np.clip(share, 0.0, 1.0)
    return np.asarray(x * x * x * (x * (6.0 * x - 15.0) + 10.0))
