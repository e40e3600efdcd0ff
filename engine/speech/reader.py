"""Text to caption words and spoken words, by the rules of the language that it is written in."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.speech import normalise
from engine.speech.readings import SpokenWord

_CHINESE = re.compile(r"[㐀-鿿]")


def read_text(text: str, respell: Mapping[str, str] | None = None) -> tuple[tuple[str, ...], tuple[SpokenWord, ...]]:
    """Caption words of ``text``, and the words to be spoken, each with the index of its caption word.

    Text with a Chinese character is read as Chinese, in which Latin words stay English.
    """
    if _CHINESE.search(text) is None:
        return tuple(text.split()), normalise.spoken_words(text, respell)
    # The segmenter's dictionary takes a second and 60 MB: only for who speaks Chinese.
    from engine.speech.mandarin import normalise as mandarin  # noqa: PLC0415

    return mandarin.caption_words(text), mandarin.spoken_words(text, respell)
