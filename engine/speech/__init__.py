"""Voice: a Line becomes an Utterance (sound, phonemes, caption words with times).

Models and signal processing are loaded by ``make_speaker``, not by importing this package: who only asks which voices
there are need not wait a second for them.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from hibari.voices import VOICES as HIBARI_VOICES

from engine.settings.voice import Voice
from engine.speech import kokoro_voices
from engine.speech.base import Spoken, VoiceBackend, VoiceError, VoiceRegistry, untimed
from engine.speech.cache import SoundCache

if TYPE_CHECKING:
    from engine.speech.speaker import Speaker

__all__ = [
    "Spoken",
    "VoiceBackend",
    "VoiceError",
    "VoiceRegistry",
    "known_voices",
    "make_speaker",
    "missing_of_voice",
    "spoken_languages",
    "untimed",
]


def _hibari(voice: str) -> VoiceBackend:
    backend: VoiceBackend = importlib.import_module("engine.speech.hibari").HibariVoice(voice)
    return backend


def _kokoro(voice: str) -> VoiceBackend:
    backend: VoiceBackend = importlib.import_module("engine.speech.kokoro").KokoroVoice(voice)
    return backend


VOICES = VoiceRegistry()
VOICES.register("hibari", dict.fromkeys(HIBARI_VOICES, frozenset({"en"})), _hibari)
VOICES.register("kokoro", kokoro_voices.LANGUAGES, _kokoro, kokoro_voices.missing)


def known_voices() -> Mapping[str, tuple[str, ...]]:
    """Backend name to the names of its voices."""
    return VOICES.known()


def spoken_languages(voice: Voice) -> frozenset[str]:
    """The languages that a known voice speaks."""
    return VOICES.languages(voice.backend, voice.name)


def missing_of_voice(voice: Voice) -> str:
    """What a known voice lacks on this machine, and the command that gets it; "" when it can speak."""
    return VOICES.missing(voice.backend, voice.name)


def make_speaker(voice: Voice, cache: Path | None = None, respell: Mapping[str, str] | None = None) -> Speaker:
    """A speaker with the voice that the settings name; finished sound is kept below ``cache`` where given.

    Raises VoiceError that lists what there is when the voice is unknown.
    """
    backend = VOICES.open(voice.backend, voice.name)
    made: Speaker = importlib.import_module("engine.speech.speaker").Speaker(
        backend, voice.speed, SoundCache(cache), respell
    )
    return made
