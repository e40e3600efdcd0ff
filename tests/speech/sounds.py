"""Sound for tests: real speech as an endpoint would send it, and what is no speech."""

from __future__ import annotations

import functools
import io
import struct
import wave

import numpy as np
from numpy.typing import NDArray

from engine.flow import SAMPLE_RATE, Floats, Line, LineKind
from engine.settings.voice import Voice
from engine.speech import make_speaker

TEXT = "The Kiln mug keeps your coffee warm."


@functools.lru_cache(maxsize=4)
def speech(text: str = TEXT) -> Floats:
    """``text`` in the embedded voice, 48 kHz."""
    return make_speaker(Voice()).utter(Line("l", LineKind.SAY, text)).pcm_48k


def sixteen_bits(pcm: Floats) -> NDArray[np.int16]:
    return np.clip(pcm * 32767, -32768, 32767).astype("<i2")


def wav(pcm: Floats, rate: int = SAMPLE_RATE) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(sixteen_bits(pcm).tobytes())
    return out.getvalue()


def streamed_wav(pcm: Floats) -> bytes:
    """As an endpoint writes it that does not know the length yet."""
    whole = bytearray(wav(pcm))
    whole[4:8] = whole[40:44] = struct.pack("<I", 0xFFFFFFFF)
    return bytes(whole)


def tone(seconds: float, hertz: float = 220.0) -> Floats:
    return (0.3 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE)).astype(np.float32)


def noise(seconds: float) -> Floats:
    return np.random.default_rng(1).normal(0, 0.1, round(seconds * SAMPLE_RATE)).astype(np.float32)


def silence(seconds: float) -> Floats:
    return np.zeros(round(seconds * SAMPLE_RATE), np.float32)
