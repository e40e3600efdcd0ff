"""A helper program in a process of its own: one that hangs is killed, one that dies is started again by the next call.

They talk over pipes by lines of JSON: a request one way, an answer the other, which may be followed by as many bytes as
its ``bytes`` says. An answer with ``error`` refuses. ``{"ready": true}`` comes first, or ``error`` with ``missing``.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

START_S = 180.0
"""A model may take this long to be loaded (1 GB from a slow disk)."""

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
    ) -> None:
        """``most_bytes`` may follow an answer. ``environment`` is added to this process's own."""
        self.name = name
        self._command = list(command)
        self._start_s = start_s
        self._most_bytes = most_bytes
        self._environment = {**_ENVIRONMENT, **(environment or {})}
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._is_ready = False
        self._unread = bytearray()
        self._closed = False
        self._lock = threading.Lock()
        self._busy = threading.Lock()

    def ask(self, request: Mapping[str, Any], deadline_s: float) -> HelperAnswer:
        """The answer to ``request``. The time in which the helper starts does not count.

        Raises:
            HelperError: there is none; the helper was stopped unless it refused.
        """
        with self._busy:
            self._wait_until_ready(self._start_s)
            process = self._running()
            assert process.stdin is not None
            try:
                process.stdin.write(json.dumps(request).encode() + b"\n")
                process.stdin.flush()
            except OSError as error:
                self._end()
                raise HelperEndedError(f"{self.name} ended") from error
            until = time.monotonic() + deadline_s
            late = f"{self.name} gave no answer within {deadline_s:g} s; it was stopped"
            answer = HelperAnswer(self._line(process, until, late))
            size = answer.head.get("bytes", 0)
            if not isinstance(size, int) or not 0 <= size <= self._most_bytes:
                self._end()
                raise HelperEndedError(f"{self.name} sent more than {self._most_bytes} bytes")
            while len(self._unread) < size:
                self._read(process, until, late)
            answer = HelperAnswer(answer.head, bytes(self._unread[:size]))
            del self._unread[:size]
        if "error" in answer.head:
            raise HelperRefusedError(f"{self.name}: {answer.head['error']}")
        return answer

    def ready(self, wait_s: float) -> bool:
        """Start it if it does not run; whether it can be asked after at most ``wait_s``.

        Raises:
            HelperError: it could not start, or not in time.
        """
        with self._busy:
            return self._wait_until_ready(wait_s)

    def close(self) -> None:
        """End the process; a call that is under way fails. May be called twice and from another thread."""
        self._closed = True
        with self._lock:
            process = self._process
        if process is not None:
            # A call that is under way sees the end of the pipe.
            process.kill()
            with self._busy:
                self._end()

    def _wait_until_ready(self, wait_s: float) -> bool:
        process = self._running()
        if self._is_ready:
            return True
        late = f"{self.name} gave no answer within {self._start_s:g} s; it was stopped"
        give_up = self._started + self._start_s
        until = time.monotonic() + wait_s
        while b"\n" not in self._unread:
            now = time.monotonic()
            if now < give_up and not _readable(process, max(0.0, min(until, give_up) - now)):
                if time.monotonic() >= until:
                    return False
                continue
            self._read(process, give_up, late)
        answer = self._line(process, give_up, late)
        if "error" in answer:
            self._end()
            raise HelperRefusedError(str(answer["error"]), missing=bool(answer.get("missing")))
        self._is_ready = True
        return True

    def _running(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._closed:
                raise HelperEndedError(f"{self.name} is closed")
            if self._process is not None and self._process.poll() is None:
                return self._process
            self._unread.clear()
            self._is_ready, self._started = False, time.monotonic()
            try:
                self._process = subprocess.Popen(
                    self._command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    env={**os.environ, **self._environment},
                    start_new_session=True,
                )
            except OSError as error:
                raise HelperRefusedError(f"{self.name} cannot be started: {error.strerror}", missing=True) from error
            return self._process

    def _line(self, process: subprocess.Popen[bytes], until: float, late: str) -> dict[str, Any]:
        """The next line, in time; else the process is killed."""
        while b"\n" not in self._unread:
            if len(self._unread) > LONGEST_LINE:
                self._end()
                raise HelperEndedError(f"{self.name} said something that is no answer")
            self._read(process, until, late)
        line, _, rest = bytes(self._unread).partition(b"\n")
        self._unread[:] = rest
        try:
            answer = json.loads(line)
        except ValueError as error:
            self._end()
            raise HelperEndedError(f"{self.name} said something that is no answer") from error
        if not isinstance(answer, dict):
            self._end()
            raise HelperEndedError(f"{self.name} said something that is no answer")
        return answer

    def _read(self, process: subprocess.Popen[bytes], until: float, late: str) -> None:
        """More of what it says; it is killed when it is late and forgotten when it has ended."""
        left = until - time.monotonic()
        if left <= 0 or not _readable(process, left):
            self._end()
            raise HelperLateError(late)
        assert process.stdout is not None
        block = os.read(process.stdout.fileno(), _BLOCK)
        if not block:
            self._end()
            raise HelperEndedError(f"{self.name} ended")
        self._unread += block

    def _end(self) -> None:
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()


def _readable(process: subprocess.Popen[bytes], seconds: float) -> bool:
    assert process.stdout is not None
    return bool(select.select([process.stdout], [], [], seconds)[0])
