"""However busy the chat, the show goes on: a real studio and a real master, by a clock that the test moves on."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from engine.broadcast.clock import NANOSECONDS
from engine.broadcast.clock import Clock as MasterClock
from engine.broadcast.programme import LONGEST_HOLD_S
from engine.broadcast.ring import PictureRing
from engine.flow import LineKind
from engine.records import Ledger
from engine.runtime import answering as answering_module
from engine.runtime import company as company_module
from engine.runtime import lineup as lineup_module
from engine.runtime import master as master_module
from engine.runtime import studio as studio_module
from engine.runtime.answering import HOLD_S
from engine.runtime.master import Master
from engine.runtime.messages import ChatMessage, ChatReply, Hold, Message, Recalled
from engine.runtime.studio import Studio
from engine.settings import Channel
from engine.settings.channel import Canvas
from engine.show import Reception
from engine.speech import TextError, VoiceError
from tests.runtime.studio_bench import Mumbler
from tests.show.clock import Clock

FPS = 25
GREETINGS = ("hi", "hello everyone", "thanks")
ONE_PRICE = ("how much is the bottle?", "what does the bottle cost")
QUESTIONS = ("how much is the mug?", "how heavy is the kettle?", "do you ship to Spain?", "is the bottle leakproof?")
NEW_ONES = tuple(f"can I use it for {a}{b}?" for a in ("balor", "konim", "zugas", "mipet") for b in "aeiouyhklmnrst")
"""Questions of which hardly one is like another."""


class Bus:
    """A bus within the process: at once, in order, and nothing is lost."""

    def __init__(self, all_of_them: list[Bus], _: Path, listens: tuple[type[Message], ...]) -> None:
        self.heard: deque[Message] = deque()
        self._all, self._listens = all_of_them, listens
        all_of_them.append(self)

    def publish(self, message: Message) -> None:
        for each in self._all:
            if each is not self and isinstance(message, each._listens):
                each.heard.append(message)

    def receive(self, timeout_ms: int = 0) -> Message | None:
        return self.heard.popleft() if self.heard else None

    def close(self) -> None:
        pass


class Air:
    """A studio and a master on one bus, picture by picture."""

    def __init__(self, studio: Studio, master: Master, chat: Bus, clock: Clock) -> None:
        self.studio, self.master, self.chat = studio, master, chat
        self._clock = clock
        self._written = 0
        self.spoken: list[LineKind] = []
        """What began, in order."""
        self.said = self.silent = self.longest_silence = 0
        """Pictures with speech in the last ``live``; pictures of silence up to now; the longest silence of it."""

    def live(self, seconds: float, texts: tuple[str, ...] = (), every_s: float = 1.0) -> float:
        """So much of the show, with a chat message every so often; returns the share with speech on air."""
        self.said = self.longest_silence = 0
        pictures, each = round(seconds * FPS), round(every_s * FPS)
        for picture in range(pictures):
            if texts and picture % each == 0:
                number = self._written
                self._written += 1
                self.write(f"m{number}", f"viewer{number % 60}", texts[number % len(texts)])
            self._step()
        return self.said / pictures

    def write(self, message_id: str, viewer: str, text: str) -> None:
        """A chat message."""
        self.chat.publish(ChatMessage(message_id, viewer, text))

    def _step(self) -> None:
        self.studio._step()
        self.master._drain(0)
        self.master._picture += 1
        self._clock.now += 1 / FPS
        self.master._move_on()
        if self.master._picture % (FPS // 2) == 0:
            self.master._say_on_air()
        slot = self.master._programme.on_air(self.master._picture)
        if slot is None:
            self.silent += 1
            self.longest_silence = max(self.longest_silence, self.silent)
            return
        self.silent = 0
        self.said += 1
        if slot.start == self.master._picture:
            self.spoken.append(slot.performance.line.kind)


@pytest.fixture
def air(channel: Channel, ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Air]:
    """A show of 15 seconds before the first message."""
    clock, buses = Clock(1000.0), list[Bus]()
    for module in (studio_module, lineup_module, answering_module):
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=clock))
    for module in (studio_module, master_module):
        monkeypatch.setattr(module, "Bus", partial(Bus, buses))
    monkeypatch.setattr(studio_module, "Reception", partial(Reception, clock=clock))
    monkeypatch.setattr(company_module, "make_speaker", lambda *_: Mumbler())
    canvas = Canvas(width=360, height=360, fps=FPS)
    channel = channel.model_copy(update={"canvas": canvas})
    PictureRing.create(tmp_path / "ring", canvas.width, canvas.height, FPS, 0)
    master = Master(channel, tmp_path)
    studio = Studio(channel, tmp_path, ledger, None)
    master._clock = MasterClock(0, lambda: round(clock.now * NANOSECONDS))
    master._next_boundary()
    made = Air(studio, master, Bus(buses, tmp_path, (Hold, ChatReply, Recalled)), clock)
    try:
        made.live(15)
        yield made
    finally:
        studio._company.voice.close()
        master._feed.close()
        master._ring.close()


def holds(air: Air) -> list[int]:
    return [each.pictures for each in air.chat.heard if isinstance(each, Hold)]


@pytest.mark.parametrize(
    ("texts", "every_s"),
    [(GREETINGS, 0.4), (GREETINGS, 0.72), (GREETINGS, 1.2), (ONE_PRICE, 1.0), (QUESTIONS, 0.72), (QUESTIONS, 0.28)],
)
def test_the_show_goes_on_through_a_steady_chat(air: Air, texts: tuple[str, ...], every_s: float) -> None:
    alone = air.live(30)
    began = len(air.spoken)
    beside = air.live(40, texts, every_s)
    assert beside > alone - 0.05
    assert air.longest_silence < 2 * FPS
    assert LineKind.PITCH in air.spoken[began:], "the show itself goes on, not only answers"


def test_greetings_hold_nothing_and_the_same_question_only_once(air: Air) -> None:
    air.live(20, GREETINGS, 0.72)
    assert holds(air) == []
    air.live(30, ONE_PRICE, 1.0)
    # One as it comes in and one as its answer is made: for the first of 30.
    assert holds(air) == [round(HOLD_S * FPS)] * 2
    assert sum(isinstance(each, ChatReply) for each in air.chat.heard) == 28 + 30


@pytest.mark.parametrize("error", [VoiceError("down"), TextError("no sound for it")])
def test_answers_that_no_voice_can_speak_keep_no_line_waiting(air: Air, error: VoiceError) -> None:
    alone = air.live(40)
    voice = air.studio._company.voice
    assert isinstance(voice, Mumbler)
    voice.error, voice.faultless = error, frozenset(set(LineKind) - {LineKind.ANSWER})
    assert air.live(40, NEW_ONES, 0.72) > alone - 0.15
    assert air.longest_silence < 2 * FPS
    assert holds(air).count(0) > 50


def test_answers_that_never_come_keep_each_line_waiting_for_a_bounded_time(air: Air) -> None:
    began, longest = len(air.spoken), 0
    for _ in range(100):
        air.chat.publish(Hold(round(HOLD_S * FPS)))
        air.live(0.4)
        longest = max(longest, air.longest_silence)
    assert LONGEST_HOLD_S * FPS < longest <= (LONGEST_HOLD_S + 2) * FPS
    assert len(air.spoken) - began >= 40 / (LONGEST_HOLD_S + 4)


def test_an_answer_that_is_taken_back_for_a_pause_is_the_first_to_go_on(air: Air) -> None:
    while air.master._programme.on_air(air.master._picture) is None:
        air.live(1 / FPS)
    air.write("m1", "Ann", "how much is the kettle?")
    while len(air.master._programme.placed()) < 2:
        air.live(1 / FPS)
    air.master._control("pause")
    assert isinstance(air.chat.heard[-1], Recalled)
    air.live(5)
    air.write("m2", "Bob", "how heavy is the mug?")
    air.live(1)
    assert [each.line.question.question_id for each in air.master._programme.upcoming() if each.line.question] == [
        "m1",
        "m2",
    ]
    air.master._control("resume")
    began = len(air.spoken)
    air.live(5)
    assert air.spoken[began : began + 2] == [LineKind.ANSWER] * 2
