"""A helper program in a process of its own: one that hangs is killed, one that dies is started again by the next call.

One that has grown too much is replaced: another one is loaded beside it and takes over between two calls.

They talk over pipes by lines of JSON: a request one way, an answer the other, which may be followed by as many bytes as
its ``bytes`` says. An answer with ``error`` refuses. ``{"ready": true}`` comes first, or ``error`` with ``missing``.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import select
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psutil

log = logging.getLogger(__name__)

START_S = 180.0
"""A model may take this long to be loaded (1 GB from a slow disk)."""

MOST_GROWN_MB = 1500.0
"""A model takes what it takes; one that takes so much more than when it was ready is replaced by a fresh one."""

REPLACED_EVERY_S = 600.0

LONGEST_LINE = 1 << 20
"""A longer answer is not one."""

_ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
                "TOKENIZERS_PARALLELISM": "false"}  # fmt: skip
_BLOCK = 65_536


class HelperError(Exception):
    """A helper gave no answer."""


class HelperLateError(HelperError):
    """The deadline passed, and it was stopped."""


class HelperEndedError(HelperError):
    """Its process ended, or said something that is no answer."""


class HelperRefusedError(HelperError):
    """It answered that it cannot. ``missing`` is set where something is not installed."""

    def __init__(self, message: str, *, missing: bool = False) -> None:
        super().__init__(message)
        self.missing = missing


@dataclass(frozen=True, slots=True)
class HelperAnswer:
    """The line of an answer, and the bytes behind it."""

    head: dict[str, Any]
    body: bytes = b""


class Helper:
    """Runs ``command`` from the first call on; one call at a time is under way, others wait for it."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        start_s: float = START_S,
        most_bytes: int = 0,
        environment: Mapping[str, str] | None = None,
        most_grown_mb: float = MOST_GROWN_MB,
    ) -> None:
        """``most_bytes`` may follow an answer. ``environment`` is added to this process's own. A process that has grown
        by ``most_grown_mb`` since it was ready is replaced.
        """
        self.name = name
        self._command = list(command)
        self._start_s = start_s
        self._most_bytes = most_bytes
        self._environment = {**_ENVIRONMENT, **(environment or {})}
        self._most_grown_mb = most_grown_mb
        self._run: _Run | None = None
        self._successor: _Run | None = None
        self._replace_from = float("-inf")
        self._closed = False
        self._lock = threading.Lock()
        """Held while a process is started or ``close`` looks for those that run."""
        self._busy = threading.Lock()

    def ask(self, request: Mapping[str, Any], deadline_s: float) -> HelperAnswer:
        """The answer to ``request``. The time in which the helper starts does not count.

        Raises:
            HelperError: there is none; the helper was stopped unless it refused.
        """
        with self._busy:
            self._change_over()
            run = self._running()
            run.wait_until_ready(self._start_s, float("inf"))
            answer = run.ask(request, deadline_s, self._most_bytes)
            self._look_at(run)
        if "error" in answer.head:
            raise HelperRefusedError(f"{self.name}: {answer.head['error']}")
        return answer

    def ready(self, wait_s: float) -> bool:
        """Start it if it does not run; whether it can be asked after at most ``wait_s``.

        Raises:
            HelperError: it could not start, or not in time.
        """
        with self._busy:
            return self._running().wait_until_ready(self._start_s, wait_s)

    def close(self) -> None:
        """End the process; a call that is under way fails. May be called twice and from another thread."""
        with self._lock:
            self._closed = True
            runs = [run for run in (self._run, self._successor) if run is not None]
        for run in runs:
            # A call that is under way sees the end of the pipe.
            run.kill()
        with self._busy:
            for run in runs:
                run.end()

    def _running(self) -> _Run:
        """The process that is asked; a successor that is being loaded takes the place of one that has ended."""
        with self._lock:
            if self._closed:
                raise HelperEndedError(f"{self.name} is closed")
            if self._run is None or not self._run.is_of_use():
                if self._run is not None:
                    self._run.end()
                self._run, self._successor = self._successor or self._started(), None
            return self._run

    def _started(self) -> _Run:
        return _Run(self.name, self._command, self._environment)

    def _look_at(self, run: _Run) -> None:
        """Have a successor loaded where ``run`` has grown too much."""
        if self._successor is not None or time.monotonic() < self._replace_from:
            return
        grown = run.grown_mb()
        if grown <= self._most_grown_mb:
            return
        log.warning("%s has grown by %.0f MB since it was ready; another is loaded and takes over", self.name, grown)
        self._replace_from = time.monotonic() + REPLACED_EVERY_S
        with self._lock, contextlib.suppress(HelperError):
            if not self._closed:
                self._successor = self._started()

    def _change_over(self) -> None:
        """Let a successor that is ready take over."""
        successor = self._successor
        if successor is None:
            return
        try:
            if not successor.wait_until_ready(self._start_s, 0.0):
                return
        except HelperError as error:
            log.warning("what was to replace %s cannot be loaded: %s", self.name, error)
            with self._lock:
                self._successor = None
            return
        with self._lock:
            before, self._run, self._successor = self._run, successor, None
        if before is not None:
            before.end()


class _Run:
    """One process, and what it has said that was not read yet. It is ended by whatever fails but a refusal."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start it. Raises HelperRefusedError where it cannot be."""
        self._name = name
        self._unread = bytearray()
        self._begun = time.monotonic()
        self._is_ready = self._is_ended = False
        self._ready_mb = 0.0
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, **environment},
                start_new_session=True,
            )
        except OSError as error:
            raise HelperRefusedError(f"{name} cannot be started: {error.strerror}", missing=True) from error

    def is_of_use(self) -> bool:
        """Whether it runs, or has not been heard yet: one that cannot start says why, and ends."""
        return not self._is_ended and (not self._is_ready or self._process.poll() is None)

    def wait_until_ready(self, start_s: float, wait_s: float) -> bool:
        """Whether it can be asked after at most ``wait_s``; ``start_s`` after its start it is given up."""
        if self._is_ready:
            return True
        late = f"{self._name} gave no answer within {start_s:g} s; it was stopped"
        give_up, until = self._begun + start_s, time.monotonic() + wait_s
        while b"\n" not in self._unread:
            now = time.monotonic()
            if now < give_up and not self._says_more(max(0.0, min(until, give_up) - now)):
                if time.monotonic() >= until:
                    return False
                continue
            self._read(give_up, late)
        answer = self._line(give_up, late)
        if "error" in answer:
            self.end()
            raise HelperRefusedError(str(answer["error"]), missing=bool(answer.get("missing")))
        self._is_ready, self._ready_mb = True, self._memory_mb()
        return True

    def ask(self, request: Mapping[str, Any], deadline_s: float, most_bytes: int) -> HelperAnswer:
        """The answer to ``request`` within ``deadline_s``."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            self.end()
            raise HelperEndedError(f"{self._name} ended") from error
        until = time.monotonic() + deadline_s
        late = f"{self._name} gave no answer within {deadline_s:g} s; it was stopped"
        head = self._line(until, late)
        size = head.get("bytes", 0)
        if not isinstance(size, int) or not 0 <= size <= most_bytes:
            self.end()
            raise HelperEndedError(f"{self._name} sent more than {most_bytes} bytes")
        while len(self._unread) < size:
            self._read(until, late)
        body = bytes(self._unread[:size])
        del self._unread[:size]
        return HelperAnswer(head, body)

    def grown_mb(self) -> float:
        """By how much its memory has grown since it was ready."""
        return self._memory_mb() - self._ready_mb

    def kill(self) -> None:
        """End it from another thread: who reads sees the end of the pipe."""
        self._process.kill()

    def end(self) -> None:
        """End it and forget it. May be called twice."""
        self._is_ended = True
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _memory_mb(self) -> float:
        try:
            return float(psutil.Process(self._process.pid).memory_info().rss) / 1e6
        except psutil.Error:
            return 0.0

    def _line(self, until: float, late: str) -> dict[str, Any]:
        """The next line, in time."""
        while b"\n" not in self._unread:
            if len(self._unread) > LONGEST_LINE:
                raise self._no_answer()
            self._read(until, late)
        line, _, rest = bytes(self._unread).partition(b"\n")
        self._unread[:] = rest
        try:
            answer = json.loads(line)
        except ValueError as error:
            raise self._no_answer() from error
        if not isinstance(answer, dict):
            raise self._no_answer()
        return answer

    def _no_answer(self) -> HelperEndedError:
        self.end()
        return HelperEndedError(f"{self._name} said something that is no answer")

    def _read(self, until: float, late: str) -> None:
        """More of what it says."""
        left = until - time.monotonic()
        if left <= 0 or not self._says_more(left):
            self.end()
            raise HelperLateError(late)
        assert self._process.stdout is not None
        block = os.read(self._process.stdout.fileno(), _BLOCK)
        if not block:
            self.end()
            raise HelperEndedError(f"{self._name} ended")
        self._unread += block

    def _says_more(self, seconds: float) -> bool:
        assert self._process.stdout is not None
        return bool(select.select([self._process.stdout], [], [], seconds)[0])
