"""An Utterance to a Performance: lips, brows, nods, expression and glances, one row a picture."""

from __future__ import annotations

import hashlib
import math

import numpy as np
from numpy.typing import NDArray

from engine.flow import (
    CURVE_INDEX,
    CURVES,
    FACE_CURVES,
    SAMPLE_RATE,
    Cue,
    Line,
    LineKind,
    Performance,
    Utterance,
)
from engine.motion.lipsync import mouth_curves, picture_seconds
from engine.motion.prosody import Stress, stresses
from engine.motion.visemes import MOUTH_COLUMNS, MotionError

Doubles = NDArray[np.float64]

TAIL_PICTURES = 2
"""Pictures added behind the sound, in which mouth and head come to rest."""

SETTLE = 0.18
"""Seconds at both ends over which expression and head leave and reach rest."""

CARD_GLANCE = (2.0, -13.0)
"""Gaze in degrees (yaw, pitch) at the product card, which is at the bottom of the picture."""

CHAT_GLANCE = (-11.5, -8.5)
"""Gaze at the chat, at the viewer's lower left: the host's own right."""

_MOODS: dict[str, dict[str, float]] = {
    "warm": {"mouthSmile": 0.06, "cheekSquint": 0.06, "browInnerUp": 0.04},
    "lively": {"mouthSmile": 0.14, "cheekSquint": 0.12, "browInnerUp": 0.08, "browOuterUp": 0.10, "eyeWide": 0.06},
    "calm": {"mouthSmile": 0.02, "browInnerUp": 0.02},
    "serious": {"browInnerUp": 0.06, "browDown": 0.05},
    "sorry": {"browInnerUp": 0.28, "mouthFrown": 0.04},
}
_KINDS: dict[LineKind, dict[str, float]] = {
    LineKind.GREETING: {"mouthSmile": 0.12, "cheekSquint": 0.10, "browOuterUp": 0.10},
    LineKind.OPENER: {"mouthSmile": 0.05, "browOuterUp": 0.08},
    LineKind.PRICE: {"browOuterUp": 0.06, "eyeWide": 0.05},
    LineKind.ASK: {"browInnerUp": 0.10, "mouthSmile": 0.05},
    LineKind.ANSWER: {"browInnerUp": 0.05},
}
_LIVELINESS: dict[str, float] = {"lively": 1.3, "calm": 0.6, "serious": 0.6, "sorry": 0.5}


class Actor:
    """Acts lines one after the other. What it has shown last decides whether it glances at the card."""

    def __init__(self, fps: int, seed: int) -> None:
        """``fps`` must divide ``SAMPLE_RATE``, so that a Performance is a whole number of pictures."""
        if fps <= 0 or SAMPLE_RATE % fps:
            raise MotionError(f"a picture rate of {fps} does not divide {SAMPLE_RATE}")
        self._fps = fps
        self._seed = seed
        self._shown: str | None = None

    def perform(self, utterance: Utterance, performance_id: str) -> Performance:
        """The Performance; ``len(pcm_48k)`` is ``pictures * SAMPLE_RATE // fps`` exactly (silence is appended).

        Row *k* is the face in the middle of the time that picture *k* is on show. The same utterance after the
        same product gives the same rows. Raises MotionError for phonemes outside the alphabet.
        """
        per_picture = SAMPLE_RATE // self._fps
        pictures = math.ceil(len(utterance.pcm_48k) / per_picture) + TAIL_PICTURES
        pcm = np.zeros(pictures * per_picture, np.float32)
        pcm[: len(utterance.pcm_48k)] = utterance.pcm_48k
        seconds = picture_seconds(pictures, self._fps)
        rows = np.zeros((pictures, len(CURVES)))
        stressed = stresses(utterance.pcm_48k, utterance.words)
        self._express(rows, utterance, seconds)
        self._move_head(rows, utterance.line, seconds, stressed)
        cues = self._glances(rows, utterance, seconds)
        rows *= _settled(seconds, pictures / self._fps)[:, None]
        rows[:, MOUTH_COLUMNS] += mouth_curves(utterance.phonemes, utterance.pcm_48k, seconds)
        rows[:, : len(FACE_CURVES)] = rows[:, : len(FACE_CURVES)].clip(0.0, 1.0)
        rows[-1] = 0.0
        return Performance(
            performance_id, utterance.line, pcm, rows.astype(np.float32), utterance.words, cues, self._fps
        )

    def _express(self, rows: Doubles, utterance: Utterance, seconds: Doubles) -> None:
        """The mood and the kind of line as a layer of smile, cheeks and brows."""
        line = utterance.line
        for layer in (_MOODS.get(line.mood, _MOODS["warm"]), _KINDS.get(line.kind, {})):
            for name, value in layer.items():
                for column in _columns(name):
                    rows[:, column] += value
        if line.text.rstrip().endswith("?") and utterance.words:
            end = utterance.words[-1].end / SAMPLE_RATE
            lift = _bump(seconds, end - 0.25, 0.55)
            _add(rows, "browInnerUp", 0.22 * lift)
            _add(rows, "browOuterUp", 0.16 * lift)
            _add(rows, "headRoll", 2.5 * lift)

    def _move_head(self, rows: Doubles, line: Line, seconds: Doubles, stressed: tuple[Stress, ...]) -> None:
        """Small nods and raised brows on stressed words, and a turn that drifts with the phrase."""
        chance = np.random.default_rng(_seed(self._seed, line))
        lively = _LIVELINESS.get(line.mood, 1.0)
        for stress in stressed:
            nod = _bump(seconds, stress.second + 0.02, 0.24)
            before = _bump(seconds, stress.second - 0.22, 0.22)
            size = lively * stress.strength
            _add(rows, "headPitch", (-3.4 * nod + 1.1 * before) * size)
            if chance.random() < 0.75:
                brow = _bump(seconds, stress.second - 0.02, 0.30)
                _add(rows, "browOuterUp", 0.26 * size * brow)
                _add(rows, "browInnerUp", 0.16 * size * brow)
        turns = np.arange(0.0, float(seconds[-1]) + 1.4, 1.4)
        yaw = np.concatenate([[0.0], chance.uniform(-3.0, 3.0, max(0, len(turns) - 1))])
        roll = np.concatenate([[0.0], chance.uniform(-1.8, 1.8, max(0, len(turns) - 1))])
        _add(rows, "headYaw", lively * _smooth(seconds, turns, yaw))
        _add(rows, "headRoll", lively * _smooth(seconds, turns, roll))
        _add(rows, "bodyLean", np.full(len(seconds), 0.8 * lively))

    def _glances(self, rows: Doubles, utterance: Utterance, seconds: Doubles) -> tuple[Cue, ...]:
        """Looks at the chat before an answer and at the card when a product is new; the cues that go with them."""
        line = utterance.line
        cues: list[Cue] = []
        if line.kind is LineKind.ANSWER and line.question is not None:
            cues.append(self._glance(rows, seconds, "look_at_chat", line.question.question_id, CHAT_GLANCE, 0.0, 0.75))
        if line.product_id is not None:
            cues.append(Cue("show_card", 0, line.product_id))
            if line.product_id != self._shown and line.kind is not LineKind.ANSWER:
                end = float(seconds[-1])
                start = min(0.9, max(0.1, end - 1.2))
                cues.append(self._glance(rows, seconds, "look_at_card", line.product_id, CARD_GLANCE, start, 0.8))
        self._shown = line.product_id or self._shown
        return tuple(sorted(cues, key=lambda c: c.picture))

    def _glance(
        self,
        rows: Doubles,
        seconds: Doubles,
        kind: str,
        value: str,
        gaze: tuple[float, float],
        start: float,
        length: float,
    ) -> Cue:
        """Eyes jump to ``gaze`` at ``start`` and back after ``length`` seconds; the head follows a little, softly."""
        length = min(length, max(0.2, float(seconds[-1]) - start - 0.25))
        eyes = _plateau(seconds, start, start + length, 0.06)
        head = _plateau(seconds, start - 0.04, start + length + 0.08, 0.26)
        _add(rows, "gazeYaw", gaze[0] * eyes)
        _add(rows, "gazePitch", gaze[1] * eyes)
        _add(rows, "headYaw", 0.35 * gaze[0] * head)
        _add(rows, "headPitch", 0.35 * gaze[1] * head)
        return Cue(kind, max(0, int(start * self._fps)), value)


def _seed(seed: int, line: Line) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed} {line.kind} {line.text}".encode()).digest()[:8], "big")


def _columns(name: str) -> list[int]:
    return [CURVE_INDEX[n] for n in (name, name + "Left", name + "Right") if n in CURVE_INDEX]


def _add(rows: Doubles, name: str, values: Doubles) -> None:
    for column in _columns(name):
        rows[:, column] += values


def _bump(seconds: Doubles, middle: float, half: float) -> Doubles:
    """A raised cosine of height 1 around ``middle``, ``half`` seconds to either side."""
    x = np.clip(np.abs(seconds - middle) / half, 0.0, 1.0)
    return np.asarray(0.5 + 0.5 * np.cos(np.pi * x))


def _plateau(seconds: Doubles, start: float, end: float, ramp: float) -> Doubles:
    """1 from ``start + ramp`` to ``end``, with eased ramps of ``ramp`` seconds on both sides."""
    up = np.clip((seconds - start) / ramp, 0.0, 1.0)
    down = np.clip((end + ramp - seconds) / ramp, 0.0, 1.0)
    x = np.minimum(up, down)
    return np.asarray(x * x * (3 - 2 * x))


def _settled(seconds: Doubles, end: float) -> Doubles:
    """1, with eased edges of ``SETTLE`` seconds; 0 in the last picture."""
    return _plateau(seconds, 0.0, end - SETTLE - 0.04, SETTLE)


def _smooth(seconds: Doubles, knots: Doubles, values: Doubles) -> Doubles:
    """``values`` at ``knots`` joined by eased steps."""
    x = np.clip(np.searchsorted(knots, seconds, side="right") - 1, 0, len(knots) - 2)
    f = np.clip((seconds - knots[x]) / (knots[x + 1] - knots[x]), 0.0, 1.0)
    return np.asarray(values[x] + (values[x + 1] - values[x]) * f * f * (3 - 2 * f))
