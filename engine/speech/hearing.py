"""Whether a sound can be the speech that was asked for: not silence, not noise, not a tone, neither too short nor long.

A cheap ear for voices that others run. It does not understand words. Its bounds lie well outside of what the voices of
this program make of the demo catalogue (``tests/speech/test_hearing.py``), so that good speech is never refused.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import soxr

from engine.flow import SAMPLE_RATE, Floats
from engine.speech.pauses import likely_length, stretches
from engine.speech.readings import SpokenWord
from engine.speech.timing import Doubles

RATE = 16_000
FRAME, STEP = 512, 160
"""Samples at ``RATE`` of a frame, and from one to the next (10 ms)."""

SILENT_DB = -55.0
"""A sound whose loudest frame is softer (dB full scale) is silence."""

LONGEST_UNIT, SHORTEST_UNIT = 0.75, 0.05
"""Seconds of heard sound for a unit of ``likely_length``; speech takes 0.10 to 0.25."""

SLACK_S = 1.5
"""A short line may be this much longer: a breath, a drawn last word."""

JUDGED_S = 0.4
"""A shorter sound is judged by its length and level only."""

RANGE_DB = 35.0
"""Frames that are softer than the loudest by more are pauses."""

LEAST_SWING_DB = 5.0
"""Levels of frames (their 10th to 90th percentile) that differ less are a tone or steady noise."""

LEAST_COLOUR = 0.12
"""Octaves by which the spectrum's middle moves about (standard deviation)."""

LEAST_VOICED = 0.03
"""Share of frames with a pitch of 60 to 500 Hz."""

PITCHED = 0.45
"""Height of the autocorrelation's peak in a frame with a pitch."""


def why_no_speech(words: Sequence[SpokenWord], pcm_48k: Floats) -> str:
    """Why this cannot be ``words`` being said; "" where it can."""
    if not np.isfinite(pcm_48k).all():
        return "the sound is damaged"
    frames = _frames(pcm_48k)
    levels = 10 * np.log10(np.mean(frames**2, 1) + 1e-12)
    if levels.max(initial=-120.0) < SILENT_DB:
        return "the sound is silence"
    heard_s = sum(b - a for a, b in stretches(pcm_48k)) / SAMPLE_RATE
    units = sum(likely_length(word) for word in words)
    if not SHORTEST_UNIT * units <= heard_s <= LONGEST_UNIT * units + SLACK_S:
        return f"{heard_s:.1f} s of sound cannot be {len(words)} words"
    return "the sound is noise or a tone" if heard_s >= JUDGED_S and _is_dull(frames, levels) else ""


def why_no_voice(pcm_48k: Floats, least_s: float) -> str:
    """Why nobody speaks here for ``least_s``, whatever is said; "" where somebody may."""
    frames = _frames(pcm_48k)
    levels = 10 * np.log10(np.mean(frames**2, 1) + 1e-12)
    if levels.max(initial=-120.0) < SILENT_DB:
        return "the sound is silence"
    heard_s = sum(b - a for a, b in stretches(pcm_48k)) / SAMPLE_RATE
    if heard_s < least_s:
        return f"only {heard_s:.1f} s of it are heard"
    return "the sound is noise or a tone" if _is_dull(frames, levels) else ""


def _is_dull(frames: Doubles, levels: Doubles) -> bool:
    """Whether frames, with their levels in dB, lack what speech has."""
    swing, colour, voiced = character(frames[levels > levels.max() - RANGE_DB])
    return swing < LEAST_SWING_DB or colour < LEAST_COLOUR or voiced < LEAST_VOICED


def character(frames: Doubles) -> tuple[float, float, float]:
    """Of frames (n, ``FRAME``): how their levels swing (dB), how their spectra's middles move (octaves), and the share
    that has a pitch.
    """
    levels = 10 * np.log10(np.mean(frames**2, 1) + 1e-12)
    low, high = np.percentile(levels, (10, 90))
    spectra = np.fft.rfft(frames * np.hanning(FRAME), 2 * FRAME)
    power = np.abs(spectra) ** 2
    hertz = np.fft.rfftfreq(2 * FRAME, 1 / RATE)
    middle = (power[:, 1:] @ np.log2(hertz[1:])) / np.maximum(power[:, 1:].sum(1), 1e-12)
    echo = np.fft.irfft(power)[:, RATE // 500 : RATE // 60]
    peak = echo.max(1) / np.maximum(np.fft.irfft(power)[:, 0], 1e-12)
    return float(high - low), float(np.std(middle)), float(np.mean(peak > PITCHED))


def _frames(pcm_48k: Floats) -> Doubles:
    """The sound at ``RATE`` in frames (n, ``FRAME``), without its constant part."""
    moving = np.asarray(pcm_48k, np.float64) - (np.mean(pcm_48k) if len(pcm_48k) else 0.0)
    sound = np.pad(soxr.resample(moving, SAMPLE_RATE, RATE, quality="LQ"), (0, FRAME))
    return np.lib.stride_tricks.sliding_window_view(sound, FRAME)[::STEP]
