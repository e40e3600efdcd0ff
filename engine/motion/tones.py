"""Mandarin tones in head and brows: speakers lift with a rising tone, dip with a low one and nod with a falling one.

After Cvejic, Kim and Davis (2010) and Chen and Massaro (2008), who found tones in the head's and the neck's motion. The
moves are small: a tone is in every syllable, and only those of stressed words show it fully.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.flow import SAMPLE_RATE, Phoneme
from engine.motion.prosody import Stress

Doubles = NDArray[np.float64]

HEAD_DEGREES: dict[int, tuple[float, float]] = {1: (0.45, 0.35), 2: (-0.35, 0.95), 3: (-1.05, -0.30), 4: (0.60, -1.05)}
"""Degrees that the head is lifted by the beginning and by the end of a syllable, by tone."""

BROW: dict[int, float] = {1: 0.03, 2: 0.09, 3: -0.03, 4: 0.02}
"""How far the brows rise towards the syllable's end."""

QUIET = 0.35
"""Share of the move in a word that is not stressed."""

STRESS_REACH = 0.30
"""Seconds around a stress in which syllables are stressed."""

WIDTH = 0.075
"""Half the length in seconds of one move: shorter ones would look like trembling."""


def tone_curves(
    phonemes: Sequence[Phoneme], stressed: Sequence[Stress], seconds: Doubles
) -> tuple[Doubles, Doubles] | None:
    """Degrees of head pitch (up is positive) and the rise of the brows at ``seconds``; None in a toneless language."""
    spoken = [p for p in phonemes if p.tone]
    if not spoken:
        return None
    pitch, brow = np.zeros(len(seconds)), np.zeros(len(seconds))
    for phoneme in spoken:
        start, end = phoneme.start / SAMPLE_RATE, phoneme.end / SAMPLE_RATE
        share = max([QUIET, *(s.strength for s in stressed if abs(s.second - start) < STRESS_REACH)])
        first, last = HEAD_DEGREES[phoneme.tone]
        pitch += share * (first * _bump(seconds, start - WIDTH / 2) + last * _bump(seconds, end))
        brow += share * BROW[phoneme.tone] * _bump(seconds, end)
    return pitch, brow


def _bump(seconds: Doubles, middle: float) -> Doubles:
    away = np.clip(np.abs(seconds - middle) / (2 * WIDTH), 0.0, 1.0)
    return np.asarray(0.5 + 0.5 * np.cos(np.pi * away))
