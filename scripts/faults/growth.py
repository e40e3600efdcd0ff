"""Memory, handles and threads of every process of a channel over hours, and whether they grow.

What counts is a process's **floor**: what it held in the quietest quarter of each five minutes. A voice that speaks, or
a page that is built, takes tens of megabytes for a moment and gives them back; a leak lifts the floor. Samples in
between follow each other too closely to tell how sure a line through them is; floors hardly do. The very least of each
five minutes hangs on whether one sample fell into the moment after the allocator gave back what it kept: in a run of
100 minutes it told the stage's growth five times less surely (± 2.4 and ± 0.4 MB an hour). It is shown beside.
"""

from __future__ import annotations

import contextlib
import json
import re
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import psutil
from measure.timing import Floats64, Trend, trend
from numpy.typing import ArrayLike

from faults.air import Air, Row

SAMPLE_S = 5.0
FLOOR_S = 300.0
QUIETEST = 0.25
"""The part of the samples of each ``FLOOR_S`` that lies under its floor."""

SETTLE_S = 600.0
"""Memory is judged after the first ten minutes, or the first third of a short run."""

MEMORY_MB_H = 1.0


@dataclass(slots=True)
class Samples:
    """Memory, handles and threads of one process over time; ``parts_mb`` are its own memory, that of files, and that
    which it shares.
    """

    role: str
    at: list[float] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)
    parts_mb: list[tuple[float, ...]] = field(default_factory=list)
    handles: list[int] = field(default_factory=list)
    threads: list[int] = field(default_factory=list)


class Meter(threading.Thread):
    """Samples every process of the channel."""

    def __init__(self, air: Air) -> None:
        super().__init__(name="meter", daemon=True)
        self._air = air
        self.samples: dict[int, Samples] = {}
        self._ended = threading.Event()

    def run(self) -> None:
        """Sample until ``stop``."""
        while not self._ended.wait(SAMPLE_S):
            assert self._air.everhost is not None
            supervisor = psutil.Process(self._air.everhost.process.pid)
            for process in (supervisor, *self._air.everhost.family()):
                with contextlib.suppress(psutil.Error):
                    self._sample(process, "supervisor" if process.pid == supervisor.pid else _role(process))

    def _sample(self, process: psutil.Process, role: str) -> None:
        found = self.samples.setdefault(process.pid, Samples(role))
        with process.oneshot():
            found.at.append(time.monotonic())
            found.memory_mb.append(process.memory_info().rss / 1e6)
            found.parts_mb.append(_parts_mb(process.pid))
            found.handles.append(process.num_fds())
            found.threads.append(process.num_threads())

    def stop(self) -> None:
        """End the thread."""
        self._ended.set()
        self.join()

    def keep(self, file: Path) -> None:
        """Write everything that was sampled, by process number."""
        file.write_text(json.dumps({pid: asdict(each) for pid, each in self.samples.items()}))


def _parts_mb(pid: int) -> tuple[float, ...]:
    """Anonymous, file-backed and shared memory that is resident, as proc(5) has them."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError as gone:
        raise psutil.NoSuchProcess(pid) from gone
    kilobytes = dict(re.findall(r"^(RssAnon|RssFile|RssShmem):\s+(\d+) kB", status, re.MULTILINE))
    return tuple(int(kilobytes.get(name, 0)) * 1024 / 1e6 for name in ("RssAnon", "RssFile", "RssShmem"))


def _role(process: psutil.Process) -> str:
    words = process.cmdline()
    return words[words.index("-m") + 2] if "-m" in words else words[0]


def floors(at_s: ArrayLike, values: ArrayLike, quietest: float = QUIETEST) -> tuple[Floats64, Floats64]:
    """The middle of each ``FLOOR_S``, and what was held there in the ``quietest`` part of it; a piece that is not full
    at the end is left out.

    Fewer than three pieces tell nothing: the samples themselves are given back.
    """
    at, each = np.asarray(at_s, np.float64), np.asarray(values, np.float64)
    piece = ((at - at[0]) // FLOOR_S).astype(int)
    full = int((at[-1] - at[0] + SAMPLE_S) // FLOOR_S)
    if full < 3:
        return at, each
    pieces = [piece == n for n in range(full) if (piece == n).any()]
    middles = np.array([at[of].mean() for of in pieces])
    return middles, np.array([np.quantile(each[of], quietest) for of in pieces])


def slope_an_hour(at_s: ArrayLike, values: ArrayLike, quietest: float = QUIETEST) -> tuple[float, float]:
    """Growth of the floor an hour, and the half-width of its 95 % confidence."""
    times, held = floors(at_s, values, quietest)
    line: Trend = trend(times, held)
    return line.per_second * 3600, line.confidence / max(float(np.ptp(times)), 1.0) * 3600


def judge(meter: Mapping[int, Samples], began: float, ended: float, faults: Sequence[tuple[float, str]]) -> Row:
    """Every process over its life, from when it has settled down: after the start, and where a fault ended one of its
    role before (a spare took over, or it was started), after that. A short life shows no slope.
    """
    row = Row("memory, handles and threads of every process")
    settle = min(SETTLE_S, (ended - began) / 3)
    for pid, samples in meter.items():
        last = samples.at[-1]
        killed = (at for at, kind in faults if kind == f"SIGKILL of {samples.role}" and at < last - 3 * SAMPLE_S)
        first = max([began, *killed]) + settle
        if samples.at[0] > first or last - first < min(2 * settle, (ended - began) / 2):
            continue
        shown = samples.role if samples.role not in row.figures else f"{samples.role} {pid}"
        _judge(row, shown, samples, first)
    row.figures["restarted"] = sorted({kind for _, kind in faults})
    return row


def _judge(row: Row, name: str, samples: Samples, first: float) -> None:
    judged = np.array(samples.at) >= first
    at = np.array(samples.at)[judged]
    memory = np.array(samples.memory_mb)[judged]
    slope, confidence = slope_an_hour(at, memory)
    parts = [slope_an_hour(at, part[judged])[0] for part in np.array(samples.parts_mb).T]
    handles, threads = (np.array(each)[judged] for each in (samples.handles, samples.threads))
    row.figures[name] = {
        "memory_mb": round(samples.memory_mb[-1], 1),
        "judged_minutes": round(float(np.ptp(at)) / 60, 1),
        "mb_an_hour": round(slope, 3),
        "own_file_shared_mb_an_hour": [round(part, 3) for part in parts],
        "confidence": round(confidence, 3),
        "by_the_least": [round(each, 3) for each in slope_an_hour(at, memory, 0.0)],
        "handles": [int(handles.min()), int(handles.max())],
        "threads": [int(threads.min()), int(threads.max())],
    }
    row.must(f"{name} grows {slope:.2f} ± {confidence:.2f} MB/h", slope <= MEMORY_MB_H)
    for what, values in (("handles", handles), ("threads", threads)):
        tenth = max(1, len(values) // 10)
        row.must(f"{name}: {what} grow", bool(np.median(values[-tenth:]) <= np.median(values[:tenth])))
