"""The Performances that the studio has handed to the master, until they are over: what waits, what has its place."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.flow import Performance


@dataclass(slots=True)
class Entry:
    """One Performance at the master. ``told`` is when it was sent last (monotonic seconds)."""

    performance: Performance
    urgent: bool
    told: float
    start_picture: int | None = None
    leaving: str | None = None
    """Why it was taken back, while the master's word on that is awaited ("": the same line comes anew)."""
    approved: bool = False
    hollow: bool = False
    """It was made by a studio before this one: the master has its sound, we do not."""


class Lineup:
    """What was sent and is not over, by id, in the order in which it goes on air."""

    def __init__(self, fps: int) -> None:
        self._fps = fps
        self._entries: dict[str, Entry] = {}
        self._told_picture, self._told_at = 0, time.monotonic()

    def __iter__(self) -> Iterator[Entry]:
        """The entries as they are now; they may be taken out meanwhile."""
        return iter(list(self._entries.values()))

    def __contains__(self, performance_id: str) -> bool:
        return performance_id in self._entries

    def __getitem__(self, performance_id: str) -> Entry:
        return self._entries[performance_id]

    def get(self, performance_id: str) -> Entry | None:
        """The entry of that id, or None."""
        return self._entries.get(performance_id)

    def add(self, entry: Entry) -> None:
        """Put an entry behind the others."""
        self._entries[entry.performance.performance_id] = entry

    def take(self, performance_id: str) -> Entry | None:
        """Take an entry out, if it is there."""
        return self._entries.pop(performance_id, None)

    def put_last(self, performance_ids: Sequence[str]) -> tuple[str, ...]:
        """Put entries behind the others in this order; returns the ids that are here."""
        moved = {each: self._entries.pop(each) for each in performance_ids if each in self._entries}
        self._entries.update(moved)
        return tuple(moved)

    def hear_picture(self, picture: int) -> None:
        """The master says which picture is on air."""
        self._told_picture, self._told_at = picture, time.monotonic()

    @property
    def picture_now(self) -> int:
        """The number of the picture on air, from the master's last word on it."""
        return self._told_picture + round((time.monotonic() - self._told_at) * self._fps)

    def has_begun(self, entry: Entry) -> bool:
        """Whether an entry is on air, or over."""
        return entry.start_picture is not None and entry.start_picture <= self.picture_now

    def seconds(self) -> float:
        """Seconds of Performances still to be heard.

        What is on air counts with its rest, so that the next line is made somewhere within a line: between lines the
        studio is free for a question.
        """
        now, pictures = self.picture_now, 0
        for entry in self._entries.values():
            if entry.leaving is not None:
                continue
            whole, start = entry.performance.pictures, entry.start_picture
            pictures += whole if start is None else min(max(start + whole - now, 0), whole)
        return pictures / self._fps

    def seconds_placed(self) -> float:
        """Seconds until what is on air, and has its place behind it, is over."""
        ends = [e.start_picture + e.performance.pictures for e in self._entries.values() if e.start_picture is not None]
        return max(0, max(ends, default=0) - self.picture_now) / self._fps

    def movable(self) -> list[Performance]:
        """The show's lines whose start is not decided, in their order."""
        return [
            entry.performance
            for entry in self._entries.values()
            if entry.start_picture is None and not entry.urgent and entry.leaving is None
        ]

    def urgent_waiting(self) -> int:
        """How many urgent ones have no place yet."""
        return sum(entry.urgent and entry.start_picture is None for entry in self._entries.values())
