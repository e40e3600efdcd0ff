"""Everything between a chat message and its answer: what is let in, what waits, what is answered next, and how."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from engine.flow import Line, Question
from engine.script import Intent, Kind
from engine.settings import Chat
from engine.show.desk import Desk
from engine.show.director import Director
from engine.show.hellos import Hellos
from engine.show.memory import Memory
from engine.show.refusals import Refusal, refusal
from engine.show.waiting import Queue, Waiting


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer. ``reply`` goes in writing to those who ``asked``, oldest first; ``line`` is what the host may say.

    ``outcome`` is the ledger's word for what became of the messages: "spoken" (``line`` is to be said), "written",
    "merged" (the answer was on air a moment ago) or "greeted" (they are greeted later, in one line for several).
    ``private``: the message was not understood, and may be anything; only its writer sees it again.
    """

    asked: tuple[Question, ...]
    reply: str
    line: Line | None
    outcome: str
    private: bool = False


class Reception:
    """The chat of one show. Deterministic for the same messages at the same times of ``clock`` (seconds)."""

    def __init__(self, chat: Chat, director: Director, clock: Callable[[], float] = time.monotonic) -> None:
        self._director = director
        self._desk = Desk(chat, clock)
        self._queue = Queue(clock)
        self._memory = Memory(clock)
        self._hellos = Hellos(clock)

    @property
    def waiting(self) -> int:
        """Questions that wait for their answer."""
        return len(self._queue)

    def admit(self, message_id: str, viewer: str, text: str) -> Question | Refusal:
        """A clean question, or why it is none."""
        return self._desk.admit(message_id, viewer, text)

    def put(self, question: Question, on_air: str | None) -> Answered | None:
        """Let a question wait. Returns what is answered at once, in writing: this one or one that lost its place.

        ``on_air`` is the product that viewers see now.
        """
        topic = self._director.topic(question, on_air, self._memory.before(question.viewer))
        self._memory.asked(question.viewer, topic)
        if topic.kind is Kind.TALK and topic.intent in (Intent.GREETING, Intent.THANKS):
            self._hellos.put(self._director.safe_name(question.viewer), thanks=topic.intent is Intent.THANKS)
            return Answered((question,), self._director.written_reply(topic), None, "greeted", not topic.understood)
        told = self._memory.just_told(topic, self._director.still_holds)
        if told is not None:
            self._director.note_asked(question, told, topic)
            return Answered((question,), told.reply, told, "merged", not topic.understood)
        lost = self._queue.put(question, topic, on_air)
        return self._written(lost) if lost is not None else None

    def next(self, on_air: str | None) -> Answered | None:
        """The answer to say now, if something waits: the most useful question, or a greeting that is due."""
        best = self._queue.take(on_air)
        if best is None:
            return self._greeting()
        line = self._answer(best)
        self._memory.told(best.topic, line)
        return Answered(tuple(best.asked), line.reply, line, "spoken", not best.topic.understood)

    def in_order(self, on_air: str | None) -> list[Waiting]:
        """The questions that wait, the most useful first."""
        return self._queue.in_order(on_air)

    def answer_first(self, question_id: str) -> bool:
        """Answer a question before all others; False when it does not wait."""
        waiting = self._queue.find(question_id)
        if waiting is not None:
            self._queue.put_first(waiting)
        return waiting is not None

    def keep(self, question_id: str) -> bool:
        """Leave a question alone while its answer is typed; False when it does not wait."""
        waiting = self._queue.find(question_id)
        if waiting is not None:
            self._queue.keep(waiting)
        return waiting is not None

    def find(self, question_id: str) -> Waiting | None:
        """What a question waits in."""
        return self._queue.find(question_id)

    def take(self, question_id: str) -> Waiting | None:
        """Take a question out of the queue, with those that the same answer serves."""
        waiting = self._queue.find(question_id)
        if waiting is not None:
            self._queue.remove(waiting)
        return waiting

    def dismissed(self, waiting: Waiting) -> Answered:
        """The written reply to a question that the operator lets go."""
        told = refusal(waiting.asked[0].question_id, "dismissed", waiting.asked[0].text, 0)
        return Answered(tuple(waiting.asked), told.reason, None, "dismissed", private=True)

    def overdue(self) -> Answered | None:
        """The written answer to a question that has waited too long for the air, if there is one."""
        late = self._queue.overdue()
        return self._written(late) if late is not None else None

    def _greeting(self) -> Answered | None:
        batch = self._hellos.take()
        line = self._director.greet(batch.names, batch.others > 0, batch.thanks) if batch is not None else None
        return Answered((), "", line, "spoken") if line is not None else None

    def _written(self, waiting: Waiting) -> Answered:
        line = self._answer(waiting)
        return Answered(tuple(waiting.asked), line.reply, line, "written", not waiting.topic.understood)

    def _answer(self, waiting: Waiting) -> Line:
        first, *others = waiting.asked
        line = self._director.answer_topic(first, waiting.topic, waiting.seen)
        for question in others:
            self._director.note_asked(question, line, waiting.topic)
        return line
