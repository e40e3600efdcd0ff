"""Processes that a measurement starts: each in a session of its own, ended with all its children, whatever happens."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from engine.settings.precedence import go_first

ROOT = Path(__file__).resolve().parents[2]

QUIET = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


WATCHING = -10
"""Nice value of what stands for a viewer's own machine; only the master goes before it."""


class MeasureError(Exception):
    """Something that must run for the measurement does not."""


class Running:
    """A started process, its output a queue of lines."""

    def __init__(
        self, command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None, cwd: Path = ROOT
    ) -> None:
        """Start ``command``; its standard error goes to ``log``."""
        self.log = log
        self.started = time.monotonic()
        with log.open("wb") as errors:
            self.process = subprocess.Popen(
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env={**os.environ, **QUIET, **(environment or {})},
                cwd=cwd,
                start_new_session=True,
            )
        self._lines: queue.Queue[tuple[float, str]] = queue.Queue()
        self._passed: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True, name=f"read-{command[0]}")
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put((time.monotonic(), line.decode(errors="replace").rstrip()))

    def wait_for(self, text: str, timeout_s: float) -> str:
        """A line of output that holds ``text``; lines passed over stay to be asked for.

        Raises:
            MeasureError: the process ended, or the time is over, without such a line.
        """
        for line in self._passed:
            if text in line:
                return line
        until = time.monotonic() + timeout_s
        while time.monotonic() < until:
            try:
                _, line = self._lines.get(timeout=0.2)
            except queue.Empty:
                if self.process.poll() is not None:
                    break
                continue
            self._passed.append(line)
            if text in line:
                return line
        raise MeasureError(f"no “{text}” from {Path(str(self.process.args[0])).name}: {self.tail()}")  # type: ignore[index]

    def lines(self) -> list[tuple[float, str]]:
        """Lines printed and not read yet, each with the monotonic second it came."""
        found = []
        while True:
            try:
                found.append(self._lines.get_nowait())
            except queue.Empty:
                return found

    def tail(self, characters: int = 600) -> str:
        """The end of what it wrote to standard error."""
        return self.log.read_text(errors="replace")[-characters:] if self.log.exists() else ""

    def finish(self, timeout_s: float) -> None:
        """Close its standard input, which asks our own programs to end, and wait; then end it."""
        if self.process.stdin is not None and not self.process.stdin.closed:
            self.process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout_s)
        self.end()

    def end(self, first: signal.Signals = signal.SIGTERM, grace_s: float = 5.0) -> float:
        """End it and all its children; returns the seconds that it took. May be called twice."""
        began = time.monotonic()
        family = self.family()
        if self.process.poll() is None:
            self.process.send_signal(first)
            try:
                self.process.wait(grace_s)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        took = time.monotonic() - began
        for each in family:
            if each.is_running():
                each.kill()
        self._reader.join(1.0)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None and not pipe.closed:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        return took

    def family(self) -> list[psutil.Process]:
        """Its children and theirs, now."""
        try:
            return psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []


def our_program(module: str, arguments: Sequence[str], log: Path) -> Running:
    """Start one of this package's programs."""
    scripts = str(ROOT / "scripts")
    path = os.pathsep.join([scripts, str(ROOT)])
    return Running([sys.executable, "-m", module, *arguments], log, {"PYTHONPATH": path})


def note_in_time() -> None:
    """Let this process note what comes when it comes, and not when it has its turn beside what it watches."""
    go_first(WATCHING)


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
