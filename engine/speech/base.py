"""The voice contract, the registry of voices, and the room's exception."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from engine.flow import Floats, Phoneme
from engine.settings.errors import Problem
from engine.settings.voice import OneVoice
from engine.speech.readings import SpokenWord


class VoiceError(Exception):
    """A voice that cannot be had, or text that cannot be spoken."""


class TextError(VoiceError):
    """Text that cannot be spoken; the voice is well."""


class NotReadyError(VoiceError):
    """The voice is still being loaded."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a voice made: mono PCM at 48 kHz at the voice's own level, and what is heard when.

    ``phonemes`` cover the sound from 0 to ``len(pcm_48k)`` without gaps ("" is silence). ``word_of[i]`` is the
    index of the spoken word that phoneme *i* belongs to, -1 for silence. Both are empty where the voice does not know
    when its phonemes are heard (``untimed``): captions are then timed by the pauses in the sound, and the lips move by
    the sound itself.
    """

    pcm_48k: Floats
    phonemes: tuple[Phoneme, ...]
    word_of: tuple[int, ...]

    @property
    def timed(self) -> bool:
        """Whether the times of the phonemes are known."""
        return bool(self.phonemes)


def untimed(pcm_48k: Floats) -> Spoken:
    """The sound of a voice that cannot tell when its phonemes are heard: mono PCM at 48 kHz."""
    return Spoken(np.asarray(pcm_48k, np.float32), (), ())


class VoiceBackend(Protocol):
    """One voice. ``version`` changes whenever the same words would sound different (it is part of cache keys).

    A voice that has no times for its phonemes returns ``untimed(pcm_48k)``, which is all that it has to declare.
    """

    version: str

    def synthesize(self, words: Sequence[SpokenWord], speed: float) -> Spoken:
        """Say ``words``; the same words and speed give the same samples. Raises VoiceError."""
        ...

    def close(self) -> None:
        """Free everything; may be called twice."""


At = Callable[[str, str, str], Problem]
"""Makes a problem of a key of the voice ("endpoint.address"), a message and a hint."""


@dataclass(frozen=True, slots=True)
class VoiceKind:
    """A backend: how its voices are made, which there are by name with their languages ("en", "zh"), what one lacks on
    this machine with the command that gets it ("": nothing), and what is wrong with its settings.

    Without ``voices`` the name is the merchant's own, and ``languages`` asks the settings. ``is_quick``: making a line
    again costs less than keeping it on the disk, a megabyte every few seconds, day and night.
    """

    make: Callable[[OneVoice], VoiceBackend]
    voices: Mapping[str, frozenset[str]] | None = None
    languages: Callable[[OneVoice], frozenset[str]] = lambda _: frozenset()
    missing: Callable[[OneVoice], str] = lambda _: ""
    problems: Callable[[OneVoice, At], list[Problem]] = lambda _voice, _at: []
    is_quick: bool = False


class VoiceRegistry:
    """Voice backends by name. Unknown and duplicate names are refused."""

    def __init__(self) -> None:
        self._kinds: dict[str, VoiceKind] = {}

    def register(self, backend: str, kind: VoiceKind) -> None:
        """Add a backend."""
        if backend in self._kinds:
            raise ValueError(f"voice backend {backend!r} is registered twice")
        self._kinds[backend] = kind

    def known(self) -> Mapping[str, tuple[str, ...]]:
        """Backend name to the names of its voices; none where names are the merchant's own."""
        return {backend: tuple(kind.voices or ()) for backend, kind in self._kinds.items()}

    def languages(self, voice: OneVoice) -> frozenset[str]:
        """The languages that a known voice speaks ("en", "zh")."""
        kind = self._kinds[voice.backend]
        return kind.languages(voice) if kind.voices is None else kind.voices[voice.name]

    def is_quick(self, voice: OneVoice) -> bool:
        """Whether the sound of a voice need not be kept on the disk; False of one that is unknown."""
        kind = self._kinds.get(voice.backend)
        return kind is not None and kind.is_quick

    def missing(self, voice: OneVoice) -> str:
        """What a known voice lacks on this machine, and how to get it; "" when it can speak."""
        return self._kinds[voice.backend].missing(voice)

    def problems(self, voice: OneVoice, at: At) -> list[Problem]:
        """What is wrong with the settings of a voice."""
        kind = self._kinds.get(voice.backend)
        if kind is None:
            return [at("backend", f"there is no voice backend “{voice.backend}”", _one_of(self._kinds))]
        if kind.voices is not None and voice.name not in kind.voices:
            return [at("name", f"there is no voice “{voice.name}”", _one_of(kind.voices))]
        return kind.problems(voice, at)

    def open(self, voice: OneVoice) -> VoiceBackend:
        """The voice, loaded. Raises VoiceError that lists what there is when either name is unknown."""
        kind = self._kinds.get(voice.backend)
        if kind is None:
            raise VoiceError(f"unknown voice backend {voice.backend!r}; known: {', '.join(sorted(self._kinds))}")
        if kind.voices is not None and voice.name not in kind.voices:
            known = ", ".join(sorted(kind.voices))
            raise VoiceError(f"unknown voice {voice.name!r} of backend {voice.backend!r}; known: {known}")
        return kind.make(voice)


def _one_of(names: Iterable[str]) -> str:
    return "use one of: " + ", ".join(sorted(names))
