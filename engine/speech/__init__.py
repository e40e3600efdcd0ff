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

from engine.settings.channel import Voice
from engine.speech.base import Spoken, VoiceBackend, VoiceError, VoiceRegistry
from engine.speech.cache import SoundCache

if TYPE_CHECKING:
    from engine.speech.speaker import Speaker

__all__ = ["Spoken", "VoiceBackend", "VoiceError", "VoiceRegistry", "known_voices", "make_speaker", "spoken_languages"]


def _hibari(voice: str) -> VoiceBackend:
    backend: VoiceBackend = importlib.import_module("engine.speech.hibari").HibariVoice(voice)
    return backend


VOICES = VoiceRegistry()
VOICES.register("hibari", tuple(HIBARI_VOICES), _hibari)


def known_voices() -> Mapping[str, tuple[str, ...]]:
    """Backend name to the names of its voices."""
    return VOICES.known()


def spoken_languages(backend: str) -> frozenset[str]:
    """The languages that the voices of a known backend speak."""
    return VOICES.languages(backend)


def make_speaker(voice: Voice, cache: Path | None = None, respell: Mapping[str, str] | None = None) -> Speaker:
    """A speaker with the voice that the settings name; finished sound is kept below ``cache`` where given.

    Raises VoiceError that lists what there is when the voice is unknown.
    """
    backend = VOICES.open(voice.backend, voice.name)
    made: Speaker = importlib.import_module("engine.speech.speaker").Speaker(
        backend, voice.speed, SoundCache(cache), respell
    )
    return made
