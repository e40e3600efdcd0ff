"""The heartbeat of a process: Health on the bus once a second, with its own CPU and memory."""

from __future__ import annotations

import os
import time

import psutil

from engine.runtime.bus import Bus
from engine.runtime.messages import Health

BEAT_SECONDS = 1.0


class Heart:
    """Beats when asked often enough; a process that hangs stops beating, which is the point."""

    def __init__(self, bus: Bus, process: str) -> None:
        self._bus = bus
        self._process = process
        self._due = 0.0
        self._self = psutil.Process()

    def due(self) -> bool:
        """Whether a beat is due."""
        return time.monotonic() >= self._due

    def beat(
        self,
        state: str,
        detail: str = "",
        figures: dict[str, float] | None = None,
        troubles: dict[str, str] | None = None,
    ) -> None:
        """Send one beat now."""
        self._due = time.monotonic() + BEAT_SECONDS
        everything = {**(figures or {}), **own_figures(self._self)}
        self._bus.publish(Health(self._process, os.getpid(), state, detail, everything, troubles or {}))


def own_figures(process: psutil.Process) -> dict[str, float]:
    """CPU seconds so far and resident memory of ``process``."""
    times = process.cpu_times()
    return {"cpu_seconds": times.user + times.system, "memory_bytes": float(process.memory_info().rss)}
