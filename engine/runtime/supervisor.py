"""Starts the processes of one channel, watches their heartbeats, starts again what dies or hangs, stops them all."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from engine.broadcast.ring import PictureRing
from engine.runtime.bus import Broker, Bus
from engine.runtime.child import CONTROL_TOKEN_VARIABLE
from engine.runtime.logbook import keep_apart
from engine.runtime.messages import Health, ProcessState, Restart
from engine.runtime.place import make_run_dir
from engine.settings import Channel, SettingsError, load_channel
from engine.settings.state import STATE_DIR_VARIABLE

HUNG_AFTER_S = 8.0
"""A process without a heartbeat for this long is killed."""

START_GRACE_S = 40.0
"""The first heartbeat may take this long: models are loaded before it."""

FIRST = ("master", "stage", "server")
SECOND_AFTER_S = 4.0
"""The others start with the stage's first heartbeat, or after this time without one."""

STOP_GRACE_S = 1.5
"""Children that have not ended by then are killed, so that a stop takes less than 3 s."""

_LONGEST_PAUSE_S = 30.0
_CALM_AFTER_S = 60.0

ONE_THREAD = {
    # One thread a process: two cores are shared by all, and each process's work is serial.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    # llvmpipe rasterises in the stage's thread: threads of its own cost a fifth more CPU, which others need.
    "LP_NUM_THREADS": "0",
}


@dataclass(slots=True)
class Child:
    """One process and its history."""

    role: str
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    last_beat: float = 0.0
    beaten: bool = False
    spawned: bool = False
    restarts: int = 0
    start_at: float = 0.0
    quick_deaths: int = field(default=0)

    def hung(self, now: float) -> bool:
        """Whether its heartbeat is overdue."""
        limit = HUNG_AFTER_S if self.beaten else START_GRACE_S
        return now - max(self.last_beat, self.started) > limit

    def ended(self, now: float) -> float:
        """Note that the process has ended; returns the seconds until it is started again."""
        calm = now - self.started > _CALM_AFTER_S
        self.quick_deaths = 1 if calm else self.quick_deaths + 1
        self.process = None
        pause = pause_before_restart(self.quick_deaths)
        self.start_at = now + pause
        return pause


def pause_before_restart(quick_deaths: int) -> float:
    """Seconds to wait before the next start: none the first time, then 1, 2, 4 … up to 30."""
    return 0.0 if quick_deaths <= 1 else float(min(2 ** (quick_deaths - 2), _LONGEST_PAUSE_S))


class Supervisor:
    """All processes of one channel. Holds no media: the broker forwards messages without looking at them."""

    def __init__(self, channel: Channel, state_dir: Path) -> None:
        self._channel = channel
        self._state_dir = state_dir
        self.control_token = secrets.token_urlsafe(18)
        self.run_dir = make_run_dir()
        self._log = keep_apart("supervisor", channel, self.run_dir)
        self._broker = Broker(self.run_dir)
        self._bus: Bus | None = None
        self._children = _children_of(channel)

    def start(self) -> None:
        """Start everything, master first."""
        self._broker.start()
        self._bus = Bus(self.run_dir, (Health, Restart))
        self._start_children()

    def _start_children(self) -> None:
        canvas = self._channel.canvas
        epoch_ns = time.monotonic_ns()
        PictureRing.create(self.run_dir / "ring", canvas.width, canvas.height, canvas.fps, epoch_ns)
        # What viewers see first has the cores to itself; the others come with the first sign of life of the stage.
        for child in self._children.values():
            if child.role in FIRST:
                self._spawn(child)
            else:
                child.start_at = time.monotonic() + SECOND_AFTER_S

    def run(self, stop: threading.Event) -> None:
        """Watch until ``stop``, then stop everything."""
        try:
            while not stop.is_set():
                self._listen(200)
                now = time.monotonic()
                for child in self._children.values():
                    self._watch(child, now)
        finally:
            self.close()

    def states(self) -> dict[str, bool]:
        """Which processes have given a sign of life since they were last started."""
        return {role: child.beaten for role, child in self._children.items()}

    def _listen(self, timeout_ms: int) -> None:
        assert self._bus is not None
        message = self._bus.receive(timeout_ms)
        while message is not None:
            if isinstance(message, Restart):
                self._restart(message.user)
            elif isinstance(message, Health) and message.process in self._children:
                child = self._children[message.process]
                if child.process is not None and message.pid == child.process.pid:
                    child.last_beat = time.monotonic()
                    if not child.beaten:
                        child.beaten = True
                        self._say(child, "running")
                        self._let_others_come(child)
            message = self._bus.receive()

    def _restart(self, user: str) -> None:
        """Go on air again with what the channel's file says now; a file with mistakes changes nothing."""
        try:
            channel = load_channel(self._channel.file)
        except SettingsError as error:
            self._log.error("%s wished a restart, but the channel's file has mistakes:\n%s", user, error)
            return
        self._log.warning("restarted by %s", user)
        end_all(self._children.values())
        gone = self._children.keys() - _children_of(channel).keys()
        self._channel, self._children = channel, _children_of(channel)
        for handler in self._log.handlers:
            handler.close()
        # The new file may hold other secrets, which the log must not.
        self._log = keep_apart("supervisor", channel, self.run_dir)
        for role in gone:
            self._say(Child(role), "removed")
        self._start_children()

    def _let_others_come(self, child: Child) -> None:
        if child.role == "stage":
            for other in self._children.values():
                if other.process is None and not other.spawned:
                    other.start_at = 0.0

    def _watch(self, child: Child, now: float) -> None:
        if child.process is None:
            if now >= child.start_at:
                child.restarts += int(child.spawned)
                self._spawn(child)
            return
        code = child.process.poll()
        if code is None and child.hung(now):
            self._log.error("%s gives no sign of life: killed", child.role)
            child.process.kill()
            code = child.process.wait()
        if code is not None:
            self._bury(child, code, now)

    def _bury(self, child: Child, code: int, now: float) -> None:
        pause = child.ended(now)
        self._log.error("%s ended (%s); starts again in %.0f s", child.role, how_it_ended(code), pause)
        self._say(child, "ended", how_it_ended(code))

    def _spawn(self, child: Child) -> None:
        environment = {
            **os.environ,
            **ONE_THREAD,
            STATE_DIR_VARIABLE: str(self._state_dir),
            CONTROL_TOKEN_VARIABLE: self.control_token,
        }
        command = [sys.executable, "-m", _module(child.role), child.role, str(self._channel.file), str(self.run_dir)]
        child.process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, start_new_session=True)
        child.started = child.last_beat = time.monotonic()
        child.beaten = False
        child.spawned = True
        self._say(child, "starting")

    def _say(self, child: Child, state: str, detail: str = "") -> None:
        if self._bus is not None:
            self._bus.publish(ProcessState(child.role, state, child.restarts, detail))

    def close(self) -> None:
        """Stop every child, then the broker, and remove the run folder; may be called twice."""
        end_all(self._children.values())
        if self._bus is not None:
            self._bus.close()
            self._bus = None
        self._broker.close()
        for handler in self._log.handlers:
            handler.close()
        shutil.rmtree(self.run_dir, ignore_errors=True)


def _children_of(channel: Channel) -> dict[str, Child]:
    """A channel's processes by role, none of them started."""
    outlets = [f"outlet:{output.name}" for output in channel.outputs]
    writer = () if channel.writer.kind == "template" else ("writer",)
    return {role: Child(role) for role in ("master", "stage", "server", "studio", *outlets, *writer)}


def end_all(children: Collection[Child]) -> None:
    """Ask the processes to end, and kill those that have not after ``STOP_GRACE_S``."""
    living = [child.process for child in children if child.process is not None]
    for process in living:
        process.send_signal(signal.SIGTERM)
        # A suspended process cannot end itself.
        process.send_signal(signal.SIGCONT)
    deadline = time.monotonic() + STOP_GRACE_S
    for process in living:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    for child in children:
        child.process = None


def _module(role: str) -> str:
    """The module that a process runs."""
    return "server" if role == "server" else f"engine.runtime.{role.partition(':')[0]}"


def how_it_ended(code: int) -> str:
    """An exit status in words."""
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"
