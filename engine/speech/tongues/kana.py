"""Katakana in Kokoro's alphabet, which for Japanese is that of ``misaki.cutlet``.

``tests/speech/tongues`` holds every syllable against misaki where that is installed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from engine.speech.english import EnglishSounds
from engine.speech.readings import SpokenWord

_ROWS = {
    "": "アイウエオ", "k": "カキクケコ", "ɡ": "ガギグゲゴ", "s": "サシスセソ", "z": "ザジズゼゾ", "t": "タチツテト",
    "d": "ダヂヅデド", "n": "ナニヌネノ", "h": "ハヒフヘホ", "b": "バビブベボ", "p": "パピプペポ", "m": "マミムメモ",
    "ɾ": "ラリルレロ",
}  # fmt: skip
_SOFT = {"": "", "s": "ɕ", "z": "ʥ", "t": "ʨ", "d": "ʥ", "n": "ɲ", "h": "ç"}
"""Consonants before i, and before small ya, yu and yo, where they are not simply palatal (ʲ)."""

_ODD = {
    "ス": "sɨ", "ズ": "zɨ", "ツ": "ʦɨ", "ヅ": "zɨ", "ザ": "ʣa", "ゼ": "ʣe", "ゾ": "ʣo", "フ": "ɸɯ", "ヤ": "ja",
    "ユ": "jɯ", "ヨ": "jo", "ワ": "βa", "ヮ": "βa", "ヰ": "i", "ヱ": "e", "ヲ": "o", "ヴ": "vɯ", "ヵ": "ka",
    "ヶ": "ke", "ヷ": "va", "ヸ": "vʲi", "ヹ": "ve", "ヺ": "vo", "ァ": "a", "ィ": "i", "ゥ": "ɯ", "ェ": "e", "ォ": "o",
    "ャ": "ja", "ュ": "jɯ", "ョ": "jo",
}  # fmt: skip
_SMALL = {"ャ": "a", "ュ": "ɨ", "ョ": "o", "ァ": "a", "ィ": "i", "ゥ": "ɯ", "ェ": "e", "ォ": "o"}
_BEFORE_SMALL = {"イ": "j", "ウ": "β", "ヴ": "v", "ク": "kᵝ", "グ": "ɡᵝ", "ツ": "ʦ", "フ": "ɸ",
                 "ス": "s", "ズ": "z", "テ": "t", "デ": "d", "ト": "t", "ド": "d"}  # fmt: skip
"""Consonants before a small vowel."""

_PLAIN_I = frozenset("ウスズクグ")
"""Before a small i these are not palatal."""

LONG, STOPPED, NASAL = "ー", "ッ", "ン"


class JapaneseSounds:
    """Pronounces words that are written in katakana as they sound; Latin ones are read as English."""

    version = ""

    def symbols(self, words: Sequence[SpokenWord]) -> tuple[list[str], list[int]]:
        """Symbols for ``words`` and, for each, the index of its word (-1 for spaces and marks)."""
        symbols: list[str] = []
        owner: list[int] = []
        for index, word in enumerate(words):
            if symbols and symbols[-1] != "ʔ":
                symbols.append(" ")
                owner.append(-1)
            sounds = _english().symbols([replace(word, pause="")])[0] if word.text.isascii() else sounds_of(word.text)
            symbols += sounds
            owner += [index] * len(sounds)
            if word.pause:
                symbols.append(word.pause)
                owner.append(-1)
        return symbols, owner


def sounds_of(katakana: str) -> str:
    """A word's sounds: ー lengthens, ッ stops, ン takes the place of the consonant behind it."""
    out: list[str] = []
    place = 0
    while place < len(katakana):
        pair = katakana[place : place + 2]
        size = 2 if pair in syllables() else 1
        out.append({LONG: "ː", STOPPED: "ʔ", NASAL: NASAL}.get(pair[0]) or syllables().get(pair[:size], ""))
        place += size
    for i, sound in enumerate(out):
        if sound == NASAL:
            out[i] = _nasal(out[i + 1] if i + 1 < len(out) else "")
    return "".join(out)


def _nasal(after: str) -> str:
    for sounds, nasal in (("mpb", "m"), ("kɡ", "ŋ"), ("ɲʨʥ", "ɲ"), ("ntdɾz", "n")):
        if after[:1] and after[0] in sounds:
            return nasal
    return "ɴ"


@cache
def syllables() -> dict[str, str]:
    """Kana, alone or with a small one behind it: its sounds."""
    table: dict[str, str] = {}
    for consonant, row in _ROWS.items():
        soft = _SOFT.get(consonant, consonant + "ʲ")
        table |= dict(zip(row, (consonant + v for v in "aiɯeo"), strict=True)) | {row[1]: soft + "i"}
        if consonant:
            table |= {row[1] + small: soft + _SMALL[small] for small in "ャュョェ"}
    table |= _ODD
    for kana, consonant in _BEFORE_SMALL.items():
        for small, vowel in _SMALL.items():
            soft = "ʲ" if small in "ャュョ" or (small == "ィ" and kana not in _PLAIN_I) else ""
            table[kana + small] = consonant + soft * (kana != "イ") + vowel
    return table


@cache
def _english() -> EnglishSounds:
    return EnglishSounds()
