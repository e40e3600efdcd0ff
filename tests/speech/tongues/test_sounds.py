"""Sounds in Kokoro's alphabet: kana against misaki, espeak-ng's words against their clause."""

from __future__ import annotations

import importlib.util
import re
import shutil
from pathlib import Path

import pytest

from engine.motion.visemes import PHONEME_VISEMES
from engine.speech.readings import SpokenWord
from engine.speech.segments import PAUSES
from engine.speech.tongues.espeak import JOINED, VOICES, EspeakSounds, in_kokoro
from engine.speech.tongues.kana import JapaneseSounds, sounds_of, syllables

MISAKI = importlib.util.find_spec("misaki")
espeak = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="make tongues has not been run")
IGNORED = PAUSES | set(" ˈˌːʰʲᵝ\u0303")


@pytest.mark.skipif(MISAKI is None, reason="misaki is not installed")
def test_every_kana_sounds_as_misaki_has_it():
    assert MISAKI is not None
    assert MISAKI.submodule_search_locations
    source = Path(MISAKI.submodule_search_locations[0], "cutlet.py").read_text("utf-8")
    rows = re.findall(r"chr\((\d+)\)(?:\+chr\((\d+)\))? ?: ?'([^'#]+)'", source)
    # The table is in hiragana, 96 before katakana; ッ and ン are only noted in it.
    theirs = {"".join(chr(int(n) + (96 if int(n) < 12439 else 0)) for n in (a, b) if n): s for a, b, s in rows}
    assert len(theirs) == 164
    # ヴュ and ヴョ are b there.
    differ = {kana: (syllables().get(kana), s) for kana, s in theirs.items() if syllables().get(kana) != s}
    assert set(differ) <= {"ヴュ", "ヴョ"}, differ


@pytest.mark.parametrize(
    ("kana", "sounds"),
    [
        ("コーヒー", "koːçiː"), ("チョット", "ʨoʔto"), ("シンブン", "ɕimbɯɴ"), ("デンキ", "deŋkʲi"),
        ("ニンジャ", "ɲiɲʥa"), ("カンタン", "kantaɴ"), ("ティッシュ", "tʲiʔɕɨ"),
        ("ウィンド", "βindo"), ("ヒ’トリ", "çitoɾʲi"),
    ],
)  # fmt: skip
def test_kana(kana, sounds):
    assert sounds_of(kana) == sounds


def test_every_sound_of_kana_has_a_mouth():
    assert (
        not {s for kana in [*syllables(), "ッ", "ン", "ー"] for s in sounds_of(kana)} - IGNORED - set(PHONEME_VISEMES)
    )


def test_japanese_words_and_marks():
    words = (SpokenWord("ハッ", 0), SpokenWord("ピャク", 0, ","), SpokenWord("Northwind", 1, "."))
    symbols, owner = JapaneseSounds().symbols(words)
    assert "".join(symbols) == "haʔpʲakɯ, nˈɔɹθwˌɪnd."
    assert [o for o, s in zip(owner, symbols, strict=True) if s in {"h", "p", ",", " ", "n", "."}] == [
        0, 1, -1, -1, 2, 2, -1,
    ]  # fmt: skip


def test_joined_symbols_and_notes_of_language():
    assert in_kokoro("(^e^n)nˈɔːθwɪnd(^h^i) də- t^ʃe e^ʊ ɐ^̃ʊ") == "nˈɔːθwɪnd də ʧe eʊ ɐʊ"
    assert not set(JOINED.values()) - set(PHONEME_VISEMES)


@espeak
@pytest.mark.parametrize("language", VOICES)
def test_each_word_has_its_sounds(language):
    text = {"es": "hola amiga", "fr": "bonjour madame", "hi": "नमस्ते दुकान", "it": "ciao bella", "pt": "olá você"}
    words = [SpokenWord(word, i, mark) for i, (word, mark) in enumerate(zip(text[language].split(), ",!", strict=True))]
    symbols, owner = EspeakSounds(language).symbols(words)
    said = [o for o in owner if o >= 0]
    assert said == sorted(said)
    assert set(said) == {0, 1}
    assert symbols[-1] == "!"
    assert not set(symbols) - IGNORED - set(PHONEME_VISEMES)


@espeak
def test_words_that_melt_together_keep_their_own():
    words = [SpokenWord(word, i) for i, word in enumerate(["les", "amis", "qu'il", "y", "a", "en", "a"])]
    symbols, owner = EspeakSounds("fr").symbols(words)
    heard = ["".join(s for s, o in zip(symbols, owner, strict=True) if o == i) for i in range(len(words))]
    assert all(heard)
    assert [o for o in owner if o >= 0] == sorted(o for o in owner if o >= 0)
    assert "am" in heard[1]
