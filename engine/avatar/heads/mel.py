"""The mel spectrogram that Wav2Lip's networks hear.

16 kHz, frames of 800 samples every 200 (80 a second), pre-emphasis 0.97, 80 Slaney mel bands from 55 to 7600 Hz, levels
in dB from -100 to 0 laid onto -4 to 4 (hparams of Prajwal et al., "A Lip Sync Expert Is All You Need", 2020). The
arithmetic is checked against librosa's (``tests/avatar/heads/test_mel.py``).
"""

from __future__ import annotations

import functools

import numpy as np
import soxr
from numpy.typing import NDArray

from engine.flow import SAMPLE_RATE, Floats

RATE = 16_000
WINDOW, HOP = 800, 200
BANDS = 80
FRAMES = 16
"""Frames that the network hears at a time: 0.2 s from the picture's beginning on."""

LOWEST_HZ, HIGHEST_HZ = 55.0, 7600.0
PRE_EMPHASIS = 0.97
REFERENCE_DB, LEAST_DB, MOST = 20.0, -100.0, 4.0

_MARGIN = int(0.04 * SAMPLE_RATE)
"""Samples beside what is needed, so that the resampler's edges lie outside."""

Doubles = NDArray[np.float64]


def mel_window(pcm_48k: Floats, sample: int) -> Floats:
    """The network's view (``BANDS``, ``FRAMES``) of a line's sound from ``sample`` on; outside of it is silence.

    Frame *k* is centred *k* hops behind ``sample``.
    """
    ratio = SAMPLE_RATE // RATE
    before = WINDOW // 2 * ratio + _MARGIN
    first = sample - before
    last = sample + ((FRAMES - 1) * HOP + WINDOW // 2) * ratio + _MARGIN
    piece = np.zeros(last - first, np.float64)
    inside = slice(max(first, 0), max(min(last, len(pcm_48k)), 0))
    if inside.stop > inside.start:
        piece[inside.start - first : inside.stop - first] = pcm_48k[inside]
    sound = soxr.resample(piece, SAMPLE_RATE, RATE, quality="MQ")
    begin = before // ratio - WINDOW // 2
    return mel(np.asarray(sound), begin, FRAMES)


def mel(sound: Doubles, begin: int, frames: int) -> Floats:
    """Levels (``BANDS``, ``frames``) of ``sound`` at ``RATE``; the first frame's samples begin at ``begin``, over 0."""
    emphasised = sound.copy()
    emphasised[1:] -= PRE_EMPHASIS * sound[:-1]
    at = begin + np.arange(frames)[:, None] * HOP + np.arange(WINDOW)
    power = np.abs(np.fft.rfft(emphasised[at] * _hann(), axis=1))
    level = 20 * np.log10(np.maximum(1e-5, _bands() @ power.T)) - REFERENCE_DB
    laid = 2 * MOST * (level - LEAST_DB) / -LEAST_DB - MOST
    return np.clip(laid, -MOST, MOST).astype(np.float32)


@functools.lru_cache(maxsize=1)
def _hann() -> Doubles:
    """A periodic Hann window."""
    return np.asarray(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW))


@functools.lru_cache(maxsize=1)
def _bands() -> Doubles:
    """Triangles of equal area (``BANDS``, ``WINDOW // 2 + 1``), evenly spaced on Slaney's mel scale."""
    lowest, highest = _mel_of(np.array([LOWEST_HZ, HIGHEST_HZ])).tolist()
    edges = _hertz(np.linspace(lowest, highest, BANDS + 2))
    at = np.fft.rfftfreq(WINDOW, 1 / RATE)
    width = np.diff(edges)
    slopes = edges[:, None] - at[None, :]
    rising, falling = -slopes[:-2] / width[:-1, None], slopes[2:] / width[1:, None]
    return np.asarray(np.maximum(0, np.minimum(rising, falling)) * (2 / (edges[2:] - edges[:-2]))[:, None])


_LINEAR_TO, _LINEAR_STEP, _LOG_STEP = 1000.0, 200 / 3, np.log(6.4) / 27
"""Slaney's Auditory Toolbox (1998): linear to 1 kHz, then logarithmic."""


def _mel_of(hertz: Doubles) -> Doubles:
    above = _LINEAR_TO / _LINEAR_STEP + np.log(np.maximum(hertz, 1) / _LINEAR_TO) / _LOG_STEP
    return np.asarray(np.where(hertz < _LINEAR_TO, hertz / _LINEAR_STEP, above))


def _hertz(mels: Doubles) -> Doubles:
    knee = _LINEAR_TO / _LINEAR_STEP
    return np.asarray(np.where(mels < knee, mels * _LINEAR_STEP, _LINEAR_TO * np.exp(_LOG_STEP * (mels - knee))))
