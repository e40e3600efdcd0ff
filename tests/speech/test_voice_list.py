"""When a voice fails, the next one speaks the same line, and the first is tried again later."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from engine.flow import SAMPLE_RATE, Line, LineKind, Phoneme, Question, Utterance
from engine.speech import TextError, VoiceError
from engine.speech.base import NotReadyError
from engine.speech.hung import HungVoices
from engine.speech.voice_list import LOAD_AGAIN_S, LONGEST_REST_S, SILENT_S, Candidate, VoiceList

LINE = Line("l", LineKind.PITCH, "Hello.")
ANSWER = Line("a", LineKind.ANSWER, "Yes.", question=Question("q", "Ann", "really?"))


class Voice:
    """A voice that fails as it is told; in the place of ``Speaker``."""

    def __init__(self, mark: float) -> None:
        self.mark = mark
        self.error: Exception | None = None
        self.takes_s = 0.0
        self.asked = self.closed = 0
        self.kept: set[str] = set()

    def is_kept(self, line: Line) -> bool:
        return line.text in self.kept

    def utter(self, line: Line) -> Utterance:
        self.asked += 1
        time.sleep(self.takes_s)
        if self.error is not None and line.text not in self.kept:
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
        [Candidate("endpoint alloy", lambda: first), Candidate("hibari heart", lambda: second)],
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


def test_when_every_voice_fails_the_first_error_is_told_and_the_one_that_wakes_first_is_tried(
    voices, first, second, clock
) -> None:
    first.error, second.error = VoiceError("down"), VoiceError("broken")
    with pytest.raises(VoiceError, match="down"):
        voices.utter(LINE)
    assert (first.asked, second.asked) == (1, 1)
    assert voices.trouble == "endpoint alloy: down; hibari heart: broken"
    with pytest.raises(VoiceError, match="down"):
        voices.utter(LINE)
    assert (first.asked, second.asked) == (2, 1), "one at a time"
    with pytest.raises(VoiceError, match="broken"):
        voices.utter(LINE)
    assert (first.asked, second.asked) == (2, 2), "they take turns"


def test_where_all_rest_a_line_is_worth_a_try_after_some_seconds_however_long_the_rests_have_become(
    voices, first, second, clock
) -> None:
    assert voices.wakes_in_s == 0
    first.error = VoiceError("down")
    spoke(voices)
    assert voices.wakes_in_s == 0, "the second one is well"
    second.error = VoiceError("broken")
    for _ in range(12):
        with pytest.raises(VoiceError):
            voices.utter(LINE)
        assert voices.wakes_in_s == SILENT_S
        clock.now += SILENT_S
        assert voices.wakes_in_s == 0
    first.error = second.error = None
    voices.utter(LINE)
    assert voices.wakes_in_s == 0


def test_sound_that_was_kept_says_nothing_of_a_voice_that_failed(first: Voice, clock: Clock) -> None:
    alone = VoiceList([Candidate("endpoint alloy", lambda: first)], 30.0, clock)
    first.kept.add("Welcome.")
    kept = Line("k", LineKind.GREETING, "Welcome.")
    assert (spoke(alone, kept), alone.speaking, alone.is_well) == (0.1, "endpoint alloy", True)
    first.error = VoiceError("down")
    with pytest.raises(VoiceError):
        alone.utter(LINE)
    rests_until = alone._voices[0].rests_until
    assert spoke(alone, kept) == 0.1
    assert (alone.trouble, alone.is_well) == ("endpoint alloy: down", False)
    assert alone._voices[0].rests_until == rests_until == clock.now + 30
    first.error = None
    assert (spoke(alone), alone.trouble, alone.is_well) == (0.1, "", True)
    alone.close()


def test_no_number_of_failures_is_too_many(first: Voice, clock: Clock) -> None:
    alone = VoiceList([Candidate("endpoint alloy", lambda: first)], 30.0, clock)
    first.error = VoiceError("down")
    for _ in range(1100):
        clock.now += 1000
        with pytest.raises(VoiceError, match="down"):
            alone.utter(LINE)
    clock.now += LONGEST_REST_S
    first.error = None
    assert spoke(alone) == 0.1
    alone.close()


def test_an_answer_never_waits_where_all_rest_and_is_tried_when_one_is_awake(first: Voice, clock: Clock) -> None:
    alone = VoiceList([Candidate("endpoint alloy", lambda: first)], 30.0, clock)
    first.error = VoiceError("down")
    with pytest.raises(VoiceError):
        alone.utter(LINE)
    with pytest.raises(VoiceError, match="every voice rests: endpoint alloy: down"):
        alone.utter(ANSWER)
    assert not alone.is_kept(ANSWER)
    assert first.asked == 1
    clock.now += 30
    first.error = None
    assert spoke(alone, ANSWER) == 0.1
    alone.close()


@pytest.mark.parametrize("error", [ZeroDivisionError("by zero"), MemoryError(), KeyError("hng"), RuntimeError("a\nb")])
def test_whatever_a_voice_raises_is_its_failure(voices, first, error: Exception) -> None:
    first.error = error
    assert spoke(voices) == 0.2
    told = {"MemoryError": "MemoryError", "KeyError": "KeyError: 'hng'", "RuntimeError": "RuntimeError: a"}
    name = type(error).__name__
    assert voices.trouble == f"endpoint alloy: {told.get(name, 'ZeroDivisionError: by zero')}"


def test_one_whose_files_are_damaged_is_like_one_that_fails(second: Voice, clock: Clock) -> None:
    def stumble() -> Voice:
        return list[Voice]()[0]

    with pytest.raises(VoiceError, match="IndexError: list index out of range"):
        VoiceList([Candidate("kokoro a", stumble)], 30.0, clock)
    french = Candidate("kokoro ff_siwis", stumble, language="fr")
    voices = VoiceList([Candidate("kokoro a", stumble), Candidate("b", lambda: second), french], 30.0, clock)
    assert spoke(voices) == 0.2
    assert voices.load_ahead()
    assert voices.trouble.count("IndexError") == 2
    voices.close()


@pytest.mark.parametrize(("line", "waits_s", "waited_s"), [(LINE, 0.0, 0.0), (LINE, 2.0, 2.0), (ANSWER, 2.0, 0.0)])
def test_one_that_is_being_loaded_is_waited_for_no_longer_than_was_said(
    first: Voice, line: Line, waits_s: float, waited_s: float, monkeypatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("engine.speech.voice_list.time.sleep", slept.append)
    first.error = NotReadyError("still being loaded")
    alone = VoiceList([Candidate("coqui x", lambda: first)], 30.0)
    alone.waits_s = waits_s
    with pytest.raises(NotReadyError, match="still being loaded"):
        alone.utter(line)
    assert sum(slept) == waited_s
    assert 0 < alone.wakes_in_s <= LOAD_AGAIN_S
    alone.close()


def test_the_show_begins_with_the_first_voice_though_it_is_still_being_loaded_but_not_for_ever(
    first: Voice, second: Voice, clock: Clock
) -> None:
    def begun() -> VoiceList:
        two = [Candidate("coqui x", lambda: first), Candidate("b", lambda: second)]
        return VoiceList(two, 30.0, clock, first_wait_s=25.0)

    first.error = NotReadyError("still being loaded")
    voices = begun()
    for _ in range(2):
        with pytest.raises(NotReadyError):
            voices.utter(LINE)
    assert (second.asked, voices.trouble, voices.wakes_in_s) == (0, "", 0.0)
    assert spoke(voices, ANSWER) == 0.2, "no viewer waits"
    voices.close()
    voices = begun()
    clock.now += 24
    with pytest.raises(NotReadyError):
        voices.utter(LINE)
    clock.now += 1
    assert spoke(voices) == 0.2
    voices.close()
    first.error = None
    voices = begun()
    assert spoke(voices) == 0.1
    first.error = NotReadyError("loaded again")
    assert spoke(voices) == 0.2, "the show has begun"
    voices.close()


def test_whoever_waits_for_the_first_voice_to_be_opened_can_say_that_it_lives(first: Voice, monkeypatch) -> None:
    monkeypatch.setattr("engine.speech.apart.PATIENCE_S", 0.02)
    beats: list[float] = []

    def load() -> Voice:
        time.sleep(0.3)
        return first

    voices = VoiceList([Candidate("a", load)], 30.0, patience=lambda: beats.append(time.monotonic()))
    assert len(beats) >= 3
    voices.close()


def test_a_voice_that_hung_in_the_process_before_rests_and_is_not_opened(
    first: Voice, second: Voice, clock: Clock, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr("engine.speech.apart.PATIENCE_S", 0.01)
    monkeypatch.setattr("engine.speech.voice_list.LONGEST_S", 0.05)
    file, opened = tmp_path / "hung", []

    def load() -> Voice:
        opened.append(1)
        return first

    def studio() -> VoiceList:
        two = [Candidate("kokoro a", load), Candidate("b", lambda: second)]
        return VoiceList(two, 30.0, clock, hung=HungVoices(file))

    hanging = studio()
    first.takes_s = 0.3
    hanging.utter(LINE)
    hanging.close()
    assert not HungVoices(file).times("kokoro a"), "it spoke after all"
    first.error = VoiceError("what is killed says nothing more")
    hanging = studio()
    hanging.utter(LINE)
    hanging.close()
    first.takes_s, first.error = 0.0, None
    opened.clear()
    following = studio()
    assert (spoke(following), opened) == (0.2, [])
    assert following.trouble == "kokoro a: it hung, and the studio was started again"
    clock.now += 30
    assert (spoke(following), following.trouble) == (0.1, "")
    following.close()
    assert HungVoices(file).times("kokoro a") == 0


def test_one_that_hung_often_rests_longer_and_the_only_one_is_tried_soon(
    first: Voice, clock: Clock, tmp_path: Path
) -> None:
    file = tmp_path / "hung"
    for _ in range(3):
        HungVoices(file).add("kokoro a")
    alone = VoiceList([Candidate("kokoro a", lambda: first)], 30.0, clock, hung=HungVoices(file))
    assert alone._voices[0].rests_until == clock.now + 120
    assert alone.wakes_in_s == SILENT_S
    clock.now += SILENT_S
    assert spoke(alone) == 0.1
    alone.close()


def test_a_list_of_hung_voices_that_cannot_be_read_or_written_is_none(tmp_path: Path, caplog) -> None:
    (tmp_path / "hung").write_bytes(b"[1")
    assert HungVoices(tmp_path / "hung").times("a") == 0
    assert "every voice is taken to be well" in caplog.text
    nowhere = HungVoices(tmp_path / "none" / "hung")
    nowhere.add("a")
    assert nowhere.times("a") == 1
    assert "cannot be written" in caplog.text


def test_whoever_waits_can_say_meanwhile_that_it_lives(voices, first, monkeypatch) -> None:
    monkeypatch.setattr("engine.speech.apart.PATIENCE_S", 0.02)
    first.takes_s = 0.3
    beats: list[float] = []
    voices.apart.patience = lambda: beats.append(time.monotonic())
    assert spoke(voices) == 0.1
    assert len(beats) >= 5


def test_a_voice_that_is_loaded_is_waited_for_only_where_there_is_no_other(first, second, monkeypatch) -> None:
    monkeypatch.setattr("engine.speech.apart.PATIENCE_S", 0.01)
    first.error = NotReadyError("still being loaded")
    both = VoiceList([Candidate("coqui x", lambda: first), Candidate("b", lambda: second)], 30.0)
    assert spoke(both) == 0.2
    both.close()
    alone = VoiceList([Candidate("coqui x", lambda: first)], 30.0)
    alone.waits_s = 10.0
    waited: list[int] = []

    def wait() -> None:
        waited.append(1)
        if len(waited) == 3:
            first.error = None

    alone.apart.patience = wait
    assert spoke(alone) == 0.1
    alone.close()


def test_the_next_voice_is_loaded_only_when_it_is_needed_and_nobody_waits_in_silence(
    first, second, monkeypatch
) -> None:
    monkeypatch.setattr("engine.speech.apart.PATIENCE_S", 0.02)
    loaded: list[str] = []

    def load() -> Voice:
        loaded.append("second")
        time.sleep(0.3)
        return second

    voices = VoiceList([Candidate("a", lambda: first), Candidate("b", load)], 30.0)
    beats: list[float] = []
    voices.apart.patience = lambda: beats.append(time.monotonic())
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


def test_the_pace_is_that_of_what_was_made_lately(first: Voice, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    voices = VoiceList([Candidate("first", lambda: first)], 30.0, clock)  # type: ignore[arg-type]
    said = first.utter

    def slowly(line: Line) -> Utterance:
        clock.now += first.takes_s
        return said(line)

    monkeypatch.setattr(first, "utter", slowly)
    voices.utter(LINE)
    assert voices.pace == 0, "what is quick needs no preparation"
    monkeypatch.setattr("time.sleep", lambda _: None)
    first.takes_s = 0.4
    voices.utter(LINE)
    assert voices.pace == pytest.approx(0.4)
    first.takes_s = 0.0
    voices.utter(LINE)
    assert voices.pace == pytest.approx(0.4), "a sound that was kept says nothing of the voice"


def test_a_line_in_another_language_goes_to_its_voice_and_to_the_channels_own_when_that_fails(first, second, clock):
    voices = VoiceList(
        [Candidate("hibari heart", lambda: first), Candidate("kokoro jf_alpha", lambda: second, language="ja")],
        30.0,
        clock,
        lambda text: "ja" if "です" in text else "",
    )
    japanese = Line("j", LineKind.SAY, "安いです。")
    assert voices.utter(LINE).pcm_48k[0] == np.float32(0.1)
    assert voices.utter(japanese).pcm_48k[0] == np.float32(0.2)
    assert voices.speaking == "kokoro jf_alpha"
    second.error = VoiceError("broken")
    assert voices.utter(japanese).pcm_48k[0] == np.float32(0.1)
    assert voices.trouble == "kokoro jf_alpha: broken"
    first.error = TextError("no")
    with pytest.raises(TextError):
        voices.utter(LINE)
    assert second.asked == 2
    voices.close()
    assert second.closed == 1


def test_voices_of_other_languages_are_loaded_before_their_first_line(first: Voice, second: Voice) -> None:
    loaded: list[str] = []

    def load() -> Voice:
        loaded.append("ja")
        return second

    def refuse() -> Voice:
        raise VoiceError("not installed")

    voices = VoiceList(
        [
            Candidate("a", lambda: first),  # type: ignore[arg-type]
            Candidate("b", load),  # type: ignore[arg-type]
            Candidate("kokoro jf_alpha", load, language="ja"),  # type: ignore[arg-type]
            Candidate("kokoro ff_siwis", refuse, language="fr"),  # type: ignore[arg-type]
        ],
        30.0,
    )
    assert [voices.load_ahead() for _ in range(3)] == [True, True, False]
    assert loaded == ["ja"], "who speaks only when another fails is not loaded ahead"
    assert voices.trouble == "kokoro ff_siwis: not installed"
    voices.close()
