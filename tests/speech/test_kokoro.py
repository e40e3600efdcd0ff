from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from engine.flow import Line, LineKind, Utterance
from engine.motion.visemes import PHONEME_VISEMES
from engine.settings.voice import Voice
from engine.speech import VoiceError, make_speaker, missing_of_voice, spoken_languages
from engine.speech.kokoro import KokoroVoice
from engine.speech.kokoro_voices import ENGLISH, MANDARIN, MODEL_BYTES, STYLES_BYTES, TONGUES, missing
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


@pytest.fixture
def whole(tmp_path):
    """Kokoro's files as a healthy folder has them, as far as their sizes go."""
    (tmp_path / "voices").mkdir()
    for name, size in (("model.onnx", MODEL_BYTES), ("voices/af_heart.bin", STYLES_BYTES)):
        with (tmp_path / name).open("wb") as file:
            file.truncate(size)
    (tmp_path / "vocab.json").write_text('{"a": 1}')
    return tmp_path


@pytest.mark.parametrize(
    ("name", "cut"),
    [
        ("voices/af_heart.bin", b""),
        ("voices/af_heart.bin", bytes(1024)),
        ("model.onnx", b"\x08\x08"),
        ("vocab.json", b'{"a": 1'),
        ("vocab.json", b"\xff"),
    ],
)
def test_a_file_that_was_cut_short_is_named_with_the_command(whole, name, cut):
    assert missing("af_heart", whole) == ""
    (whole / name).write_bytes(cut)
    told = f"voice 'af_heart' of backend 'kokoro' is damaged ({name}): run `make zh`"
    assert missing("af_heart", whole) == told
    with pytest.raises(VoiceError, match="is damaged"):
        KokoroVoice("af_heart", whole)


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


def other(language: str) -> Voice:
    return Voice.model_validate({"others": {language: TONGUES[language][0]}})


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ja", "このケトルは1,980円です。"),
        ("es", "¿Cuesta 19,99 €? Sí, hoy."),
        ("fr", "Il y en a 20 % de plus."),
        ("hi", "यह केतली ₹1,299 की है।"),
        ("it", "Costa 19,99 € in tutto."),
        ("pt", "O frete é grátis para todos."),
    ],
)
def test_a_line_in_another_language_is_spoken_by_its_voice(language, text):
    voice = other(language)
    if lacks := missing_of_voice(voice.others.voices(1.0)[language]):
        pytest.skip(lacks)
    voices = make_speaker(voice)
    u = voices.utter(Line("l", LineKind.SAY, text))
    assert voices.speaking == f"kokoro {TONGUES[language][0]}"
    assert [w.text for w in u.words] == list(read_text(text, None, language)[0])
    assert all(a.end <= b.start and a.end > a.start for a, b in pairwise(u.words))
    assert u.phonemes[0].start == 0
    assert u.phonemes[-1].end == len(u.pcm_48k)
    assert all(a.end == b.start and a.end > a.start for a, b in pairwise(u.phonemes))
    assert not {p.symbol for p in u.phonemes} - set(PHONEME_VISEMES)
    voices.close()


def test_what_a_tongue_lacks_is_told_with_its_command(tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert "voices/ef_dora.bin, the program espeak-ng): run `make tongues`" in missing("ef_dora", tmp_path)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert "the package pyopenjtalk, the package sudachipy): run `make tongues`" in missing("jf_alpha", tmp_path)
