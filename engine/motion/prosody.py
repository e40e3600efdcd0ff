"""What the voice stresses: loudness and pitch of each word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

from engine.flow import SAMPLE_RATE, Floats, Word

Doubles = NDArray[np.float64]
PITCH_RATE = 8000
PITCH_HOP = 80
"""10 ms at ``PITCH_RATE``."""

PITCH_WINDOW = 400
LOWEST_HZ, HIGHEST_HZ = 90.0, 420.0


@dataclass(frozen=True, slots=True)
class Stress:
    """A stressed word: when it is loudest (seconds), how much it stands out (0 to 1), and by how many semitones the
    voice rises there over the line's median (0 where it is not voiced).
    """

    word: int
    second: float
    strength: float
    rise: float = 0.0


def pitch_semitones(pcm_48k: Floats) -> Doubles:
    """Pitch every 10 ms in semitones over 100 Hz by autocorrelation; NaN where there is no voice."""
    low = soxr.resample(np.asarray(pcm_48k, np.float64), SAMPLE_RATE, PITCH_RATE, quality="MQ")
    frames = max(0, (len(low) - PITCH_WINDOW) // PITCH_HOP + 1)
    if frames == 0:
        return np.full(len(low) // PITCH_HOP, np.nan)
    view = np.lib.stride_tricks.sliding_window_view(low, PITCH_WINDOW)[::PITCH_HOP] * np.hanning(PITCH_WINDOW)
    spectrum = np.fft.rfft(view, 1024, axis=1)
    correlation = np.fft.irfft(np.abs(spectrum) ** 2, axis=1)
    first, last = int(PITCH_RATE / HIGHEST_HZ), int(PITCH_RATE / LOWEST_HZ)
    lag = first + np.argmax(correlation[:, first : last + 1], axis=1)
    height = correlation[np.arange(len(lag)), lag] / np.maximum(correlation[:, 0], 1e-9)
    energy = correlation[:, 0]
    voiced = (height > 0.42) & (energy > np.percentile(energy, 90) * 1e-3)
    return np.where(voiced, 12 * np.log2(PITCH_RATE / lag / 100.0), np.nan)


def stresses(pcm_48k: Floats, words: Sequence[Word], tonal: bool = False, apart: float = 0.85) -> tuple[Stress, ...]:
    """The words that stand out by loudness, pitch and length, at least ``apart`` seconds apart. In a ``tonal``
    language pitch belongs to the words and tells little of stress.
    """
    if not words:
        return ()
    hop = SAMPLE_RATE // 100
    frames = len(pcm_48k) // hop
    level = 10 * np.log10((pcm_48k[: frames * hop].reshape(frames, hop).astype(np.float64) ** 2).mean(axis=1) + 1e-9)
    pitch = pitch_semitones(pcm_48k)
    base = float(np.nanmedian(pitch)) if np.isfinite(pitch).any() else 0.0
    found = []
    for i, word in enumerate(words):
        a, b = word.start // hop, max(word.start // hop + 1, word.end // hop)
        if word.end - word.start < 0.12 * SAMPLE_RATE or a >= frames:
            continue
        span = pitch[a:b]
        rise = float(np.nanmax(span)) - base if np.isfinite(span).any() else 0.0
        at = a + int(np.argmax(level[a:b]))
        length = min(0.5, (word.end - word.start) / SAMPLE_RATE)
        raised = max(-2.0, min(6.0, rise)) / (9.0 if tonal else 3.0)
        found.append((float(level[at]) / 4.0 + raised + 3.0 * length, at / 100.0, i, rise))
    return _apart(found, apart)


def _apart(found: list[tuple[float, float, int, float]], apart: float) -> tuple[Stress, ...]:
    if not found:
        return ()
    scores = np.array([f[0] for f in found])
    middle, spread = float(np.median(scores)), float(scores.std()) + 1e-6
    kept: list[Stress] = []
    for score, second, word, rise in sorted(found, reverse=True):
        strength = (score - middle) / (2.2 * spread) + 0.25
        if strength < 0.3:
            break
        if all(abs(second - k.second) >= apart for k in kept):
            kept.append(Stress(word, second, min(1.0, strength), rise))
    return tuple(sorted(kept, key=lambda s: s.second))
