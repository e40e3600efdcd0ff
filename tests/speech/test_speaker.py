from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from engine.flow import SAMPLE_RATE
from engine.settings.voice import Voice
from engine.speech import VoiceError, make_speaker
from engine.speech.cache import SoundCache
from engine.speech.loudness import TARGET_LUFS, loudness_lufs, true_peak
from engine.speech.speaker import LEAD, MAX_TEXT, TAIL, Speaker

TEXTS = [
    "The TM-750 bottle is $19.99, down from $29.99!",
    "No.",
    "Hello everyone. Welcome to the show!",
    "Please pop it open, pour a cup of coffee, and keep it beside you.",
]


@pytest.mark.parametrize("text", TEXTS)
def test_phonemes_cover_the_sound(speaker, line, text):
    u = speaker.utter(line(text))
    assert u.pcm_48k.dtype == np.float32
    assert u.phonemes[0].start == 0
    assert u.phonemes[-1].end == len(u.pcm_48k)
    assert all(a.end == b.start for a, b in pairwise(u.phonemes))
    assert all(p.end > p.start for p in u.phonemes)
    assert not any(a.symbol == "" and b.symbol == "" for a, b in pairwise(u.phonemes))
    assert not {p.symbol for p in u.phonemes} & set("ˈˌː.,!? ")


@pytest.mark.parametrize("text", TEXTS)
def test_words_are_the_captions(speaker, line, text):
    u = speaker.utter(line(text))
    assert [w.text for w in u.words] == text.split()
    assert all(a.end <= b.start for a, b in pairwise(u.words))
    assert all(w.end > w.start for w in u.words)
    assert u.words[-1].end <= len(u.pcm_48k)


@pytest.mark.parametrize("text", TEXTS)
def test_loudness_and_peaks(speaker, line, text):
    u = speaker.utter(line(text))
    assert abs(loudness_lufs(u.pcm_48k) - TARGET_LUFS) < 0.4
    assert true_peak(u.pcm_48k) <= 10 ** (-1.5 / 20) + 1e-3
    assert abs(u.pcm_48k[0]) < 1e-4
    assert abs(u.pcm_48k[-1]) < 1e-4


def test_silence_around_the_sound_is_short(speaker, line):
    u = speaker.utter(line(TEXTS[3]))
    assert 0 < u.phonemes[0].end <= LEAD
    assert u.phonemes[-1].symbol == ""
    assert u.phonemes[-1].end - u.phonemes[-1].start <= TAIL


def test_phrase_edges_lie_at_the_sound(speaker, line):
    u = speaker.utter(line("Hello everyone, welcome to our show."))
    loud = np.abs(u.pcm_48k) > 0.01
    first, last = np.flatnonzero(loud)[[0, -1]]
    heard = [p for p in u.phonemes if p.symbol]
    assert abs(heard[0].start - first) < 0.025 * SAMPLE_RATE
    assert abs(heard[-1].end - last) < 0.04 * SAMPLE_RATE


def test_the_same_text_gives_the_same_samples(speaker, line):
    a = speaker.utter(line(TEXTS[0]))
    b = make_speaker(Voice()).utter(line(TEXTS[0]))
    assert np.array_equal(a.pcm_48k, b.pcm_48k)
    assert a.phonemes == b.phonemes
    assert a.words == b.words


def test_speed(voice, line):
    slow = Speaker(voice, 0.8, SoundCache()).utter(line(TEXTS[3]))
    fast = Speaker(voice, 1.25, SoundCache()).utter(line(TEXTS[3]))
    assert len(slow.pcm_48k) > 1.3 * len(fast.pcm_48k)
    assert fast.phonemes[-1].end == len(fast.pcm_48k)


def test_unheard_caption_words_last_no_time(speaker, line):
    u = speaker.utter(line("Hello 😀 you"))
    assert [w.text for w in u.words] == ["Hello", "😀", "you"]
    assert u.words[1].start == u.words[1].end == u.words[0].end


@pytest.mark.parametrize("text", ["", "…", "😀"])
def test_nothing_to_say(speaker, line, text):
    with pytest.raises(VoiceError, match="'line-1' has nothing to say"):
        speaker.utter(line(text))


def test_too_long(speaker, line):
    with pytest.raises(VoiceError, match="at most 1200 are spoken"):
        speaker.utter(line("word " * MAX_TEXT))


def test_a_long_sentence_is_spoken_whole(speaker, line):
    text = "We have " + ", ".join(["a bottle, a lamp and a blanket"] * 20) + "."
    u = speaker.utter(line(text))
    assert [w.text for w in u.words] == text.split()
    assert all(w.end > w.start for w in u.words)
