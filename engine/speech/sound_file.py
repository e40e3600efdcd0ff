"""Sound as others send it, to mono at 48 kHz: WAV files and bare samples.

A WAV that was made while it was sent says nothing true of its own length; its sound then goes to the end. One that says
a length which a file can have, and is shorter, broke off on its way.
"""

from __future__ import annotations

import struct

import numpy as np
import soxr
from numpy.typing import NDArray

from engine.flow import SAMPLE_RATE, Floats
from engine.speech.sound_kind import kind_of

LONGEST_S = 120.0
RATES = range(8_000, 192_001)
MOST_CHANNELS = 8

UNKNOWN_FROM = 0x7FFFF000
"""Who writes a stream puts 0 or a size near the most that 31 or 32 bits hold into the place of its length."""

FORGIVEN = 64
"""Bytes that a length may be too large by: some count the head of the file in."""

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE


class SoundError(Exception):
    """These bytes are no sound that can be read; the text says why."""


def wav_48k(data: bytes) -> Floats:
    """A WAV file's sound: PCM of 8 to 32 bits, or float.

    Raises:
        SoundError: it is none, damaged, or longer than ``LONGEST_S``.
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise SoundError(f"this is no WAV file{_looks_like(data)}")
    layout: tuple[int, int, int, int] | None = None
    at = 12
    while at + 8 <= len(data):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        begin = at + 8
        if name == b"fmt " and size >= 16 and begin + size <= len(data):
            layout = _layout(data[begin : begin + size])
        if name == b"data":
            if layout is None:
                raise SoundError("the WAV file has its sound before its format")
            kind, channels, rate, bits = layout
            if len(data) - begin + FORGIVEN < size < UNKNOWN_FROM:
                raise SoundError("the WAV file is cut off")
            end = begin + size if 0 < size <= len(data) - begin else len(data)
            return mono_48k(_samples(data[begin:end], kind, bits), channels, rate)
        at = begin + size + size % 2
    raise SoundError("the WAV file has no sound in it")


def pcm_48k(data: bytes, rate: int) -> Floats:
    """Bare samples, mono, 16 bits, little endian.

    Raises:
        SoundError: they are something else, there are none, or more than ``LONGEST_S``.
    """
    if kind_of(data):
        raise SoundError(f"these are no bare samples{_looks_like(data)}")
    if len(data) % 2:
        raise SoundError("the last sample is cut off")
    return mono_48k(_samples(data, _PCM, 16), 1, rate)


def mono_48k(samples: Floats, channels: int, rate: int) -> Floats:
    """Interleaved samples at ``rate``, their channels mixed.

    Raises:
        SoundError: there are none, or more than ``LONGEST_S``.
    """
    whole = samples[: len(samples) // channels * channels].reshape(-1, channels).mean(1)
    if not len(whole):
        raise SoundError("the sound is empty")
    if len(whole) > LONGEST_S * rate:
        raise SoundError(f"the sound is longer than {LONGEST_S:g} s")
    if not np.isfinite(whole).all():
        raise SoundError("the sound is damaged")
    return np.asarray(soxr.resample(whole, rate, SAMPLE_RATE, quality="HQ"), np.float32)


def _layout(chunk: bytes) -> tuple[int, int, int, int]:
    kind, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", chunk)
    if kind == _EXTENSIBLE and len(chunk) >= 26:
        kind = int.from_bytes(chunk[24:26], "little")
    good = (kind == _PCM and bits in {8, 16, 24, 32}) or (kind == _FLOAT and bits in {32, 64})
    if not good or rate not in RATES or not 1 <= channels <= MOST_CHANNELS:
        raise SoundError(f"a WAV file of kind {kind} with {bits} bits, {channels} channels and {rate} Hz is not read")
    return kind, channels, rate, bits


def _samples(data: bytes, kind: int, bits: int) -> NDArray[np.float32]:
    """Samples within ±1."""
    size = bits // 8
    data = data[: len(data) // size * size]
    if kind == _FLOAT:
        return np.frombuffer(data, f"<f{size}").astype(np.float32)
    if bits == 8:
        return np.asarray((np.frombuffer(data, np.uint8).astype(np.float32) - 128) / 128, np.float32)
    if bits == 24:
        parts = np.frombuffer(data, np.uint8).reshape(-1, 3).astype(np.int32)
        whole = (parts[:, 0] << 8 | parts[:, 1] << 16 | parts[:, 2] << 24) >> 8
        return np.asarray(whole / 2**23, np.float32)
    return np.asarray(np.frombuffer(data, f"<i{size}") / 2.0 ** (bits - 1), np.float32)


def _looks_like(data: bytes) -> str:
    """What it seems to be instead."""
    if not data:
        return ": it is empty"
    kind = kind_of(data)
    return f", it looks like {kind}" if kind else ""
