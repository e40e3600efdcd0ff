"""The ear lets every voice of this program pass, and neither silence nor noise nor a tone."""

from __future__ import annotations

import numpy as np
import pytest

from engine.flow import SAMPLE_RATE
from engine.speech.hearing import why_no_speech, why_no_voice
from engine.speech.hibari import HibariVoice
from engine.speech.reader import read_text
from tests.speech.sounds import TEXT, noise, silence, speech, tone

WORDS = read_text(TEXT)[1]
SECOND = np.arange(2 * SAMPLE_RATE) / SAMPLE_RATE


@pytest.mark.parametrize(
    "text", ["Hi!", "No.", "Wow!", "$19.99.", "OK.", TEXT, "It keeps drinks cold for 24 hours; and hot, well, for 12."]
)
@pytest.mark.parametrize("speed", [0.7, 1.4])
def test_speech_passes(voice: HibariVoice, text: str, speed: float) -> None:
    words = read_text(text)[1]
    assert why_no_speech(words, voice.synthesize(words, speed).pcm_48k) == ""


@pytest.mark.parametrize("gain", [0.02, 3.0])
def test_soft_and_loud_speech_passes(gain: float) -> None:
    assert why_no_speech(WORDS, np.clip(gain * speech(), -1, 1)) == ""


@pytest.mark.parametrize(
    ("sound", "why"),
    [
        (silence(2.0), "the sound is silence"),
        (silence(0.0), "the sound is silence"),
        (0.0005 * speech(), "the sound is silence"),
        (np.full(SAMPLE_RATE, 0.5, np.float32), "the sound is silence"),
        (np.full(SAMPLE_RATE, np.nan, np.float32), "the sound is damaged"),
        (noise(2.0), "the sound is noise or a tone"),
        (tone(2.0), "the sound is noise or a tone"),
        (tone(2.0, 50.0), "the sound is noise or a tone"),
        (0.3 * np.sign(tone(2.0, 110.0)), "the sound is noise or a tone"),
        ((tone(2.0) * (1 + np.sin(2 * np.pi * 4 * SECOND)) / 2).astype(np.float32), "the sound is noise or a tone"),
        (speech()[20_000:24_800], "cannot be 7 words"),
        (speech()[20_000:35_000], "cannot be 7 words"),
        (np.tile(speech(), 12), "cannot be 7 words"),
    ],
)  # fmt: skip
def test_what_is_no_speech_is_found_out(sound: np.ndarray, why: str) -> None:
    assert why in why_no_speech(WORDS, sound)


@pytest.mark.parametrize(
    ("sound", "why"),
    [
        (speech(), ""),
        (silence(10.0), "the sound is silence"),
        (noise(10.0), "the sound is noise or a tone"),
        (tone(10.0), "the sound is noise or a tone"),
        (np.concatenate([silence(9.0), speech()[:30_000]]), "s of it are heard"),
    ],
)
def test_whether_anybody_speaks(sound: np.ndarray, why: str) -> None:
    told = why_no_voice(sound, 1.0)
    assert why in told
    assert bool(told) == bool(why)
