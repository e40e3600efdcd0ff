"""The studio: show, script, speech and motion, working ahead of the air."""

from __future__ import annotations

import logging
import os
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.flow import Card, Framing, Line, Performance, picture_sample
from engine.motion import Actor, manner_of
from engine.records import Ledger, open_ledger
from engine.runtime.approval import AHEAD_S, Approval
from engine.runtime.bus import Bus
from engine.runtime.catalogue_watch import CatalogueWatch
from engine.runtime.child import begin
from engine.runtime.heart import Heart
from engine.runtime.kept_channel import channel_for_child, keep_catalogue
from engine.runtime.messages import (
    Aired,
    Cards,
    ChatMessage,
    ChatReply,
    Control,
    Ended,
    Hello,
    Hold,
    Message,
    OnAir,
    Perform,
    Recalled,
    Scheduled,
    Withdraw,
    Written,
)
from engine.runtime.operator import Operator
from engine.runtime.show_state import ShowState
from engine.runtime.standby import wait_for_turn
from engine.runtime.steering import Held, Questions, Reorder, ShowNow, Steer, WaitingQuestion
from engine.runtime.take_over import Inheritance, ShowMark, take_over
from engine.runtime.writer_orders import WriterOrders
from engine.script import Selector
from engine.script.llm import BACKENDS, NoteChooser
from engine.settings import Catalogue, Changes, Channel, Follower, Given, place_of
from engine.show import Answered, Director, Reception, Refusal, Waiting, WallClock, wall_time
from engine.speech import TextError, VoiceError, make_speaker

log = logging.getLogger(__name__)

SPOKEN_ANSWERS_WAITING = 2
"""Answers that are made and wait to be spoken. Further questions wait at the reception, where they are ranked."""

FAQ_EVERY_S = 5.0
"""How often the ledger is asked for answers that the shop has written since."""

MESSAGES_KNOWN = 2000
"""Chat messages remembered: the server sends one again whose reply it has not seen."""

HOLD_S = 0.8
"""Between two lines, the next one waits this long for an answer that is being made."""

TELL_AGAIN_S = 2.0
"""A Performance that the master does not hold this long after it was sent is sent again."""

VOICELESS_S = 1.0
"""Where no voice can speak, the show's next line is tried after this long; idle life goes on meanwhile."""

_POLL_MS = 20

_LISTENS = (Hello, ChatMessage, Scheduled, Recalled, Ended, OnAir, Aired, Control, Steer, Written)


class Company:
    """Everybody who makes a Performance of the next line: director, voice, actor. No bus.

    ``now`` tells the time for the rundown's hours and campaigns; without it neither holds. ``chooser`` is a model that
    may point at the fact that answers a question.
    """

    def __init__(
        self,
        channel: Channel,
        ledger: Ledger,
        cache: Path | None,
        now: WallClock | None = None,
        chooser: Selector | None = None,
    ) -> None:
        self.director = Director(channel, ledger, now, chooser)
        self.voice = make_speaker(channel.voice, cache)
        self._actor = Actor(channel.canvas.fps, channel.show.seed, manner_of(channel.moves_like))

    def perform(self, line: Line) -> Performance:
        """Speak and act one line; one that no voice can speak is dropped. Raises VoiceError."""
        try:
            spoken = self.voice.utter(line)
        except VoiceError:
            self.director.drop([line.line_id], "no voice could speak it")
            raise
        return self._actor.perform(spoken, uuid.uuid4().hex[:12])

    def next_performance(self) -> Performance:
        """The show's next line, spoken and acted. Raises VoiceError where no voice can speak it."""
        return self.perform(self.director.next_line())


@dataclass(slots=True)
class _Waiting:
    performance: Performance
    urgent: bool
    told: float
    start_picture: int | None = None
    leaving: str | None = None
    """Why it was taken back, while the master's word on that is awaited ("": the same line comes anew)."""
    approved: bool = False
    hollow: bool = False
    """It was made by a studio before this one: the master has its sound, we do not."""


class Studio:
    """The studio's process: keeps ``ahead_s`` seconds of Performances waiting at the master, and answers the chat."""

    def __init__(
        self, channel: Channel, run_dir: Path, ledger: Ledger, cache: Path | None, changes: Path | None = None
    ) -> None:
        """``changes`` is the file of the prices and stock that operators changed."""
        self._channel = channel
        self._ledger = ledger
        self._chooser = chooser_of(channel)
        self._company = Company(channel, ledger, cache, wall_time, self._chooser)
        self._reception = Reception(channel.chat, self._company.director)
        self._bus = Bus(run_dir, _LISTENS)
        self._orders = WriterOrders(channel.writer, self._company.director, self._bus)
        self._heart = Heart(self._bus, "studio")
        self._waiting: dict[str, _Waiting] = {}
        self._catalogue = CatalogueWatch(follower_of(channel))
        self._changes, self._plain = Changes(changes), channel.items
        self._show = ShowState(channel, run_dir)
        self._approval = Approval(self._show.now.approving)
        self._told_held: tuple[str, ...] = ()
        portrait = channel.canvas.portrait
        self._operator = Operator(self._company.director, self._reception, ledger, self, is_portrait=portrait)
        self._told_questions: Questions | None = None
        self._shown: Card | None = None
        self._told_picture, self._told_at = 0, time.monotonic()
        self._known_messages: OrderedDict[str, ChatMessage] = OrderedDict()
        self._on_air: str | None = None
        self._answered = 0
        self._answer_seconds = 0.0
        self._faq_at = time.monotonic()
        self._voiceless_until = float("-inf")
        self._company.voice.patience = self._live_on
        self._run_dir = run_dir
        self._mark = ShowMark(run_dir)

    def run(self, stop: threading.Event) -> None:
        """Work until ``stop``."""
        changed = self._changes.applied(self._plain)
        if changed != self._plain:
            self._company.director.update_catalogue(changed)
        self._steer_as_before(self._show.now)
        first_run = self._mark.first_run(self._company.director.run)
        if first_run is not None:
            self._go_on_from(take_over(self._bus, self._ledger, first_run, self._channel.canvas.fps, stop.is_set))
        self._bus.publish(Cards(self._company.director.cards()))
        self._bus.publish(self._show.now)
        self._bus.publish(Hello("studio"))
        self._catalogue.start()
        try:
            while not stop.is_set():
                self._step()
        finally:
            if self._chooser is not None:
                self._chooser.close()
            self._catalogue.close()
            self._company.voice.close()
            self._bus.close()

    def _go_on_from(self, inherited: Inheritance) -> None:
        """Go on with a show that another studio's process began."""
        director = self._company.director
        refused = []
        for performance, start in inherited.held:
            waiting = _Waiting(performance, False, time.monotonic(), start, hollow=True)
            self._waiting[performance.performance_id] = waiting
            if not director.adopt(performance.line):
                waiting.leaving = "the catalogue changed"
                refused.append(performance.performance_id)
        if refused:
            self._bus.publish(Withdraw(tuple(refused)))
        held = [performance.line for performance, _ in inherited.held]
        director.resume([*inherited.said, *(line for line in held if line.question is None)])
        log.info("the show goes on behind %d lines, %d of them still wait", len(inherited.said) + len(held), len(held))

    def _step(self) -> None:
        message = self._bus.receive(_POLL_MS if self._is_ahead() else 0)
        while message is not None:
            self._handle(message)
            message = self._bus.receive()
        self._answer_next()
        self._tell_questions()
        self._tell_held()
        catalogue = self._catalogue.take()
        if catalogue is not None:
            self._plain = catalogue
            keep_catalogue(catalogue, self._run_dir)
            self._change(self._changes.applied(catalogue))
        if self._answered == 0 and self._is_ahead():
            self._company.director.prepare_answers()
        self._orders.tell()
        if self._heart.due():
            self._beat()
            self._help_out()
            self._follow_faq()
        if not self._is_ahead() and time.monotonic() >= self._voiceless_until:
            self._speak_next()

    def _speak_next(self) -> None:
        """Make the show's next line. Where no voice can, the show waits a little and goes on with the one after it."""
        try:
            self._send(self._company.next_performance(), urgent=False)
        except TextError as error:
            log.warning("a line is left out: %s", error)
        except VoiceError as error:
            log.error("no voice can speak: %s", error)  # noqa: TRY400 (each voice has told its own trouble)
            self._voiceless_until = time.monotonic() + VOICELESS_S

    def _live_on(self) -> None:
        """Say that we live while a voice of another program is waited for."""
        if self._heart.due():
            self._beat()

    def _beat(self) -> None:
        figures = {
            "ahead_seconds": self._ahead_seconds(),
            "questions_waiting": float(self._reception.waiting),
            "answers": float(self._answered),
            "answer_seconds": self._answer_seconds,
            "ledger_waiting": float(self._ledger.waiting),
            "model_lines_waiting": float(self._company.director.drafts_waiting),
        }
        trouble = self._company.voice.trouble
        self._heart.beat("working", self._catalogue.trouble, figures, {"voice": trouble} if trouble else {})

    def _compare(self, told: OnAir) -> None:
        """Put right what the master does not hold: it was started again, or a message was lost."""
        held = {view.performance_id for view in (*told.upcoming, *((told.now,) if told.now else ()))}
        now = time.monotonic()
        for performance_id, waiting in list(self._waiting.items()):
            if performance_id in held or now - waiting.told < TELL_AGAIN_S:
                continue
            if waiting.leaving is not None and waiting.start_picture is None:
                self._drop(self._waiting.pop(performance_id))
                continue
            if waiting.start_picture is None and waiting.hollow:
                self._company.director.drop([waiting.performance.line.line_id], "lost with the process that held it")
                del self._waiting[performance_id]
            elif waiting.start_picture is None:
                waiting.told = now
                # A master that was started again must know what is held before it knows the line.
                self._bus.publish(Held(self._told_held))
                self._bus.publish(Perform(waiting.performance, waiting.urgent))
            else:
                self._note(self._waiting.pop(performance_id))

    def _ahead_seconds(self) -> float:
        """Seconds of Performances still to be heard.

        What is on air counts with its rest, so that the next line is made somewhere within a line: between lines the
        studio is free for a question.
        """
        fps = self._channel.canvas.fps
        since_told = (time.monotonic() - self._told_at) * fps
        now = self._told_picture + since_told
        pictures = 0.0
        for waiting in self._waiting.values():
            if waiting.leaving is not None:
                continue
            whole = waiting.performance.pictures
            start = waiting.start_picture
            pictures += whole if start is None else min(max(start + whole - now, 0.0), whole)
        return pictures / fps

    def _is_ahead(self) -> bool:
        """Whether enough waits for the air."""
        wanted = self._channel.show.ahead_s
        return self._ahead_seconds() >= (max(wanted, AHEAD_S) if self._approval.is_on else wanted)

    def _send(self, performance: Performance, urgent: bool, *, approved: bool = False) -> None:
        waiting = _Waiting(performance, urgent, time.monotonic(), approved=approved)
        self._waiting[performance.performance_id] = waiting
        self._tell_held()
        self._bus.publish(Perform(performance, urgent))

    def _handle(self, message: Message) -> None:
        match message:
            case ChatMessage():
                self._hear(message)
            case Scheduled(performance_id, start_picture):
                waiting = self._waiting.get(performance_id)
                if waiting is not None:
                    waiting.start_picture, waiting.told = start_picture, time.monotonic()
                    self._on_air = waiting.performance.line.product_id or self._on_air
            case Recalled(performance_id):
                if performance_id in self._waiting:
                    self._waiting[performance_id].start_picture = None
                    self._waiting[performance_id].told = time.monotonic()
            case Ended(performance_id, cut):
                self._end(self._waiting.pop(performance_id, None), cut)
            case OnAir(picture):
                self._told_picture, self._told_at = picture, time.monotonic()
                self._approval.hear(message)
                self._compare(message)
            case Written():
                self._orders.receive(message)
            case Control(action, user) if action != "cut":  # Our own; the wish that it is part of is in the ledger.
                self._ledger.steered(user or "control page", action, "", "", "done")
            case Steer():
                self._bus.publish(self._operator.grant(message))
            case Hello(process):
                self._greet(process)
            case _:
                pass

    def _end(self, ended: _Waiting | None, cut: bool) -> None:
        """Into the ledger: what was on air, or that it was taken back before it came."""
        if ended is not None and cut and not self._has_begun(ended):
            self._drop(ended)
            return
        self._note(ended, cut)

    def _drop(self, waiting: _Waiting) -> None:
        why = waiting.leaving if waiting.leaving is not None else "the catalogue changed"
        if why:
            self._company.director.drop([waiting.performance.line.line_id], why)

    def _note(self, ended: _Waiting | None, cut: bool = False) -> None:
        """Into the ledger: a line that was on air, also when it was cut."""
        if ended is not None and ended.start_picture is not None:
            performance, fps = ended.performance, self._channel.canvas.fps
            over = ended.start_picture + performance.pictures
            if cut:
                over = max(ended.start_picture, min(over, self._picture_now()))
            start_sample = picture_sample(ended.start_picture, fps)
            self._ledger.said(performance.line, performance.performance_id, start_sample, picture_sample(over, fps))
            self._note_card(ended.performance.line.product_id, start_sample)

    def _note_card(self, product_id: str | None, sample: int) -> None:
        """Into the ledger: what the card shows, when it shows something else than before."""
        card = next((each for each in self._company.director.cards() if each.product_id == product_id), None)
        if card is not None and card != self._shown:
            self._shown = card
            self._ledger.showed(card, sample)

    def _hear(self, message: ChatMessage) -> None:
        """Take a chat message in: refuse it, answer it in writing at once, or let it wait for its answer."""
        if message.message_id in self._known_messages:
            return
        self._known_messages[message.message_id] = message
        if len(self._known_messages) > MESSAGES_KNOWN:
            self._known_messages.popitem(last=False)
        admitted = self._reception.admit(message.message_id, message.viewer, message.text)
        if isinstance(admitted, Refusal):
            reply = ChatReply(message.message_id, message.viewer, message.text, admitted.reason, refused=True)
            self._bus.publish(reply)
            self._ledger.received(message.message_id, message.viewer, message.text, "refused", admitted.code)
            return
        if not self._reception.waiting and self._may_speak():
            self._hold()
        at_once = self._reception.put(admitted, self._on_air)
        if at_once is not None:
            self._reply(at_once)

    def _answer_next(self) -> None:
        """Answer what is most useful by voice if there is room for it, and in writing what has waited too long."""
        began = time.monotonic()
        given = self._reception.next(self._on_air) if self._may_speak() else self._reception.overdue()
        if given is None:
            return
        if given.outcome != "spoken" or given.line is None:
            self._reply(given)
            return
        if given.asked:
            self._hold()
        try:
            performance = self._company.perform(given.line)
        except VoiceError as error:
            log.error("an answer is only written: %s", error)  # noqa: TRY400 (as above)
            self._reply(replace(given, line=None, outcome="written"))
            return
        self._send(performance, urgent=True)
        self._reply(given, performance.performance_id)
        if given.asked:
            self._answered += 1
            self._answer_seconds = time.monotonic() - began

    def _may_speak(self) -> bool:
        return sum(w.urgent and w.start_picture is None for w in self._waiting.values()) < SPOKEN_ANSWERS_WAITING

    def _hold(self) -> None:
        self._bus.publish(Hold(round(HOLD_S * self._channel.canvas.fps)))

    def _reply(self, given: Answered, performance_id: str = "") -> None:
        """Write to all who asked, and keep what became of their messages."""
        line_id = given.line.line_id if given.line is not None else None
        for i, question in enumerate(given.asked):
            outcome = "merged" if given.outcome == "spoken" and i > 0 else given.outcome
            heard = self._known_messages.get(question.question_id)
            text = heard.text if heard is not None else question.text
            viewer = heard.viewer if heard is not None else question.viewer
            self._ledger.received(question.question_id, viewer, text, outcome, line_id=line_id)
            self._bus.publish(
                ChatReply(
                    question.question_id,
                    question.viewer,
                    question.text,
                    given.reply,
                    performance_id,
                    private=given.private,
                )
            )

    def _greet(self, process: str) -> None:
        """Give a process that has just started what it needs to go on."""
        if process == "writer":
            self._orders.forget()
        if process in {"server", "room"}:
            self._told_questions = None
        if process == "master":
            self._bus.publish(Held(self._told_held))
        if process in {"stage", "server", "room"}:
            self._bus.publish(Cards(self._company.director.cards()))
            self._bus.publish(self._show.now)

    def _change(self, catalogue: Catalogue) -> None:
        """Go on with another version of the catalogue; waiting lines that it makes untrue are taken back."""
        self._take_back(self._company.director.update_catalogue(catalogue))

    # What the operator asks of the waiting lines: see ``operator.Air``.

    def movable(self) -> list[Performance]:
        """See ``Air``."""
        return [
            each.performance
            for each in self._waiting.values()
            if each.start_picture is None and not each.urgent and each.leaving is None
        ]

    def next(self, line: Line) -> Performance:
        """See ``Air``."""
        self._hold()
        performance = self._company.perform(line)
        self._send(performance, urgent=True)
        return performance

    def cut(self) -> None:
        """See ``Air``."""
        self._bus.publish(Control("cut"))

    def replace(self, old: Sequence[Performance], new: Sequence[Line], why: str) -> list[Performance]:
        """See ``Air``. ``why`` goes into the ledger; without one the lines are the same, made anew."""
        ids = [each.performance_id for each in self.movable()]
        gone = [each.performance_id for each in old]
        made = [self._company.perform(line) for line in new]
        for i, performance in enumerate(made):
            is_same = not why and i < len(old)
            self._send(performance, urgent=False, approved=is_same and self._waiting[gone[i]].approved)
        at = ids.index(gone[0]) if gone else len(ids)
        ids[at:at] = [each.performance_id for each in made]
        for performance in old:
            # Its start may be decided without our having heard of it: the master's word is waited for.
            self._waiting[performance.performance_id].leaving = why
        self._bus.publish(Withdraw(tuple(gone)))
        self.reorder([each for each in ids if each not in gone])
        return made

    def reorder(self, performance_ids: Sequence[str]) -> None:
        """See ``Air``."""
        moved = {each: self._waiting.pop(each) for each in performance_ids if each in self._waiting}
        self._waiting.update(moved)
        self._bus.publish(Reorder(tuple(moved)))

    def answered(self, given: Answered, performance_id: str = "") -> None:
        """See ``Air``."""
        self._reply(given, performance_id)

    @property
    def show(self) -> ShowNow:
        """See ``Air``."""
        return self._show.now

    def run_show(self, show: ShowNow) -> None:
        """See ``Air``."""
        self._show.change(show)
        self._approval.is_on = show.approving
        self._bus.publish(show)
        self._tell_held()

    def approve(self, performance_id: str) -> bool:
        """See ``Air``."""
        if performance_id not in self._held():
            return False
        self._waiting[performance_id].approved = True
        self._tell_held()
        return True

    def _held(self) -> tuple[str, ...]:
        """What waits for approval, in order."""
        return tuple(
            performance_id
            for performance_id, waiting in self._waiting.items()
            if waiting.start_picture is None and not waiting.approved and self._approval.wants(waiting.performance.line)
        )

    def _tell_held(self) -> None:
        held = self._held()
        if held != self._told_held:
            self._told_held = held
            self._bus.publish(Held(held))

    def _help_out(self) -> None:
        """After a long silence in approve mode, let the next line go that needs nobody's word to be true."""
        if not self._approval.must_go_on():
            return
        lines = ((each, self._waiting[each].performance.line) for each in self._held())
        alone = next((each for each, line in lines if self._approval.may_go_alone(line)), None)
        if alone is not None:
            log.warning("nobody approved a line for long; the next one of the templates goes on air")
            self.approve(alone)

    def _steer_as_before(self, show: ShowNow) -> None:
        """Go on as operators had it before this process was started again."""
        director = self._company.director
        director.set_manner(show.mood, Framing(show.framing) if show.framing is not None else None)
        if show.pinned in director.products:
            director.pin(show.pinned)

    def set_price(self, product_id: str, price: str) -> None:
        """See ``Air``."""
        self._changes.set_price(self._plain, product_id, price)
        self._change(self._changes.applied(self._plain))

    def set_stock(self, product_id: str, stock: int) -> None:
        """See ``Air``."""
        self._changes.set_stock(self._plain, product_id, stock)
        self._change(self._changes.applied(self._plain))

    def _tell_questions(self) -> None:
        waiting = Questions(tuple(_shown(each) for each in self._reception.in_order(self._on_air)))
        if waiting != self._told_questions:
            self._told_questions = waiting
            self._bus.publish(waiting)

    def _follow_faq(self) -> None:
        if time.monotonic() - self._faq_at < FAQ_EVERY_S:
            return
        self._faq_at = time.monotonic()
        stale = self._company.director.follow_faq()
        if stale is not None:
            self._take_back(stale)

    def _take_back(self, stale: frozenset[str]) -> None:
        """Take back the lines of ``stale`` that wait; all cards are shown again."""
        gone = {
            performance_id: waiting.performance.line.line_id
            for performance_id, waiting in self._waiting.items()
            if waiting.performance.line.line_id in stale and not self._has_begun(waiting)
        }
        log.info("catalogue read again; %d waiting lines were out of date", len(gone))
        self._bus.publish(Withdraw(tuple(gone)))
        self._bus.publish(Cards(self._company.director.cards()))
        for performance_id, line_id in gone.items():
            # One whose start is decided may begin before the master hears of it: the master's word is waited for.
            if self._waiting[performance_id].start_picture is None:
                del self._waiting[performance_id]
                self._company.director.drop([line_id], "the catalogue changed")
        if self._shown is not None:
            self._note_card(self._shown.product_id, picture_sample(self._picture_now(), self._channel.canvas.fps))

    def _picture_now(self) -> int:
        """The number of the picture on air, from the master's last word on it."""
        return self._told_picture + round((time.monotonic() - self._told_at) * self._channel.canvas.fps)

    def _has_begun(self, waiting: _Waiting) -> bool:
        since_told = (time.monotonic() - self._told_at) * self._channel.canvas.fps
        return waiting.start_picture is not None and waiting.start_picture <= self._told_picture + since_told


def _shown(waiting: Waiting) -> WaitingQuestion:
    first = waiting.asked[0]
    product_id = waiting.topic.products[0] if waiting.topic.products else None
    return WaitingQuestion(
        first.question_id, first.viewer, first.text, waiting.topic.kind.value, product_id, len(waiting.asked)
    )


def chooser_of(channel: Channel) -> NoteChooser | None:
    """The model that helps with questions, if the channel wants one."""
    if not channel.writer.chooses:
        return None
    return NoteChooser(BACKENDS.make(channel.writer, os.environ), channel.items.language)


def follower_of(channel: Channel) -> Follower:
    """Follows the catalogue that a channel names."""
    place = place_of(channel.catalogue_address or str(channel.catalogue))
    return Follower(place, Given(channel.shop, channel.currency, channel.language, channel.descriptions == "say"))


def main() -> None:
    """Work until SIGTERM."""
    job = begin()
    bus = Bus(job.run_dir, ())
    waited = wait_for_turn(bus, "studio", job.stop)
    bus.close()
    if job.stop.is_set():
        return
    channel = channel_for_child(job.channel.file, job.run_dir) if waited else job.channel
    ledger = open_ledger(channel, job.state_dir)
    changes = job.state_dir / "changes" / f"{channel.file.stem}.json"
    try:
        Studio(channel, job.run_dir, ledger, job.state_dir / "speech-cache", changes).run(job.stop)
    finally:
        ledger.close()


if __name__ == "__main__":
    main()
