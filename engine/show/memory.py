"""What was asked and answered lately: so that "and in blue?" has a product, and nobody hears the same answer twice."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from engine.flow import Line
from engine.script import Topic
from engine.show.waiting import is_same

GOES_ON_S = 120.0
"""A viewer's message within this time may go on from the one before."""

AGAIN_S = 60.0
"""The same question within this time gets the answer in writing only: it was just on air."""

MOST_VIEWERS = 5000
MOST_ANSWERS = 64


@dataclass(frozen=True, slots=True)
class Told:
    """An answer that was given, and when."""

    topic: Topic
    line: Line
    at: float


class Memory:
    """Remembers each viewer's last topic, and the last answers on air; bounded, by the seconds of ``clock``."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._topics: OrderedDict[str, tuple[Topic, float]] = OrderedDict()
        self._told: list[Told] = []

    def before(self, viewer: str) -> Topic | None:
        """What ``viewer`` asked about last, if that is not long ago."""
        topic, at = self._topics.get(viewer, (None, 0.0))
        return topic if topic is not None and self._clock() - at < GOES_ON_S else None

    def asked(self, viewer: str, topic: Topic) -> None:
        """Keep what ``viewer`` asks about; small talk changes nothing."""
        if not topic.products:
            return
        self._topics[viewer] = (topic, self._clock())
        self._topics.move_to_end(viewer)
        while len(self._topics) > MOST_VIEWERS:
            self._topics.popitem(last=False)

    def told(self, topic: Topic, line: Line) -> None:
        """Keep an answer that goes on air."""
        self._told = [*self._told[1 - MOST_ANSWERS :], Told(topic, line, self._clock())]

    def just_told(self, topic: Topic, holds: Callable[[Line], bool]) -> Line | None:
        """The answer to ``topic`` that was on air a moment ago and still ``holds``."""
        now = self._clock()
        for told in reversed(self._told):
            if now - told.at >= AGAIN_S:
                return None
            if is_same(told.topic, topic) and holds(told.line):
                return told.line
        return None
