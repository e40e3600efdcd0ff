"""Keeps the control room's process alive: one for all channels of a run, started again when it ends or hangs."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from engine.runtime.bus import Bus
from engine.runtime.child import WELCOME_TOKEN_VARIABLE
from engine.runtime.children import AWAY_S, Child, borne, end_all, how_it_ended
from engine.runtime.messages import Health
from engine.settings import Channel
from engine.settings.precedence import PARENT_VARIABLE
from engine.settings.state import STATE_DIR_VARIABLE

log = logging.getLogger(__name__)

ROLE = "room"

AFTER_S = 10.0
"""The room comes when the first channel is on air, or after so long: it must not slow their start, and shows what goes
wrong with it."""


class RoomKeeper:
    """Starts the control room and watches its heartbeat on the first channel's bus.

    ``places`` are the channels with their run folders, whose brokers are running. ``welcome_token`` opens the page
    that makes the first account.
    """

    def __init__(self, places: list[tuple[Channel, Path]], state_dir: Path) -> None:
        self._places = places
        self._state_dir = state_dir
        self.welcome_token = secrets.token_urlsafe(18)
        self._child = Child(ROLE, places[0][0].memory.room_mb, start_at=time.monotonic() + AFTER_S)
        self._bus: Bus | None = None
        self.looked = time.monotonic()
        """When the room was last looked at: long ago if that itself hangs."""

    @property
    def ready(self) -> bool:
        """Whether the room has given a sign of life since it was last started."""
        return self._child.beaten

    def come(self) -> None:
        """Start the room now, if it has not been started yet."""
        if not self._child.spawned:
            self._child.start_at = 0.0

    def run(self, stop: threading.Event) -> None:
        """Keep the room running until ``stop``, then end it."""
        self._bus = Bus(self._places[0][1], (Health,))
        try:
            self.looked = time.monotonic()
            while not stop.is_set():
                self._listen(200)
                now = time.monotonic()
                if now - self.looked > AWAY_S:
                    self._child.forgive(now)
                self.looked = now
                with borne(self._child, now, log):
                    self._watch(now)
        finally:
            self._end()

    def _listen(self, timeout_ms: int) -> None:
        assert self._bus is not None
        message = self._bus.receive(timeout_ms)
        while message is not None:
            process = self._child.process
            if isinstance(message, Health) and message.process == ROLE and process and message.pid == process.pid:
                self._child.beat(time.monotonic(), message.figures.get("memory_bytes", 0.0))
                self._child.beaten = True
            message = self._bus.receive()

    def _watch(self, now: float) -> None:
        child = self._child
        if child.process is None:
            if now >= child.start_at:
                self._spawn()
            return
        code = child.process.poll()
        if code is not None:
            log.error("the control room ended (%s); starts again in %.0f s", how_it_ended(code), child.ended(now))
        elif trouble := child.lost(now):
            if not child.killed:
                log.error("the control room %s: killed", trouble)
            child.kill()
        elif child.should_be_replaced(now):
            log.warning("the control room uses too much memory: it is started anew")
            child.replaced_at = now
            child.process.send_signal(signal.SIGTERM)

    def _spawn(self) -> None:
        environment = {
            **os.environ,
            STATE_DIR_VARIABLE: str(self._state_dir),
            WELCOME_TOKEN_VARIABLE: self.welcome_token,
            PARENT_VARIABLE: str(os.getpid()),
        }
        places = [str(part) for channel, run_dir in self._places for part in (channel.file, run_dir)]
        command = [sys.executable, "-m", "server.room", ROLE, *places]
        now = time.monotonic()
        try:
            process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, start_new_session=True)
        except OSError as error:
            log.warning("the control room cannot be started: %s", error.strerror)
            self._child.ended(now)
            return
        self._child.begin(process, now)

    def _end(self) -> None:
        end_all([self._child])
        if self._bus is not None:
            self._bus.close()
            self._bus = None
