"""English words in the misaki/Kokoro alphabet, by the pronunciation lexicons that come with hibari-tts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from hibari.g2p import G2P
from hibari.g2p.token import Tok
from hibari.voices import ASSETS

from engine.speech.base import TextError
from engine.speech.pronounce import HIBARI_LEXICON
from engine.speech.readings import SpokenWord
from engine.speech.segments import PAUSES


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
            tokens = [Tok(text) for text in self._g2p.tokenizer.split(word.text)]
        if word.pause:
            tokens.append(Tok(word.pause, phonemes=word.pause, rating=5))
        tokens[-1].whitespace = " "
        return tokens

    def _letter_names(self, text: str) -> str:
        lexicon = self._g2p.lexicon
        letters = text[:-1] if len(text) > 1 and text.endswith("s") else text
        names = lexicon.get_NNP(letters)[0]
        if names is None:
            raise TextError(f"the voice has no letter names for {text!r}")
        return cast(str, names if letters == text else lexicon._s(names))
