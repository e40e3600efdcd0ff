"""Spoken words as the plain text that voices of others read."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.speech.readings import SpokenWord

_CHINESE_MARKS = str.maketrans(",.!?;:", "，。！？；：")
_IDEOGRAPH = re.compile(r"[㐀-鿿]")


def text_of(words: Sequence[SpokenWord]) -> str:
    """``words`` with their marks; a space between two words unless both are Chinese."""
    text = ""
    for word in words:
        chinese = _IDEOGRAPH.search(word.text) is not None
        joined = not text or (chinese and _IDEOGRAPH.search(text[-1]) is not None) or text[-1] in "，。！？；："
        text += ("" if joined else " ") + word.text
        text += word.pause.translate(_CHINESE_MARKS) if chinese else word.pause
    return text
