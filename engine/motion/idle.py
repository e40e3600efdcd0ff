"""Idle life: what a face and body do when nothing is said. Every value is a pure function of the picture number."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from engine.flow import CURVE_INDEX, CURVES, Floats
from engine.motion.manner import MANNER_COLUMNS, Manner
from engine.motion.visemes import MotionError

_MASK = (1 << 64) - 1


class _Drift(NamedTuple):
    """Slow wandering of one curve around ``rest``: ``reach`` either side, a new direction each ``period`` seconds."""

    curve: str
    rest: float
    reach: float
    period: float


_DRIFTS: tuple[_Drift, ...] = (
    _Drift("headYaw", 0.0, 3.2, 5.3),
    _Drift("headYaw", 0.0, 1.1, 1.9),
    _Drift("headPitch", 0.4, 1.7, 4.7),
    _Drift("headPitch", 0.0, 0.6, 1.7),
    _Drift("headRoll", 0.0, 1.9, 6.1),
    _Drift("headRoll", 0.0, 0.5, 2.3),
    _Drift("bodyYaw", 0.0, 3.0, 9.7),
    _Drift("bodyRoll", 0.0, 1.1, 8.3),
    _Drift("bodyLean", 0.3, 0.8, 7.1),
    _Drift("bodyShift", 0.0, 0.35, 6.7),
    _Drift("mouthSmileLeft", 0.30, 0.05, 7.9),
    _Drift("mouthSmileRight", 0.29, 0.05, 7.9),
    _Drift("mouthClose", 0.08, 0.0, 7.9),
    _Drift("mouthDimpleLeft", 0.08, 0.03, 6.7),
    _Drift("mouthDimpleRight", 0.08, 0.03, 6.9),
    _Drift("cheekSquintLeft", 0.10, 0.05, 8.9),
    _Drift("cheekSquintRight", 0.10, 0.05, 8.9),
    _Drift("browInnerUp", 0.08, 0.08, 5.9),
    _Drift("browOuterUpLeft", 0.04, 0.06, 6.3),
    _Drift("browOuterUpRight", 0.04, 0.06, 6.5),
    _Drift("eyeSquintLeft", 0.03, 0.03, 4.3),
    _Drift("eyeSquintRight", 0.03, 0.03, 4.3),
)
_SHARED_NOISE = {"mouthSmileRight": "mouthSmileLeft", "cheekSquintRight": "cheekSquintLeft",
                 "eyeSquintRight": "eyeSquintLeft"}  # fmt: skip
"""Curves that wander together with another one."""

BLINK_SLOT = 4.0
BLINK_JITTER = 2.0
"""One blink starts in the first ``BLINK_JITTER`` seconds of each slot, so gaps last 2 to 6 s."""

BLINK_LENGTH = 0.225
"""Seconds from the lids' first move to the eye open again."""

PAIR_CHANCE = 0.14
SACCADE_SLOT = 1.15
SACCADE_JITTER = 0.8
SACCADE = 0.045
BREATH_PERIOD = 4.25
GLANCE_SLOT = 19.0
FLICK_SLOT = 1.09
FLICK = 0.28
"""Degrees that the eyes flick within a fixation (microsaccades are under half a degree; Martinez-Conde 2004)."""

POISE, POISE_PERIOD = 0.7, 1.8
"""Degrees and seconds of the small round that a balanced head makes. While slow sway turns back, this is what moves."""

STANCE_SLOT = 11.0
STANCE_JITTER = 7.5
STANCE_MOVE = 1.7
"""Seconds: in each slot the weight goes to another place, at any time in the first ``STANCE_JITTER``."""

STANCE_REACH = 1.1
"""Centimetres to either side; ``_STANCE`` says what goes with a centimetre."""

_STANCE: dict[str, float] = {"bodyShift": 1.0, "bodyRoll": 0.75, "headRoll": -0.45, "bodyYaw": 0.9, "headYaw": -0.6}


class IdleLife:
    """Blinks, gaze, breath, sway and a resting smile for one host at one picture rate."""

    def __init__(self, fps: int, seed: int, manner: Manner | None = None) -> None:
        """``fps`` is the picture rate; hosts with different seeds move differently.

        With a ``manner``, head and brows move and eyes blink as it was learned; the rest stays.
        """
        if fps <= 0:
            raise MotionError(f"a picture rate of {fps} cannot be drawn")
        self._fps = fps
        self._seed = _mix(seed & _MASK)
        self._manner = manner
        self._blink_slot, self._blink_jitter = BLINK_SLOT, BLINK_JITTER
        if manner is not None:
            self._blink_slot, self._blink_jitter = manner.blink_gap_s, 0.5 * manner.blink_gap_s
        self._rest = np.zeros(len(CURVES))
        self._reach = np.zeros((len(CURVES), len(_DRIFTS)))
        for i, drift in enumerate(_DRIFTS):
            self._rest[CURVE_INDEX[drift.curve]] += drift.rest
            self._reach[CURVE_INDEX[drift.curve], i] = drift.reach
        self._rate = 1.0 / np.array([d.period for d in _DRIFTS])
        names = [d.curve for d in _DRIFTS]
        shared = [names.index(_SHARED_NOISE.get(n, n)) if n in _SHARED_NOISE else i for i, n in enumerate(names)]
        salts = np.array([_mix(self._seed + 101 * s + 7) for s in shared], np.uint64)
        self._salt = salts[:, None]

    def at(self, picture: int) -> Floats:
        """The row of ``CURVES`` of picture ``picture`` (0 or more): always the same for the same number."""
        t = (picture + 0.5) / self._fps
        row = self._rest + self._reach @ self._noise(t)
        row[_GAZE_YAW], row[_GAZE_PITCH] = self._gaze(t)
        aside, lean = self._stance(t)
        row[_POISE_COLUMNS] += self._poise(t)
        row[_STANCE_COLUMNS] += aside * _STANCE_SHARES
        row[_LEAN] += lean
        row[_BREATH] = self._breath(t)
        if self._manner is not None:
            row[MANNER_COLUMNS] = self._manner.idling(t, lambda number: self._unit(25, number))
        lid = self._lid(t)
        row[_BLINK_LEFT] = row[_BLINK_RIGHT] = lid
        np.maximum(row[:_ARKIT], 0.0, out=row[:_ARKIT])
        return row.astype(np.float32)

    def _noise(self, t: float) -> Floats:
        """Value noise of every drift, -1 to 1, by cubic interpolation over a hashed lattice."""
        x = t * self._rate
        cell = np.floor(x)
        f = x - cell
        lattice = cell.astype(np.uint64)[:, None] + _STENCIL
        v = _hashed(lattice * _LATTICE_PRIME ^ self._salt)
        a, b, c, d = v[:, 0], v[:, 1], v[:, 2], v[:, 3]
        g = 1.0 - f
        spline = g**3 * a + (3 * f**3 - 6 * f**2 + 4) * b + (3 * g**3 - 6 * g**2 + 4) * c + f**3 * d
        return np.asarray(spline / 4.2)

    def _unit(self, kind: int, index: int) -> float:
        """A number from 0 to 1 for the event ``index`` of a kind."""
        return _mix(self._seed ^ (kind * 0x9E3779B97F4A7C15 & _MASK) ^ (index * 0xD1B54A32D192ED03 & _MASK)) / 2**64

    def _lid(self, t: float) -> float:
        """Lid closure of the blink under way at second ``t``, if any."""
        slot = int(t // self._blink_slot)
        closure = 0.0
        for s in (slot - 1, slot):
            start = s * self._blink_slot + self._blink_jitter * self._unit(1, s)
            length = 0.85 + 0.30 * self._unit(2, s)
            closure = max(closure, blink_closure((t - start) / length))
            if self._unit(3, s) < PAIR_CHANCE:
                again = start + 0.34 + 0.16 * self._unit(4, s)
                closure = max(closure, 0.9 * blink_closure((t - again) / length))
        return closure

    def _gaze(self, t: float) -> tuple[float, float]:
        """Gaze in degrees: fixations near the lens, quick saccades between them, now and then a look at the chat."""
        slot = int(t // SACCADE_SLOT)
        start = slot * SACCADE_SLOT + SACCADE_JITTER * self._unit(5, slot)
        if t < start:
            slot -= 1
            start = slot * SACCADE_SLOT + SACCADE_JITTER * self._unit(5, slot)
        done = _ease((t - start) / SACCADE)
        was, now = self._fixation(slot - 1), self._fixation(slot)
        flick_yaw, flick_pitch = self._flick(t)
        return was[0] + (now[0] - was[0]) * done + flick_yaw, was[1] + (now[1] - was[1]) * done + flick_pitch

    def _flick(self, t: float) -> tuple[float, float]:
        """Degrees away from the fixation: constant between jumps that last less than a picture."""
        slot = int(t // FLICK_SLOT)
        if t < (slot + 0.7 * self._unit(15, slot)) * FLICK_SLOT:
            slot -= 1
        return FLICK * (2 * self._unit(16, slot) - 1), 0.6 * FLICK * (2 * self._unit(17, slot) - 1)

    def _poise(self, t: float) -> tuple[float, float, float]:
        """Degrees of yaw and pitch, and centimetres aside, of a head in balance: it goes round and never rests."""
        turn = 2 * math.pi * (t / POISE_PERIOD + 0.4 * self._wander(23, t / 5.1))
        size = 0.95 + 0.25 * self._wander(24, t / 3.7)
        return POISE * size * math.cos(turn), 0.8 * POISE * size * math.sin(turn), 0.08 * size * math.cos(turn + 1.0)

    def _stance(self, t: float) -> tuple[float, float]:
        """Weight on one leg or the other, in centimetres, and a lean in degrees: held, then changed softly."""
        slot = int(t // STANCE_SLOT)
        start = slot * STANCE_SLOT + STANCE_JITTER * self._unit(18, slot)
        if t < start:
            slot -= 1
            start = slot * STANCE_SLOT + STANCE_JITTER * self._unit(18, slot)
        done = _ease_softly((t - start) / STANCE_MOVE)
        was, now = self._posture(slot - 1), self._posture(slot)
        return was[0] + (now[0] - was[0]) * done, was[1] + (now[1] - was[1]) * done

    def _posture(self, slot: int) -> tuple[float, float]:
        side = 1.0 if slot % 2 else -1.0
        stays = self._unit(19, slot) < 0.25
        aside = STANCE_REACH * (0.35 + 0.65 * self._unit(20, slot)) * (-side if stays else side)
        return aside, 0.9 * (2 * self._unit(21, slot) - 1)

    def _fixation(self, slot: int) -> tuple[float, float]:
        glance = int(slot * SACCADE_SLOT // GLANCE_SLOT)
        if (
            self._unit(9, glance) < 0.55
            and int((glance + 0.2 + 0.6 * self._unit(10, glance)) * GLANCE_SLOT / SACCADE_SLOT) == slot
        ):
            return -7.5 - 2 * self._unit(11, slot), -6.0 - 2 * self._unit(12, slot)
        wide = 1.0 if self._unit(6, slot) < 0.3 else 0.4
        return wide * 3.2 * (self._unit(7, slot) - 0.5) * 2, wide * 1.8 * (self._unit(8, slot) - 0.5) * 2

    def _wander(self, kind: int, x: float) -> float:
        """Eased steps between random heights of 0 to 1 at whole ``x``."""
        cell = int(x)
        here, there = self._unit(kind, cell), self._unit(kind, cell + 1)
        return here + (there - here) * _ease(x - cell)

    def _breath(self, t: float) -> float:
        """Breath from 0 to 1, about fourteen a minute; in takes two fifths of the time."""
        beat = t / BREATH_PERIOD + 0.9 * self._wander(13, t / 23.0) + 0.42 * self._wander(22, t / 7.3)
        phase = beat % 1.0
        depth = 0.72 + 0.28 * self._unit(14, int(beat))
        rise = phase / 0.42 if phase < 0.42 else (1.0 - phase) / 0.58
        return depth * _ease(rise)


_GAZE_YAW, _GAZE_PITCH, _BREATH = CURVE_INDEX["gazeYaw"], CURVE_INDEX["gazePitch"], CURVE_INDEX["breath"]
_BLINK_LEFT, _BLINK_RIGHT = CURVE_INDEX["eyeBlinkLeft"], CURVE_INDEX["eyeBlinkRight"]
_ARKIT = 52
_LEAN = CURVE_INDEX["bodyLean"]
_POISE_COLUMNS = np.array([CURVE_INDEX[name] for name in ("headYaw", "headPitch", "bodyShift")])
_STANCE_COLUMNS = np.array([CURVE_INDEX[name] for name in _STANCE])
_STANCE_SHARES = np.array(list(_STANCE.values()))
_STENCIL = np.arange(4, dtype=np.uint64)
_LATTICE_PRIME = np.uint64(0x9E3779B97F4A7C15)


def _mix(x: int) -> int:
    """splitmix64's finaliser (Steele, Lea and Flood 2014)."""
    x = (x + 0x9E3779B97F4A7C15) & _MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & _MASK
    return x ^ (x >> 31)


def _hashed(x: np.ndarray[tuple[int, ...], np.dtype[np.uint64]]) -> Floats:
    """The same finaliser over an array, as numbers from -1 to 1."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray((x ^ (x >> np.uint64(31))).astype(np.float64) * 2.0**-63 - 1.0)


def _ease(x: float) -> float:
    x = min(1.0, max(0.0, x))
    return x * x * (3.0 - 2.0 * x)


def _ease_softly(x: float) -> float:
    """0 to 1 with neither speed nor acceleration at the ends."""
    x = min(1.0, max(0.0, x))
    return x * x * x * (x * (6.0 * x - 15.0) + 10.0)


def blink_closure(seconds: float) -> float:
    """Lid closure ``seconds`` after a blink's start: shut in 70 ms, closed 45 ms, open again in 110 ms."""
    if seconds <= 0.0 or seconds >= BLINK_LENGTH:
        return 0.0
    if seconds < 0.07:
        return math.sin(math.pi / 2 * seconds / 0.07)
    if seconds < 0.115:
        return 1.0
    return 0.5 + 0.5 * math.cos(math.pi * (seconds - 0.115) / 0.11)
