"""The mel spectrogram against librosa's, made by Wav2Lip's own recipe (``librosa_mel.npz``)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soxr

from engine.avatar.heads.mel import BANDS, FRAMES, HOP, RATE, WINDOW, mel, mel_window
from engine.flow import SAMPLE_RATE


@pytest.fixture(scope="module")
def known() -> tuple[np.ndarray, np.ndarray]:
    """A second of sound at 16 kHz, and librosa's levels of it (80, 81)."""
    with np.load(Path(__file__).with_name("librosa_mel.npz")) as arrays:
        return arrays["sound"] / 32767.0, arrays["mel"]


def test_levels_are_librosas(known) -> None:
    sound, levels = known
    padded = np.pad(sound, (WINDOW // 2, WINDOW // 2))
    # librosa pads behind the pre-emphasis, so its last frames do not hear the sound break off.
    assert np.abs(mel(padded, 0, levels.shape[1]) - levels)[:, :-3].max() < 1e-5
    assert levels.max() > -1
    assert levels.min() < -3, "the known levels say nothing"


def test_a_window_begins_with_its_picture(known) -> None:
    sound, levels = known
    pcm_48k = soxr.resample(sound, RATE, SAMPLE_RATE, quality="VHQ").astype(np.float32)
    for picture in (0, 3, 12):
        first = picture * SAMPLE_RATE // 25
        window = mel_window(pcm_48k, first)
        assert window.shape == (BANDS, FRAMES)
        # 25 pictures and 80 frames a second: a picture is 3.2 frames. Resampling loses the highest bands.
        frame = first * RATE / SAMPLE_RATE / HOP
        if frame == int(frame):
            known_part = levels[:70, int(frame) : int(frame) + FRAMES]
            assert np.abs(window[:70] - known_part).mean() < 0.06


def test_before_and_behind_the_sound_is_silence() -> None:
    pcm = np.full(SAMPLE_RATE, 0.1, np.float32)
    for sample in (-SAMPLE_RATE, 2 * SAMPLE_RATE, 10 * SAMPLE_RATE):
        assert (mel_window(pcm, sample) == -4).all()
    assert (mel_window(np.zeros(0, np.float32), 0) == -4).all()
