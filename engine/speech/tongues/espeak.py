"""Sounds of languages that espeak-ng knows, in Kokoro's alphabet.

The voices of these languages learnt espeak-ng's IPA with its joined symbols as one (misaki's README, "Espeak G2P").
espeak-ng (GPL-3.0) is run as a program of its own.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from difflib import SequenceMatcher

from engine.speech.base import VoiceError
from engine.speech.readings import SpokenWord
from engine.speech.segments import clauses

PROGRAM = "espeak-ng"
VOICES = {"es": "es", "fr": "fr-fr", "hi": "hi", "it": "it", "pt": "pt-br"}
"""Language: espeak-ng's name of it, of the kind that Kokoro's voices speak."""

JOINED = {
    "a^ɪ": "I", "a^ʊ": "W", "d^z": "ʣ", "d^ʒ": "ʤ", "e^ɪ": "A", "o^ʊ": "O", "t^s": "ʦ", "t^ʃ": "ʧ", "t^ɕ": "ʨ",
    "ə^ʊ": "Q", "ɔ^ɪ": "Y",
}  # fmt: skip
"""What espeak-ng joins by ``--tie=^`` and Kokoro writes as one symbol."""

PATIENCE_S = 5.0
_LANGUAGE = re.compile(r"\((?:\^?[a-z-])+\)")
"""espeak-ng's note that a word is read in another language: "(^e^n)"."""


class EspeakSounds:
    """Pronounces "es", "fr", "hi", "it" or "pt"."""

    def __init__(self, language: str) -> None:
        """Raises VoiceError where espeak-ng cannot be run."""
        self._voice = VOICES[language]
        self.version = f"-{PROGRAM}-{_run('--version').split('Data')[0].split(': ')[-1].strip()}"

    def symbols(self, words: Sequence[SpokenWord]) -> tuple[list[str], list[int]]:
        """Symbols for ``words`` and, for each, the index of its word (-1 for spaces and marks)."""
        symbols: list[str] = []
        owner: list[int] = []
        for begin, clause in clauses(words):
            if symbols:
                symbols.append(" ")
                owner.append(-1)
            part, owners = self._clause([word.text for word in clause])
            symbols += part
            owner += [begin + o if o >= 0 else -1 for o in owners]
            if clause[-1].pause:
                symbols.append(clause[-1].pause)
                owner.append(-1)
        return symbols, owner

    def _clause(self, words: Sequence[str]) -> tuple[list[str], list[int]]:
        """Words without a mark between them, read together; whose a sound is shows by each word read alone."""
        whole, *alone = self._ipa([" ".join(words), *words])
        groups = [(group, index) for index, ipa in enumerate(alone) for group in ipa.split()]
        heard = whole.split()
        if len(groups) == len(heard):
            owned = [(group, [index] * len(group)) for group, (_, index) in zip(heard, groups, strict=True)]
        else:
            owned = _shared(heard, groups)
        symbols: list[str] = []
        owner: list[int] = []
        for group, owners in owned:
            if symbols:
                symbols.append(" ")
                owner.append(-1)
            symbols += group
            owner += owners
        return symbols, owner

    def _ipa(self, texts: Sequence[str]) -> list[str]:
        """What each text sounds like, in Kokoro's alphabet with spaces between groups."""
        lines = self._read("\n\n".join(texts)).splitlines()
        if len(lines) != len(texts):
            lines = [" ".join(self._read(text).split()) for text in texts]
        return [in_kokoro(line) for line in lines]

    def _read(self, text: str) -> str:
        return _run("-v", self._voice, "-q", "--ipa", "--tie=^", "--stdin", said=text)


def in_kokoro(ipa: str) -> str:
    """espeak-ng's IPA (``--tie=^``) in Kokoro's alphabet."""
    ipa = _LANGUAGE.sub("", ipa).replace("^\u0303", "^")
    for joined, symbol in JOINED.items():
        ipa = ipa.replace(joined, symbol)
    return " ".join(ipa.replace("^", "").replace("-", "").split())


def _shared(heard: Sequence[str], groups: Sequence[tuple[str, int]]) -> list[tuple[str, list[int]]]:
    """Owners of each symbol of ``heard``, where words melt together ("il y a"), by the likeness to words alone."""
    alone = [(symbol, index) for group, index in groups for symbol in group]
    together = "".join(heard)
    owners = [0] * len(together)
    matcher = SequenceMatcher(None, "".join(s for s, _ in alone), together, autojunk=False)
    for _, first, last, begin, end in matcher.get_opcodes():
        for place in range(begin, end):
            owners[place] = alone[min(first + place - begin, max(first, last - 1), len(alone) - 1)][1]
    out: list[tuple[str, list[int]]] = []
    begin = 0
    for group in heard:
        out.append((group, owners[begin : begin + len(group)]))
        begin += len(group)
    return out


def _run(*options: str, said: str = "") -> str:
    program = shutil.which(PROGRAM)
    if program is None:
        raise VoiceError(f"the program {PROGRAM} is not installed")
    try:
        done = subprocess.run(
            [program, *options], input=said, capture_output=True, text=True, check=True, timeout=PATIENCE_S
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise VoiceError(f"the program {PROGRAM} failed: {error}") from error
    return done.stdout
