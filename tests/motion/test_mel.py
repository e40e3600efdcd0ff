from __future__ import annotations

import numpy as np
import pytest

from engine.flow import SAMPLE_RATE
from engine.motion.mel import BANDS, FLOOR, HOP, WINDOW, LogMel


def noise(seconds: float) -> np.ndarray:
    return (0.1 * np.random.default_rng(1).standard_normal(int(seconds * SAMPLE_RATE))).astype(np.float32)


def test_a_tone_is_heard_in_its_band():
    at = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    low, high = (LogMel().push(np.sin(2 * np.pi * f * at).astype(np.float32)) for f in (300, 3000))
    assert low.shape == (99, BANDS)
    assert low.dtype == np.float32
    assert int(low[50].argmax()) < int(high[50].argmax())
    assert np.allclose(low, low[50], atol=0.2)
    assert -1.5 < low[50].max() < 0.5
    assert np.sort(low[50])[-6] < low[50].max() - 4


def test_silence_is_the_floor():
    assert np.allclose(LogMel().push(np.zeros(WINDOW, np.float32)), np.log(FLOOR))


@pytest.mark.parametrize("step", [1, 333, HOP, 5000])
def test_pieces_give_the_same_frames(step):
    sound = noise(0.15)
    whole, parts = LogMel().push(sound), LogMel()
    pieces = np.concatenate([parts.push(sound[at : at + step]) for at in range(0, len(sound), step)])
    assert len(whole) == (len(sound) - WINDOW) // HOP + 1
    assert np.allclose(whole, pieces, atol=1e-5)


def test_a_frame_hears_its_own_samples_only():
    sound = noise(0.2)
    other = sound.copy()
    other[10 * HOP + WINDOW :] = 0.5
    changed = np.any(LogMel().push(sound) != LogMel().push(other), axis=1)
    assert not changed[:11].any()
    assert changed[11:].all()
