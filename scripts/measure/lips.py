"""Lips against sound: the lag that aligns them, and lips closed where they must be. Pure functions.

All times are seconds. ``opening`` is the gap between the inner lips over the height of the face, one value a picture
(NaN where no face was found).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.flow import SAMPLE_RATE, Phoneme

Floats64 = NDArray[np.float64]

VOWELS = frozenset("aeiouyæɑɒɔəɚɛɜɝɪʊʌɐɨʉøœɵɤIAWYOQᵊᵻ")
"""Vowels of IPA, and the misaki alphabet's capitals for diphthongs."""

BILABIALS = frozenset("pbm")

LAG_LIMIT_S = 0.3
LAG_STEP_S = 0.005
LAGS_S = np.arange(-LAG_LIMIT_S, LAG_LIMIT_S + LAG_STEP_S / 2, LAG_STEP_S)
_ENVELOPE_RATE = 1000

GOOD_MATCH = 0.4
"""Least correlation between mouth and sound for a lag to mean something."""


@dataclass(frozen=True, slots=True)
class Lag:
    """``seconds`` > 0: the picture comes after the sound. ``match`` is the correlation at that lag."""

    seconds: float
    match: float


def is_vowel(symbol: str) -> bool:
    """Whether a phoneme (with or without stress and length marks) is a vowel."""
    return any(c in VOWELS for c in symbol)


def vowel_envelope(pcm_48k: NDArray[np.float32], phonemes: Sequence[Phoneme]) -> Floats64:
    """Smoothed RMS of the sound within vowels, 0 elsewhere, ``_ENVELOPE_RATE`` values a second."""
    step = SAMPLE_RATE // _ENVELOPE_RATE
    mask = np.zeros(len(pcm_48k), bool)
    for phoneme in phonemes:
        if is_vowel(phoneme.symbol):
            mask[phoneme.start : phoneme.end] = True
    power = np.where(mask, pcm_48k.astype(np.float64) ** 2, 0.0)
    whole = len(power) // step * step
    milliseconds = power[:whole].reshape(-1, step).mean(axis=1)
    # 50 ms: longer than a pitch period, shorter than a vowel.
    smooth = np.convolve(milliseconds, np.hanning(52)[1:-1] / np.hanning(52).sum(), mode="same")
    envelope: Floats64 = np.sqrt(smooth)
    return envelope


def sampled(curve: Floats64, rate: float, times_s: Floats64) -> Floats64:
    """``curve`` (``rate`` values a second from time 0 on) at ``times_s``; 0 outside it."""
    return np.interp(times_s * rate, np.arange(len(curve)), curve, left=0.0, right=0.0)


def lag_curve(
    opening: Floats64, picture_times_s: Floats64, curve: Floats64, rate: float = _ENVELOPE_RATE
) -> Floats64 | None:
    """Pearson's correlation of ``opening`` with ``curve`` at each of ``LAGS_S``.

    ``curve`` begins at time 0 of ``picture_times_s``. None when fewer than 12 pictures have a face, or the mouth does
    not move.
    """
    seen = np.isfinite(opening)
    if seen.sum() < 12 or np.std(opening[seen]) == 0:
        return None
    mouth = (opening[seen] - opening[seen].mean()) / opening[seen].std()
    times = picture_times_s[seen]
    return np.array([_correlation(mouth, sampled(curve, rate, times - lag)) for lag in LAGS_S])


def peak(matches: Floats64) -> Lag | None:
    """The lag at the top of a ``lag_curve``, refined by a parabola; None when it lies at the edge of the range."""
    best = int(matches.argmax())
    if best in {0, len(LAGS_S) - 1}:
        return None
    left, top, right = matches[best - 1 : best + 2]
    bend = left - 2 * top + right
    shift = 0.5 * (left - right) / bend if bend < 0 else 0.0
    return Lag(float(LAGS_S[best] + shift * LAG_STEP_S), float(top))


def best_lag(opening: Floats64, picture_times_s: Floats64, curve: Floats64, rate: float = _ENVELOPE_RATE) -> Lag | None:
    """``peak`` of the ``lag_curve``."""
    matches = lag_curve(opening, picture_times_s, curve, rate)
    return None if matches is None else peak(matches)


def _correlation(standard: Floats64, other: Floats64) -> float:
    spread = float(other.std())
    return float((standard * (other - other.mean())).mean() / spread) if spread > 0 else 0.0


def closed_threshold(silent: Floats64, speaking: Floats64) -> float:
    """Opening below which lips count as closed: a fifth of the way from rest to wide open.

    Rest is the median opening in silence, wide open the 90th percentile of the opening in speech. The landmark
    model's own noise on closed lips is a few percent of that way.
    """
    rest = float(np.nanmedian(silent))
    wide = float(np.nanpercentile(speaking, 90))
    return rest + 0.2 * max(0.0, wide - rest)


@dataclass(frozen=True, slots=True)
class Closures:
    """How many p, b and m were looked at, and in how many the lips were seen closed."""

    looked_at: int
    closed: int


def closures(
    phonemes: Sequence[Phoneme], picture_times_s: Floats64, opening: Floats64, threshold: float, picture_s: float = 0.04
) -> Closures:
    """p, b and m with at least one picture of closed lips within the phoneme, widened by half a picture each way.

    Widening makes sure that even a short closure has a picture. A run of them ("mb") counts as one closure.
    """
    looked_at = closed = 0
    for start, end in _bilabial_spans(phonemes):
        within = (picture_times_s >= start - picture_s / 2) & (picture_times_s <= end + picture_s / 2)
        gaps = opening[within]
        gaps = gaps[np.isfinite(gaps)]
        if len(gaps):
            looked_at += 1
            closed += bool((gaps <= threshold).any())
    return Closures(looked_at, closed)


def _bilabial_spans(phonemes: Sequence[Phoneme]) -> list[tuple[float, float]]:
    spans: list[tuple[float, float]] = []
    joined = False
    for phoneme in phonemes:
        bilabial = any(c in BILABIALS for c in phoneme.symbol)
        start, end = phoneme.start / SAMPLE_RATE, phoneme.end / SAMPLE_RATE
        if bilabial and joined:
            spans[-1] = (spans[-1][0], end)
        elif bilabial:
            spans.append((start, end))
        joined = bilabial
    return spans
