"""Listens on a channel's bus: every Health and word of the supervisor, with its time, and the control room's alarms."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from pathlib import Path
from types import TracebackType

from engine.runtime.bus import Bus
from engine.runtime.messages import Health, OnAir, ProcessState
from engine.settings import Channel
from server.alarms import Alarm, Alarms
from server.history import History
from server.state import ChannelState


class Ear:
    """``with`` starts and ends the thread that listens. Times are monotonic seconds of arrival."""

    def __init__(self, run_dir: Path, channel: Channel) -> None:
        self._run_dir = run_dir
        self._state = ChannelState(channel)
        self._history = History()
        self.raised: list[tuple[float, Alarm]] = []
        self._alarms = Alarms(channel.alarms, self._state, self._history, self._told)
        self.healths: defaultdict[str, list[tuple[float, Health]]] = defaultdict(list)
        self.words: list[tuple[float, ProcessState]] = []
        self.on_air: list[tuple[float, OnAir]] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ear", daemon=True)

    def __enter__(self) -> Ear:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        bus = Bus(self._run_dir, (Health, ProcessState, OnAir))
        look_at = 0.0
        try:
            while not self._ended.is_set():
                message = bus.receive(50)
                now = time.monotonic()
                if now >= look_at:
                    look_at = now + 1
                    self._alarms.look()
                if isinstance(message, (Health, ProcessState, OnAir)):
                    self._state.hear(message)
                if isinstance(message, Health):
                    self._history.hear(message)
                    self.healths[message.process].append((now, message))
                elif isinstance(message, ProcessState):
                    self._alarms.hear(message)
                    self.words.append((now, message))
                elif isinstance(message, OnAir):
                    self.on_air.append((now, message))
        finally:
            bus.close()

    def _told(self, alarm: Alarm) -> None:
        if alarm.cleared_at is None:
            self.raised.append((time.monotonic(), alarm))

    def lines_over(self, began: float, ended: float) -> frozenset[str]:
        """Ids of the Performances that were on air and over between two times."""
        now = [(at, told.now.performance_id) for at, told in self.on_air if told.now is not None]
        last = {performance_id: at for at, performance_id in now}
        return frozenset(performance_id for performance_id, at in last.items() if began < at < ended)

    def last(self, process: str) -> Health | None:
        """The newest Health of a process."""
        told = self.healths[process]
        return told[-1][1] if told else None

    def figure(self, process: str, name: str) -> float:
        """A figure of the newest Health; 0 without one."""
        health = self.last(process)
        return health.figures.get(name, 0.0) if health else 0.0

    def first_beat(self, process: str, pid: int, after: float) -> float | None:
        """When a process of another pid first beat after a time."""
        return next((at for at, h in self.healths[process] if at > after and h.pid != pid), None)
