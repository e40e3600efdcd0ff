"""What was meant and what was heard as syllables without tones, so that homophones are no errors. Pure functions."""

from __future__ import annotations

import re

from engine.speech.mandarin.pinyin import syllables
from engine.speech.reader import read_text


def to_syllables(text: str) -> list[str]:
    """``text`` as it is spoken: pinyin without tones, and Latin words in small letters (spelled ones apart)."""
    out: list[str] = []
    for word in read_text(text)[1]:
        if word.text.isascii():
            out += list(word.text.lower()) if word.spelled else [word.text.lower()]
        else:
            out += [s[:-1] for read in syllables([word.text]) for s in read]
    return out


_DIGIT = "零〇一二两三四五六七八九十百千万亿"
_FIGURE = re.compile(rf"(?:百分之)?[{_DIGIT}点]*[{_DIGIT}][元块角折]?")
"""A number as it is spoken, with what makes it a price."""


def figures_in(text: str) -> list[list[str]]:
    """The syllables of each number and price of ``text``; units are words like others."""
    captions, words = read_text(text)
    numbered = {i for i, caption in enumerate(captions) if any(c.isdigit() for c in caption)}
    spoken: dict[int, str] = {}
    for word in words:
        if word.caption in numbered and not word.text.isascii():
            spoken[word.caption] = spoken.get(word.caption, "") + word.text
    return [
        [s[:-1] for read in syllables([figure]) for s in read]
        for caption in spoken.values()
        for figure in _FIGURE.findall(caption)
    ]


def missed_figures(meant: str, heard: str) -> tuple[list[str], int]:
    """Numbers of ``meant`` that are not in ``heard``, as syllables, and how many numbers there are."""
    heard_text = " ".join(["", *to_syllables(heard), ""])
    figures = [" ".join(figure) for figure in figures_in(meant)]
    return [figure for figure in figures if f" {figure} " not in heard_text], len(figures)
