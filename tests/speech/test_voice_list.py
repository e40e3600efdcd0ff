"""When a voice fails, the next one speaks the same line, and the first is tried again later."""

from __future__ import annotations

import time

import numpy as np
import pytest

from engine.flow import SAMPLE_RATE, Line, LineKind, Phoneme, Question, Utterance
from engine.speech import TextError, VoiceError
from engine.speech.base import NotReadyError
from engine.speech.voice_list import LONGEST_REST_S, Candidate, VoiceList

LINE = Line("l", LineKind.PITCH, "Hello.")
ANSWER = Line("a", LineKind.ANSWER, "Yes.", question=Question("q", "Ann", "really?"))


class Voice:
    """A voice that fails as it is told; in the place of ``Speaker``."""

    def __init__(self, mark: float) -> None:
        self.mark = mark
        self.error: VoiceError | None = None
        self.takes_s = 0.0
        self.asked = self.closed = 0

    def utter(self, line: Line) -> Utterance:
        self.asked += 1
        time.sleep(self.takes_s)
        if self.error is not None:
            raise self.error
        return Utterance(line, np.full(SAMPLE_RATE, self.mark, np.float32), (Phoneme("a", 0, SAMPLE_RATE),), ())

    def close(self) -> None:
        self.closed += 1


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def first() -> Voice:
    return Voice(0.1)


@pytest.fixture
def second() -> Voice:
    return Voice(0.2)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def voices(first: Voice, second: Voice, clock: Clock):
    made = VoiceList(
        [Candidate("endpoint alloy", lambda: first, remote=True), Candidate("hibari heart", lambda: second)],
        30.0,
        clock,
    )
    yield made
    made.close()
    made.close()
    assert first.closed == 1


def spoke(voices: VoiceList, line: Line = LINE) -> float:
    return round(float(voices.utter(line).pcm_48k[0]), 1)


def test_the_first_voice_speaks_while_it_is_well(voices: VoiceList, second: Voice) -> None:
    assert [spoke(voices) for _ in range(3)] == [0.1] * 3
    assert (second.asked, voices.trouble, voices.speaking) == (0, "", "endpoint alloy")


def test_the_next_one_speaks_the_same_line_and_the_trouble_is_told(voices, first, second, clock) -> None:
    first.error = VoiceError("no answer within 8 s")
    assert voices.utter(LINE).line is LINE
    assert (first.asked, second.asked) == (1, 1)
    assert voices.trouble == "endpoint alloy: no answer within 8 s"
    assert [spoke(voices) for _ in range(5)] == [0.2] * 5
    assert first.asked == 1, "a voice that rests was asked"
    first.error = None
    clock.now += 30.0
    assert spoke(voices) == 0.1
    assert (voices.trouble, voices.speaking) == ("", "endpoint alloy")


def test_a_voice_that_fails_again_rests_twice_as_long_up_to_a_limit(voices, first, clock) -> None:
    first.error = VoiceError("down")
    for rest in (30, 60, 120, 240, 480, LONGEST_REST_S, LONGEST_REST_S):
        assert spoke(voices) == 0.2
        asked = first.asked
        clock.now += rest - 1
        spoke(voices)
        assert first.asked == asked
        clock.now += 1


def test_no_viewer_waits_for_an_answer_while_a_voice_is_tried_again(voices, first, clock) -> None:
    first.error = VoiceError("down")
    spoke(voices)
    clock.now += 1000
    assert spoke(voices, ANSWER) == 0.2
    assert first.asked == 1
    spoke(voices)
    assert first.asked == 2


def test_text_that_one_voice_cannot_speak_does_not_make_it_rest(voices, first, second) -> None:
    first.error = TextError("no sound for it")
    assert spoke(voices) == 0.2
    first.error = None
    assert (spoke(voices), voices.trouble) == (0.1, "")
    first.error = second.error = TextError("no sound for it")
    with pytest.raises(TextError):
        voices.utter(LINE)


def test_when_every_voice_fails_the_first_error_is_told_and_all_are_tried_again(voices, first, second) -> None:
    first.error, second.error = VoiceError("down"), VoiceError("broken")
    for n in (1, 2):
        with pytest.raises(VoiceError, match="down"):
            voices.utter(LINE)
        assert (first.asked, second.asked) == (n, n)
    assert voices.trouble == "endpoint alloy: down; hibari heart: broken"


def test_whoever_waits_can_say_meanwhile_that_it_lives(voices, first, monkeypatch) -> None:
    monkeypatch.setattr("engine.speech.voice_list.PATIENCE_S", 0.02)
    first.takes_s = 0.3
    beats: list[float] = []
    voices.patience = lambda: beats.append(time.monotonic())
    assert spoke(voices) == 0.1
    assert len(beats) >= 5


def test_a_voice_that_is_loaded_is_waited_for_only_where_there_is_no_other(first, second, monkeypatch) -> None:
    monkeypatch.setattr("engine.speech.voice_list.PATIENCE_S", 0.01)
    first.error = NotReadyError("still being loaded")
    both = VoiceList([Candidate("coqui x", lambda: first, remote=True), Candidate("b", lambda: second)], 30.0)
    assert spoke(both) == 0.2
    both.close()
    alone = VoiceList([Candidate("coqui x", lambda: first, remote=True)], 30.0)
    waited: list[int] = []

    def wait() -> None:
        waited.append(1)
        if len(waited) == 3:
            first.error = None

    alone.patience = wait
    assert spoke(alone) == 0.1
    alone.close()


def test_the_next_voice_is_loaded_only_when_it_is_needed_and_nobody_waits_in_silence(
    first, second, monkeypatch
) -> None:
    monkeypatch.setattr("engine.speech.voice_list.PATIENCE_S", 0.02)
    loaded: list[str] = []

    def load() -> Voice:
        loaded.append("second")
        time.sleep(0.3)
        return second

    voices = VoiceList([Candidate("a", lambda: first), Candidate("b", load)], 30.0)
    beats: list[float] = []
    voices.patience = lambda: beats.append(time.monotonic())
    assert (spoke(voices), loaded, beats) == (0.1, [], [])
    first.error = VoiceError("down")
    assert (spoke(voices), loaded) == (0.2, ["second"])
    assert len(beats) >= 5
    voices.close()


def test_one_that_cannot_be_opened_is_like_one_that_fails(second, clock) -> None:
    def refuse() -> Voice:
        raise VoiceError("the environment variable KEY is not set")

    with pytest.raises(VoiceError, match="KEY is not set"):
        VoiceList([Candidate("endpoint alloy", refuse)], 30.0, clock)
    voices = VoiceList([Candidate("endpoint alloy", refuse), Candidate("b", lambda: second)], 30.0, clock)
    assert spoke(voices) == 0.2
    assert "KEY is not set" in voices.trouble
    voices.close()
