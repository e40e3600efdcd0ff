"""The figures of every process over the last hour and day, for charts and alarms.

Fed by the Healths of a channel. Memory is bounded: ``MOST_SERIES`` series of fixed size; a figure beyond them has no
history. Time is the monotonic clock, which goes on when a process is started again, so a saved history is taken up
again within the same run of the machine.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np

from engine.flow import Floats
from engine.runtime.messages import Health

Span = Literal["hour", "day"]

STEPS: dict[Span, tuple[float, int]] = {"hour": (5.0, 720), "day": (60.0, 1440)}
"""Seconds of a step and number of steps, of each span."""

MOST_SERIES = 400
"""About 4 MB for one channel."""

SPARSE_S = 4.0
"""A growth is taken over at most this long without a Health."""

COUNTS: Mapping[str, tuple[str, float]] = {
    "pictures": ("fps", 1.0),
    "drawn": ("drawn_fps", 1.0),
    "repeated": ("repeated_a_second", 1.0),
    "left_out": ("left_out_a_second", 1.0),
    "skipped": ("skipped_a_second", 1.0),
    "late_ticks": ("late_ticks_a_second", 1.0),
    "cpu_seconds": ("cpu", 1.0),
    "bytes": ("bitrate", 8.0),
    "packets": ("packets_a_second", 1.0),
    "packets_lost": ("packets_lost_a_second", 1.0),
    "chat_messages": ("chat_messages_a_second", 1.0),
    "slow_viewer_skips": ("slow_viewer_skips_a_second", 1.0),
}
"""Figures that only count up: kept as growth a second, times a factor, under another name.

``cpu`` is in cores, ``bitrate`` in bits a second. All other figures are kept as they are, such as ``reconnects``.
"""


@dataclass(frozen=True, slots=True)
class Series:
    """A figure over time: ``values[i]`` is its mean in the step that ends at ``end - (len(values) - 1 - i) * step_s``.

    ``end`` is seconds since the epoch. None where nothing was heard.
    """

    process: str
    figure: str
    step_s: float
    end: float
    values: tuple[float | None, ...]


class Ring:
    """Means over the last ``size`` steps of ``step_s`` seconds; NaN where there was no value."""

    def __init__(self, step_s: float, size: int) -> None:
        self.step_s = step_s
        self.values: Floats = np.full(size, np.nan, np.float32)
        self.newest = -1
        self._sum, self._number = 0.0, 0

    def add(self, now: float, value: float) -> None:
        """Take in a value at ``now``; time that goes backwards counts as standing still."""
        step = max(math.floor(now / self.step_s), self.newest)
        if step != self.newest:
            self._pass(step)
        self._sum, self._number = self._sum + value, self._number + 1
        self.values[step % self.values.size] = self._sum / self._number

    def upto(self, now: float) -> Floats:
        """The values up to the step of ``now``, oldest first."""
        size = self.values.size
        step = max(math.floor(now / self.step_s), self.newest)
        found: Floats = np.roll(self.values, -(self.newest + 1) % size)
        missing = min(step - self.newest, size)
        return np.concatenate([found[missing:], np.full(missing, np.nan, np.float32)])

    def restore(self, newest: int, values: Floats) -> None:
        """Take up what another ring held; refused if it is of another size."""
        if values.size == self.values.size:
            self.newest, self.values = newest, values

    def _pass(self, step: int) -> None:
        size = self.values.size
        if self.newest >= 0:
            for between in range(max(self.newest + 1, step - size + 1), step):
                self.values[between % size] = np.nan
        self.newest, self._sum, self._number = step, 0.0, 0


class _SavedRing(msgspec.Struct):
    newest: int
    values: bytes


class History:
    """The history of one channel."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, wall: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._wall = wall
        self._rings: dict[tuple[str, str], dict[Span, Ring]] = {}
        self._last: dict[str, tuple[float, int, dict[str, float]]] = {}

    def hear(self, message: Health) -> None:
        """Take in the figures of one process."""
        now = self._clock()
        before = self._last.get(message.process)
        self._last[message.process] = (now, message.pid, message.figures)
        for figure, value in message.figures.items():
            if figure not in COUNTS:
                self._add(message.process, figure, now, value)
            elif before is not None and before[1] == message.pid and 0 < now - before[0] <= SPARSE_S:
                name, factor = COUNTS[figure]
                grown = value - before[2].get(figure, value)
                if grown >= 0:
                    self._add(message.process, name, now, factor * grown / (now - before[0]))

    def figures(self) -> dict[str, tuple[str, ...]]:
        """The figures of each process that have a history, by name."""
        found: dict[str, list[str]] = {}
        for process, figure in sorted(self._rings):
            found.setdefault(process, []).append(figure)
        return {process: tuple(names) for process, names in found.items()}

    def series(self, process: str, figure: str, span: Span) -> Series | None:
        """A figure over the last hour or day; None where there is no such figure."""
        rings = self._rings.get((process, figure))
        if rings is None:
            return None
        now = self._clock()
        ring = rings[span]
        values = tuple(None if math.isnan(value) else value for value in ring.upto(now).round(4).tolist())
        end = self._wall() - now + (math.floor(now / ring.step_s) + 1) * ring.step_s
        return Series(process, figure, ring.step_s, round(end, 3), values)

    def mean(self, process: str, figure: str, oldest_s: float, newest_s: float = 0.0) -> float | None:
        """The mean from ``oldest_s`` to ``newest_s`` seconds ago, within the last hour; None where nothing is known."""
        rings = self._rings.get((process, figure))
        if rings is None:
            return None
        step_s, size = STEPS["hour"]
        values = rings["hour"].upto(self._clock())
        first, last = size - math.ceil(oldest_s / step_s), size - math.floor(newest_s / step_s)
        known = values[max(first, 0) : max(last, 0)]
        known = known[~np.isnan(known)]
        return float(known.mean()) if known.size else None

    def saved(self) -> bytes:
        """Everything, for ``restore`` in the next process of the same run."""
        saved = [
            (process, figure, span, _SavedRing(ring.newest, ring.values.tobytes()))
            for (process, figure), rings in self._rings.items()
            for span, ring in rings.items()
        ]
        return msgspec.msgpack.encode(saved)

    def restore(self, file: Path) -> None:
        """Take up what ``saved`` gave, in ``file``; one that is missing or torn is left alone."""
        try:
            saved = msgspec.msgpack.decode(file.read_bytes(), type=list[tuple[str, str, Span, _SavedRing]])
        except (OSError, msgspec.DecodeError):
            return
        for process, figure, span, kept in saved:
            rings = self._of(process, figure)
            if rings is not None:
                rings[span].restore(kept.newest, np.frombuffer(kept.values, np.float32).copy())

    def _add(self, process: str, figure: str, now: float, value: float) -> None:
        rings = self._of(process, figure)
        if rings is not None and math.isfinite(value):
            for ring in rings.values():
                ring.add(now, value)

    def _of(self, process: str, figure: str) -> dict[Span, Ring] | None:
        rings = self._rings.get((process, figure))
        if rings is None and len(self._rings) < MOST_SERIES:
            rings = self._rings[process, figure] = {span: Ring(*size) for span, size in STEPS.items()}
        return rings
