"""A slow voice begins an answer with a few words that are ready; a quick one never does."""

from __future__ import annotations

import time

import pytest

from engine.flow import LineKind
from engine.runtime.answering import HOLD_S
from engine.runtime.company import OPENERS_AGAIN_S
from engine.runtime.messages import ChatMessage, ChatReply, Hold, Message, OnAir, Perform, Scheduled
from engine.runtime.studio import Studio
from engine.speech import VoiceError
from tests.runtime.studio_bench import LINE_S, work

PACE = 0.5


@pytest.fixture
def prepared(studio: Studio) -> Studio:
    """A studio whose voice is slow and has its openers ready."""
    voice = studio._company.voice
    voice.pace = PACE
    work(studio, lambda: studio._lineup.seconds() >= 12)
    for _ in range(len(studio._company.director.answer_openers) + 1):
        studio._company.prepare()
    voice.kept = set(studio._company.director.answer_openers)  # type: ignore[attr-defined]
    return studio


def ask(studio: Studio, *, may_open: bool = True) -> None:
    studio._handle(ChatMessage("m1", "Ann", "how much is the kettle?"))
    studio._answering.next(may_open=may_open)


def answers(sent: list[Message]) -> list[str]:
    urgent = (each.performance.line for each in sent if isinstance(each, Perform) and each.urgent)
    return [line.text for line in urgent if line.kind is LineKind.ANSWER]


def test_a_slow_voice_turns_to_the_question_first(prepared: Studio, sent: list[Message]) -> None:
    ask(prepared)
    opener, answer = answers(sent)
    assert opener in prepared._company.director.answer_openers
    assert "kettle" in answer.lower()
    holds = [each.pictures for each in sent if isinstance(each, Hold)]
    assert holds[-1] > (LINE_S + HOLD_S) * 25, "the show waits for the opener and what is left to make behind it"


def test_no_opener_where_the_line_on_air_lasts_longer(prepared: Studio, sent: list[Message]) -> None:
    first = next(iter(prepared._lineup))
    prepared._handle(OnAir(100, False, False, None, ()))
    prepared._handle(Scheduled(first.performance.performance_id, 100))
    prepared._company.voice.pace = 0.1
    ask(prepared)
    assert len(answers(sent)) == 1


def test_no_opener_from_a_quick_voice_or_while_lines_wait_for_approval(prepared: Studio, sent: list[Message]) -> None:
    ask(prepared, may_open=False)
    assert len(answers(sent)) == 1
    prepared._company.voice.pace = 0.0
    prepared._handle(ChatMessage("m2", "Bob", "how heavy is the mug?"))
    prepared._answering.next(may_open=True)
    assert len(answers(sent)) == 2


def holds(sent: list[Message]) -> list[int]:
    return [each.pictures for each in sent if isinstance(each, Hold)]


def test_what_is_only_written_keeps_no_line_waiting(studio: Studio, sent: list[Message]) -> None:
    work(studio, lambda: studio._lineup.seconds() >= 12)
    for i, text in enumerate(("hi", "hello everyone", "thanks", "see www.example.com", "")):
        studio._answering.hear(ChatMessage(f"m{i}", f"viewer{i}", text))
    assert holds(sent) == []
    studio._handle(ChatMessage("m5", "Ann", "how much is the bottle?"))
    studio._answering.next(may_open=True)
    told = len(holds(sent))
    studio._handle(ChatMessage("m6", "Bob", "what does the bottle cost?"))
    studio._answering.next(may_open=True)
    assert len(holds(sent)) == told, "it was on air a moment ago"
    assert [each.message_id for each in sent if isinstance(each, ChatReply)] == [f"m{i}" for i in range(7)]


def test_the_show_waits_as_soon_as_a_question_is_understood_that_comes_next(
    studio: Studio, sent: list[Message]
) -> None:
    studio._answering.hear(ChatMessage("m1", "Ann", "how much is the bottle?"))
    assert holds(sent) == [round(HOLD_S * 25)]
    studio._answering.hear(ChatMessage("m2", "Bob", "how heavy is the mug?"))
    assert len(holds(sent)) == 1, "another one comes first"


def test_no_hold_while_enough_answers_wait(studio: Studio, sent: list[Message]) -> None:
    for i, text in enumerate(("how much is the bottle?", "how heavy is the mug?")):
        studio._handle(ChatMessage(f"m{i}", "Ann", text))
        studio._answering.next(may_open=True)
    told = len(holds(sent))
    studio._handle(ChatMessage("m3", "Bob", "how much is the kettle?"))
    studio._answering.next(may_open=True)
    assert len(holds(sent)) == told


def test_an_answer_that_no_voice_can_speak_keeps_the_show_waiting_no_longer(
    studio: Studio, sent: list[Message]
) -> None:
    studio._company.voice.error = VoiceError("down")  # type: ignore[attr-defined]
    studio._handle(ChatMessage("m1", "Ann", "how much is the bottle?"))
    studio._answering.next(may_open=True)
    assert holds(sent)[-2:] == [round(HOLD_S * 25), 0]


def test_openers_are_prepared_only_where_the_voice_is_slow(studio: Studio) -> None:
    for _ in range(3):
        studio._company.prepare()
    assert studio._company.opener() is None
    studio._company.voice.pace = PACE
    for _ in studio._company.director.answer_openers:
        studio._company.prepare()
    assert studio._company.opener() is not None


def test_openers_whose_sound_is_gone_after_hours_are_made_again(
    prepared: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    company, voice = prepared._company, prepared._company.voice
    gone = company.director.answer_openers[0]
    voice.kept.remove(gone)  # type: ignore[attr-defined]
    began = len(voice.asked)  # type: ignore[attr-defined]
    company.prepare()
    assert len(voice.asked) == began  # type: ignore[attr-defined]
    later = time.monotonic() + OPENERS_AGAIN_S
    monkeypatch.setattr(time, "monotonic", lambda: later)
    for _ in range(3):
        company.prepare()
    assert [line.text for line in voice.asked[began:]] == [gone]  # type: ignore[attr-defined]
    assert company.opener() is not None
