"""What the supervisor knows of one process, and its rules: when it hangs, how soon it is started again, how much
memory it may use. It never waits, but in ``end_all``.
"""

from __future__ import annotations

import logging
import signal
import subprocess
import time
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

AWAY_S = 1.0
"""Who watches and did not for so long (it was suspended) has missed heartbeats, not the processes theirs."""

HUNG_AFTER_S: Mapping[str, float] = {"master": 3.0, "stage": 4.0, "server": 4.0, "outlet": 4.0, "studio": 6.0}
"""A process without a heartbeat for this long is killed. Viewers notice the first ones at once; the studio may be busy
with one sentence, and nobody misses it for the length of its queue."""

OTHERS_HUNG_AFTER_S = 8.0

SUSPENDED_AFTER_S = 0.5
"""A process that SIGSTOP holds is killed after this long: its heartbeat need not be waited for."""

START_GRACE_S = 40.0
"""The first heartbeat may take this long: models are loaded before it."""

BUDGET, BUDGET_S = 5, 600.0
"""More than five deaths in ten minutes: the process is degraded."""

DEGRADED_PAUSE_S = 60.0
"""A degraded process is tried once a minute, so that it does not take the machine from the others."""

MASTER_PAUSE_S = 2.0
"""Nothing is on air without the master: it is never waited for longer than this."""

STOP_GRACE_S = 1.5
"""Children that have not ended by then are killed, so that a stop takes less than 3 s."""

LAST_WAIT_S = 1.0
"""So long all those that were killed are waited for. One that waits for a disk that hangs cannot die even then."""

_LONGEST_PAUSE_S = 30.0
_CALM_AFTER_S = 60.0

MEGABYTE = 1_000_000.0

OVER_S = 30.0
"""For so long a process must be over its memory ceiling before it is replaced: a peak is no leak."""

HANDOVER_S = 90.0
"""A successor that is not ready by then is given up."""

READY_SILENT_S = 5.0
"""One that is ready says so once a second, and is given up when it has not for so long."""

PROMOTED_GRACE_S = 8.0
"""The first heartbeat of one that was ready. The studio's has its models still to load, as one that starts."""

MISTAKEN_S = 30.0
"""So long a mistake of ours in looking at one process is borne. Then whoever started us starts all anew, which is
better than half a station."""

SPARED = frozenset({"stage", "server", "studio"})
"""Roles that always have a successor ready: viewers see at once when the first ones are gone, and loading all of them
takes seconds. The studio's has only loaded its modules: what it says must be of the moment when it begins."""

SPARE_AFTER_S = 20.0
"""A spare is loaded when the start is over, and the last one's end is some time ago."""

SPARE_PAUSE_S = 60.0


@dataclass(slots=True)
class Child:
    """One process and its history."""

    role: str
    ceiling_mb: float | None = None
    process: subprocess.Popen[bytes] | None = None
    successor: subprocess.Popen[bytes] | None = None
    """It is ready beside the process, and goes on when that has ended."""
    started: float = 0.0
    last_beat: float = 0.0
    beaten: bool = False
    spawned: bool = False
    restarts: int = 0
    start_at: float = 0.0
    quick_deaths: int = 0
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=BUDGET + 1))
    over_since: float | None = None
    successor_beat: float = 0.0
    """When the successor was started or last said that it is ready."""
    successor_ready: bool = False
    suspended_since: float | None = None
    killed: bool = False
    """It was killed and has not died yet: it waits for a disk, say."""
    promoted: bool = False
    """It was ready before it took the place."""
    given_up: list[subprocess.Popen[bytes]] = field(default_factory=list)
    """Successors that were killed and have not died yet."""
    replaced_at: float = float("-inf")
    mistaken_since: float | None = None
    """Since when a mistake of ours keeps it from being looked at."""
    spare_after: float = 0.0

    @property
    def kind(self) -> str:
        """The role without the name of an output."""
        return self.role.partition(":")[0]

    def hung(self, now: float) -> bool:
        """Whether its heartbeat is overdue."""
        grace = PROMOTED_GRACE_S if self.promoted and self.kind != "studio" else START_GRACE_S
        limit = HUNG_AFTER_S.get(self.kind, OTHERS_HUNG_AFTER_S) if self.beaten else grace
        return now - max(self.last_beat, self.started) > limit

    def lost(self, now: float) -> str:
        """Why the process that runs has to be killed; empty while it works."""
        assert self.process is not None
        if not is_suspended(self.process.pid):
            self.suspended_since = None
        elif self.suspended_since is None:
            self.suspended_since = now
        if self.suspended_since is not None and now - self.suspended_since > SUSPENDED_AFTER_S:
            return "is suspended"
        return "gives no sign of life" if self.hung(now) else ""

    def begin(self, process: subprocess.Popen[bytes], now: float) -> None:
        """``process`` was started for it."""
        self.process, self.started, self.last_beat = process, now, now
        self.beaten, self.spawned, self.promoted, self.killed = False, True, False, False
        self.suspended_since = None

    def forgive(self, now: float) -> None:
        """Who watches was away: what it has not heard meanwhile says nothing."""
        self.last_beat = self.successor_beat = now
        self.suspended_since = None

    def kill(self) -> None:
        """Kill the process, once; it is buried when it has died."""
        if self.process is not None and not self.killed:
            self.process.kill()
            self.killed = True

    def ended(self, now: float) -> float:
        """Note that the process has ended; returns the seconds until it is started again."""
        calm = now - self.started > _CALM_AFTER_S
        self.quick_deaths = 1 if calm else self.quick_deaths + 1
        self.deaths.append(now)
        self.process = None
        self.over_since = None
        pause = DEGRADED_PAUSE_S if self.degraded(now) else pause_before_restart(self.quick_deaths)
        pause = min(pause, MASTER_PAUSE_S) if self.role == "master" else pause
        self.start_at = now + pause
        return pause

    def degraded(self, now: float) -> bool:
        """Whether it has died more often than the budget allows."""
        return len(self.deaths) > BUDGET and now - self.deaths[0] < BUDGET_S

    def beat(self, now: float, memory_bytes: float) -> None:
        """Take in a heartbeat."""
        self.last_beat = now
        if self.ceiling_mb is None or memory_bytes <= self.ceiling_mb * MEGABYTE:
            self.over_since = None
        elif self.over_since is None:
            self.over_since = now

    def should_be_replaced(self, now: float) -> bool:
        """Whether it has used too much memory for too long, and was not replaced for that just before."""
        over = self.over_since is not None and now - self.over_since > OVER_S
        return over and self.process is not None and now - self.replaced_at > BUDGET_S

    def wants_successor(self, now: float) -> bool:
        """Whether another process should get ready beside it."""
        if self.successor is not None or self.process is None or now < self.spare_after:
            return False
        is_settled = self.beaten and now - self.started > SPARE_AFTER_S and not self.degraded(now)
        return (self.kind in SPARED and is_settled) or self.should_be_replaced(now)

    def take_successor(self, process: subprocess.Popen[bytes], now: float) -> None:
        """Another process gets ready."""
        self.successor, self.successor_beat, self.successor_ready = process, now, False

    def successor_says(self, pid: int, now: float) -> None:
        """Take in that a process with this id is ready."""
        if self.successor is not None and self.successor.pid == pid:
            self.successor_beat, self.successor_ready = now, True

    def successor_failed(self, now: float) -> str:
        """Why the successor is of no use any more; empty while it is."""
        if self.successor is None:
            return ""
        code = self.successor.poll()
        if code is not None:
            return how_it_ended(code)
        limit = READY_SILENT_S if self.successor_ready else HANDOVER_S
        return "gives no sign of life" if now - self.successor_beat > limit else ""

    def drop_successor(self, now: float) -> None:
        """Give the successor up; another one is tried later."""
        if self.successor is not None:
            self.successor.kill()
            self.given_up.append(self.successor)
            self.successor, self.successor_ready = None, False
        self.spare_after = now + SPARE_PAUSE_S

    def forget_dead(self) -> None:
        """Let go of successors that were killed and have died."""
        self.given_up = [process for process in self.given_up if process.poll() is None]

    def promote(self, now: float) -> None:
        """Let the successor take the place of the process, which has ended."""
        assert self.successor is not None
        self.begin(self.successor, now)
        self.successor, self.successor_ready, self.promoted = None, False, True
        self.over_since = None
        self.restarts += 1


@contextmanager
def borne(child: Child, now: float, log: logging.Logger) -> Iterator[None]:
    """Look at ``child`` here: a mistake in that is logged once, and raised only when it has lasted ``MISTAKEN_S``."""
    try:
        yield
    except Exception:  # whatever was not foreseen of one process, the others are still to be looked at
        if child.mistaken_since is None:
            child.mistaken_since = now
            log.exception("%s cannot be looked at", child.role)
        elif now - child.mistaken_since > MISTAKEN_S:
            raise
    else:
        child.mistaken_since = None


def is_suspended(pid: int) -> bool:
    """Whether SIGSTOP holds a process; one that a debugger holds works on."""
    try:
        # A ``Path`` interns its parts: with some fifty a second the table of interned strings doubles, and once more.
        with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123
            stat = file.read()
    except OSError:
        return False
    # The state follows the name in brackets, which may hold anything.
    return stat.rpartition(b")")[2].split()[0] == b"T"


def pause_before_restart(quick_deaths: int) -> float:
    """Seconds to wait before the next start: none the first time, then 1, 2, 4 … up to 30."""
    return 0.0 if quick_deaths <= 1 else float(min(2 ** (quick_deaths - 2), _LONGEST_PAUSE_S))


def end_all(children: Collection[Child]) -> list[str]:
    """Ask the processes to end, and kill those that have not after ``STOP_GRACE_S``; the roles of those that live on
    even so.
    """
    own = [(c.role, p) for c in children for p in (c.process, c.successor, *c.given_up) if p is not None]
    living = [process for _, process in own]
    for process in living:
        process.send_signal(signal.SIGTERM)
        # A suspended process cannot end itself.
        process.send_signal(signal.SIGCONT)
    deadline = time.monotonic() + STOP_GRACE_S
    for process in living:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
    for process in living:
        process.kill()
    deadline = time.monotonic() + LAST_WAIT_S
    for process in living:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
    for child in children:
        child.process = child.successor = None
        child.given_up.clear()
    return [role for role, process in own if process.returncode is None]


def how_it_ended(code: int) -> str:
    """An exit status in words."""
    if code >= 0:
        return f"exit status {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:  # of the real-time signals only the first and the last have names
        return f"signal {-code}"
