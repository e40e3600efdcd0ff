"""What an operator should know of: processes that ended or are silent, and channels that are off the air."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from engine.runtime.messages import Health, ProcessState

KEPT = 50

NEW_S = 600.0
"""Seconds for which an alarm is new."""

FAILED = frozenset({"failed", "waiting"})
"""States in which a process cannot do its work; an outlet waits after each failed try."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something went wrong. ``at`` is seconds since the epoch; ``kind`` names a text of the catalogues."""

    at: float
    process: str
    kind: str
    detail: str = ""


class Alarms:
    """The last ``KEPT`` alarms of a channel, newest last."""

    def __init__(self, wall_clock: Callable[[], float] = time.time) -> None:
        self._wall_clock = wall_clock
        self._states: dict[str, str] = {}
        self.all: deque[Alarm] = deque(maxlen=KEPT)

    @property
    def last(self) -> Alarm | None:
        """The newest one."""
        return self.all[-1] if self.all else None

    @property
    def is_new(self) -> bool:
        """Whether the newest one is new enough to look at."""
        return bool(self.all) and self._wall_clock() - self.all[-1].at < NEW_S

    def hear(self, message: Health | ProcessState) -> None:
        """Take in a sign of life; a change to a bad state is an alarm."""
        before = self._states.get(message.process)
        self._states[message.process] = message.state
        if message.state == before:
            return
        if isinstance(message, ProcessState) and message.state == "ended":
            self._raise(message.process, "ended", message.detail)
        elif message.state in FAILED:
            self._raise(message.process, "failed", message.detail)

    def silent(self, process: str) -> None:
        """A process has not been heard of for too long."""
        if self._states.get(process) != "silent":
            self._states[process] = "silent"
            self._raise(process, "silent", "")

    def _raise(self, process: str, kind: str, detail: str) -> None:
        self.all.append(Alarm(self._wall_clock(), process, kind, detail))
