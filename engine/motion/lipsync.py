"""Mouth curves from phonemes: coarticulation by dominance, with closures that never get lost.

After Cohen and Massaro, "Modeling coarticulation in synthetic visual speech" (1993): every mouth pulls on every
curve with a weight that fades with the time to its phoneme; the curve is the weighted mean. Rounding is prepared
earlier than opening. Closed lips (p, b, m), lip to teeth (f, v) and the rounding of short glides (w) are laid over
the mean, so that neighbours cannot take them away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.flow import SAMPLE_RATE, Floats, Phoneme
from engine.motion.visemes import (
    GLIDE_SHARE,
    LIP_TO_TEETH,
    LONG_JAW,
    MOUTH_CURVES,
    ROUND_GLIDES,
    SEALS,
    VISEME_INDEX,
    VOWELS,
    viseme_matrix,
    visemes_of,
)

Doubles = NDArray[np.float64]

LEAD_IN = {"jaw": 0.055, "round": 0.090, "lips": 0.053, "tongue": 0.045}
"""Seconds over which each kind of curve is prepared before its phoneme."""

LEAD_OUT = {"jaw": 0.045, "round": 0.050, "lips": 0.042, "tongue": 0.036}
"""Seconds over which it fades behind its phoneme."""

LEAST_ROUND = 0.9
"""Short and soft vowels open the mouth less, but a round one stays round: it would be another vowel otherwise."""

SEAL_HOLD = 0.042
"""Closed lips stay closed at least this long: longer than a picture at 25 fps, so that one always shows them."""

LONGEST_HOLD = 0.080
"""Longer phonemes (at the end of a phrase) are closed this long at full strength."""

SEAL_RAMP = 0.045
SEALED_ROUND = 0.6
"""Share of their rounding that lips keep while they are closed: those of "bu" are round before it opens."""

GLIDE_RAMP = 0.060
GLIDE_HOLD = 0.042
TEETH_RAMP = 0.050
TEETH_HOLD = 0.030
SILENCE_PULL = 2.5
TONGUE = 2.2
"""Pull on the tongue of the sounds that its tip makes; every other sound leaves the tongue to them."""

_KIND = {"jawOpen": "jaw", "mouthFunnel": "round", "mouthPucker": "round", "tongueUp": "tongue", "tongueOut": "tongue"}
_ROUNDING = [i for i, c in enumerate(MOUTH_CURVES) if _KIND.get(c) == "round"]
_TIP = frozenset({"TH", "DD", "nn", "LL"})
_STRENGTH: dict[str, dict[str, float]] = {
    "sil": {"jaw": SILENCE_PULL, "round": 1.0, "lips": SILENCE_PULL},
    "PP": {"jaw": 1.4, "round": 0.15, "lips": 1.5},
    "FF": {"jaw": 1.6, "round": 0.3, "lips": 1.4},
    "TH": {"jaw": 0.8, "round": 0.3, "lips": 0.9},
    "DD": {"jaw": 0.55, "round": 0.15, "lips": 0.5},
    "kk": {"jaw": 0.35, "round": 0.10, "lips": 0.3},
    "CH": {"jaw": 1.5, "round": 1.1, "lips": 1.0},
    "ZH": {"jaw": 1.5, "round": 0.6, "lips": 1.0},
    "SS": {"jaw": 3.6, "round": 0.35, "lips": 1.2},
    "nn": {"jaw": 0.55, "round": 0.12, "lips": 0.5},
    "LL": {"jaw": 0.55, "round": 0.15, "lips": 0.5},
    "RR": {"jaw": 0.7, "round": 0.8, "lips": 0.6},
    "ww": {"jaw": 1.0, "round": 1.6, "lips": 1.2},
    "aa": {"jaw": 1.5, "round": 1.0, "lips": 1.0},
    "ae": {"jaw": 1.5, "round": 1.0, "lips": 1.0},
    "ou": {"jaw": 1.2, "round": 1.6, "lips": 1.0},
    "uo": {"jaw": 1.2, "round": 1.6, "lips": 1.0},
    "er": {"jaw": 0.8, "round": 0.4, "lips": 0.7},
}
_VOWEL_STRENGTH = {"jaw": 1.2, "round": 1.0, "lips": 1.0}


@dataclass(frozen=True, slots=True)
class Mouths:
    """A run of mouths: ``viseme[i]`` from ``start[i]`` to ``end[i]`` seconds at ``amount[i]`` of its strength."""

    viseme: NDArray[np.int64]
    start: Doubles
    end: Doubles
    amount: Doubles
    jaw: Doubles


def picture_seconds(pictures: int, fps: int) -> Doubles:
    """The moment of each picture: the middle of the time that it is on show, in seconds."""
    return (np.arange(pictures) + 0.5) / fps


def mouth_curves(phonemes: Sequence[Phoneme], pcm_48k: Floats, seconds: Doubles) -> Floats:
    """Rows of ``MOUTH_CURVES`` at ``seconds``, shape ``(len(seconds), len(MOUTH_CURVES))``, each 0 to 1.

    Before the first and after the last phoneme the mouth is closed. Raises MotionError for unknown phonemes.
    """
    mouths = _mouths(phonemes, pcm_48k)
    rows = _dominated(mouths, seconds)
    rows[:, _ROUNDING] = _laid_over(rows, seconds, phonemes, ROUND_GLIDES, "ww", GLIDE_RAMP, GLIDE_HOLD)[:, _ROUNDING]
    rows = _laid_over(rows, seconds, phonemes, LIP_TO_TEETH, "FF", TEETH_RAMP, TEETH_HOLD)
    rounded = rows[:, _ROUNDING]
    rows = _laid_over(rows, seconds, phonemes, SEALS, "PP", SEAL_RAMP, SEAL_HOLD)
    rows[:, _ROUNDING] = np.maximum(rows[:, _ROUNDING], SEALED_ROUND * rounded)
    return np.clip(rows, 0.0, 1.0).astype(np.float32)


def _mouths(phonemes: Sequence[Phoneme], pcm_48k: Floats) -> Mouths:
    """Mouths with their amounts; closed ones stand before and behind everything."""
    level = _vowel_levels(phonemes, pcm_48k)
    rows: list[tuple[int, float, float, float, float]] = [(VISEME_INDEX["sil"], -10.0, _seconds(phonemes, 0), 1.0, 1.0)]
    for phoneme, loud in zip(phonemes, level, strict=True):
        start, end = phoneme.start / SAMPLE_RATE, phoneme.end / SAMPLE_RATE
        shapes = visemes_of(phoneme.symbol)
        cut = start + (end - start) * (GLIDE_SHARE if len(shapes) == 2 else 1.0)
        spans = [(start, cut), (cut, end)][: len(shapes)]
        if not phoneme.symbol:
            start, end = _held_silence(start, end)
            spans = [(start, end)]
        for shape, (a, b) in zip(shapes, spans, strict=True):
            if b > a:
                rows.append((VISEME_INDEX[shape], a, b, loud, LONG_JAW.get(phoneme.symbol, 1.0)))
    rows.append((VISEME_INDEX["sil"], rows[-1][2], rows[-1][2] + 10.0, 1.0, 1.0))
    viseme, start_s, end_s, amount, jaw = zip(*rows, strict=True)
    return Mouths(np.array(viseme), np.array(start_s), np.array(end_s), np.array(amount), np.array(jaw))


def _seconds(phonemes: Sequence[Phoneme], index: int) -> float:
    return phonemes[index].start / SAMPLE_RATE if phonemes else 0.0


def _held_silence(start: float, end: float) -> tuple[float, float]:
    """Where the mouth is shut in a silence: shorter than the silence, so that it opens before the next sound."""
    margin = min(0.045, (end - start) / 3)
    return start + margin, end - margin


def _vowel_levels(phonemes: Sequence[Phoneme], pcm_48k: Floats) -> Doubles:
    """How far each phoneme's mouth moves, 0.45 to 1.1: less when it is short or soft beside the rest."""
    power = np.concatenate([[0.0], np.cumsum(np.square(pcm_48k, dtype=np.float64))])
    bounds = np.array([(p.start, p.end) for p in phonemes], np.int64).reshape(-1, 2).clip(0, len(pcm_48k))
    length = np.maximum(1, bounds[:, 1] - bounds[:, 0])
    level = 10 * np.log10((power[bounds[:, 1]] - power[bounds[:, 0]]) / length + 1e-9)
    vowel = np.array([p.symbol in VOWELS for p in phonemes], bool)
    if not vowel.any():
        return np.ones(len(phonemes))
    loud = np.clip((level - np.median(level[vowel])) / 12.0, -0.6, 0.35)
    short = np.clip((length / SAMPLE_RATE - 0.045) / 0.075, 0.0, 1.0)
    amount = np.clip(0.62 + 0.38 * short + 0.5 * loud, 0.45, 1.10)
    return np.where(vowel, amount, 1.0)


def _kinds() -> list[str]:
    return [_KIND.get(c, "lips") for c in MOUTH_CURVES]


def _strength_of(viseme: str, kind: str) -> float:
    if kind == "tongue":
        return TONGUE if viseme in _TIP else 1.0
    return _STRENGTH.get(viseme, _VOWEL_STRENGTH)[kind]


def _dominated(mouths: Mouths, seconds: Doubles) -> Doubles:
    """The weighted mean of all mouths at each moment, shape ``(moments, curves)``."""
    target = viseme_matrix().astype(np.float64)[mouths.viseme] * mouths.amount[:, None]
    kinds = _kinds()
    target[:, _ROUNDING] = viseme_matrix().astype(np.float64)[mouths.viseme][:, _ROUNDING]
    target[:, _ROUNDING] *= np.maximum(mouths.amount, LEAST_ROUND)[:, None]
    jaw_column = MOUTH_CURVES.index("jawOpen")
    target[:, jaw_column] *= mouths.jaw
    before = np.maximum(mouths.start[None, :] - seconds[:, None], 0.0)
    after = np.maximum(seconds[:, None] - mouths.end[None, :], 0.0)
    names = list(VISEME_INDEX)
    rows = np.zeros((len(seconds), len(MOUTH_CURVES)))
    for kind, lead_in in LEAD_IN.items():
        strength = np.array([_strength_of(names[v], kind) for v in mouths.viseme])
        pull = strength * np.exp(-((before / lead_in) ** 2) - (after / LEAD_OUT[kind]) ** 2) + 1e-12
        pull /= pull.sum(axis=1, keepdims=True)
        columns = [i for i, k in enumerate(kinds) if k == kind]
        rows[:, columns] = pull @ target[:, columns]
    return rows


def _laid_over(
    rows: Doubles,
    seconds: Doubles,
    phonemes: Sequence[Phoneme],
    symbols: frozenset[str],
    viseme: str,
    ramp: float,
    hold: float,
) -> Doubles:
    """``rows`` with ``viseme`` at full strength in the middle of each phoneme of ``symbols``."""
    weight = held_weight(seconds, phonemes, symbols, ramp, hold)[:, None]
    shape = viseme_matrix().astype(np.float64)[VISEME_INDEX[viseme]]
    return np.asarray(rows * (1 - weight) + shape * weight)


def held_weight(
    seconds: Doubles, phonemes: Sequence[Phoneme], symbols: frozenset[str], ramp: float, hold: float
) -> Doubles:
    """How much the mouth of ``symbols`` is held at each moment: 1 in the middle of each for at least ``hold`` seconds,
    with eased ramps of ``ramp`` seconds on both sides.
    """
    spans = [(p.start / SAMPLE_RATE, p.end / SAMPLE_RATE) for p in phonemes if p.symbol in symbols]
    if not spans:
        return np.zeros(len(seconds))
    start, end = np.array(spans).T
    middle = (start + end) / 2
    half = np.clip((end - start) * 0.6, hold, LONGEST_HOLD) / 2
    away = np.maximum(np.abs(seconds[:, None] - middle[None, :]) - half[None, :], 0.0) / ramp
    return np.asarray((0.5 + 0.5 * np.cos(np.pi * np.minimum(away, 1.0))).max(axis=1))
