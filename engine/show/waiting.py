"""Questions that wait for their answer: bounded, merged when one answer serves several, the most useful first."""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from engine.flow import Question
from engine.script import Kind, Topic
from engine.script.terms import same_words

MOST_WAITING = 24
"""Questions that may wait; beyond it the least useful gets its written reply alone."""

MOST_ASKERS = 200
"""Viewers that one answer may serve; the message of one more is a question of its own."""

WRITTEN_AFTER_S = 8.0
"""A question that has waited this long gets its written reply, without a place on air."""

KEPT_S = 60.0
"""A question to which somebody types the answer waits this much longer."""

FAIR_S = 300.0
"""Answers that a viewer got within this time put the viewer's next question back a little."""

_WORTH: dict[Kind, float] = {
    Kind.LINK: 3.5, Kind.PRICE: 3.0, Kind.STOCK: 3.0, Kind.TWO_PRICES: 3.0, Kind.FACT: 2.5, Kind.TWO_FACTS: 2.5,
    Kind.FAQ: 2.5, Kind.POLICY: 2.0, Kind.NEXT: 1.5, Kind.LIST: 1.5, Kind.UNKNOWN: 1.0, Kind.TALK: 0.5,
}  # fmt: skip
"""What a question is worth to the shop: those of people about to buy come first."""

_ON_SHOW, _A_SECOND, _AN_ASKER, _MOST_COUNTED, _A_TURN, _MOST_TURNS = 1.5, 0.25, 0.75, 5, 1.0, 3
"""For the product on show; for a second of waiting; for each further asker, up to five; less for each turn that the
viewer had lately, up to three."""

_BEFORE_ALL = float("inf")
_MOST_REMEMBERED = 5000


@dataclass(slots=True)
class Waiting:
    """One or more questions that the same answer serves; ``asked`` are they, oldest first.

    ``first``: an operator wants it answered before all others; ``kept_until``: an operator types the answer, so it is
    left alone until then.
    """

    topic: Topic
    asked: list[Question]
    since: float
    number: int
    seen: str | None
    viewers: set[str] = field(default_factory=set)
    first: bool = False
    kept_until: float = -math.inf

    @property
    def private(self) -> bool:
        """Whether the question may not be shown to others: it was not wholly understood."""
        return not self.topic.understood


class Queue:
    """The questions that wait. ``clock`` counts seconds and never goes back; order is decided by nothing else."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._waiting: list[Waiting] = []
        self._turns: OrderedDict[str, deque[float]] = OrderedDict()
        self._count = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, question: Question, topic: Topic, seen: str | None) -> Waiting | None:
        """Let a question wait, together with those that the same answer serves; returns one that lost its place.

        ``seen`` is the product that the viewer saw when asking.
        """
        for each in self._waiting:
            if len(each.asked) < MOST_ASKERS and is_same(each.topic, topic):
                each.asked.append(question)
                each.viewers.add(question.viewer)
                return None
        self._count += 1
        new = Waiting(topic, [question], self._clock(), self._count, seen, {question.viewer})
        self._waiting.append(new)
        if len(self._waiting) <= MOST_WAITING:
            return None
        last = min(self._waiting, key=lambda each: (self._worth(each, seen), -each.number))
        self._waiting.remove(last)
        return last

    def take(self, on_show: str | None) -> Waiting | None:
        """The question to answer now, if any waits. Counts as a turn of its viewers."""
        free = self._free()
        if not free:
            return None
        best = max(free, key=lambda each: (self._worth(each, on_show), -each.number))
        self._waiting.remove(best)
        for viewer in sorted(best.viewers):
            self._turns.setdefault(viewer, deque(maxlen=_MOST_TURNS)).append(self._clock())
            self._turns.move_to_end(viewer)
        while len(self._turns) > _MOST_REMEMBERED:
            self._turns.popitem(last=False)
        return best

    def find(self, question_id: str) -> Waiting | None:
        """What a question waits in."""
        return next((each for each in self._waiting if any(q.question_id == question_id for q in each.asked)), None)

    def remove(self, waiting: Waiting) -> None:
        """Let nobody wait for this one's answer any longer."""
        self._waiting.remove(waiting)

    def put_first(self, waiting: Waiting) -> None:
        """Answer this one before all others."""
        waiting.first = True

    def keep(self, waiting: Waiting) -> None:
        """Leave this one alone for a while: somebody types its answer."""
        waiting.kept_until = self._clock() + KEPT_S

    def _free(self) -> list[Waiting]:
        """What nobody types an answer to."""
        now = self._clock()
        return [each for each in self._waiting if each.kept_until <= now]

    def in_order(self, on_show: str | None) -> list[Waiting]:
        """Everything that waits, the most useful first."""
        return sorted(self._waiting, key=lambda each: (-self._worth(each, on_show), each.number))

    def overdue(self) -> Waiting | None:
        """The oldest question, if it has waited too long for the air."""
        late = next((each for each in self._free() if not each.first), None)
        if late is None or self._clock() - late.since < WRITTEN_AFTER_S:
            return None
        self._waiting.remove(late)
        return late

    def _worth(self, waiting: Waiting, on_show: str | None) -> float:
        now = self._clock()
        if waiting.first:
            return _BEFORE_ALL
        worth = _WORTH[waiting.topic.kind] + _A_SECOND * (now - waiting.since)
        worth += _ON_SHOW * (on_show is not None and on_show in waiting.topic.products)
        worth += _AN_ASKER * min(len(waiting.viewers) - 1, _MOST_COUNTED)
        turns = min(sum(now - at < FAIR_S for at in self._turns.get(viewer, ())) for viewer in waiting.viewers)
        return worth - _A_TURN * turns


def is_same(one: Topic, other: Topic) -> bool:
    """Whether one answer serves both: the same answer, or nearly the same words where there is none."""
    if one.kind is Kind.UNKNOWN and other.kind is Kind.UNKNOWN:
        alike = one.products == other.products and one.language == other.language
        return alike and same_words(one.terms, other.terms)
    return one.key == other.key
