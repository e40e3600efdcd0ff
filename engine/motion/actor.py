"""An Utterance to a Performance: lips, brows, nods, expression and glances, one row a picture."""

from __future__ import annotations

import hashlib
import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.flow import (
    CURVE_INDEX,
    FACE_CURVES,
    SAMPLE_RATE,
    Cue,
    Floats,
    Framing,
    Line,
    LineKind,
    Performance,
    Utterance,
)
from engine.motion.emotion import emotion_curves, emotion_weights
from engine.motion.gestures import ARM_COLUMNS, Gesture, gesture_curves
from engine.motion.heard_lips import heard_mouth
from engine.motion.idle import BLINK_LENGTH, blink_closure
from engine.motion.lipsync import mouth_curves, picture_seconds
from engine.motion.manner import MANNER_COLUMNS, Manner
from engine.motion.prosody import Stress, stresses
from engine.motion.repertoire import Before, choose_gesture
from engine.motion.tones import tone_curves
from engine.motion.visemes import MOUTH_COLUMNS, MOUTH_CURVES, MotionError

Doubles = NDArray[np.float64]

TAIL_PICTURES = 2
"""Pictures added behind the sound, in which mouth and head come to rest."""

SETTLE = 0.18
"""Seconds at both ends over which expression and head leave and reach rest."""

OWN_NODS = 0.5
"""Share of the nods and raised brows of our own that stays beside a learned manner."""

CARD_GLANCE = (2.0, -16.0)
"""Gaze in degrees (yaw, pitch) at the product card, which is at the bottom of the picture."""

CHAT_GLANCE = (-11.5, -8.5)
"""Gaze at the chat, at the viewer's lower left: the host's own right."""

LIVELINESS: dict[str, float] = {
    "lively": 1.3,
    "excited": 1.4,
    "calm": 0.6,
    "serious": 0.6,
    "sorry": 0.5,
    "sincere": 0.7,
}
"""How far head and brows move, by mood."""

PHRASE_BLINK = 0.55
"""Chance of a blink at the end of a phrase."""

PHRASE_PAUSE = 0.14
"""Seconds of silence between words that end a phrase."""

SMILE_GIVES_WAY = 0.55
"""Share of an expression's smile that rounded or closed lips take away."""


class Actor:
    """Acts lines one after the other. It remembers what it has shown, the framing, and the last gesture."""

    def __init__(self, fps: int, seed: int, manner: Manner | None = None) -> None:
        """``fps`` must divide ``SAMPLE_RATE``, so that a Performance is a whole number of pictures.

        With a ``manner``, head and brows speak as it was learned, and nod half as much of themselves.
        """
        if fps <= 0 or SAMPLE_RATE % fps:
            raise MotionError(f"a picture rate of {fps} does not divide {SAMPLE_RATE}")
        self._fps = fps
        self._seed = seed
        self._manner = manner
        self._shown: str | None = None
        self._framing = Framing.BUST
        self._before = Before()

    def perform(self, utterance: Utterance, performance_id: str) -> Performance:
        """The Performance; ``len(pcm_48k)`` is ``pictures * SAMPLE_RATE // fps`` exactly (silence is appended).

        Row *k* is the face in the middle of the time that picture *k* is on show. The same utterances in the same
        order give the same rows; all arm curves are 0 in the last row. Raises MotionError for phonemes outside the
        alphabet.
        """
        line, per_picture = utterance.line, SAMPLE_RATE // self._fps
        pictures = math.ceil(len(utterance.pcm_48k) / per_picture) + TAIL_PICTURES
        pcm = np.zeros(pictures * per_picture, np.float32)
        pcm[: len(utterance.pcm_48k)] = utterance.pcm_48k
        seconds, end = picture_seconds(pictures, self._fps), pictures / self._fps
        tonal = any(p.tone for p in utterance.phonemes)
        stressed = stresses(utterance.pcm_48k, utterance.words, tonal)
        chance = np.random.default_rng(_seed(self._seed, line))
        mouth = self._mouth(utterance, seconds)
        rows = emotion_curves(emotion_weights(line, utterance.words, stressed, seconds))
        rows[:, _SMILES] *= 1.0 - SMILE_GIVES_WAY * _shaped(mouth)[:, None]
        self._move_head(rows, line, seconds, stressed, chance)
        _sing(rows, utterance, stressed, seconds)
        if self._manner is not None:
            rows[:, MANNER_COLUMNS] *= OWN_NODS
            rows[:, MANNER_COLUMNS] += self._manner.speech(seconds, chance.random())
        gesture = self._gesture(utterance, stressed, end, chance)
        cues = self._glances(rows, utterance, seconds, gesture)
        rows *= _settled(seconds, end)[:, None]
        rows[:, MOUTH_COLUMNS] += mouth
        for blink in self._phrase_blinks(utterance, end, chance):
            _add(rows, "eyeBlink", np.array([blink_closure(float(t) - blink) for t in seconds]))
        if gesture is not None:
            rows[:, ARM_COLUMNS] = gesture_curves(gesture, seconds)
            _add(rows, "bodyYaw", _accompanied(rows, gesture))
        rows[:, : len(FACE_CURVES)] = rows[:, : len(FACE_CURVES)].clip(-1.0, 1.0)
        rows[-1] = 0.0
        return Performance(performance_id, line, pcm, rows.astype(np.float32), utterance.words, cues, self._fps)

    def _mouth(self, utterance: Utterance, seconds: Doubles) -> Floats:
        """Rows of ``MOUTH_CURVES``: by the phonemes, or by the sound where their times are not known."""
        if utterance.phonemes:
            return mouth_curves(utterance.phonemes, utterance.pcm_48k, seconds)
        return heard_mouth(utterance.pcm_48k, len(seconds), self._fps)

    def _gesture(
        self, utterance: Utterance, stressed: tuple[Stress, ...], end: float, chance: np.random.Generator
    ) -> Gesture | None:
        """The line's gesture, remembered with the framing for the next line's choice."""
        line = utterance.line
        self._framing = line.framing or self._framing
        gesture = choose_gesture(
            line, utterance.words, stressed, self._framing, end - 1 / self._fps, self._before, chance
        )
        if gesture is None:
            self._before = replace(self._before, just_now=False)
        else:
            self._before = Before(gesture.name, gesture.sides, just_now=True)
        return gesture

    def _phrase_blinks(self, utterance: Utterance, end: float, chance: np.random.Generator) -> list[float]:
        """When blinks start: at some of the pauses between phrases, and at some ends of lines."""
        words = utterance.words
        ends = [w.end / SAMPLE_RATE for w, n in pairwise(words) if n.start - w.end > PHRASE_PAUSE * SAMPLE_RATE]
        starts = [e - 0.03 for e in ends if chance.random() < PHRASE_BLINK]
        if words and chance.random() < PHRASE_BLINK:
            starts.append(min(words[-1].end / SAMPLE_RATE - 0.06, end - BLINK_LENGTH - 0.06))
        return starts

    def _move_head(
        self,
        rows: Doubles,
        line: Line,
        seconds: Doubles,
        stressed: tuple[Stress, ...],
        chance: np.random.Generator,
    ) -> None:
        """A nod on stressed words, brows that rise with the voice, and a turn that drifts with the phrase."""
        lively = LIVELINESS.get(line.mood, 1.0)
        for stress in stressed:
            nod = _bump(seconds, stress.second + 0.02, 0.24)
            before = _bump(seconds, stress.second - 0.22, 0.22)
            size = lively * stress.strength
            _add(rows, "headPitch", (-3.4 * nod + 1.1 * before) * size)
            if chance.random() < 0.85:
                raised = size * (0.55 + 0.45 * min(1.0, max(0.0, stress.rise / 5.0)))
                brow = _bump(seconds, stress.second - 0.04, 0.30)
                _add(rows, "browOuterUp", 0.30 * raised * brow)
                _add(rows, "browInnerUp", 0.20 * raised * brow)
        turns = np.arange(0.0, float(seconds[-1]) + 1.4, 1.4)
        yaw = np.concatenate([[0.0], chance.uniform(-3.0, 3.0, max(0, len(turns) - 1))])
        roll = np.concatenate([[0.0], chance.uniform(-1.8, 1.8, max(0, len(turns) - 1))])
        _add(rows, "headYaw", lively * _smooth(seconds, turns, yaw))
        _add(rows, "headRoll", lively * _smooth(seconds, turns, roll))
        _add(rows, "bodyLean", np.full(len(seconds), 0.8 * lively))

    def _glances(
        self, rows: Doubles, utterance: Utterance, seconds: Doubles, gesture: Gesture | None
    ) -> tuple[Cue, ...]:
        """Looks at the chat before an answer and at the card when a product is new; the cues that go with them.

        Eyes reach the card a little before the hand that presents it.
        """
        line = utterance.line
        cues: list[Cue] = []
        if line.kind is LineKind.ANSWER and line.question is not None:
            cues.append(self._glance(rows, seconds, "look_at_chat", line.question.question_id, CHAT_GLANCE, 0.0, 0.75))
        if line.product_id is not None:
            cues.append(Cue("show_card", 0, line.product_id))
            if line.product_id != self._shown and line.kind is not LineKind.ANSWER:
                end = float(seconds[-1])
                wanted = gesture.stroke - 0.3 if gesture is not None and gesture.name == "present" else 0.9
                start = min(wanted, max(0.1, end - 1.2))
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


_SMILES = np.array(
    [CURVE_INDEX[c] for c in ("mouthSmileLeft", "mouthSmileRight", "mouthDimpleLeft", "mouthDimpleRight")]
)
_ROUND, _PRESS = MOUTH_CURVES.index("mouthPucker"), MOUTH_CURVES.index("mouthPressLeft")


def _shaped(mouth: Floats) -> Doubles:
    """How much rounded or pressed lips need the smile's place, 0 to 1."""
    return np.asarray(np.clip(np.maximum(mouth[:, _ROUND] / 0.6, mouth[:, _PRESS] / 0.3), 0.0, 1.0), np.float64)


def _sing(rows: Doubles, utterance: Utterance, stressed: tuple[Stress, ...], seconds: Doubles) -> None:
    """Head and brows go with the tones of a tonal language."""
    curves = tone_curves(utterance.phonemes, stressed, seconds)
    if curves is not None:
        lively = LIVELINESS.get(utterance.line.mood, 1.0)
        _add(rows, "headPitch", lively * curves[0])
        _add(rows, "browInnerUp", lively * curves[1])
        _add(rows, "browOuterUp", lively * curves[1])


def _accompanied(rows: Doubles, gesture: Gesture) -> Doubles:
    """Degrees that the body turns with a one-handed gesture: the shoulder of the moving arm comes forward."""
    if len(gesture.sides) != 1:
        return np.zeros(len(rows))
    side = gesture.sides[0]
    lifted = rows[:, CURVE_INDEX[f"armForward{side}"]] / 45.0
    return np.asarray(lifted * (-2.2 if side == "Left" else 2.2))


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
