"""A voice of Coqui ``TTS``, which speaks in a process of its own: one that hangs is killed and started again."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from engine.flow import Floats
from engine.settings.errors import Problem
from engine.settings.helper import START_S, Helper, HelperError
from engine.settings.voice import Coqui, OneVoice
from engine.settings.weights import sha256_of
from engine.speech.base import NotReadyError, Spoken, VoiceError, untimed
from engine.speech.coqui import place
from engine.speech.coqui.checks import coqui_problems
from engine.speech.plain_text import text_of
from engine.speech.readings import SpokenWord
from engine.speech.scripts import is_chinese
from engine.speech.segments import sentences
from engine.speech.sound_file import LONGEST_S, SoundError, mono_48k

MOST_BYTES = int(LONGEST_S) * 48_000 * 4

LONGEST = 180
"""Letters of a sentence that is not cut; XTTS takes 250 at most, of Chinese 82."""

LONGEST_CHINESE = 60

PAUSE = int(0.25 * 48_000)
"""Silence between two sentences of a line."""


FEW_LAYERS_KEPT = {"ONEDNN_PRIMITIVE_CACHE_CAPACITY": "8", "LRU_CACHE_CAPACITY": "8"}
"""Layers that oneDNN and torch keep ready. Every length of text needs others: with their own 1024 a tiny VITS grows by
700 MB in 200 lines; with 8 it does not grow and is as quick.
"""


class CoquiVoice:
    """One voice made of weights that were checked."""

    def __init__(
        self, settings: Coqui, start_s: float = START_S, python: Path = place.PYTHON, wait_s: float = 25.0
    ) -> None:
        """Start its process and wait ``wait_s`` for it. Raises VoiceError when it cannot be loaded until then."""
        self._settings = settings
        described = {
            "kind": settings.kind,
            "threads": _threads(),
            "speaker": settings.speaker,
            **{
                key: str(getattr(settings, key) or "")
                for key in ("weights", "config", "speakers", "vocabulary", "sample")
            },
        }
        self.version = version_of(settings)
        command = [str(python), "-I", str(place.PROGRAM), json.dumps(described)]
        environment = {"OMP_NUM_THREADS": str(_threads()), "TTS_HOME": "/nonexistent", "HF_HUB_OFFLINE": "1"}
        environment |= FEW_LAYERS_KEPT
        self._helper = Helper(f"coqui {settings.weights.stem}", command, start_s, MOST_BYTES, environment)
        try:
            self._helper.ready(wait_s)
        except HelperError as error:
            self._helper.close()
            raise VoiceError(str(error)) from error

    def synthesize(self, words: Sequence[SpokenWord], speed: float) -> Spoken:
        """See ``VoiceBackend``."""
        chinese = any(is_chinese(word.text) for word in words)
        until = time.monotonic() + self._settings.deadline_s
        parts: list[Floats] = []
        for _, part in sentences(words, LONGEST_CHINESE if chinese else LONGEST):
            parts += [np.zeros(PAUSE, np.float32)] if parts else []
            parts.append(self._said(text_of(part), speed, "zh" if chinese else "en", until))
        return untimed(np.concatenate(parts))

    def close(self) -> None:
        """See ``VoiceBackend``."""
        self._helper.close()

    def _said(self, text: str, speed: float, language: str, until: float) -> Floats:
        try:
            if not self._helper.ready(0.0):
                raise NotReadyError(f"{self._helper.name} is still being loaded")
            request = {"text": text, "speed": speed, "language": language}
            answer = self._helper.ask(request, round(max(0.1, until - time.monotonic()), 1))
            rate = int(answer.head["rate"])
            return mono_48k(np.frombuffer(answer.body, "<f4"), 1, rate)
        except HelperError as error:
            raise VoiceError(str(error)) from error
        except (KeyError, ValueError, TypeError, SoundError) as error:
            raise VoiceError(f"{self._helper.name} said something that is no sound: {error}") from error


def version_of(settings: Coqui) -> str:
    """Another one wherever the same words would sound different: by the content of every file but the consent."""
    files = (settings.config, settings.speakers, settings.vocabulary, settings.sample)
    hashes = "-".join(sha256_of(file)[:16] if file is not None else "" for file in files)
    return f"coqui-{settings.kind}-{settings.sha256[:16]}-{settings.speaker}-{hashes}-2"


def open_coqui(voice: OneVoice) -> CoquiVoice:
    """The voice that the settings name, its files checked, its process started. Nobody waits until it is loaded.

    Raises:
        VoiceError: with what is wrong.
    """
    wrong = place.missing() or next(map(_told, coqui_problems(voice, _as_problem)), "")
    if wrong or voice.coqui is None:
        raise VoiceError(wrong)
    return CoquiVoice(voice.coqui, wait_s=0.0)


def _threads() -> int:
    return max(1, (os.cpu_count() or 2) // 2)


def _as_problem(key: str, message: str, hint: str) -> Problem:
    return Problem("voice", 0, key, message, hint)


def _told(problem: Problem) -> str:
    return problem.message
