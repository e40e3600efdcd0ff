"""Which Performance is on at which picture, and which product and question are shown.

Performances wait from ``add`` until the master schedules them; finished ones are forgotten. Both queues are bounded,
and what is dropped is logged. ``schedule`` may come before ``add``: the two messages have different senders.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

from engine.flow import Floats, Line, Performance, Word, picture_sample

logger = logging.getLogger(__name__)

MAX_WAITING = 64
MAX_SCHEDULED = 64
KEPT_AFTER_END_S = 1


@dataclass(frozen=True, slots=True)
class Act:
    """What the stage keeps of a Performance; of the sound (48 kHz) only where the body hears."""

    performance_id: str
    line: Line
    curves: Floats
    words: tuple[Word, ...]
    pcm_48k: Floats

    @property
    def pictures(self) -> int:
        """Rows of ``curves``."""
        return int(self.curves.shape[0])


@dataclass(frozen=True, slots=True)
class Placed:
    """An act with the picture on which it starts."""

    act: Act
    start: int

    @property
    def end(self) -> int:
        """First picture after it."""
        return self.start + self.act.pictures

    def sample(self, picture: int, fps: int) -> int:
        """Sample of the act that is heard at the beginning of ``picture``."""
        return picture_sample(picture - self.start, fps)


@dataclass(frozen=True, slots=True)
class Leaving:
    """An act that was cut while it was on: ``cut`` is the first picture without it."""

    placed: Placed
    cut: int


@dataclass(frozen=True, slots=True)
class Change:
    """From ``start`` on, the product on the card is ``product_id``."""

    start: int
    product_id: str


class Timeline:
    """The acts of one channel, in picture numbers at ``fps``."""

    def __init__(self, fps: int) -> None:
        self._fps = fps
        self._waiting: OrderedDict[str, Act] = OrderedDict()
        self._early: OrderedDict[str, int] = OrderedDict()
        self._placed: list[Placed] = []
        self._leaving: list[Leaving] = []
        self._past: list[Change] = []
        self._now = -1
        self.dropped = 0

    @property
    def waiting(self) -> tuple[str, ...]:
        """Ids of acts that are not scheduled, oldest first."""
        return tuple(self._waiting)

    @property
    def placed(self) -> tuple[Placed, ...]:
        """Acts that are scheduled or on, by start."""
        return tuple(self._placed)

    @property
    def leaving(self) -> tuple[Leaving, ...]:
        """Acts that were cut in the last second, oldest first."""
        return tuple(self._leaving)

    def add(self, performance: Performance) -> None:
        """Keep a Performance until it is scheduled; one that is here already stays as it is."""
        if performance.performance_id in self._waiting or self._find(performance.performance_id) is not None:
            return
        act = Act(
            performance.performance_id, performance.line, performance.curves, performance.words, performance.pcm_48k
        )
        start = self._early.pop(act.performance_id, None)
        if start is not None:
            self._place(Placed(act, start))
            return
        self._waiting[act.performance_id] = act
        while len(self._waiting) > MAX_WAITING:
            oldest, _ = self._waiting.popitem(last=False)
            self._drop("more than %d performances wait: %s is dropped", MAX_WAITING, oldest)

    def schedule(self, performance_id: str, start_picture: int) -> None:
        """Put a Performance on at a picture; an id that is not here yet is remembered."""
        act = self._waiting.pop(performance_id, None)
        if act is not None:
            self._place(Placed(act, start_picture))
            return
        moved = self._find(performance_id)
        if moved is not None:
            self._placed.remove(moved)
            self._place(Placed(moved.act, start_picture))
            return
        self._early[performance_id] = start_picture
        while len(self._early) > MAX_SCHEDULED:
            oldest, _ = self._early.popitem(last=False)
            self._drop("more than %d unknown performances are scheduled: %s is dropped", MAX_SCHEDULED, oldest)

    def recall(self, performance_id: str) -> None:
        """Take back a start that was decided: the Performance waits again, before all others."""
        self._early.pop(performance_id, None)
        placed = self._find(performance_id)
        if placed is not None:
            self._placed.remove(placed)
            self._waiting[performance_id] = placed.act
            self._waiting.move_to_end(performance_id, last=False)

    def withdraw(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Forget these at once, also what is on air (its product stays on the card); returns the ids that were here."""
        wanted = set(ids)
        gone = [performance_id for performance_id in self._waiting if performance_id in wanted]
        for performance_id in gone:
            del self._waiting[performance_id]
        for performance_id in wanted & self._early.keys():
            del self._early[performance_id]
        for placed in [p for p in self._placed if p.act.performance_id in wanted]:
            gone.append(placed.act.performance_id)
            self._placed.remove(placed)
            if placed.start <= self._now:
                _follow(self._past, placed)
            if placed.start <= self._now < placed.end:
                self._leaving.append(Leaving(placed, self._now + 1))
        return tuple(gone)

    def on(self, picture: int) -> Placed | None:
        """The act that began last at or before ``picture``; it may be over but not yet forgotten."""
        begun = [placed for placed in self._placed if placed.start <= picture]
        return begun[-1] if begun else None

    def product(self, picture: int) -> tuple[Change | None, Change | None]:
        """The product on show at ``picture`` with the picture it came at, and the one before it."""
        changes = list(self._past)
        for placed in self._placed:
            if placed.start <= picture:
                _follow(changes, placed)
        return (changes[-1] if changes else None), (changes[-2] if len(changes) > 1 else None)

    def forget(self, picture: int) -> None:
        """Free acts that ended ``KEPT_AFTER_END_S`` before ``picture``, and ids that never came."""
        self._now = max(self._now, picture)
        limit = picture - KEPT_AFTER_END_S * self._fps
        for placed in [p for p in self._placed if p.end <= limit]:
            _follow(self._past, placed)
            self._placed.remove(placed)
        self._leaving = [each for each in self._leaving if each.cut > limit]
        del self._past[:-2]
        for performance_id, start in tuple(self._early.items()):
            if start < picture - 60 * self._fps:
                del self._early[performance_id]

    def _find(self, performance_id: str) -> Placed | None:
        return next((p for p in self._placed if p.act.performance_id == performance_id), None)

    def _place(self, placed: Placed) -> None:
        self._placed.append(placed)
        self._placed.sort(key=lambda p: p.start)
        if len(self._placed) > MAX_SCHEDULED:
            oldest = self._placed.pop(0)
            self._drop(
                "more than %d performances are scheduled: %s is dropped", MAX_SCHEDULED, oldest.act.performance_id
            )

    def _drop(self, message: str, limit: int, performance_id: str) -> None:
        self.dropped += 1
        logger.warning(message, limit, performance_id)


def _follow(changes: list[Change], placed: Placed) -> None:
    """Append the act's product if it is another than the last."""
    product_id = placed.act.line.product_id
    if product_id is not None and (not changes or changes[-1].product_id != product_id):
        changes.append(Change(placed.start, product_id))
