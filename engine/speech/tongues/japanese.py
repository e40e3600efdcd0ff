"""Japanese text to caption words and to spoken words in katakana, by Open JTalk (package pyopenjtalk-plus).

A caption word is a word with the particles and endings behind it (a bunsetsu), or a number with what it counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pyopenjtalk

from engine.speech.readings import SpokenWord

MARKS = {
    "、": ",", "，": ",", ",": ",", "。": ".", ".": ".", "！": "!", "!": "!", "？": "?", "?": "?", "…": "…", "：": ":",
    ":": ":", "；": ";", ";": ";", "—": "—", "〜": "—", "～": "—",
}  # fmt: skip
"""Mark in the text: what the voice gets."""

_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_REPLACED = (
    (re.compile(rf"[¥￥]\s?({_NUMBER})"), r"\1円"),
    (re.compile(rf"\$\s?({_NUMBER})"), r"\1ドル"),
    (re.compile(rf"€\s?({_NUMBER})"), r"\1ユーロ"),
    (re.compile(rf"({_NUMBER})\s?€"), r"\1ユーロ"),
    (re.compile(r"(?<=\d)\s?[lL](?![A-Za-z])"), "リットル"),
    (re.compile(r"(?<=\d)\s?mAh"), "ミリアンペアアワー"),
    (re.compile(r"(?<=\d)[〜～~–](?=\d)"), "から"),
    (re.compile("[&＆]"), "アンド"),
)
"""What Open JTalk reads otherwise or not at all."""

_KANA = re.compile(r"[ァ-ヺー]+")
HYPHEN, POINT = "−", "．"
"""As Open JTalk writes them."""

_LEADING = frozenset("「『（【《〈“") | {HYPHEN}
"""What belongs to the word behind it."""

_ATTACHED = frozenset({"助詞", "助動詞"})
_ATTACHED_GROUPS = frozenset({"接尾", "非自立"})


def read_japanese(text: str, respell: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[SpokenWord, ...]]:
    """Caption words of ``text`` and the words to be spoken. ``respell`` maps words of the text, in small letters, to
    what is said instead.
    """
    written, places = _replaced(text, respell)
    starts: list[int] = []
    words: list[SpokenWord] = []
    before: Mapping[str, Any] | None = None
    end, at = 0, -1
    for morph in pyopenjtalk.g2p_mapping(written, use_sudachi_kanji_yomi=False):
        first, last = morph["char_span"]
        # A numeral that only the reading has (the hundred of "750") has no place of its own.
        begin, end = (first, last) if last > first else (end, end)
        place = places[min(begin, len(places) - 1)]
        if before is None or (last > first and place > at and not _belongs(morph, before)):
            starts.append(place)
        before, at = morph, place
        surface = written[first:last]
        said = "".join(_KANA.findall(morph["pron"]))
        if said:
            is_name = morph["is_unknown"] and surface.isascii() and not surface.isupper()
            if words and not (words[-1].pause or words[-1].text.isascii()) and _is_joined(morph):
                words[-1] = SpokenWord(words[-1].text + said, words[-1].caption)
            else:
                words.append(SpokenWord(surface if is_name else said, len(starts) - 1))
        elif surface in MARKS and words:
            words[-1] = SpokenWord(words[-1].text, words[-1].caption, MARKS[surface])
    if words and words[-1].pause not in {".", "!", "?"}:
        words[-1] = SpokenWord(words[-1].text, words[-1].caption, ".")
    bounds = [0, *starts[1:], len(text)] if starts else []
    return tuple(text[a:b].strip() for a, b in pairwise(bounds)), tuple(words)


def _belongs(morph: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    """Whether a morpheme is part of the caption word that the one before it is in."""
    if before["pos"] == "接頭詞" or before["surface"] in _LEADING:
        return True
    if morph["pos"] == "記号" and morph["pos_group1"] != "アルファベット":
        return morph["surface"] not in _LEADING or morph["surface"] == HYPHEN
    return before["surface"] not in MARKS and (
        morph["pos"] in _ATTACHED
        or morph["pos_group1"] in _ATTACHED_GROUPS
        or (morph["pos"] == "動詞" and morph["orig"] == "する")
        or (morph["pos_group1"] == "数" and (before["pos_group1"] == "数" or before["surface"] == POINT))
    )


def _is_joined(morph: Mapping[str, Any]) -> bool:
    """Whether a numeral or an ending is said in one with what is before it ("二十パーセント")."""
    return morph["chain_flag"] == 1 and morph["pos_group1"] in {"数", "接尾"}


def _replaced(text: str, respell: Mapping[str, str]) -> tuple[str, list[int]]:
    """``text`` with what is read otherwise, and for each of its characters the place in ``text``."""
    rules: Sequence[tuple[re.Pattern[str], str]] = (
        *((re.compile(re.escape(word), re.IGNORECASE), said) for word, said in respell.items()),
        *_REPLACED,
    )
    written, places = text, list(range(len(text)))
    for pattern, new in rules:
        for found in reversed(list(pattern.finditer(written))):
            put = found.expand(new) if "\\" in new else new
            place = places[found.start()]
            places[found.start() : found.end()] = [place] * len(put)
            written = written[: found.start()] + put + written[found.end() :]
    return written, places
