"""Log-mel frames of sound as it is produced.

A frame is ``WINDOW`` samples at 48 kHz (20 ms), one every ``HOP`` (10 ms); frame *i* is of samples ``i * HOP`` to
``i * HOP + WINDOW``. The sound is taken as it is, without a resampler, so that a frame depends on those samples only.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from engine.flow import SAMPLE_RATE, Floats

HOP = 480
WINDOW = 960
BANDS = 40
LOWEST_HZ, HIGHEST_HZ = 60.0, 7600.0
"""Nearly all voices and lines carry these; what is above differs between voices more than between mouths."""

FLOOR = 1e-7
"""Power of a band below which it is silent: about -70 dB of full scale."""


class LogMel:
    """Frames of a stream of sound."""

    def __init__(self) -> None:
        self._rest: Floats = np.zeros(0, np.float32)

    def push(self, pcm_48k: Floats) -> Floats:
        """The frames that ``pcm_48k`` completes, shape ``(frames, BANDS)``: natural logarithms of power."""
        sound = np.concatenate([self._rest, np.asarray(pcm_48k, np.float32)])
        frames = max(0, (len(sound) - WINDOW) // HOP + 1)
        self._rest = sound[frames * HOP :]
        if not frames:
            return np.zeros((0, BANDS), np.float32)
        return log_mel(np.lib.stride_tricks.sliding_window_view(sound, WINDOW)[::HOP][:frames])


def log_mel(windows: Floats) -> Floats:
    """Logarithms of the power in ``BANDS`` bands of each of ``windows``, shape ``(frames, WINDOW)``."""
    spectrum = np.fft.rfft(windows * _taper(), axis=1)
    power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
    return np.asarray(np.log(power[:, : _bank().shape[0]] @ _bank() + FLOOR), np.float32)


@cache
def _taper() -> Floats:
    """A Hann window whose power spectrum gives a full-scale sine the power of about 1."""
    window = np.hanning(WINDOW)
    return np.asarray(window / window.sum() * 2, np.float32)


@cache
def _bank() -> NDArray[np.float32]:
    """Triangles on the mel scale of O'Shaughnessy (1987), shape ``(bins, BANDS)``; without the bins above."""
    hertz = np.arange(WINDOW // 2 + 1) * SAMPLE_RATE / WINDOW
    mels = np.linspace(_mel(LOWEST_HZ), _mel(HIGHEST_HZ), BANDS + 2)
    low, centre, high = mels[:-2], mels[1:-1], mels[2:]
    at = _mel(hertz)[:, None]
    rows = np.maximum(0.0, np.minimum((at - low) / (centre - low), (high - at) / (high - centre)))
    return np.asarray(rows[hertz <= HIGHEST_HZ], np.float32)


def _mel(hertz: float | NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(2595.0 * np.log10(1.0 + np.asarray(hertz) / 700.0))
