"""Voice: a Line becomes an Utterance (sound, phonemes, caption words with times).

Models and signal processing are loaded by ``make_speaker``, not by importing this package: who only asks which voices
there are need not wait a second for them.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from hibari.voices import VOICES as HIBARI_VOICES

from engine.settings.errors import Problem
from engine.settings.voice import OneVoice, Voice
from engine.speech import kokoro_voices
from engine.speech.base import (
    At,
    NotReadyError,
    Spoken,
    TextError,
    VoiceBackend,
    VoiceError,
    VoiceKind,
    VoiceRegistry,
    untimed,
)
from engine.speech.cache import SoundCache
from engine.speech.coqui.checks import coqui_languages, coqui_missing, coqui_problems
from engine.speech.endpoint_settings import endpoint_languages, endpoint_problems
from engine.speech.hung import HungVoices
from engine.speech.tongues.guess import language_of

if TYPE_CHECKING:
    from engine.speech.speaker import Speaker
    from engine.speech.voice_list import Candidate, VoiceList

FIRST_WAIT_S = 25.0
"""A first voice that is being loaded when the show begins has this long before the next one speaks meanwhile."""

__all__ = [
    "NotReadyError",
    "Spoken",
    "TextError",
    "VoiceBackend",
    "VoiceError",
    "VoiceKind",
    "VoiceRegistry",
    "known_voices",
    "make_speaker",
    "missing_of_voice",
    "problems_of_voice",
    "spoken_languages",
    "untimed",
]


def _hibari(voice: OneVoice) -> VoiceBackend:
    backend: VoiceBackend = importlib.import_module("engine.speech.hibari").HibariVoice(voice.name)
    return backend


def _kokoro(voice: OneVoice) -> VoiceBackend:
    backend: VoiceBackend = importlib.import_module("engine.speech.kokoro").KokoroVoice(voice.name)
    return backend


def _endpoint(voice: OneVoice) -> VoiceBackend:
    backend: VoiceBackend = importlib.import_module("engine.speech.endpoint").open_endpoint(voice)
    return backend


def _coqui(voice: OneVoice) -> VoiceBackend:
    backend: VoiceBackend = importlib.import_module("engine.speech.coqui.voice").open_coqui(voice)
    return backend


VOICES = VoiceRegistry()
VOICES.register("hibari", VoiceKind(_hibari, dict.fromkeys(HIBARI_VOICES, frozenset({"en"})), is_quick=True))
VOICES.register("kokoro", VoiceKind(_kokoro, kokoro_voices.LANGUAGES, missing=lambda v: kokoro_voices.missing(v.name)))
VOICES.register("endpoint", VoiceKind(_endpoint, None, endpoint_languages, problems=endpoint_problems))
VOICES.register("coqui", VoiceKind(_coqui, None, coqui_languages, coqui_missing, coqui_problems))


def known_voices() -> Mapping[str, tuple[str, ...]]:
    """Backend name to the names of its voices; none where names are the merchant's own."""
    return VOICES.known()


def spoken_languages(voice: OneVoice) -> frozenset[str]:
    """The languages that a known voice speaks."""
    return VOICES.languages(voice)


def missing_of_voice(voice: OneVoice) -> str:
    """What a known voice lacks on this machine, and the command that gets it; "" when it can speak."""
    return VOICES.missing(voice)


def problems_of_voice(voice: OneVoice, at: At) -> list[Problem]:
    """What is wrong with a voice's settings; ``at`` makes the problems."""
    return VOICES.problems(voice, at)


def make_speaker(
    voice: Voice,
    cache: Path | None = None,
    respell: Mapping[str, str] | None = None,
    patience: Callable[[], None] = lambda: None,
    hung: Path | None = None,
) -> VoiceList:
    """The voice that the settings name, with those that speak when it fails; finished sound of voices that are not
    quick is kept below ``cache`` where given. ``patience`` is called now and then while a voice is waited for, also
    while the first one is opened; ``hung`` is a file in which voices that hung are kept for the next process.

    Raises:
        VoiceError: the only voice is unknown, with a list of what there is, or cannot be had.
    """
    make: type[VoiceList] = importlib.import_module("engine.speech.voice_list").VoiceList
    kept, held = SoundCache(cache), SoundCache()

    def sounds(one: OneVoice) -> SoundCache:
        return held if VOICES.is_quick(one) else kept

    others = voice.others.voices(voice.speed)
    candidates = [_candidate(each, sounds(each), respell) for each in voice.in_turn]
    candidates += [_candidate(each, sounds(each), respell, language) for language, each in others.items()]

    def language_of_line(text: str) -> str:
        found = language_of(text, "zh" if "zh" in spoken_languages(voice) else "en", others)
        return found if found in others else ""

    return make(
        candidates,
        voice.retry_s,
        language_of=language_of_line,
        patience=patience,
        hung=HungVoices(hung),
        first_wait_s=FIRST_WAIT_S,
    )


def _candidate(voice: OneVoice, sounds: SoundCache, respell: Mapping[str, str] | None, language: str = "") -> Candidate:
    made: Candidate = importlib.import_module("engine.speech.voice_list").Candidate(
        f"{voice.backend} {voice.name}",
        lambda: _speaker(voice, sounds, respell, language),
        language=language,
    )
    return made


def _speaker(voice: OneVoice, sounds: SoundCache, respell: Mapping[str, str] | None, language: str) -> Speaker:
    made: Speaker = importlib.import_module("engine.speech.speaker").Speaker(
        VOICES.open(voice), voice.speed, sounds, respell, language
    )
    return made
