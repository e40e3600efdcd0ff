"""Text of Spanish, French, Hindi, Italian and Portuguese to caption words and to words that espeak-ng reads."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from engine.speech.readings import SpokenWord
from engine.speech.tongues.figures import glued, said

MARKS = {",": ",", ";": ";", ":": ":", "…": "…", ".": ".", "!": "!", "?": "?", "।": ".", "—": "—", "–": "—"}
"""Mark in the text: what the voice gets, the weaker first."""

_AROUND = "([{<\"'“”‘’«»¿¡*_#)]}>" + "".join(MARKS)
_GLUE = "\ue000"
_SPOKEN = re.compile(r"[\w'\u0900-\u097f\u200c\u200d]+(?:[-.,][\w'\u0900-\u097f]+)*")


def read_spaced(text: str, language: str, respell: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[SpokenWord, ...]]:
    """Caption words of ``text``, of which a price and an amount is one, and the words to be spoken.

    ``respell`` maps caption words in small letters to what is said instead.
    """
    plain = unicodedata.normalize("NFC", text)
    captions = tuple(word.replace(_GLUE, " ") for word in glued(plain, language, _GLUE).split())
    words: list[SpokenWord] = []
    for index, caption in enumerate(captions):
        core = caption.strip(_AROUND)
        told = (respell.get(core.lower()) or said(core, language)).replace("’", "'")
        words += [SpokenWord(word, index) for word in _SPOKEN.findall(told)]
        pause = next((MARKS[mark] for mark in reversed(MARKS) if mark in caption[caption.find(core) + len(core) :]), "")
        if words and pause:
            words[-1] = SpokenWord(words[-1].text, words[-1].caption, pause)
    if words and words[-1].pause not in {".", "!", "?"}:
        words[-1] = SpokenWord(words[-1].text, words[-1].caption, ".")
    return captions, tuple(words)
