from __future__ import annotations

import struct

import numpy as np
import pytest

from engine.flow import SAMPLE_RATE
from engine.speech.sound_file import SoundError, pcm_48k, wav_48k
from tests.speech.sounds import tone

RATE = 24_000
TONE = tone(0.5)[::2]


def riff(kind: int, bits: int, data: bytes, channels: int = 1, rate: int = RATE, before: bytes = b"") -> bytes:
    layout = struct.pack("<HHIIHH", kind, channels, rate, rate * channels * bits // 8, channels * bits // 8, bits)
    body = b"WAVE" + before + b"fmt " + struct.pack("<I", 16) + layout + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def packed(bits: int) -> bytes:
    if bits == 24:
        whole = np.round(TONE * (2**23 - 1)).astype("<i4")
        return whole.view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
    if bits == 8:
        return np.round(TONE * 127 + 128).astype(np.uint8).tobytes()
    return np.round(TONE.astype(np.float64) * (2 ** (bits - 1) - 1)).astype(f"<i{bits // 8}").tobytes()


@pytest.mark.parametrize(("bits", "off"), [(8, 0.02), (16, 2e-3), (24, 2e-3), (32, 2e-3)])
def test_whole_numbers_of_every_size(bits: int, off: float) -> None:
    sound = wav_48k(riff(1, bits, packed(bits)))
    assert len(sound) == SAMPLE_RATE // 2
    assert np.abs(sound - tone(0.5))[500:-500].max() < off


def test_floats_stereo_and_odd_chunks_before() -> None:
    pair = np.column_stack([TONE, np.zeros_like(TONE)]).astype("<f4").tobytes()
    sound = wav_48k(riff(3, 32, pair, channels=2, before=b"LIST" + struct.pack("<I", 3) + b"abc\0"))
    assert np.abs(sound - tone(0.5) / 2)[500:-500].max() < 2e-3


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (riff(1, 16, packed(16), channels=0), "0 channels"),
        (riff(1, 16, packed(16), channels=200), "200 channels"),
        (riff(1, 12, packed(16)), "12 bits"),
        (riff(2, 4, packed(16)), "kind 2"),
        (riff(1, 16, packed(16), rate=1), "1 Hz"),
        (riff(1, 16, bytes(2 * 121 * 8000), rate=8000), "longer than 120 s"),
        (riff(3, 32, np.full(100, np.nan, "<f4").tobytes()), "damaged"),
        (b"RIFF\0\0\0\0WAVEdata\x04\0\0\0abcd", "sound before its format"),
        (b"<html>", "a web page"),
        (b"OggS", "Ogg"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, why: str) -> None:
    with pytest.raises(SoundError, match=why):
        wav_48k(data)


def test_a_wav_that_was_asked_for_as_samples_is_found_out() -> None:
    with pytest.raises(SoundError, match="it looks like WAV"):
        pcm_48k(riff(1, 16, packed(16)), RATE)
