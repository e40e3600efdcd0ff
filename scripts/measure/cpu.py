"""CPU seconds and memory of a family of processes."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import psutil

PERIOD_S = 1.0


@dataclass(slots=True)
class _Member:
    name: str
    born: float
    cpu_s: list[tuple[float, float]] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    own: list[int] = field(default_factory=list)

    def grown_mb(self, memory: list[int], began: float, ended: float) -> float:
        """See ``grown``."""
        samples = [(at, held) for (at, _), held in zip(self.cpu_s, memory, strict=True)]
        return round(grown(samples, began, ended) / 1e6, 2)


class CpuMeter(threading.Thread):
    """Samples a process and all its descendants once a second. A process that ends keeps its last figure."""

    def __init__(self, pid: int) -> None:
        super().__init__(name="cpu-meter", daemon=True)
        self._root = psutil.Process(pid)
        self._members: dict[tuple[int, float], _Member] = {}
        self._stop_asked = threading.Event()
        self._lock = threading.Lock()

    def run(self) -> None:
        """Sample until ``stop``."""
        self.sample()
        while not self._stop_asked.wait(PERIOD_S):
            self.sample()

    def sample(self) -> None:
        """One sample of everybody."""
        try:
            everybody = [self._root, *self._root.children(recursive=True)]
        except psutil.NoSuchProcess:
            return
        now = time.monotonic()
        with self._lock:
            for process in everybody:
                try:
                    key = (process.pid, process.create_time())
                    times, memory = process.cpu_times(), process.memory_info()
                    member = self._members.get(key) or _Member(
                        _role(process), now - time.time() + process.create_time()
                    )
                except psutil.Error:
                    continue
                self._members[key] = member
                member.cpu_s.append((now, times.user + times.system))
                member.memory.append(memory.rss)
                member.own.append(memory.rss - memory.shared)

    def stop(self) -> None:
        """End the thread."""
        self._stop_asked.set()
        self.join(5.0)

    def between(self, began: float, ended: float) -> dict[str, Any]:
        """Cores used from ``began`` to ``ended`` (monotonic seconds), in all and by process; memory in MB.

        ``own`` is memory without pages of files and shared ones: those come and go as the kernel likes.
        """
        rows = {}
        with self._lock:
            for (pid, _), member in self._members.items():
                used = cores(member.cpu_s, began, ended, member.born)
                row = {
                    "cores": round(used, 4),
                    "memory_start_mb": round(member.memory[0] / 1e6, 1),
                    "memory_end_mb": round(member.memory[-1] / 1e6, 1),
                    "memory_grown_mb": member.grown_mb(member.memory, began, ended),
                    "own_memory_grown_mb": member.grown_mb(member.own, began, ended),
                }
                rows[f"{member.name} {pid}"] = row
        cores_used = sum(float(r["cores"]) for r in rows.values())
        most = max((float(r["memory_grown_mb"]) for r in rows.values()), default=0.0)
        return {"cores": cores_used, "memory_grown_most_mb": most, "processes": rows}

    def role_cores(self, role: str, began: float, ended: float) -> float:
        """Cores that the processes of one role used between two times."""
        with self._lock:
            found = [cores(m.cpu_s, began, ended, m.born) for m in self._members.values() if m.name == role]
        return sum(found)


def cores(samples: list[tuple[float, float]], began: float, ended: float, born: float = 0.0) -> float:
    """CPU seconds a second between two times, from (time, CPU seconds so far) samples of a process that began at
    ``born``; the last sample holds on.
    """
    within = [s for s in samples if began - PERIOD_S <= s[0] <= ended + PERIOD_S]
    if not within or ended <= began:
        return 0.0
    before = (born, 0.0) if born > began else within[0]
    after = within[-1]
    # A sample is up to a period away from the moment asked for: the time between the samples counts.
    return (after[1] - before[1]) / max(ended - began, after[0] - before[0])


def grown(samples: list[tuple[float, int]], began: float, ended: float) -> float:
    """How much memory a process holds in the last fifth of the time beyond the second fifth, by the lower quartile:
    what it needs for a moment does not count. 0 for a process that does not live through both.
    """
    fifth = (ended - began) / 5
    early = [m for at, m in samples if began + fifth <= at < began + 2 * fifth]
    late = [m for at, m in samples if ended - fifth <= at <= ended]
    if not early or not late:
        return 0.0
    return float(np.percentile(late, 25) - np.percentile(early, 25))


def _role(process: psutil.Process) -> str:
    """What a process is in the channel: the word after ``-m MODULE``, else the program's name."""
    words = process.cmdline()
    if "-m" in words and words.index("-m") + 2 < len(words):
        return words[words.index("-m") + 2]
    return Path(words[1] if len(words) > 1 and "python" in words[0] else words[0]).name if words else process.name()
