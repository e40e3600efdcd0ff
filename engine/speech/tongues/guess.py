"""Which language a line is in, among those that a channel has voices for."""

from __future__ import annotations

import re
from collections.abc import Collection

from engine.speech.tongues.words import common_words, own_letters

_HIRAGANA = re.compile(r"[ぁ-ゖ]")
_KATAKANA = re.compile(r"[ァ-ヺ]")
_HAN = re.compile(r"[㐀-鿿]")
_DEVANAGARI = re.compile(r"[ऀ-ॿ]")
_WORD = re.compile(r"[^\W\d_]+")
LANGUAGES = {
    "en": "English", "zh": "Mandarin", "ja": "Japanese", "es": "Spanish", "fr": "French", "hi": "Hindi",
    "it": "Italian", "pt": "Portuguese",
}  # fmt: skip

LEAST_SCORE = 2
"""Common words that a line of a language has at least; fewer may be a name. A letter of its own counts as so many."""


def language_of(text: str, own: str, others: Collection[str]) -> str:
    """``own``, the channel's, or the one of ``others`` that ``text`` is surely in.

    Japanese shows by hiragana (a の alone is used in Chinese, and katakana in names), Hindi by Devanagari, the others
    by common words and by letters that only one has.
    """
    known = {own, *others}
    chinese = _HAN.search(text) is not None
    if "ja" in known and _is_japanese(text, chinese and "zh" in known):
        return "ja"
    if "hi" in known and _DEVANAGARI.search(text):
        return "hi"
    if chinese:
        return "zh" if "zh" in known else own
    if _KATAKANA.search(text) or _HIRAGANA.search(text):
        return own
    found = _latin(text)
    return found if found in known else own


def _is_japanese(text: str, may_be_chinese: bool) -> bool:
    if may_be_chinese:
        return bool(set(_HIRAGANA.findall(text)) - {"の"})
    return any(script.search(text) for script in (_HIRAGANA, _KATAKANA, _HAN))


def _latin(text: str) -> str:
    """The language whose common words and letters ``text`` has most of; "" where none or two do."""
    words, letters = _WORD.findall(text.lower()), set(text.lower())
    scores = sorted(
        (sum(word in common for word in words) + LEAST_SCORE * len(letters & own_letters()[language]), language)
        for language, common in common_words().items()
    )
    (second, _), (best, language) = scores[-2:]
    return language if best >= LEAST_SCORE and best > second else ""
