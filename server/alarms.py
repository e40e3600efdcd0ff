"""Alarms of one channel: rules over its state and history, raised and cleared with hysteresis.

A rule's condition must hold for a while before its alarm is raised, and must be gone for a while before it is cleared;
where it is a level, the level that clears is a better one than the level that raises. So an alarm does not flutter.
"""

from __future__ import annotations

import enum
import itertools
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from engine.runtime.messages import ProcessState
from engine.settings.alarms import Alarms as Limits
from server.history import History
from server.state import ChannelState, ProcessView

KEPT = 200
"""Alarms that are remembered, cleared ones too."""

CALM_S = 60.0
"""A process that ended, and a ledger that lost something, is an alarm until it was well for this long."""

LEAST_GROWTH_BYTES = 50e6
"""Memory that grew by less is no alarm, whatever its share."""

SETTLE_S = 30.0
"""The show has this long from the first look on to fill its queue and to begin to speak."""

LEAST_HOURS = 6.0
"""A disk that is full by then, if it goes on as in the last hour, is an alarm."""

RECENT_S = 10.0
"""Repeated pictures, and those left out, are taken over this long."""


class Kind(enum.StrEnum):
    """What is wrong."""

    SILENT = "silent"
    ENDED = "ended"
    FAILED = "failed"
    OUTLET_DOWN = "outlet_down"
    REPEATED = "repeated"
    QUEUE_EMPTY = "queue_empty"
    NO_SPEECH = "no_speech"
    LEDGER = "ledger"
    MEMORY = "memory"
    DEGRADED = "degraded"
    CATALOGUE = "catalogue"
    VOICE = "voice"
    CHOOSING = "choosing"
    SIGNING = "signing"
    DISK = "disk"


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something is or was wrong with ``process``.

    ``at`` and ``cleared_at`` are seconds since the epoch; ``cleared_at`` is None while it lasts. ``detail`` is in plain
    words or a number with its unit, and holds no secret.
    """

    number: int
    at: float
    kind: Kind
    process: str
    detail: str
    cleared_at: float | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look says of one condition. It is bad, or good, or (None) somewhere between: then nothing changes."""

    kind: Kind
    process: str
    bad: bool | None
    detail: str = ""


class Latch:
    """Goes on when bad for ``raise_s`` without a break, off when good for ``clear_s``."""

    def __init__(self, raise_s: float, clear_s: float) -> None:
        self.take_time(raise_s, clear_s)
        self._since: float | None = None
        self.on = False

    def take_time(self, raise_s: float, clear_s: float) -> None:
        """Go by these times from now on."""
        self._raise_s = raise_s
        self._clear_s = clear_s

    def turns(self, now: float, bad: bool | None) -> bool:
        """Take in what is so at ``now``; whether it went on or off just now."""
        if bad is None or bad is self.on:
            self._since = None
            return False
        if self._since is None:
            self._since = now
        if now - self._since < (self._clear_s if self.on else self._raise_s):
            return False
        self.on, self._since = not self.on, None
        return True


class Alarms:
    """Looks at a channel; ``look`` is called about once a second, ``hear`` for each ProcessState.

    ``told`` is called with each alarm that is raised or cleared.
    """

    def __init__(
        self,
        limits: Limits,
        state: ChannelState,
        history: History,
        told: Callable[[Alarm], None] = lambda _alarm: None,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._limits = limits
        self._state = state
        self._history = history
        self._told = told
        self._clock = clock
        self._wall = wall
        self._began: float | None = None
        self._numbers = itertools.count(1)
        self._latches: dict[tuple[Kind, str], Latch] = {}
        self._active: dict[tuple[Kind, str], Alarm] = {}
        self._ended: dict[str, tuple[float, str]] = {}
        self._lost: dict[str, float] = {}
        self._lost_at: dict[str, float] = {}
        self._log: deque[Alarm] = deque(maxlen=KEPT)

    @property
    def active(self) -> tuple[Alarm, ...]:
        """Alarms that last, oldest first."""
        return tuple(self._active.values())

    @property
    def all(self) -> tuple[Alarm, ...]:
        """The last ``KEPT`` alarms, oldest first."""
        return tuple(self._log)

    @property
    def last(self) -> Alarm | None:
        """The newest alarm."""
        return self._log[-1] if self._log else None

    def reload(self, limits: Limits) -> None:
        """The channel starts again with other limits."""
        self._limits = limits
        for (kind, _), latch in self._latches.items():
            latch.take_time(*self._seconds(kind))

    def hear(self, message: ProcessState) -> None:
        """Take in that a process ended, or that it is no more: nothing is wrong with it then."""
        if message.state == "removed":
            self._forget(message.process)
        elif message.state in {"ended", "degraded"}:
            self._ended[message.process] = (self._clock(), message.detail)
            self._take(Finding(Kind.ENDED, message.process, True, message.detail))

    def look(self) -> None:
        """Go through all rules."""
        now = self._clock()
        self._began = now if self._began is None else self._began
        for finding in self._findings(now):
            self._take(finding)

    def _take(self, finding: Finding) -> None:
        key = (finding.kind, finding.process)
        latch = self._latches.get(key)
        if latch is None:
            latch = self._latches[key] = Latch(*self._seconds(finding.kind))
        if not latch.turns(self._clock(), finding.bad):
            return
        if latch.on:
            alarm = Alarm(next(self._numbers), self._wall(), finding.kind, finding.process, finding.detail)
            self._active[key] = alarm
            self._log.append(alarm)
            self._told(alarm)
        else:
            self._clear(key)

    def _clear(self, key: tuple[Kind, str]) -> None:
        alarm = replace(self._active.pop(key), cleared_at=self._wall())
        self._log = deque((alarm if each.number == alarm.number else each for each in self._log), KEPT)
        self._told(alarm)

    def _forget(self, process: str) -> None:
        self._ended.pop(process, None)
        self._lost.pop(process, None)
        self._lost_at.pop(process, None)
        for key in [key for key in self._latches if key[1] == process]:
            if self._latches.pop(key).on:
                self._clear(key)

    def _seconds(self, kind: Kind) -> tuple[float, float]:
        """How long a condition of ``kind`` must hold to raise, and be gone to clear."""
        return {
            Kind.SILENT: (0.0, 3.0),
            Kind.ENDED: (0.0, 0.0),
            Kind.FAILED: (0.0, 3.0),
            Kind.OUTLET_DOWN: (self._limits.outlet_down_s, 5.0),
            Kind.REPEATED: (0.0, RECENT_S),
            Kind.QUEUE_EMPTY: (self._limits.queue_empty_s, 3.0),
            Kind.NO_SPEECH: (self._limits.no_speech_s, 1.0),
            Kind.LEDGER: (0.0, 0.0),
            Kind.MEMORY: (60.0, 60.0),
            Kind.DEGRADED: (0.0, CALM_S),
            Kind.CATALOGUE: (0.0, 3.0),
            Kind.VOICE: (0.0, 3.0),
            Kind.CHOOSING: (0.0, 3.0),
            Kind.SIGNING: (0.0, 3.0),
            Kind.DISK: (0.0, CALM_S),
        }[kind]

    def _findings(self, now: float) -> Iterator[Finding]:
        for view in list(self._state.processes.values()):
            yield from self._of_process(view, now)
        yield self._repeated()
        yield self._queue()
        yield self._speech()

    def _of_process(self, view: ProcessView, now: float) -> Iterator[Finding]:
        age = self._state.age_s(view.name)
        is_known_gone = view.state in {"ended", "degraded", "starting"}
        if age is not None:
            silent = age > self._limits.silent_s and not is_known_gone
            yield Finding(Kind.SILENT, view.name, silent, f"{age:.0f} s")
        if view.name in self._ended:
            ended_at, why = self._ended[view.name]
            yield Finding(Kind.ENDED, view.name, now - ended_at < CALM_S, why)
        yield Finding(Kind.FAILED, view.name, view.state == "failed", view.detail)
        yield Finding(Kind.DEGRADED, view.name, self._is_degraded(view), view.detail)
        if view.name == "studio" and view.state == "working":
            # A studio that works has nothing else to tell than what is wrong with the catalogue.
            yield Finding(Kind.CATALOGUE, view.name, bool(view.detail), view.detail)
            voice = view.troubles.get("voice", "")
            yield Finding(Kind.VOICE, view.name, bool(voice), voice)
            choosing = view.troubles.get("choosing", "")
            yield Finding(Kind.CHOOSING, view.name, bool(choosing), choosing)
        if view.name.startswith("outlet:"):
            yield Finding(Kind.OUTLET_DOWN, view.name, view.state != "sending", view.detail)
            unsigned = view.troubles.get("signing", "")
            yield Finding(Kind.SIGNING, view.name, bool(unsigned), unsigned)
            yield self._disk(view)
        yield self._ledger(view, now)
        yield self._memory(view.name)

    @staticmethod
    def _is_degraded(view: ProcessView) -> bool | None:
        """Bad when the supervisor says so, good once it has beaten, and nothing new while it starts."""
        return True if view.state == "degraded" else None if view.state in {"starting", "running"} else False

    def _ledger(self, view: ProcessView, now: float) -> Finding:
        """Rows that wait, or were lost within the last minute."""
        waiting, lost = view.figures.get("ledger_waiting", 0.0), view.figures.get("ledger_lost", 0.0)
        if lost > self._lost.get(view.name, 0.0):
            self._lost_at[view.name] = now
        self._lost[view.name] = lost
        lately = now - self._lost_at.get(view.name, -CALM_S) < CALM_S
        return Finding(Kind.LEDGER, view.name, waiting > 0 or lately, f"{waiting:.0f} waiting, {lost:.0f} lost")

    def _disk(self, view: ProcessView) -> Finding:
        """What a recording's disk has free, and when it is full if it goes on as within the last hour."""
        free, size = view.figures.get("disk_free_bytes"), view.figures.get("disk_bytes")
        if free is None or not size:
            # Nothing is known while a recording starts; an output that records nothing has no disk.
            return Finding(Kind.DISK, view.name, None)
        percent, limit = 100 * free / size, self._limits.disk_free_percent
        shown = f"{free / 1e9:.1f} GB, {percent:.0f} %"
        low = _level(-percent, -limit, -limit - 1)
        before = self._history.mean(view.name, "disk_free_bytes", 3600, 3000)
        now = self._history.mean(view.name, "disk_free_bytes", 60)
        if before is None or now is None or before <= now:
            return Finding(Kind.DISK, view.name, low, shown)
        # From the middle of the first ten minutes of the hour to that of its last minute.
        hours = now / ((before - now) / (3600 - 300 - 30) * 3600)
        soon = _level(-hours, -LEAST_HOURS, -LEAST_HOURS * 1.5)
        bad = True if low or soon else None if low is None or soon is None else False
        return Finding(Kind.DISK, view.name, bad, f"{shown}, {hours:.0f} h" if hours < 100 else shown)

    def _memory(self, process: str) -> Finding:
        """What it uses now against the first ten minutes of the last hour."""
        before = self._history.mean(process, "memory_bytes", 3600, 3000)
        now = self._history.mean(process, "memory_bytes", 60)
        if before is None or now is None:
            return Finding(Kind.MEMORY, process, False)
        percent = 100 * (now / before - 1)
        bad = _level(percent, self._limits.memory_growth_percent, self._limits.memory_growth_percent / 2)
        bad = bad if now - before > LEAST_GROWTH_BYTES else False
        return Finding(Kind.MEMORY, process, bad, f"{before / 1e6:.0f} MB → {now / 1e6:.0f} MB")

    def _repeated(self) -> Finding:
        """The share of pictures that viewers did not get new, because they were late."""
        repeated, left_out, fps = (
            self._history.mean("master", figure, RECENT_S) or 0.0
            for figure in ("repeated_a_second", "left_out_a_second", "fps")
        )
        due = fps + left_out
        percent = 100 * (repeated + left_out) / due if due else 0.0
        bad = _level(percent, self._limits.repeated_percent, self._limits.repeated_percent / 2)
        return Finding(Kind.REPEATED, "master", bad, f"{percent:.1f} %")

    def _queue(self) -> Finding:
        view = self._state.processes.get("studio")
        if view is None or "ahead_seconds" not in view.figures or not self._is_on:
            return Finding(Kind.QUEUE_EMPTY, "studio", False)
        ahead = view.figures["ahead_seconds"]
        return Finding(Kind.QUEUE_EMPTY, "studio", _level(-ahead, -0.5, -2.0), f"{ahead:.1f} s")

    def _speech(self) -> Finding:
        on_air = self._state.on_air
        quiet = on_air is not None and on_air.now is None and self._is_on
        return Finding(Kind.NO_SPEECH, "master", quiet)

    @property
    def _is_on(self) -> bool:
        """Whether the show should be heard: it has begun, the master lives, and nobody has stopped or paused it."""
        if self._began is None or self._clock() - self._began < SETTLE_S:
            return False
        on_air = self._state.on_air
        held = on_air is not None and (on_air.stopped or on_air.paused)
        return self._state.master_fresh and not held


def _level(value: float, worse: float, better: float) -> bool | None:
    """Bad above ``worse``, good below ``better``."""
    return True if value > worse else False if value < better else None
