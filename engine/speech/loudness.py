"""Loudness of single utterances (ITU-R BS.1770-4), a true-peak limiter, and edge fades."""

from __future__ import annotations

import warnings

import numpy as np
import pyloudnorm
import soxr
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from engine.flow import SAMPLE_RATE, Floats

SHOW_LUFS = -16.0
"""What a viewer's two speakers give, and what platforms measure in the stereo stream."""

TARGET_LUFS = SHOW_LUFS - 3.01 + 0.2
"""Of each mono line. The same sound in both channels counts double (ITU-R BS.1770: +3.01 dB); the pauses between
lines take 0.2 dB off the whole show.
"""
PEAK_CEILING = 10 ** (-1.5 / 20)
"""Highest true peak: -1.5 dBFS."""

LIMITER_WINDOW = int(0.005 * SAMPLE_RATE) | 1
"""The limiter's gain looks this many samples around (5 ms) and moves as smoothly."""

FADE = int(0.006 * SAMPLE_RATE)
_METER = pyloudnorm.Meter(SAMPLE_RATE, block_size=0.4)
_MIN_SAMPLES = int(0.8 * SAMPLE_RATE)


def loudness_lufs(pcm_48k: Floats) -> float:
    """Integrated loudness with both gates. A short sound is repeated to 0.8 s first, so that blocks are full."""
    sound = pcm_48k if len(pcm_48k) >= _MIN_SAMPLES else np.resize(pcm_48k, _MIN_SAMPLES)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return float(_METER.integrated_loudness(np.asarray(sound, np.float64)))


def true_peak(pcm_48k: Floats) -> float:
    """Highest absolute value at four times the rate (BS.1770-4 annex 2)."""
    return float(np.abs(soxr.resample(pcm_48k, SAMPLE_RATE, 4 * SAMPLE_RATE)).max(initial=0.0))


def normalised(pcm_48k: Floats, lufs: float = TARGET_LUFS) -> Floats:
    """The sound at ``lufs`` with true peaks under ``PEAK_CEILING``. Silence stays as it is.

    Limiting takes a little loudness away, so gain and limiter are applied until both hold (at most four times).
    """
    sound = pcm_48k
    for _ in range(4):
        now = loudness_lufs(sound)
        if not np.isfinite(now):
            return pcm_48k
        sound = limited(np.asarray(sound * 10 ** ((lufs - now) / 20), np.float32))
        if abs(loudness_lufs(sound) - lufs) < 0.1:
            break
    return sound


def limited(pcm_48k: Floats, ceiling: float = PEAK_CEILING) -> Floats:
    """Peaks brought under ``ceiling`` by a gain that moves smoothly over ``LIMITER_WINDOW``, without clipping."""
    over = soxr.resample(pcm_48k, SAMPLE_RATE, 4 * SAMPLE_RATE)[: 4 * len(pcm_48k)]
    peaks = np.abs(np.pad(over, (0, 4 * len(pcm_48k) - len(over)))).reshape(-1, 4).max(axis=1)
    if peaks.max(initial=0.0) <= ceiling:
        return pcm_48k
    held = maximum_filter1d(np.maximum(peaks, ceiling), LIMITER_WINDOW)
    gain = uniform_filter1d(ceiling / held, LIMITER_WINDOW)
    return np.asarray(pcm_48k * gain * 0.998, np.float32)


def faded(pcm_48k: Floats) -> Floats:
    """A copy with raised-cosine edges of ``FADE`` samples, so that a start or an end never clicks."""
    out = np.array(pcm_48k, np.float32)
    n = min(FADE, len(out) // 2)
    ramp = (0.5 - 0.5 * np.cos(np.pi * (np.arange(n) + 0.5) / max(1, n))).astype(np.float32)
    out[:n] *= ramp
    out[len(out) - n :] *= ramp[::-1]
    return out
