from __future__ import annotations

import struct

import numpy as np
import pytest

from engine.flow import SAMPLE_RATE
from engine.speech.sound_file import SoundError, pcm_48k, wav_48k
from tests.speech.sounds import streamed_wav, tone, wav

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


MP3 = b"\xff\xfb\x90\x64" + bytes(413)
"""A frame of 128 kbit/s at 44.1 kHz."""

AAC = b"\xff\xf1\x50\x80\x0c\x9f\xfc" + bytes(93)
"""A frame of 100 bytes."""


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (MP3 * 8, "it looks like MP3"),
        (MP3, "it looks like MP3"),
        (b"\xff\xf3\x84\xc4" + bytes(188) + b"\xff\xf3\x84\xc4" + bytes(188), "it looks like MP3"),
        (AAC * 8, "it looks like AAC"),
        (b"ID3\x04" + bytes(400), "it looks like MP3"),
        (b"OggS" + bytes(400), "it looks like Ogg"),
        ('{"error": "没有额度"}'.encode() * 40, "it looks like JSON"),
        (b"<html>" + b" " * 400, "it looks like a web page"),
        (bytes(401), "the last sample is cut off"),
        (b"", "the sound is empty"),
    ],
)
def test_what_is_no_bare_samples_says_why(data: bytes, why: str) -> None:
    with pytest.raises(SoundError, match=why):
        pcm_48k(data, RATE)


@pytest.mark.parametrize("head", [b"{\x00", b"<\x00", b"{\xff", MP3[:4], AAC[:6]])
def test_bare_samples_may_begin_with_any_bytes(head: bytes) -> None:
    assert len(pcm_48k(head + packed(16), RATE)) >= SAMPLE_RATE // 2


def test_a_wav_that_broke_off_is_told_and_one_that_was_streamed_is_whole() -> None:
    whole = wav(tone(0.5))
    with pytest.raises(SoundError, match="the WAV file is cut off"):
        wav_48k(whole[: len(whole) // 2])
    for told in (0, 0x7FFFFFFF, 0xFFFFFFFF - 36, len(whole)):
        streamed = bytearray(streamed_wav(tone(0.5)))
        streamed[40:44] = struct.pack("<I", told)
        assert len(wav_48k(bytes(streamed))) == SAMPLE_RATE // 2
