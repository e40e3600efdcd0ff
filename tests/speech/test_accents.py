"""Latin words with accents are said by English voices, and no sign leaves a line unsaid."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from engine.speech.base import TextError
from engine.speech.coqui.voice import CoquiVoice
from engine.speech.english import EnglishSounds
from engine.speech.kokoro import MixedSounds
from engine.speech.reader import read_text
from engine.speech.scripts import is_chinese, without_accents


@pytest.fixture(scope="module")
def english() -> EnglishSounds:
    return EnglishSounds()


def sounds_of(sounds: EnglishSounds | MixedSounds, text: str, word: int) -> str:
    symbols, owner = sounds.symbols(read_text(text)[1])
    return "".join(s for s, o in zip(symbols, owner, strict=True) if o == word)


def test_accents_fall_off():
    assert without_accents("Häagen-Dazs Lancôme Ørsted Łódź straße") == "Haagen-Dazs Lancome Orsted Lodz strasse"


@pytest.mark.parametrize(
    ("text", "chinese"), [("café", False), ("Ω", False), ("〇", True), ("杯mug", True), ("", False)]
)
def test_only_han_is_chinese(text, chinese):
    assert is_chinese(text) is chinese


@pytest.mark.parametrize("text", ["Our café mug.", "Our décor mug.", "Our Häagen-Dazs mug.", "Our L'Oréal mug."])
def test_words_with_accents_have_sounds(english, text):
    assert len(sounds_of(english, text, 1)) > 3
    assert sounds_of(MixedSounds(british=False), text, 1) == sounds_of(english, text, 1)


def test_an_accent_that_the_lexicon_lacks_changes_no_sound(english):
    assert sounds_of(english, "Our dècor mug.", 1) == sounds_of(english, "Our decor mug.", 1)


def test_words_with_accents_in_a_chinese_line_are_english(english):
    pytest.importorskip("pypinyin")
    text = "这款Lancôme很好。"
    place = [w.text for w in read_text(text)[1]].index("Lancôme")
    assert sounds_of(MixedSounds(british=False), text, place) == sounds_of(english, "Lancôme", 0)


def test_a_sign_without_a_name_is_left_out(english):
    words = read_text("Grade Ψ it is.")[1]
    assert "Ψ" in [w.text for w in words]
    symbols, owner = english.symbols(words)
    assert {o for o in owner if o >= 0} == {i for i, w in enumerate(words) if w.text != "Ψ"}
    assert symbols


@pytest.mark.parametrize("text", ["Impedance is 32 Ω.", "Pan, Ø 24 cm, fits induction.", "Look here. Ψ. It is light."])
def test_a_line_with_a_sign_is_spoken(speaker, line, text):
    u = speaker.utter(line(text))
    assert [w.text for w in u.words] == text.split()
    assert u.phonemes[-1].end == len(u.pcm_48k)
    assert all(w.end > w.start for w in u.words if w.text != "Ψ.")


def test_signs_alone_are_nothing_to_say(voice):
    with pytest.raises(TextError, match="knows no sound for 'Ψ'"):
        voice.synthesize(read_text("Ψ.")[1], 1.0)


class Helper:
    """The edge to a Coqui voice: remembers what it is asked."""

    name = "coqui test"

    def __init__(self) -> None:
        self.asked: list[dict[str, object]] = []

    def ready(self, _wait_s: float) -> bool:
        return True

    def ask(self, request: dict[str, object], _deadline_s: float) -> SimpleNamespace:
        self.asked.append(request)
        return SimpleNamespace(head={"rate": 48_000}, body=np.zeros(480, "<f4").tobytes())


@pytest.mark.parametrize(("text", "language"), [("A café mug.", "en"), ("一只杯子。", "zh")])
def test_a_coqui_voice_is_told_the_language_by_chinese_characters(text, language):
    voice, helper = CoquiVoice.__new__(CoquiVoice), Helper()
    voice._settings, voice._helper = SimpleNamespace(deadline_s=5.0), helper
    voice.synthesize(read_text(text)[1], 1.0)
    assert [request["language"] for request in helper.asked] == [language]
