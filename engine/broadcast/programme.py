"""The running order: which Performance starts at which picture, and the sound of every sample.

No clock and no I/O: the master and the offline render both step it. A start is decided ``lead`` pictures ahead and
as late as possible, so that an urgent Performance (an answer) still gets in front of the next line.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from engine.flow import SAMPLE_RATE, Floats, Performance, picture_sample

QUEUE_LIMIT = 64
"""Performances that may wait; one more is refused."""

FADE_SAMPLES = SAMPLE_RATE // 50
"""A cut line fades to silence over 20 ms."""

ROOM_TONE_DBFS = -66.0
_ROOM_TONE_SECONDS = 7

LONGEST_HOLD_S = 6.0
"""For an answer, the air is silent between two lines for this much longer at most, however many holds come."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A Performance that has its place: picture ``start`` up to, not including, ``end``."""

    performance: Performance
    start: int
    end: int
    urgent: bool


def _room_tone() -> Floats:
    """Soft low-passed noise that loops without a click: what a quiet room sounds like, instead of digital zero."""
    n = _ROOM_TONE_SECONDS * SAMPLE_RATE
    spectrum = np.fft.rfft(np.random.default_rng(7).standard_normal(n))
    hertz = np.fft.rfftfreq(n, 1 / SAMPLE_RATE)
    spectrum *= (hertz > 40) / np.sqrt(1 + (hertz / 500) ** 2)
    noise = np.fft.irfft(spectrum, n)
    tone: Floats = (noise * (10 ** (ROOM_TONE_DBFS / 20) / noise.std())).astype(np.float32)
    return tone


class Programme:
    """The queue, the schedule and the mix of one channel."""

    def __init__(self, fps: int, gap_ms: int, lead: int) -> None:
        self._fps = fps
        self._gap = max(1, round(gap_ms * fps / 1000))
        self._lead = lead
        self._urgent: deque[Performance] = deque()
        self._waiting: deque[Performance] = deque()
        self._slots: list[Slot] = []
        self._over = (0, 0)
        """What ``_behind`` says where no Performance has its place."""
        self._longest_hold = round(LONGEST_HOLD_S * fps)
        self._tone = _room_tone()
        self._hold_until = 0
        self._fade_from: tuple[int, Slot] | None = None
        self.held: frozenset[str] = frozenset()
        """Ids of Performances that may not start yet."""

    def enqueue(self, performance: Performance, urgent: bool) -> bool:
        """Let a Performance wait for the air; False when it is known already or the queue is full."""
        if len(self._waiting) + len(self._urgent) >= QUEUE_LIMIT or self._knows(performance.performance_id):
            return False
        (self._urgent if urgent else self._waiting).append(performance)
        return True

    def _knows(self, performance_id: str) -> bool:
        held = [*self._urgent, *self._waiting, *(slot.performance for slot in self._slots)]
        return any(p.performance_id == performance_id for p in held)

    def withdraw(self, performance_ids: frozenset[str]) -> list[str]:
        """Take waiting Performances out; those that have their place stay. Returns what was taken out."""
        gone = [p.performance_id for p in self.upcoming() if p.performance_id in performance_ids]
        self._urgent = deque(p for p in self._urgent if p.performance_id not in performance_ids)
        self._waiting = deque(p for p in self._waiting if p.performance_id not in performance_ids)
        return gone

    def reorder(self, performance_ids: tuple[str, ...]) -> None:
        """Put what waits without a place into this order; what is not named keeps its order behind."""
        place = {performance_id: i for i, performance_id in enumerate(performance_ids)}
        self._waiting = deque(sorted(self._waiting, key=lambda p: place.get(p.performance_id, len(place))))

    def hold(self, picture: int, pictures: int) -> list[Slot]:
        """An answer is being made: decide no start but an urgent one before ``picture + pictures``.

        Starts that are decided but have not come are taken back and returned, but for an urgent one that comes next.
        Each hold takes the place of the one before it, and 0 pictures end it. Once the next line could have begun
        ``LONGEST_HOLD_S`` ago, holds keep it no longer.
        """
        self._hold_until = picture + pictures
        first = next((i for i, s in enumerate(self._slots) if s.start > picture and not s.urgent), len(self._slots))
        if pictures == 0 or picture >= self._hold_ends(self._slots[:first]):
            return []
        return self._take_back(first)

    def recall(self, picture: int, performance_ids: frozenset[str] | None = None) -> list[Slot]:
        """Take back and return the decided starts after ``picture``; with ids, only if one of these is among them."""
        first = sum(slot.start <= picture for slot in self._slots)
        ids = {slot.performance.performance_id for slot in self._slots[first:]}
        if performance_ids is not None and not ids & performance_ids:
            return []
        return self._take_back(first)

    def _take_back(self, first: int) -> list[Slot]:
        """Put the Performances of all slots from number ``first`` on back at the head of the queue they came from."""
        recalled = self._slots[first:]
        del self._slots[first:]
        for slot in reversed(recalled):
            (self._urgent if slot.urgent else self._waiting).appendleft(slot.performance)
        return recalled

    def _behind(self, slots: list[Slot]) -> tuple[int, int]:
        """The picture from which a Performance may begin behind ``slots``, and for how many more the show's lines wait:
        the pause behind the last line.
        """
        if not slots:
            return self._over
        pause = round(slots[-1].performance.line.pause_ms * self._fps / 1000)
        return slots[-1].end + self._gap, pause

    def _hold_ends(self, slots: list[Slot]) -> int:
        """The picture at which the start behind ``slots`` is decided, whatever is being made."""
        return sum(self._behind(slots)) - self._lead + self._longest_hold

    def schedule(self, picture: int) -> list[Slot]:
        """Decide the starts that must be decided now that ``picture`` is on air."""
        decided = []
        while True:
            queue, performance = self._urgent, self._free(self._urgent)
            free_from, pause = self._behind(self._slots)
            if performance is None and picture >= min(self._hold_until, self._hold_ends(self._slots)):
                queue, performance = self._waiting, self._free(self._waiting)
                # Only an answer does not wait for the pause behind the line before it.
                free_from += pause
            if performance is None or free_from > picture + self._lead:
                break
            queue.remove(performance)
            start = max(free_from, picture + self._lead)
            slot = Slot(performance, start, start + performance.pictures, urgent=queue is self._urgent)
            self._slots.append(slot)
            decided.append(slot)
        return decided

    def _free(self, queue: deque[Performance]) -> Performance | None:
        """The first of a queue that is not held."""
        return next((each for each in queue if each.performance_id not in self.held), None)

    def is_urgent(self, performance: Performance) -> bool:
        """Whether it waits to go before the others."""
        return any(each is performance for each in self._urgent)

    def finish(self, picture: int) -> list[Slot]:
        """Forget the Performances that are over before ``picture`` and return them."""
        over = [slot for slot in self._slots if slot.end <= picture]
        self._over = self._behind(over)
        self._slots = [slot for slot in self._slots if slot.end > picture]
        return over

    def cut(self, picture: int) -> list[Slot]:
        """End what is on air and what has its place, with a short fade; returns what was cut."""
        cut, self._slots = self._slots, []
        on_air = [slot for slot in cut if slot.start <= picture]
        self._fade_from = (picture_sample(picture, self._fps), on_air[0]) if on_air else None
        self._over, self._hold_until = (picture + self._gap, 0), picture
        return cut

    def on_air(self, picture: int) -> Slot | None:
        """What is heard at ``picture``, or None."""
        return next((slot for slot in self._slots if slot.start <= picture < slot.end), None)

    def placed(self) -> list[Slot]:
        """Everything that has its place and is not over."""
        return list(self._slots)

    def upcoming(self) -> list[Performance]:
        """What waits without a place, in order."""
        return [*self._urgent, *self._waiting]

    def waiting_pictures(self, picture: int) -> int:
        """Pictures of Performances still to be shown after ``picture``."""
        placed = sum(slot.end - max(slot.start, picture) for slot in self._slots if slot.end > picture)
        return placed + sum(p.pictures for p in self.upcoming())

    def sound(self, sample: int, count: int, silent: bool = False) -> Floats:
        """Sound of samples ``sample`` up to ``sample + count``: mono float32, room tone under the speech."""
        at = np.arange(sample, sample + count) % len(self._tone)
        mix: Floats = self._tone[at]
        if silent:
            return mix
        for slot in self._slots:
            self._add(mix, slot, sample)
        if self._fade_from is not None:
            start, slot = self._fade_from
            faded = np.zeros(count, np.float32)
            self._add(faded, slot, sample)
            ramp = 1 - (np.arange(sample, sample + count) - start) / FADE_SAMPLES
            mix += faded * np.clip(ramp, 0, 1).astype(np.float32)
            if sample + count >= start + FADE_SAMPLES:
                self._fade_from = None
        return mix

    def _add(self, mix: Floats, slot: Slot, sample: int) -> None:
        begin = picture_sample(slot.start, self._fps)
        pcm = slot.performance.pcm_48k
        first, last = max(sample, begin), min(sample + len(mix), begin + len(pcm))
        if first < last:
            mix[first - sample : last - sample] += pcm[first - begin : last - begin]
