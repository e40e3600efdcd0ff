from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from engine.flow import SAMPLE_RATE
from engine.speech import VoiceError, untimed
from engine.speech.cache import SoundCache
from engine.speech.pauses import likely_length, stretches, word_spans
from engine.speech.readings import SpokenWord
from engine.speech.speaker import LEAD, TAIL, Speaker

TEXT = "Hello everyone, and welcome to our show. Nice to see you all here!"


class Untimed:
    """The embedded voice, with its times forgotten and half a second of silence at both ends."""

    def __init__(self, voice, gain=1.0):
        self._voice, self._gain = voice, gain
        self.version = f"untimed-{voice.version}"

    def synthesize(self, words, speed):
        pcm = self._voice.synthesize(words, speed).pcm_48k * self._gain
        return untimed(np.pad(pcm, SAMPLE_RATE // 2))


def tone(*spans: tuple[bool, int]) -> np.ndarray:
    """Stretches of tone or silence, in milliseconds."""
    parts = [np.full(ms * 48, 0.2 if loud else 0.0) for loud, ms in spans]
    sound = np.concatenate(parts)
    return (sound * np.sin(np.arange(len(sound)) * 0.05)).astype(np.float32)


def test_stretches_leave_out_pauses_but_not_closures():
    found = stretches(tone((False, 200), (True, 300), (False, 60), (True, 300), (False, 250), (True, 300), (False, 90)))
    assert [(round(a / 48, -1), round(b / 48, -1)) for a, b in found] == [(200, 860), (1110, 1410)]
    assert stretches(np.zeros(4800, np.float32)) == []


def test_marks_take_the_pauses_that_are_heard():
    sound = tone((True, 500), (False, 300), (True, 1500))
    words = [SpokenWord("go", 0, ","), SpokenWord("remembering", 1), SpokenWord("everything", 2)]
    spans = word_spans(words, sound)
    assert abs(spans[0][1] - 500 * 48) < 600
    assert abs(spans[1][0] - 800 * 48) < 600
    assert spans[2][1] == len(sound)
    assert word_spans(words, np.zeros(48_000, np.float32)) == [None, None, None]


def test_characters_and_letters_have_lengths():
    assert likely_length(SpokenWord("欢迎", 0)) == pytest.approx(2.4)
    assert likely_length(SpokenWord("USB", 0, spelled=True)) == pytest.approx(3.6)
    assert likely_length(SpokenWord("extraordinary", 0)) > 2 * likely_length(SpokenWord("the", 0))


def test_an_untimed_voice_speaks_with_captions(voice, speaker, line):
    u = Speaker(Untimed(voice), 1.0, SoundCache()).utter(line(TEXT))
    known = speaker.utter(line(TEXT))
    assert u.phonemes == ()
    assert [w.text for w in u.words] == TEXT.split()
    assert all(a.end <= b.start for a, b in pairwise(u.words))
    assert u.words[-1].end <= len(u.pcm_48k)
    assert abs(len(u.pcm_48k) - len(known.pcm_48k)) < 0.1 * SAMPLE_RATE
    off = [abs(a.start - b.start) / SAMPLE_RATE for a, b in zip(u.words, known.words, strict=True)]
    assert np.median(off) < 0.12
    loud = np.flatnonzero(np.abs(u.pcm_48k) > 0.01)
    assert LEAD * 0.5 < loud[0] < LEAD * 1.5
    assert len(u.pcm_48k) - loud[-1] < TAIL + 0.1 * SAMPLE_RATE


def test_an_untimed_sound_is_kept(voice, line, tmp_path):
    first = Speaker(Untimed(voice), 1.0, SoundCache(tmp_path)).utter(line(TEXT))
    again = Speaker(Untimed(voice), 1.0, SoundCache(tmp_path)).utter(line(TEXT))
    assert np.array_equal(first.pcm_48k, again.pcm_48k)
    assert first.words == again.words
    assert again.phonemes == ()


def test_a_silent_voice_is_an_error(voice, line):
    with pytest.raises(VoiceError, match="the sound is silence"):
        Speaker(Untimed(voice, gain=0.0), 1.0, SoundCache()).utter(line(TEXT))
