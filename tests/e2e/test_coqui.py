"""A voice of Coqui's own classes, made and saved as its trainer does, speaks through the real path.

The weights are random, so what it says is no language; everything else is real: conversion, hash, process, pipe, the
list that falls back, captions, and lips by sound.
"""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import numpy as np
import pytest

from engine.commands import CommandError
from engine.commands.voice import convert
from engine.flow import CURVE_INDEX, SAMPLE_RATE, Line, LineKind
from engine.motion import Actor
from engine.settings.voice import Coqui, OneVoice, Voice
from engine.settings.weights import sha256_of
from engine.speech import VoiceError, make_speaker
from engine.speech.coqui import place
from engine.speech.coqui.voice import CoquiVoice
from engine.speech.reader import read_text
from tests.settings.test_weights import plain_pickle
from tests.speech.coqui.made import made, made_vits
from tests.speech.sounds import speech, wav

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(300),
    pytest.mark.skipif(bool(place.missing()), reason=place.missing()),
]

LOADED_S = 60.0

LINE = Line("l", LineKind.PITCH, "The Kiln mug keeps your coffee warm, for an hour.")


@pytest.fixture(scope="module")
def vits(tmp_path_factory: pytest.TempPathFactory) -> Coqui:
    return made_vits(tmp_path_factory.mktemp("vits"))


def spoken(voice: CoquiVoice, text: str, speed: float = 1.0) -> np.ndarray:
    return voice.synthesize(read_text(text)[1], speed).pcm_48k


def test_a_vits_speaks_a_line_with_captions_and_lips(vits: Coqui) -> None:
    voices = make_speaker(Voice(backend="coqui", name="ann", coqui=vits, fallback=(OneVoice(),)))
    voices.waits_s = LOADED_S
    try:
        utterance = voices.utter(LINE)
        assert (voices.speaking, voices.trouble) == ("coqui ann", "")
    finally:
        voices.close()
    assert utterance.phonemes == ()
    assert 1.0 < len(utterance.pcm_48k) / SAMPLE_RATE < 10.0
    assert [word.text for word in utterance.words] == LINE.text.split()
    assert all(a.end <= b.start for a, b in zip(utterance.words, utterance.words[1:], strict=False))
    assert utterance.words[-1].end > 0.7 * len(utterance.pcm_48k)
    performance = Actor(25, 1).perform(utterance, "p")
    # Weights of chance speak no words, only something that a mouth is heard in.
    assert performance.curves[:, CURVE_INDEX["jawOpen"]].max() > 0.02


def test_the_same_text_is_the_same_sound_and_speed_is_speed(vits: Coqui) -> None:
    voice = CoquiVoice(vits)
    first, again = spoken(voice, "Hello there."), spoken(voice, "Hello there.")
    assert (first == again).all()
    assert len(spoken(voice, "Hello there.", 1.4)) < 0.85 * len(spoken(voice, "Hello there.", 0.8))
    voice.close()


def test_one_that_hangs_is_killed_and_started_again_while_the_next_speaks(vits: Coqui) -> None:
    voices = make_speaker(
        Voice(
            backend="coqui",
            name="ann",
            coqui=vits.model_copy(update={"deadline_s": 2.0}),
            fallback=(OneVoice(),),
            retry_s=5,
        )
    )
    voices.waits_s = LOADED_S
    try:
        voices.utter(LINE)
        pid = voices._voices[0].speaker._voice._helper._run._process.pid
        os.kill(pid, signal.SIGSTOP)
        began = time.monotonic()
        voices.utter(Line("m", LineKind.PITCH, "And it looks good, too."))
        # Two seconds until it is given up; the rest is the next voice being loaded, on however busy a machine.
        assert time.monotonic() - began < 20.0
        assert voices.speaking == "hibari heart"
        assert voices.trouble == "coqui ann: coqui model gave no answer within 2 s; it was stopped"
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
        until = time.monotonic() + 90.0
        number = 0
        while voices.speaking != "coqui ann" and time.monotonic() < until:
            time.sleep(1.0)
            number += 1
            voices.utter(Line(f"n{number}", LineKind.PITCH, f"Line number {number} of this show."))
        assert (voices.speaking, voices.trouble) == ("coqui ann", "")
    finally:
        voices.close()


def test_other_weights_than_the_configs_are_told(vits: Coqui, tmp_path: Path) -> None:
    config = json.loads(vits.config.read_text())
    config["model_args"]["hidden_channels"] = 48
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(VoiceError, match="the weights are not those of this config: the file has other sizes of"):
        CoquiVoice(vits.model_copy(update={"config": tmp_path / "config.json"}))


def test_a_pickle_that_the_config_names_is_not_opened(vits: Coqui, tmp_path: Path) -> None:
    config = json.loads(vits.config.read_text())
    config["model_args"] |= {"use_speaker_embedding": True, "num_speakers": 2}
    (tmp_path / "config.json").write_text(json.dumps(config))
    evil = plain_pickle(tmp_path / "speakers.pth")
    changed = vits.model_copy(update={"config": tmp_path / "config.json", "speakers": evil, "speaker": "ann"})
    with pytest.raises(VoiceError, match="a file in pickle format"):
        CoquiVoice(changed)


def test_a_checkpoint_with_a_program_in_it_is_not_converted(tmp_path: Path) -> None:
    (tmp_path / "evil.pth").write_bytes(b"cposix\nsystem\n(S'touch %s'\ntR." % str(tmp_path / "ran").encode())
    with pytest.raises(CommandError, match=r"evil\.pth was not converted: it (holds more than|cannot be read)"):
        convert(tmp_path / "evil.pth", None)
    assert not (tmp_path / "ran").exists()


def test_xtts_speaks_like_a_sample(tmp_path: Path) -> None:
    weights = made("xtts", tmp_path)
    (tmp_path / "ann.wav").write_bytes(wav(np.tile(speech(), 2)))
    given = Coqui(
        kind="xtts", weights=weights, sha256=sha256_of(weights), config=tmp_path / "config.json",
        vocabulary=tmp_path / "vocab.json", sample=tmp_path / "ann.wav", languages=("en", "zh"), deadline_s=20,
    )  # fmt: skip
    voice = CoquiVoice(given)
    until = time.monotonic() + 120
    while not voice._helper.ready(1.0):
        assert time.monotonic() < until
    sounds = [spoken(voice, text) for text in ("Hello there.", "你好。")]
    voice.close()
    for sound in sounds:
        assert 0.3 < len(sound) / SAMPLE_RATE < 10.0
        assert 0.001 < np.abs(sound).max() <= 1.0
