"""English words in the misaki/Kokoro alphabet, by the pronunciation lexicons that come with hibari-tts."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from hibari.g2p import G2P
from hibari.g2p.token import Tok
from hibari.voices import ASSETS

from engine.speech.pronounce import HIBARI_LEXICON
from engine.speech.readings import SpokenWord
from engine.speech.scripts import without_accents
from engine.speech.segments import PAUSES

_log = logging.getLogger(__name__)


class EnglishSounds:
    """Pronounces English, American or ``british``."""

    def __init__(self, british: bool = False) -> None:
        self.vocab: dict[str, int] = json.loads(Path(ASSETS, "vocab.json").read_text(encoding="utf-8"))
        self._g2p = G2P(british=british)

    def symbols(self, words: Sequence[SpokenWord]) -> tuple[list[str], list[int]]:
        """Symbols for ``words`` and, for each, the index of its word (-1 for spaces and marks)."""
        tokens: list[Any] = []
        for word in words:
            tokens += self._word_tokens(word)
        for token, tag in zip(tokens, self._g2p.tagger([t.text for t in tokens]), strict=True):
            token.tag = tag
        symbols: list[str] = []
        owner: list[int] = []
        index = 0
        for token in self._g2p.phonemize_tokens(tokens):
            for symbol in token.phonemes or "":
                if symbol in self.vocab:
                    symbols.append(symbol)
                    owner.append(-1 if symbol in PAUSES or symbol == " " else index)
            if token.whitespace:
                index += 1
                symbols.append(" ")
                owner.append(-1)
        while symbols and symbols[-1] == " ":
            symbols.pop()
            owner.pop()
        return symbols, owner

    def _word_tokens(self, word: SpokenWord) -> list[Any]:
        """Hibari's tokens for one word and its mark; the last one carries the space after the word."""
        known = HIBARI_LEXICON.get(word.text.lower())
        if word.spelled:
            tokens = [Tok(word.text, phonemes=self._letter_names(word.text), rating=5)]
        elif known:
            tokens = [Tok(word.text, phonemes=known, rating=5)]
        else:
            tokens = [Tok(text) for text in self._g2p.tokenizer.split(self._as_known(word.text))]
        if word.pause:
            tokens.append(Tok(word.pause, phonemes=word.pause, rating=5))
        tokens[-1].whitespace = " "
        return tokens

    def _as_known(self, text: str) -> str:
        """``text``, or without its accents where only so the lexicon holds it ("décor"); a net reads what it lacks."""
        if text.isascii():
            return text
        lexicon, plain = self._g2p.lexicon, without_accents(text)
        held, held_plain = (
            any(word in lexicon.golds or word in lexicon.silvers for word in (spelt, spelt.lower()))
            for spelt in (text, plain)
        )
        return plain if held_plain and not held else text

    def _letter_names(self, text: str) -> str:
        """The names of the letters; a sign that is none (Δ) is left out."""
        lexicon = self._g2p.lexicon
        letters = text[:-1] if len(text) > 1 and text.endswith("s") else text
        named = "".join(c for c in without_accents(letters) if lexicon.golds.get(c.upper()) is not None)
        if len(named) < len(letters):
            _log.warning("there is no letter name for all of %r: the rest of it is said", text)
        if not named:
            return ""
        names = lexicon.get_NNP(named)[0]
        return cast(str, names if letters == text else lexicon._s(names))
