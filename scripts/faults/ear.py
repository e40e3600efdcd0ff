"""Listens on a channel's bus: every Health and every word of the supervisor, with the time it came."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from pathlib import Path
from types import TracebackType

from engine.runtime.bus import Bus
from engine.runtime.messages import Health, OnAir, ProcessState


class Ear:
    """``with`` starts and ends the thread that listens. Times are monotonic seconds of arrival."""

    def __init__(self, run_dir: Path) -> None:
        self._run_dir = run_dir
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
        try:
            while not self._ended.is_set():
                message = bus.receive(50)
                now = time.monotonic()
                if isinstance(message, Health):
                    self.healths[message.process].append((now, message))
                elif isinstance(message, ProcessState):
                    self.words.append((now, message))
                elif isinstance(message, OnAir):
                    self.on_air.append((now, message))
        finally:
            bus.close()

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
