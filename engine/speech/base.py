"""The voice contract, the registry of voices, and the room's exception."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from engine.flow import Floats, Phoneme
from engine.speech.readings import SpokenWord


class VoiceError(Exception):
    """A voice that cannot be had, or text that cannot be spoken."""


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


BackendFactory = Callable[[str], VoiceBackend]


class VoiceRegistry:
    """Voice backends by name, each with the voices it has. Unknown and duplicate names are refused."""

    def __init__(self) -> None:
        self._factories: dict[str, BackendFactory] = {}
        self._voices: dict[str, dict[str, frozenset[str]]] = {}
        self._missing: dict[str, Callable[[str], str]] = {}

    def register(
        self,
        backend: str,
        voices: Mapping[str, frozenset[str]],
        factory: BackendFactory,
        missing: Callable[[str], str] = lambda _: "",
    ) -> None:
        """Add a backend; ``factory`` makes one of its ``voices`` by name, which are given with the languages that they
        speak ("en", "zh"). ``missing`` says what a voice lacks on this machine and how to get it ("": nothing).
        """
        if backend in self._factories:
            raise ValueError(f"voice backend {backend!r} is registered twice")
        self._factories[backend] = factory
        self._voices[backend] = dict(voices)
        self._missing[backend] = missing

    def known(self) -> Mapping[str, tuple[str, ...]]:
        """Backend name to the names of its voices."""
        return {backend: tuple(voices) for backend, voices in self._voices.items()}

    def languages(self, backend: str, voice: str) -> frozenset[str]:
        """The languages that a known voice speaks ("en", "zh")."""
        return self._voices[backend][voice]

    def missing(self, backend: str, voice: str) -> str:
        """What a known voice lacks on this machine, and how to get it; "" when it can speak."""
        return self._missing[backend](voice)

    def open(self, backend: str, voice: str) -> VoiceBackend:
        """The voice, loaded. Raises VoiceError that lists what there is when either name is unknown."""
        if backend not in self._factories:
            raise VoiceError(f"unknown voice backend {backend!r}; known: {', '.join(sorted(self._factories))}")
        if voice not in self._voices[backend]:
            known = ", ".join(sorted(self._voices[backend]))
            raise VoiceError(f"unknown voice {voice!r} of backend {backend!r}; known: {known}")
        return self._factories[backend](voice)
