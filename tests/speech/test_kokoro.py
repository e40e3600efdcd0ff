from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from engine.flow import Line, LineKind, Utterance
from engine.settings.voice import Voice
from engine.speech import VoiceError, make_speaker, missing_of_voice, spoken_languages
from engine.speech.kokoro import KokoroVoice
from engine.speech.kokoro_voices import ENGLISH, MANDARIN
from engine.speech.reader import read_text
from engine.speech.speaker import Speaker

XIAOXIAO = Voice(backend="kokoro", name="zf_xiaoxiao")
installed = pytest.mark.skipif(bool(missing_of_voice(XIAOXIAO)), reason="make zh has not been run")
TEXT = "它现在39.9元，USB-C口，不漏水。"


@pytest.fixture(scope="module")
def mandarin() -> Speaker:
    return make_speaker(XIAOXIAO)


@pytest.fixture(scope="module")
def spoken(mandarin: Speaker) -> Utterance:
    return mandarin.utter(Line("l", LineKind.SAY, TEXT))


def test_voices_know_their_languages():
    assert {spoken_languages(Voice(backend="kokoro", name=v)) for v in MANDARIN} == {frozenset({"zh", "en"})}
    assert {spoken_languages(Voice(backend="kokoro", name=v)) for v in ENGLISH} == {frozenset({"en"})}


def test_a_voice_that_is_not_installed_names_the_command(tmp_path):
    with pytest.raises(
        VoiceError, match=r"'zf_xiaoxiao' .* not installed \(model.onnx, .*zf_xiaoxiao.bin\): run `make zh`"
    ):
        KokoroVoice("zf_xiaoxiao", tmp_path)


@installed
def test_phonemes_cover_the_sound_and_bear_tones(spoken):
    phonemes = spoken.phonemes
    assert phonemes[0].start == 0
    assert phonemes[-1].end == len(spoken.pcm_48k)
    assert all(a.end == b.start and a.end > a.start for a, b in pairwise(phonemes))
    assert not {p.symbol for p in phonemes} & set("→↗↓↘ʰ ,.")
    # 它 现在 三十九块九 … 口 不漏水; the letters of USB-C have none.
    assert "".join(str(p.tone) for p in phonemes if p.tone) == "144123433243"
    assert {p.symbol for p in phonemes} >= set("pkʂɕʨu")


@installed
def test_words_are_the_captions(spoken):
    assert [w.text for w in spoken.words] == list(read_text(TEXT)[0])
    assert all(a.end <= b.start and a.end > a.start for a, b in pairwise(spoken.words))


@installed
def test_english_words_in_a_chinese_line_are_english(spoken):
    assert "juɛsbi" in "".join(p.symbol for p in spoken.phonemes)


@installed
def test_the_same_words_give_the_same_samples(mandarin, spoken):
    again = make_speaker(XIAOXIAO).utter(Line("l", LineKind.SAY, TEXT))
    assert np.array_equal(again.pcm_48k, spoken.pcm_48k)


@installed
def test_a_mandarin_voice_speaks_english_too(mandarin):
    u = mandarin.utter(Line("l", LineKind.SAY, "Hello."))
    assert [w.text for w in u.words] == ["Hello."]
    assert not any(p.tone for p in u.phonemes)
