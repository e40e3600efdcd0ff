"""The embedded English voice: hibari-tts, with the exact lengths of its phonemes.

The model computes a length for every phoneme id inside its graph (node output ``/Clip_output_0``, one unit is 600
samples at 24 kHz). That output is appended to the graph in memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib.metadata import version

import numpy as np
import soxr
from hibari import dsp
from hibari.voices import VOICES, voice_path

from engine.flow import SAMPLE_RATE
from engine.speech.base import Spoken, TextError, VoiceError
from engine.speech.english import EnglishSounds
from engine.speech.readings import SpokenWord
from engine.speech.segments import placed, sentences, session_with_durations
from engine.speech.trim import joined, trimmed

MODEL_RATE = 24_000
DURATION_OUTPUT = "/Clip_output_0"
DURATION_UNIT = 600 * SAMPLE_RATE // MODEL_RATE
LATE = int(0.055 * SAMPLE_RATE)
"""Predicted times are late by this much: the lag that best aligns predicted vowels with the sound's energy."""

SENTENCE_LEAD = int(0.12 * SAMPLE_RATE)
SENTENCE_TAIL = int(0.30 * SAMPLE_RATE)
LONGEST = 240
"""Letters of a sentence that is not cut."""


class HibariVoice:
    """One voice of the hibari-tts package, on one thread."""

    def __init__(self, voice: str) -> None:
        """Load ``voice``; raises VoiceError when its model cannot be had or has no duration output."""
        try:
            path = voice_path(voice, download_missing=False)
        except FileNotFoundError as missing:
            raise VoiceError(f"voice {voice!r} of backend 'hibari' is not installed; 'heart' always is") from missing
        self.version = f"hibari-{version('hibari-tts')}-{voice}-6"
        self._session = session_with_durations(path, DURATION_OUTPUT, arena=False)
        self._english = EnglishSounds(british=VOICES[voice]["british"])

    def synthesize(self, words: Sequence[SpokenWord], speed: float) -> Spoken:
        """Say ``words`` (up to about 400 phonemes a sentence; longer text is cut at pauses). A sentence without a sound
        that the voice knows is passed over.
        """
        said = [self._sentence(part, first, speed) for first, part in sentences(words, LONGEST)]
        parts = [part for part in said if part is not None]
        if not parts:
            raise TextError(f"the voice knows no sound for {' '.join(w.text for w in words)!r}")
        return joined([trimmed(part, SENTENCE_LEAD, SENTENCE_TAIL) for part in parts])

    def close(self) -> None:
        """See ``VoiceBackend``: nothing of it outlives the object."""

    def _sentence(self, words: Sequence[SpokenWord], first: int, speed: float) -> Spoken | None:
        symbols, owner = self._english.symbols(words)
        if not any(o >= 0 for o in owner):
            return None
        ids = [0, *(self._english.vocab[s] for s in symbols), 0]
        feed = {"ids": np.asarray([ids], np.int64), "speed": np.asarray([speed], np.float32)}
        *spectrum, lengths = self._session.run(None, feed)
        sound = dsp.synth(*(part[0] for part in spectrum), np.random.default_rng(_seed(ids, speed)))
        pcm_48k = np.asarray(soxr.resample(sound, MODEL_RATE, SAMPLE_RATE, quality="HQ"), np.float32)
        samples = np.ravel(lengths) * DURATION_UNIT
        return placed(pcm_48k, ["", *symbols, ""], [-1, *owner, -1], samples, LATE, first)


def _seed(ids: list[int], speed: float) -> int:
    return int.from_bytes(hashlib.sha256(f"{ids} {speed}".encode()).digest()[:8], "big")
