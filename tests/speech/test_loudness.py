from __future__ import annotations

import numpy as np
import pytest

from engine.flow import SAMPLE_RATE
from engine.speech.loudness import PEAK_CEILING, faded, limited, loudness_lufs, normalised, true_peak


def tone(seconds: float, level: float, hz: float = 997.0) -> np.ndarray:
    return (level * np.sin(2 * np.pi * hz * np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE)).astype(np.float32)


def test_a_reference_tone_measures_as_bs1770_says():
    assert loudness_lufs(tone(2.0, 10 ** (-20 / 20))) == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize("seconds", [0.15, 0.5, 3.0])
def test_tones_of_every_length_reach_the_target(seconds):
    assert loudness_lufs(normalised(tone(seconds, 0.01), -16.0)) == pytest.approx(-16.0, abs=0.3)


def test_pauses_do_not_make_it_louder():
    spoken = np.concatenate([tone(1.0, 0.1), np.zeros(2 * SAMPLE_RATE, np.float32), tone(1.0, 0.1)])
    assert np.abs(normalised(spoken, -16.0)).max() == pytest.approx(
        np.abs(normalised(tone(2.0, 0.1), -16.0)).max(), rel=0.1
    )


def test_silence_stays_silence():
    assert not normalised(np.zeros(SAMPLE_RATE, np.float32)).any()


def test_the_limiter_holds_true_peaks_and_leaves_the_rest():
    sound = tone(1.0, 0.2)
    sound[24000:24048] *= 9.0
    out = limited(sound)
    assert true_peak(out) <= PEAK_CEILING * 1.001
    assert np.allclose(out[:20000], sound[:20000] * (out[0:20000].max() / sound[0:20000].max()), atol=1e-5)
    assert limited(tone(0.5, 0.2)) is not None
    gain = out[sound != 0] / sound[sound != 0]
    assert np.abs(np.diff(gain)).max() < 0.02


def test_fades_are_short_and_leave_the_middle():
    out = faded(np.ones(SAMPLE_RATE, np.float32))
    assert out[0] < 1e-3
    assert out[-1] < 1e-3
    assert np.all(out[400:-400] == 1.0)
    assert np.all(np.diff(out[:288]) > 0)
    assert len(faded(np.ones(3, np.float32))) == 3
