"""Starts the processes of one channel, watches their heartbeats, starts again what dies or hangs, replaces what uses
too much memory, stops them all.
"""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from engine.broadcast.ring import RING, PictureRing, RingError, ring_bytes
from engine.runtime.bus import Broker, Bus
from engine.runtime.child import CONTROL_ROOM_VARIABLE, CONTROL_TOKEN_VARIABLE
from engine.runtime.children import AWAY_S, BUDGET, BUDGET_S, HANDOVER_S, Child, borne, end_all, how_it_ended
from engine.runtime.kept_channel import keep_channel
from engine.runtime.logbook import keep_apart
from engine.runtime.messages import Health, ProcessState, Restart, Standby
from engine.runtime.place import leave_run_dir, make_run_dir
from engine.runtime.reload import Reload
from engine.runtime.standby import AFTER_PID_VARIABLE
from engine.settings import Channel
from engine.settings.precedence import PARENT_VARIABLE
from engine.settings.state import STATE_DIR_VARIABLE

FIRST = ("master", "stage", "server")
SECOND_AFTER_S = 4.0
"""The others start with the stage's first heartbeat, or after this time without one."""

ONE_THREAD = {
    # One thread a process: two cores are shared by all, and each process's work is serial.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    # llvmpipe rasterises in the stage's thread: threads of its own cost a fifth more CPU, which others need.
    "LP_NUM_THREADS": "0",
}


class Supervisor:
    """All processes of one channel. Holds no media: the broker forwards messages without looking at them.

    ``room_port`` is that of the control room, where there is one; without it the channel's own server has a simple
    control page, which ``control_token`` opens.
    """

    def __init__(self, channel: Channel, state_dir: Path, room_port: int = 0) -> None:
        self._channel = channel
        self._state_dir = state_dir
        self._room_port = room_port
        self.control_token = "" if room_port else secrets.token_urlsafe(18)
        self.run_dir = make_run_dir(ring_bytes(channel.canvas.width, channel.canvas.height), state_dir)
        self._log = keep_apart("supervisor", channel, self.run_dir)
        self._broker = Broker(self.run_dir)
        self._bus: Bus | None = None
        self._children = _children_of(channel)
        self._reload: Reload | None = None
        self.looked = time.monotonic()
        """When the processes were last looked at: long ago if that itself hangs."""

    def start(self) -> None:
        """Start everything, master first."""
        self._log.info("goes on air, watched by process %d", os.getpid())
        self._broker.start()
        self._bus = Bus(self.run_dir, (Health, Restart, Standby))
        self._start_children()

    def _start_children(self, *, is_kept: bool = False) -> None:
        """Start what viewers see first; ``is_kept`` where the run's folder holds this channel already."""
        canvas = self._channel.canvas
        epoch_ns = time.monotonic_ns()
        PictureRing.create(self.run_dir / RING, canvas.width, canvas.height, canvas.fps, epoch_ns)
        if not is_kept:
            keep_channel(self._channel, self.run_dir)
        # What viewers see first has the cores to itself; the others come with the first sign of life of the stage.
        for child in self._children.values():
            if child.role in FIRST:
                self._spawn(child)
            else:
                child.start_at = time.monotonic() + SECOND_AFTER_S

    def run(self, stop: threading.Event) -> None:
        """Watch until ``stop``, then stop everything."""
        try:
            self.looked = time.monotonic()
            while not stop.is_set():
                self._listen(200)
                self.look(time.monotonic())
                self._restart_when_read()
        finally:
            self.close()

    def look(self, now: float) -> None:
        """Look at every process once, and do what is to be done."""
        was_away = now - self.looked > AWAY_S
        self.looked = now
        for child in self._children.values():
            if was_away:
                child.forgive(now)
            with borne(child, now, self._log):
                self._watch(child, now)

    @property
    def on_air(self) -> bool:
        """Whether all that a viewer needs has given a sign of life since it was last started."""
        return all(self._children[role].beaten for role in FIRST)

    def _listen(self, timeout_ms: int) -> None:
        assert self._bus is not None
        message = self._bus.receive(timeout_ms)
        while message is not None:
            if isinstance(message, Restart):
                self._reload = Reload(self._channel.file, message.user)
            elif isinstance(message, Health) and message.process in self._children:
                self._hear(self._children[message.process], message)
            elif isinstance(message, Standby) and message.process in self._children:
                self._children[message.process].successor_says(message.pid, time.monotonic())
            message = self._bus.receive()

    def _restart_when_read(self) -> None:
        """Go on air again with what the channel's file says now, once it is read; one with mistakes changes nothing."""
        reload = self._reload
        if reload is None or not reload.is_done:
            return
        self._reload, user = None, reload.user
        channel = reload.channel
        if channel is None:
            self._log.error("%s wished a restart, but the channel's file has mistakes:\n%s", user, reload.trouble)
            return
        self._log.warning("restarted by %s", user)
        self._end_all()
        before, gone = self._channel, self._children.keys() - _children_of(channel).keys()
        self._channel, self._children = channel, _children_of(channel)
        for handler in self._log.handlers:
            handler.close()
        # The new file may hold other secrets, which the log must not.
        self._log = keep_apart("supervisor", channel, self.run_dir)
        try:
            self._start_children()
        except (RingError, OSError) as error:
            self._log.error("the channel cannot go on air as its file says now, so it goes on as before: %s", error)
            gone = self._children.keys() - _children_of(before).keys()
            self._channel, self._children = before, _children_of(before)
            # Keeping the new one comes last and is done whole or not at all, so the one before is still there.
            self._start_children(is_kept=True)
        for role in gone:
            self._say(Child(role), "removed")

    def _hear(self, child: Child, health: Health) -> None:
        if child.process is not None and health.pid == child.process.pid:
            child.beat(time.monotonic(), health.figures.get("memory_bytes", 0.0))
            if not child.beaten:
                child.beaten = True
                self._say(child, "running")
                self._let_others_come(child)

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
        if code is not None:
            self._bury(child, code, now)
            return
        trouble = child.lost(now)
        if trouble:
            if not child.killed:
                self._log.error("%s %s: killed", child.role, trouble)
            child.kill()
            return
        child.forget_dead()
        self._look_after_successor(child, now)
        if child.should_be_replaced(now) and child.successor_ready and child.process is not None:
            self._log.warning("%s uses too much memory: another one takes its place", child.role)
            child.replaced_at = now
            child.process.send_signal(signal.SIGTERM)

    def _look_after_successor(self, child: Child, now: float) -> None:
        """Start one where it is time, and give up one that is of no use."""
        trouble = child.successor_failed(now)
        if trouble:
            self._log.error("the %s that stands by %s", child.role, trouble)
            child.drop_successor(now)
        elif child.wants_successor(now):
            assert child.process is not None
            process = self._start_process(child, {AFTER_PID_VARIABLE: str(child.process.pid)})
            if process is None:
                child.drop_successor(now)
            else:
                child.take_successor(process, now)

    def _bury(self, child: Child, code: int, now: float) -> None:
        planned = child.started < child.replaced_at and now - child.replaced_at < HANDOVER_S
        successor = child.successor if child.successor_ready and not child.successor_failed(now) else None
        pause = 0.0 if planned else child.ended(now)
        state = "degraded" if child.degraded(now) else "ended"
        if not planned:
            how = "another one is ready" if successor else f"starts again in {pause:.0f} s"
            self._log.error("%s ended (%s); %s", child.role, how_it_ended(code), how)
            self._say(child, state, how_it_ended(code))
        if state == "degraded":
            self._log.error("%s has died more than %d times in %.0f min", child.role, BUDGET, BUDGET_S / 60)
        if successor is not None and state != "degraded":
            child.promote(now)
            self._say(child, "starting")
            return
        child.process = None
        # One that is not ready yet waits for a process that is gone: it would begin beside the one started now.
        child.drop_successor(now)

    def _spawn(self, child: Child) -> None:
        process, now = self._start_process(child, {}), time.monotonic()
        if process is None:
            child.ended(now)
            return
        child.begin(process, now)
        self._say(child, "starting")

    def _start_process(self, child: Child, more: Mapping[str, str]) -> subprocess.Popen[bytes] | None:
        """None where the machine has no room for another process."""
        environment = {
            **os.environ,
            **ONE_THREAD,
            STATE_DIR_VARIABLE: str(self._state_dir),
            CONTROL_TOKEN_VARIABLE: self.control_token,
            CONTROL_ROOM_VARIABLE: str(self._room_port),
            PARENT_VARIABLE: str(os.getpid()),
            **more,
        }
        command = [sys.executable, "-m", _module(child.role), child.role, str(self._channel.file), str(self.run_dir)]
        try:
            return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, start_new_session=True)
        except OSError as error:
            self._log.error("%s cannot be started: %s", child.role, error.strerror)
            return None

    def _end_all(self) -> None:
        for role in end_all(self._children.values()):
            self._log.error("%s does not die: it waits for a disk, perhaps", role)

    def _say(self, child: Child, state: str, detail: str = "") -> None:
        if self._bus is not None:
            self._bus.publish(ProcessState(child.role, state, child.restarts, detail))

    def close(self) -> None:
        """Stop every child, then the broker, and remove the run folder; may be called twice."""
        self._end_all()
        if self._bus is not None:
            self._bus.close()
            self._bus = None
        self._broker.close()
        for handler in self._log.handlers:
            handler.close()
        leave_run_dir(self.run_dir)


def _children_of(channel: Channel) -> dict[str, Child]:
    """A channel's processes by role, none of them started."""
    outlets = [f"outlet:{output.name}" for output in channel.outputs]
    writer = () if channel.writer.kind == "template" else ("writer",)
    ceilings = {
        role: channel.memory.ceiling_mb(role.partition(":")[0])
        for role in ("master", "stage", "server", "studio", *outlets)
    }
    return {role: Child(role, ceilings.get(role)) for role in (*ceilings, *writer)}


def _module(role: str) -> str:
    """The module that a process runs."""
    return "server" if role == "server" else f"engine.runtime.{role.partition(':')[0]}"
