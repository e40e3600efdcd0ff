"""The studio: show, script, speech and motion, working ahead of the air."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from engine.flow import Card, Framing, Line, Performance, picture_sample
from engine.records import Ledger, open_show_ledger, pruner_of
from engine.runtime.answering import Answering
from engine.runtime.approval import AHEAD_S, Approval
from engine.runtime.bus import Bus
from engine.runtime.catalogue_watch import CatalogueWatch
from engine.runtime.child import begin
from engine.runtime.company import Company
from engine.runtime.heap import HeapTrimmer
from engine.runtime.heart import Heart
from engine.runtime.kept_channel import KeptCatalogue, channel_for_child
from engine.runtime.lineup import Entry, Lineup
from engine.runtime.messages import (
    Aired,
    Cards,
    ChatMessage,
    Control,
    Ended,
    Hello,
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
from engine.runtime.steering import Held, Reorder, ShowNow, Steer
from engine.runtime.take_over import Inheritance, ShowMark, take_over
from engine.runtime.writer_orders import WriterOrders
from engine.script.llm import BACKENDS, NoteChooser
from engine.settings import Catalogue, Changes, Channel, Follower, Given, place_of
from engine.show import CAMPAIGN_OVER, Answered, Reception, wall_time
from engine.speech import NotReadyError, TextError, VoiceError

log = logging.getLogger(__name__)

FAQ_EVERY_S = 5.0
"""How often the ledger is asked for answers that the shop has written since."""

TELL_AGAIN_S = 2.0
"""A Performance that the master does not hold this long after it was sent is sent again."""

VOICELESS_S = 1.0
"""Where no voice can speak, no line is tried before this long, whatever the voices say; idle life goes on meanwhile."""

TRIM_EVERY_S = 20.0

_POLL_MS = 20

_LISTENS = (Hello, ChatMessage, Scheduled, Recalled, Ended, OnAir, Aired, Control, Steer, Written)


class Studio:
    """The studio's process: keeps ``ahead_s`` seconds of Performances waiting at the master, and answers the chat."""

    def __init__(
        self, channel: Channel, run_dir: Path, ledger: Ledger, cache: Path | None, changes: Path | None = None
    ) -> None:
        """``changes`` is the file of the prices and stock that operators changed."""
        self._channel = channel
        self._ledger = ledger
        self._bus = Bus(run_dir, _LISTENS)
        self._heart = Heart(self._bus, "studio")
        with ExitStack() as undo:
            undo.callback(self._bus.close)
            self._chooser = chooser_of(channel)
            self._company = Company(
                channel, ledger, cache, wall_time, self._chooser, self._beat_starting, run_dir / "hung-voices"
            )
            undo.pop_all()
        self._reception = Reception(channel.chat, self._company.director)
        self._orders = WriterOrders(channel.writer, self._company.director, self._bus)
        self._heap = HeapTrimmer(TRIM_EVERY_S)
        self._lineup = Lineup(channel.canvas.fps)
        self._catalogue = CatalogueWatch(follower_of(channel), channel.items)
        self._changes, self._plain = Changes(changes), channel.items
        self._show = ShowState(channel, run_dir)
        self._approval = Approval(self._show.now.approving)
        self._paused = False
        self._told_held: tuple[str, ...] = ()
        portrait = channel.canvas.portrait
        self._operator = Operator(self._company.director, self._reception, ledger, self, is_portrait=portrait)
        self._shown: Card | None = None
        self._answering = Answering(
            self._company, self._reception, ledger, self._bus, self._lineup, channel.canvas.fps, self._send_urgent
        )
        self._faq_at = time.monotonic()
        self._voiceless_until = float("-inf")
        self._company.voice.apart.patience = self._live_on
        self._kept = KeptCatalogue(run_dir)
        self._mark = ShowMark(run_dir)

    def run(self, stop: threading.Event) -> None:
        """Work until ``stop``."""
        self._beat_starting()
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
            entry = Entry(performance, False, time.monotonic(), start, hollow=True)
            self._lineup.add(entry)
            if not director.adopt(performance.line):
                entry.leaving = "the catalogue changed"
                refused.append(performance.performance_id)
        if refused:
            self._bus.publish(Withdraw(tuple(refused)))
        held = [performance.line for performance, _ in inherited.held]
        director.resume([*inherited.said, *(line for line in held if line.question is None)])
        log.info("the show goes on behind %d lines, %d of them still wait", len(inherited.said) + len(held), len(held))

    def _step(self) -> None:
        message = self._bus.receive(0 if self._wants_line() else _POLL_MS)
        while message is not None:
            self._handle(message)
            message = self._bus.receive()
        self._answering.next(may_open=not self._approval.is_on)
        self._answering.tell_questions()
        self._tell_held()
        catalogue = self._catalogue.take()
        if catalogue is not None:
            self._plain = catalogue
            self._kept.keep(catalogue)
            self._change(self._changes.applied(catalogue))
        if self._is_ahead():
            self._company.prepare()
        self._orders.tell()
        if self._heart.due():
            self._beat()
            self._help_out()
            self._follow_faq()
            self._follow_campaigns()
            self._heap.trim_if_due()
        if self._wants_line():
            self._speak_next()

    def _wants_line(self) -> bool:
        """Whether to make the show's next line now: too little waits for the air, and a voice may speak it."""
        if self._is_ahead() or time.monotonic() < self._voiceless_until:
            return False
        return self._company.voice.wakes_in_s <= 0

    def _speak_next(self) -> None:
        """Make the show's next line. Where no voice can, the show waits until one is worth a try again."""
        try:
            self._send(self._company.next_performance(), urgent=False)
        except TextError as error:
            log.warning("a line is left out: %s", error)
        except VoiceError as error:
            level = logging.INFO if isinstance(error, NotReadyError) else logging.ERROR
            log.log(level, "no voice can speak: %s", error)
            self._voiceless_until = time.monotonic() + VOICELESS_S

    def _beat_starting(self) -> None:
        """Say that we live while the show is made ready, above all while the first voice is opened."""
        if self._heart.due():
            self._heart.beat("starting")

    def _live_on(self) -> None:
        """Say that we live while something long is waited for."""
        if self._heart.due():
            self._beat()

    def _beat(self) -> None:
        figures = {
            "ahead_seconds": self._lineup.seconds(),
            "questions_waiting": float(self._reception.waiting),
            "answers": float(self._answering.spoken),
            "answer_seconds": self._answering.seconds,
            "ledger_waiting": float(self._ledger.waiting),
            "ledger_lost": float(self._ledger.lost),
            "model_lines_waiting": float(self._company.director.drafts_waiting),
        }
        self._changes.keep()
        for each in (self._kept, self._show, self._mark):
            each.catch_up()
        troubles = {
            "voice": self._company.voice.trouble,
            "choosing": self._chooser.trouble if self._chooser is not None else "",
        }
        self._heart.beat(
            "working", self._catalogue.trouble, figures, {name: why for name, why in troubles.items() if why}
        )

    def _compare(self, told: OnAir) -> None:
        """Put right what the master does not hold: it was started again, or a message was lost."""
        held = {view.performance_id for view in (*told.upcoming, *((told.now,) if told.now else ()))}
        now = time.monotonic()
        for entry in self._lineup:
            performance_id = entry.performance.performance_id
            if performance_id in held or now - entry.told < TELL_AGAIN_S:
                continue
            if entry.start_picture is not None:
                self._note(self._lineup.take(performance_id))
            elif entry.leaving is not None:
                self._lineup.take(performance_id)
                self._drop(entry)
            elif entry.hollow:
                self._lineup.take(performance_id)
                self._company.director.drop([entry.performance.line.line_id], "lost with the process that held it")
            else:
                entry.told = now
                # A master that was started again must know what is held before it knows the line.
                self._bus.publish(Held(self._told_held))
                self._bus.publish(Perform(entry.performance, entry.urgent))

    def _is_ahead(self) -> bool:
        """Whether enough waits for the air."""
        wanted = self._channel.show.ahead_s
        read_by_operator = self._approval.is_on or self._paused
        return self._lineup.seconds() >= (max(wanted, AHEAD_S) if read_by_operator else wanted)

    def _send(self, performance: Performance, urgent: bool, *, approved: bool = False) -> None:
        self._lineup.add(Entry(performance, urgent, time.monotonic(), approved=approved))
        self._tell_held()
        self._bus.publish(Perform(performance, urgent))

    def _send_urgent(self, performance: Performance) -> None:
        self._send(performance, urgent=True)

    def _handle(self, message: Message) -> None:
        match message:
            case ChatMessage():
                self._answering.hear(message)
            case Scheduled(performance_id, start_picture):
                entry = self._lineup.get(performance_id)
                if entry is not None:
                    entry.start_picture, entry.told = start_picture, time.monotonic()
                    self._answering.on_air = entry.performance.line.product_id or self._answering.on_air
            case Recalled(performance_id):
                entry = self._lineup.get(performance_id)
                if entry is not None:
                    entry.start_picture, entry.told = None, time.monotonic()
            case Ended(performance_id, cut):
                self._end(self._lineup.take(performance_id), cut)
            case OnAir(picture):
                self._lineup.hear_picture(picture)
                self._paused = message.paused
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

    def _end(self, ended: Entry | None, cut: bool) -> None:
        """Into the ledger: what was on air, or that it was taken back before it came."""
        if ended is not None and cut and not self._lineup.has_begun(ended):
            self._drop(ended)
            return
        self._note(ended, cut)
        if ended is not None and cut:
            self._company.director.cut_short(ended.performance.line)

    def _drop(self, entry: Entry) -> None:
        why = entry.leaving if entry.leaving is not None else "the catalogue changed"
        if why:
            self._company.director.drop([entry.performance.line.line_id], why)

    def _note(self, ended: Entry | None, cut: bool = False) -> None:
        """Into the ledger: a line that was on air, also when it was cut."""
        if ended is not None and ended.start_picture is not None:
            performance, fps = ended.performance, self._channel.canvas.fps
            over = ended.start_picture + performance.pictures
            if cut:
                over = max(ended.start_picture, min(over, self._lineup.picture_now))
            start_sample = picture_sample(ended.start_picture, fps)
            self._ledger.said(performance.line, performance.performance_id, start_sample, picture_sample(over, fps))
            self._note_card(ended.performance.line.product_id, start_sample)

    def _note_card(self, product_id: str | None, sample: int) -> None:
        """Into the ledger: what the card shows, when it shows something else than before."""
        card = next((each for each in self._company.director.cards() if each.product_id == product_id), None)
        if card is not None and card != self._shown:
            self._shown = card
            self._ledger.showed(card, sample)

    def _greet(self, process: str) -> None:
        """Give a process that has just started what it needs to go on."""
        if process == "writer":
            self._orders.forget()
        if process in {"server", "room"}:
            self._answering.tell_questions(again=True)
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
        return self._lineup.movable()

    def next(self, line: Line) -> Performance:
        """See ``Air``."""
        self._answering.hold()
        performance = self._company.perform(line)
        self._send_urgent(performance)
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
            self._send(performance, urgent=False, approved=is_same and self._lineup[gone[i]].approved)
        at = ids.index(gone[0]) if gone else len(ids)
        ids[at:at] = [each.performance_id for each in made]
        for performance in old:
            # Its start may be decided without our having heard of it: the master's word is waited for.
            self._lineup[performance.performance_id].leaving = why
        self._bus.publish(Withdraw(tuple(gone)))
        self.reorder([each for each in ids if each not in gone])
        return made

    def reorder(self, performance_ids: Sequence[str]) -> None:
        """See ``Air``."""
        self._bus.publish(Reorder(self._lineup.put_last(performance_ids)))

    def answered(self, given: Answered, performance_id: str = "") -> None:
        """See ``Air``."""
        self._answering.reply(given, performance_id)

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
        self._lineup[performance_id].approved = True
        self._tell_held()
        return True

    def _held(self) -> tuple[str, ...]:
        """What waits for approval, in order."""
        return tuple(
            entry.performance.performance_id
            for entry in self._lineup
            if entry.start_picture is None and not entry.approved and self._approval.wants(entry.performance.line)
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
        lines = ((each, self._lineup[each].performance.line) for each in self._held())
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

    def _follow_faq(self) -> None:
        if time.monotonic() - self._faq_at < FAQ_EVERY_S:
            return
        self._faq_at = time.monotonic()
        stale = self._company.director.follow_faq()
        if stale is not None:
            self._take_back(stale)

    def _follow_campaigns(self) -> None:
        """What waits may wait for hours, where the show is paused: no campaign is spoken of once it is over."""
        self._withdraw(self._waiting_of(self._company.director.outlived()), CAMPAIGN_OVER)

    def _waiting_of(self, line_ids: frozenset[str]) -> list[Entry]:
        """The entries of these lines that are not on air yet."""
        return [e for e in self._lineup if e.performance.line.line_id in line_ids and not self._lineup.has_begun(e)]

    def _withdraw(self, gone: Sequence[Entry], why: str) -> None:
        if not gone:
            return
        self._bus.publish(Withdraw(tuple(entry.performance.performance_id for entry in gone)))
        for entry in gone:
            # One whose start is decided may begin before the master hears of it: the master's word is waited for.
            if entry.start_picture is None:
                self._lineup.take(entry.performance.performance_id)
                self._company.director.drop([entry.performance.line.line_id], why)

    def _take_back(self, stale: frozenset[str]) -> None:
        """Take back the lines of ``stale`` that wait; all cards are shown again."""
        gone = self._waiting_of(stale)
        if gone:
            # Of a stock that changes every few seconds the log would hold nothing else.
            log.info("catalogue read again; %d waiting lines were out of date", len(gone))
        self._withdraw(gone, "the catalogue changed")
        self._bus.publish(Cards(self._company.director.cards()))
        if self._shown is not None:
            self._note_card(self._shown.product_id, picture_sample(self._lineup.picture_now, self._channel.canvas.fps))


def chooser_of(channel: Channel) -> NoteChooser | None:
    """The model that helps with questions, if the channel wants one."""
    if not channel.writer.chooses:
        return None
    return NoteChooser(BACKENDS.make(channel.writer, os.environ), channel.items.language)


def follower_of(channel: Channel, *, patient: bool = False) -> Follower:
    """Follows the catalogue that a channel names. ``patient`` waits for pictures at addresses."""
    place = place_of(channel.catalogue_address or str(channel.catalogue))
    given = Given(channel.shop, channel.currency, channel.language, channel.descriptions == "say")
    return Follower(place, given, patient=patient)


def main() -> None:
    """Work until SIGTERM."""
    job = begin()
    bus = Bus(job.run_dir, ())
    waited = wait_for_turn(bus, "studio", job.stop)
    bus.close()
    if job.stop.is_set():
        return
    channel = channel_for_child(job.channel.file, job.run_dir) if waited else job.channel
    ledger = open_show_ledger(channel, job.state_dir)
    pruner = pruner_of(channel, job.state_dir)
    changes = job.state_dir / "changes" / f"{channel.file.stem}.json"
    try:
        pruner.start()
        Studio(channel, job.run_dir, ledger, job.state_dir / "speech-cache", changes).run(job.stop)
    finally:
        pruner.close()
        ledger.close()


if __name__ == "__main__":
    main()
