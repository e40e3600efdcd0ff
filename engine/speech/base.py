"""The voice contract, the registry of voices, and the room's exception."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.flow import Floats, Phoneme
from engine.speech.readings import SpokenWord


class VoiceError(Exception):
    """A voice that cannot be had, or text that cannot be spoken."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a voice made: mono PCM at 48 kHz at the voice's own level, and what is heard when.

    ``phonemes`` cover the sound from 0 to ``len(pcm_48k)`` without gaps ("" is silence). ``word_of[i]`` is the
    index of the spoken word that phoneme *i* belongs to, -1 for silence.
    """

    pcm_48k: Floats
    phonemes: tuple[Phoneme, ...]
    word_of: tuple[int, ...]


class VoiceBackend(Protocol):
    """One voice. ``version`` changes whenever the same words would sound different (it is part of cache keys)."""

    version: str

    def synthesize(self, words: Sequence[SpokenWord], speed: float) -> Spoken:
        """Say ``words``; the same words and speed give the same samples. Raises VoiceError."""
        ...


BackendFactory = Callable[[str], VoiceBackend]


class VoiceRegistry:
    """Voice backends by name, each with the voices it has. Unknown and duplicate names are refused."""

    def __init__(self) -> None:
        self._factories: dict[str, BackendFactory] = {}
        self._voices: dict[str, tuple[str, ...]] = {}
        self._languages: dict[str, frozenset[str]] = {}

    def register(
        self, backend: str, voices: tuple[str, ...], factory: BackendFactory, languages: Iterable[str] = ("en",)
    ) -> None:
        """Add a backend; ``factory`` makes one of its ``voices`` by name. ``languages`` are those that it speaks."""
        if backend in self._factories:
            raise ValueError(f"voice backend {backend!r} is registered twice")
        self._factories[backend] = factory
        self._voices[backend] = voices
        self._languages[backend] = frozenset(languages)

    def known(self) -> Mapping[str, tuple[str, ...]]:
        """Backend name to the names of its voices."""
        return dict(self._voices)

    def languages(self, backend: str) -> frozenset[str]:
        """The languages that a known backend speaks ("en", "zh")."""
        return self._languages[backend]

    def open(self, backend: str, voice: str) -> VoiceBackend:
        """The voice, loaded. Raises VoiceError that lists what there is when either name is unknown."""
        if backend not in self._factories:
            raise VoiceError(f"unknown voice backend {backend!r}; known: {', '.join(sorted(self._factories))}")
        if voice not in self._voices[backend]:
            known = ", ".join(sorted(self._voices[backend]))
            raise VoiceError(f"unknown voice {voice!r} of backend {backend!r}; known: {known}")
        return self._factories[backend](voice)
