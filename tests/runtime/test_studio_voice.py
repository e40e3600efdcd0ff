"""A studio whose voices fail: it lives on, says so, and speaks again when it can."""

from __future__ import annotations

import pytest

from engine.records import Ledger
from engine.runtime import studio as studio_module
from engine.runtime.messages import ChatMessage, ChatReply, Health, Message, Perform
from engine.runtime.steering import Say
from engine.runtime.studio import Studio
from engine.speech import TextError, VoiceError
from tests.runtime.studio_bench import wish, work


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


def test_a_line_that_cannot_be_spoken_is_left_out_and_noted(
    studio: Studio, ledger: Ledger, sent: list[Message]
) -> None:
    studio._company.voice.error = TextError("no sound for it")  # type: ignore[attr-defined]
    work(studio, lambda: len(troubles(sent)) >= 1)
    studio._company.voice.error = None  # type: ignore[attr-defined]
    work(studio, lambda: performed(sent) >= 1)
    assert {each.dropped_why for each in ledger.dropped_lines()} == {"no voice could speak it"}


def test_an_answer_that_no_voice_can_speak_is_written(studio: Studio, sent: list[Message]) -> None:
    work(studio, lambda: studio._ahead_seconds() >= 12)
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
    studio._company.voice.patience()
    studio._company.voice.patience()
    assert len(troubles(sent)) == 1
