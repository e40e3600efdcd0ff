"""The chat in the studio: a message comes in, waits for its answer, and is answered by voice or in writing."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

from engine.broadcast.programme import LONGEST_HOLD_S
from engine.flow import Line, Performance
from engine.records import Ledger
from engine.runtime.bus import Bus
from engine.runtime.company import Company
from engine.runtime.lineup import Lineup
from engine.runtime.messages import ChatMessage, ChatReply, Hold
from engine.runtime.steering import Questions, WaitingQuestion
from engine.show import Answered, Reception, Refusal, Waiting
from engine.speech import VoiceError

log = logging.getLogger(__name__)

SPOKEN_ANSWERS_WAITING = 2
"""Answers that are made and wait to be spoken. Further questions wait at the reception, where they are ranked."""

MESSAGES_KNOWN = 2000
"""Chat messages remembered: the server sends one again whose reply it has not seen."""

HOLD_S = 0.8
"""Between two lines, the next one waits this long for an answer that is being made."""

OPENER_WORTH_S = 0.5
"""An opener is spoken where the answer would be this much later than the end of what is on air."""


class Answering:
    """Answers questions, one at a time. ``send`` hands an urgent Performance to the master."""

    def __init__(
        self,
        company: Company,
        reception: Reception,
        ledger: Ledger,
        bus: Bus,
        lineup: Lineup,
        fps: int,
        send: Callable[[Performance], None],
    ) -> None:
        self._company, self._reception, self._ledger = company, reception, ledger
        self._bus, self._lineup, self._fps, self._send = bus, lineup, fps, send
        self._known: OrderedDict[str, ChatMessage] = OrderedDict()
        self._told: Questions | None = None
        self.on_air: str | None = None
        """The product that viewers see."""
        self.spoken = 0
        """Questions answered by voice."""
        self.seconds = 0.0
        """How long the last answer took to be made."""

    def hear(self, message: ChatMessage) -> None:
        """Take a chat message in: refuse it, answer it in writing at once, or let it wait for its answer."""
        if message.message_id in self._known:
            return
        self._known[message.message_id] = message
        if len(self._known) > MESSAGES_KNOWN:
            self._known.popitem(last=False)
        admitted = self._reception.admit(message.message_id, message.viewer, message.text)
        if isinstance(admitted, Refusal):
            reply = ChatReply(message.message_id, message.viewer, message.text, admitted.reason, refused=True)
            self._bus.publish(reply)
            self._ledger.received(message.message_id, message.viewer, message.text, "refused", admitted.code)
            return
        comes_next = not self._reception.waiting and self._may_speak()
        self._company.load_answers()
        at_once = self._reception.put(admitted, self.on_air)
        if at_once is not None:
            self.reply(at_once)
        elif comes_next:
            # What is only written keeps no line waiting: in a busy chat that would be the end of the show.
            self.hold()

    def next(self, *, may_open: bool) -> None:
        """Answer what is most useful by voice if there is room for it, and in writing what has waited too long.

        With ``may_open`` a slow voice begins with a few words that are ready.
        """
        began = time.monotonic()
        given = self._reception.next(self.on_air) if self._may_speak() else self._reception.overdue()
        if given is None:
            return
        if given.outcome != "spoken" or given.line is None:
            self.reply(given)
            return
        try:
            if given.asked:
                self._make_room(given.line, may_open=may_open)
            performance = self._company.perform(given.line)
        except VoiceError as error:
            log.error("an answer is only written: %s", error)  # noqa: TRY400 (each voice has told its own trouble)
            self.hold(0)
            self.reply(replace(given, line=None, outcome="written"))
            return
        self._send(performance)
        self.reply(given, performance.performance_id)
        if given.asked:
            self.spoken += 1
            self.seconds = time.monotonic() - began

    def hold(self, seconds: float = HOLD_S) -> None:
        """Let the show's next line wait for what is being made; 0: for nothing any more."""
        self._bus.publish(Hold(round(seconds * self._fps)))

    def reply(self, given: Answered, performance_id: str = "") -> None:
        """Write to all who asked, and keep what became of their messages."""
        line_id = given.line.line_id if given.line is not None else None
        for i, question in enumerate(given.asked):
            outcome = "merged" if given.outcome == "spoken" and i > 0 else given.outcome
            heard = self._known.get(question.question_id)
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

    def tell_questions(self, *, again: bool = False) -> None:
        """Tell which questions wait, if that has changed, or ``again``."""
        waiting = Questions(tuple(_shown(each) for each in self._reception.in_order(self.on_air)))
        if again or waiting != self._told:
            self._told = waiting
            self._bus.publish(waiting)

    def _may_speak(self) -> bool:
        return self._lineup.urgent_waiting() < SPOKEN_ANSWERS_WAITING

    def _make_room(self, line: Line, *, may_open: bool) -> None:
        """Keep the air free for an answer, and where it will take long, let the host turn to the question meanwhile."""
        making = self._company.seconds_to_make(line)
        late = making - self._lineup.seconds_placed()
        opener = None
        if may_open and late > OPENER_WORTH_S and not self._lineup.urgent_waiting():
            opener = self._company.opener()
        if opener is None:
            self.hold()
            return
        self._send(opener)
        self.hold(min(opener.pictures / self._fps + late + HOLD_S, LONGEST_HOLD_S))


def _shown(waiting: Waiting) -> WaitingQuestion:
    first = waiting.asked[0]
    product_id = waiting.topic.products[0] if waiting.topic.products else None
    return WaitingQuestion(
        first.question_id, first.viewer, first.text, waiting.topic.kind.value, product_id, len(waiting.asked)
    )
