from __future__ import annotations

import json
from importlib.resources import files

import pytest

from engine.settings.voice import Voice
from engine.speech import VoiceError, VoiceKind, VoiceRegistry, known_voices, make_speaker
from engine.speech.hibari import HibariVoice
from engine.speech.pronounce import HIBARI_LEXICON


def test_unknown_backend_names_the_known_ones():
    with pytest.raises(VoiceError, match=r"^unknown voice backend 'nope'; known: coqui, endpoint, hibari, kokoro$"):
        make_speaker(Voice(backend="nope"))


def test_unknown_voice_names_the_known_ones():
    with pytest.raises(VoiceError, match=r"^unknown voice 'nope' of backend 'hibari'; known: .*heart.*$"):
        make_speaker(Voice(name="nope"))


def test_a_voice_that_is_not_installed_is_said_so(monkeypatch, tmp_path):
    monkeypatch.setenv("HIBARI_HOME", str(tmp_path))
    with pytest.raises(VoiceError, match="'emma' of backend 'hibari' is not installed"):
        make_speaker(Voice(name="emma"))


def test_duplicates_are_refused():
    registry = VoiceRegistry()
    kind = VoiceKind(lambda voice: HibariVoice(voice.name), {"heart": frozenset({"en"})})
    registry.register("hibari", kind)
    with pytest.raises(ValueError, match="'hibari' is registered twice"):
        registry.register("hibari", kind)


def test_known_voices():
    assert "heart" in known_voices()["hibari"]


def test_pronunciations_use_the_alphabet_of_the_voice():
    vocab = json.loads(files("hibari").joinpath("assets/vocab.json").read_text(encoding="utf-8"))
    assert not {c for sounds in HIBARI_LEXICON.values() for c in sounds} - set(vocab)
