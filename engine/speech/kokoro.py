"""Kokoro-82M: voices of eight languages with exact lengths of their phonemes, on one thread.

The model (version 1.0, int8 ONNX) and the voices are fetched by ``make zh`` into ``var/models/kokoro``. The graph
computes a length for every symbol (node output ``/encoder/Clip_output_0``, one unit is 600 samples at 24 kHz).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime
import soxr

from engine.flow import SAMPLE_RATE
from engine.speech.base import Spoken, TextError, VoiceError
from engine.speech.english import EnglishSounds
from engine.speech.kokoro_voices import FOLDER, missing, tongue
from engine.speech.readings import SpokenWord
from engine.speech.scripts import is_chinese
from engine.speech.segments import clauses, placed, sentences, session_with_durations
from engine.speech.tongues.espeak import EspeakSounds
from engine.speech.tongues.kana import JapaneseSounds
from engine.speech.trim import joined, trimmed

MODEL_RATE = 24_000
DURATION_OUTPUT = "/encoder/Clip_output_0"
DURATION_UNIT = 600 * SAMPLE_RATE // MODEL_RATE
LATE = {"zh": int(0.060 * SAMPLE_RATE), "en": int(0.052 * SAMPLE_RATE)}
"""Predicted times are late by this much: the lag that best aligns predicted vowels with the sound's energy (median of
five voices at two speeds, 50 to 65 ms)."""

SENTENCE_LEAD = int(0.12 * SAMPLE_RATE)
SENTENCE_TAIL = int(0.30 * SAMPLE_RATE)
LONGEST = {"zh": 60, "ja": 110, "en": 240}
"""Letters of a sentence that is not cut: the model takes 510 symbols, and a Chinese character has about five, a kana
two or three."""

MOST_SYMBOLS = 508


class Sounds(Protocol):
    """Pronounces words in Kokoro's alphabet: symbols, and for each the index of its word (-1 for spaces and marks).

    ``version`` changes when the same words get other symbols, and names a program that takes part.
    """

    version: str

    def symbols(self, words: Sequence[SpokenWord]) -> tuple[list[str], list[int]]:
        """Raises VoiceError, TextError."""
        ...


class KokoroVoice:
    """One voice. A Mandarin or English one reads Chinese words as Mandarin and Latin ones as English, in one breath;
    others read all words in their language.
    """

    def __init__(self, voice: str, folder: Path = FOLDER) -> None:
        """Load ``voice`` from ``folder``; raises VoiceError with the command that fetches what is missing."""
        lacks = missing(voice, folder)
        if lacks:
            raise VoiceError(lacks)
        self._tongue = tongue(voice)
        self._sounds = _sounds(self._tongue, british=voice[0] == "b")
        self.version = f"kokoro-1.0-int8-{voice}-1{self._sounds.version}"
        self._session = _session(folder / "model.onnx")
        self._shrink = onnxruntime.RunOptions()
        self._shrink.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
        self._vocab: dict[str, int] = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
        self._styles = np.fromfile(folder / "voices" / f"{voice}.bin", np.float32).reshape(-1, 1, 256)

    def synthesize(self, words: Sequence[SpokenWord], speed: float) -> Spoken:
        """Say ``words``; longer sentences are cut at pauses. A sentence without a sound that the voice knows is passed
        over.
        """
        said = [self._sentence(part, first, speed) for first, part in sentences(words, self._of(LONGEST, words))]
        parts = [part for part in said if part is not None]
        if not parts:
            raise TextError(f"the voice knows no sound for {' '.join(w.text for w in words)!r}")
        return joined([trimmed(part, SENTENCE_LEAD, SENTENCE_TAIL) for part in parts])

    def close(self) -> None:
        """See ``VoiceBackend``: nothing of it outlives the object."""

    def _sentence(self, words: Sequence[SpokenWord], first: int, speed: float) -> Spoken | None:
        symbols, owner = self._sounds.symbols(words)
        return self.pronounce(symbols, owner, speed, self._of(LATE, words), first)

    def pronounce(
        self, symbols: Sequence[str], owner: Sequence[int], speed: float, late: int, first: int = 0
    ) -> Spoken | None:
        """The sound of up to ``MOST_SYMBOLS`` symbols of Kokoro's alphabet, of which unknown ones are passed over; None
        where none is left that belongs to a word. ``owner`` are words, counted from ``first``, -1 for spaces and marks;
        predicted times are ``late`` by so many samples.
        """
        said = [(s, o) for s, o in zip(symbols, owner, strict=True) if s in self._vocab][:MOST_SYMBOLS]
        if not any(o >= 0 for _, o in said):
            return None
        symbols, owner = [s for s, _ in said], [o for _, o in said]
        feed = {
            "tokens": np.asarray([[0, *(self._vocab[s] for s in symbols), 0]], np.int64),
            "style": self._styles[min(len(symbols), len(self._styles) - 1)],
            "speed": np.asarray([speed], np.float32),
        }
        sound, lengths = self._session.run(None, feed, self._shrink)
        pcm_48k = np.asarray(soxr.resample(np.ravel(sound), MODEL_RATE, SAMPLE_RATE, quality="HQ"), np.float32)
        samples = np.ravel(lengths) * DURATION_UNIT
        return placed(pcm_48k, ["", *symbols, ""], [-1, *owner, -1], samples, late, first)

    def _of(self, table: Mapping[str, int], words: Sequence[SpokenWord]) -> int:
        """The entry of the language that ``words`` are in; those of English where it has none."""
        return table.get(self._tongue or _language(words), table["en"])


class MixedSounds:
    """Pronounces Chinese words as Mandarin and Latin ones as English."""

    version = "-3"

    def __init__(self, british: bool) -> None:
        self._english = EnglishSounds(british)

    def symbols(self, words: Sequence[SpokenWord]) -> tuple[list[str], list[int]]:
        """Symbols of a sentence in runs of one language, a space between words, marks behind theirs."""
        symbols: list[str] = []
        owner: list[int] = []
        for first, run in _runs(words):
            part, owners = self._mandarin(run) if is_chinese(run[0].text) else self._english.symbols(run)
            if symbols and symbols[-1] != " ":
                symbols.append(" ")
                owner.append(-1)
            symbols += part
            owner += [first + o if o >= 0 else -1 for o in owners]
        return symbols, owner

    def _mandarin(self, words: Sequence[SpokenWord]) -> tuple[list[str], list[int]]:
        # Only who speaks Chinese needs pypinyin, which `make zh` installs.
        from engine.speech.mandarin.pinyin import syllables  # noqa: PLC0415
        from engine.speech.mandarin.sounds import sounds_of  # noqa: PLC0415

        symbols: list[str] = []
        owner: list[int] = []
        for begin, clause in clauses(words):
            for index, read in enumerate(syllables([w.text for w in clause]), begin):
                if symbols:
                    symbols.append(" ")
                    owner.append(-1)
                for symbol in "".join(sounds_of(s) for s in read):
                    symbols.append(symbol)
                    owner.append(index)
            if clause[-1].pause:
                symbols.append(clause[-1].pause)
                owner.append(-1)
        return symbols, owner


def _sounds(language: str, british: bool) -> Sounds:
    if language == "ja":
        return JapaneseSounds()
    return EspeakSounds(language) if language else MixedSounds(british)


@cache
def _session(file: Path) -> onnxruntime.InferenceSession:
    """The model, which all voices share."""
    return session_with_durations(str(file), DURATION_OUTPUT, arena=True)


def _language(words: Sequence[SpokenWord]) -> str:
    return "zh" if any(is_chinese(w.text) for w in words) else "en"


def _runs(words: Sequence[SpokenWord]) -> list[tuple[int, Sequence[SpokenWord]]]:
    """Words cut where the script changes: (first index, words)."""
    out: list[tuple[int, Sequence[SpokenWord]]] = []
    begin = 0
    for i in range(1, len(words) + 1):
        if i == len(words) or is_chinese(words[i].text) != is_chinese(words[begin].text):
            out.append((begin, words[begin:i]))
            begin = i
    return out
