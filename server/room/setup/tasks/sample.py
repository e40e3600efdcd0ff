"""Speaks a sentence with a voice, for somebody who chooses one."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

from engine.flow import SAMPLE_RATE, Line, LineKind
from engine.settings.voice import Voice
from engine.speech import VoiceError, make_speaker
from server.room.setup.tasks import Plain, TaskError


def speak(given: Plain) -> Plain:
    """``backend``, ``name``, ``speed`` and ``text`` into a WAV file at ``out``, 16 bits mono."""
    voice = Voice(backend=given["backend"], name=given["name"], speed=given["speed"])
    try:
        utterance = make_speaker(voice).utter(Line("sample", LineKind.GREETING, given["text"]))
    except VoiceError as error:
        raise TaskError("sample_failed", str(error)) from error
    pcm = np.clip(utterance.pcm_48k * 32767, -32768, 32767).astype("<i2")
    out = Path(given["out"])
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_suffix(".partial")
    with wave.open(str(partial), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(pcm.tobytes())
    partial.replace(out)
    return {"seconds": round(len(pcm) / SAMPLE_RATE, 2)}
