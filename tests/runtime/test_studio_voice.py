"""A studio whose voices fail: it lives on, says so, and speaks again when it can."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.flow import LineKind
from engine.records import Ledger
from engine.runtime import company as company_module
from engine.runtime import studio as studio_module
from engine.runtime.heart import Heart
from engine.runtime.messages import ChatMessage, ChatReply, Ended, Health, Message, Perform, Scheduled
from engine.runtime.steering import Say
from engine.runtime.studio import Studio
from engine.settings import Channel
from engine.speech import TextError, VoiceError
from engine.speech.base import NotReadyError
from tests.runtime.studio_bench import Mumbler, wish, work


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studio_module, "VOICELESS_S", 0.05)


def performed(sent: list[Message]) -> int:
    return sum(isinstance(each, Perform) for each in sent)


def troubles(sent: list[Message]) -> list[dict[str, str]]:
    return [each.troubles for each in sent if isinstance(each, Health)]


def test_where_no_voice_can_speak_the_studio_beats_on_and_speaks_again_when_one_can(
    studio: Studio, sent: list[Message]
) -> None:
    voice = studio._company.voice
    voice.error, voice.trouble = VoiceError("down"), "endpoint alloy: down"  # type: ignore[attr-defined,misc]
    work(studio, lambda: len(troubles(sent)) >= 2)
    assert performed(sent) == 0
    assert troubles(sent)[-1] == {"voice": "endpoint alloy: down"}
    voice.error, voice.trouble = None, ""  # type: ignore[attr-defined,misc]
    seen = len(troubles(sent))
    work(studio, lambda: performed(sent) >= 3 and len(troubles(sent)) > seen)
    assert troubles(sent)[-1] == {}


@pytest.mark.parametrize("error", [VoiceError("down"), NotReadyError("still being loaded")])
def test_no_line_is_lost_while_no_voice_can_speak(
    studio: Studio, ledger: Ledger, sent: list[Message], error: VoiceError
) -> None:
    voice = studio._company.voice
    assert isinstance(voice, Mumbler)
    voice.error = error
    work(studio, lambda: len(voice.asked) >= 12)
    assert {line.line_id for line in voice.asked} == {"1-1", "1-2"}
    voice.error = None
    work(studio, lambda: performed(sent) >= 5)
    lines = [each.performance.line for each in sent if isinstance(each, Perform)]
    assert sorted(line.line_id for line in lines[:5]) == [f"1-{n}" for n in range(1, 6)]
    assert LineKind.NOTICE in {line.kind for line in lines[:2]}
    assert ledger.dropped_lines() == ()


def test_lines_that_fail_between_lines_whose_sound_is_kept_are_not_at_fault(
    studio: Studio, ledger: Ledger, sent: list[Message]
) -> None:
    voice = studio._company.voice
    assert isinstance(voice, Mumbler)
    voice.error, voice.faultless, voice.is_well = VoiceError("down"), frozenset({LineKind.NOTICE}), False
    work(studio, lambda: len(voice.asked) >= 12)
    assert {line.line_id for line in voice.asked if line.kind is not LineKind.NOTICE} == {"1-1", "1-3"}
    assert performed(sent) == 1
    assert ledger.dropped_lines() == ()


def test_while_every_voice_rests_none_is_asked_and_no_time_is_burnt(
    studio: Studio, sent: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    voice = studio._company.voice
    assert isinstance(voice, Mumbler)
    voice.wakes_in_s = 12.0
    waits: list[int] = []
    receive = studio._bus.receive
    monkeypatch.setattr(studio._bus, "receive", lambda timeout_ms=0: (waits.append(timeout_ms), receive(0))[1])
    for _ in range(5):
        studio._step()
    assert voice.asked == []
    assert sum(each > 0 for each in waits) == 5, "each round waits for messages instead of turning as fast as it can"
    voice.wakes_in_s = 0.0
    studio._step()
    assert performed(sent) == 1


def test_a_line_at_fault_is_dropped_and_the_others_go_on(studio: Studio, ledger: Ledger, sent: list[Message]) -> None:
    voice = studio._company.voice
    assert isinstance(voice, Mumbler)
    voice.error, voice.faultless = VoiceError("IndexError"), frozenset(set(LineKind) - {LineKind.OPENER})
    work(studio, lambda: len(ledger.dropped_lines()) >= 1)
    (line,) = ledger.dropped_lines()
    assert line.dropped_why == "no voice could speak it"
    assert [each.kind for each in voice.asked if each.line_id == line.line_id] == [LineKind.OPENER] * 2
    assert performed(sent) >= 5


def test_a_notice_that_is_cut_on_air_is_said_again(studio: Studio, ledger: Ledger) -> None:
    work(studio, lambda: studio._lineup.seconds() >= 12)
    notice = next(each for each in studio._lineup if each.performance.line.kind is LineKind.NOTICE)
    studio._handle(Scheduled(notice.performance.performance_id, 0))
    studio._handle(Ended(notice.performance.performance_id, cut=True))
    assert [said.line_id for said in ledger.lines()] == [notice.performance.line.line_id]
    assert studio._company.director.next_line().kind is LineKind.NOTICE


def test_while_the_first_voice_is_opened_the_studio_says_that_it_lives(
    request: pytest.FixtureRequest, channel: Channel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    beats: list[str] = []
    monkeypatch.setattr(Heart, "beat", lambda _, state, *__: beats.append(state))
    made: Studio = request.getfixturevalue("studio")
    assert beats == []

    def open_slowly(*given: object) -> Mumbler:
        given[3]()  # type: ignore[operator]
        return Mumbler()

    monkeypatch.setattr(company_module, "make_speaker", open_slowly)
    another = Studio(channel, tmp_path, made._ledger, None)
    try:
        assert beats == ["starting"]
    finally:
        another._company.voice.close()
        another._bus.close()


def test_a_line_that_cannot_be_spoken_is_left_out_and_noted(
    studio: Studio, ledger: Ledger, sent: list[Message]
) -> None:
    studio._company.voice.error = TextError("no sound for it")  # type: ignore[attr-defined]
    work(studio, lambda: len(troubles(sent)) >= 1)
    studio._company.voice.error = None  # type: ignore[attr-defined]
    work(studio, lambda: performed(sent) >= 1)
    assert {each.dropped_why for each in ledger.dropped_lines()} == {"no voice could speak it"}


def test_an_answer_that_no_voice_can_speak_is_written(studio: Studio, sent: list[Message]) -> None:
    work(studio, lambda: studio._lineup.seconds() >= 12)
    studio._company.voice.error = VoiceError("down")  # type: ignore[attr-defined]
    studio._handle(ChatMessage("m1", "Ann", "how much is the bottle?"))
    work(studio, lambda: any(isinstance(each, ChatReply) for each in sent))
    (reply,) = (each for each in sent if isinstance(each, ChatReply))
    assert "19.99" in reply.text
    assert reply.performance_id == ""


def test_an_operator_is_told_that_no_voice_can_speak(studio: Studio) -> None:
    studio._company.voice.error = VoiceError("down")  # type: ignore[attr-defined]
    told = wish(studio, Say("Hello there.", None))
    assert (told.granted, told.code, told.message) == (False, "voice", "no voice could speak it: down")


def test_whoever_waits_for_a_voice_keeps_the_studio_beating(studio: Studio, sent: list[Message]) -> None:
    studio._heart._due = 0.0
    studio._company.voice.apart.patience()
    studio._company.voice.apart.patience()
    assert len(troubles(sent)) == 1
