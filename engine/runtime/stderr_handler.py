"""What is logged, on standard error; nobody waits there for a reader that hangs.

A terminal that is paused takes nothing more, nor does a pipe that nobody reads: a process that waited for them would
miss its heartbeats, and be killed for having something to say.
"""

from __future__ import annotations

import logging
import os
import select
import stat
import sys
import time
import traceback
from contextlib import suppress
from typing import TextIO

LEFT_OUT = "\n(log entries that are left out here, because nobody took them: {})\n"

PATIENCE_MS = 50
"""So long a reader is waited for that took everything so far: a terminal that shows a long entry needs a moment, and so
does one that another process writes to. Behind an entry that was left out nobody waits any more."""


class StderrHandler(logging.StreamHandler["_Unwaited"]):
    """As ``logging.StreamHandler``, but what is not taken soon is left out, and how much that was is said later."""

    def __init__(self) -> None:
        super().__init__(_Unwaited(sys.stderr))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (the name is logging's)
        """Say that ``record`` cannot be put into words; the usual way waits."""
        self.stream.write(f"{traceback.format_exc()}in the log entry {record.msg!r}\n")

    def close(self) -> None:
        """Let go of the pipe or terminal; may be called twice."""
        super().close()
        self.stream.close()


class _Unwaited:
    """Writes to ``stream`` behind its buffer. One without a descriptor, as tests have it, is written to as it is."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._left_out = 0
        self._ready = select.poll()
        self._inherited: int | None = None
        self._own: int | None = None
        if stream is None:
            return
        try:
            self._inherited = stream.fileno()
        except OSError:
            return
        self._own = _opened_again(self._inherited)
        self._ready.register(self._inherited if self._own is None else self._own, select.POLLOUT)

    def write(self, text: str) -> None:
        """Write ``text``, or as much of it as is taken."""
        if self._left_out and self._takes(LEFT_OUT.format(self._left_out)):
            self._left_out = 0
        if self._left_out or not self._takes(text):
            self._left_out += 1

    def _takes(self, text: str) -> bool:
        """Write ``text``; whether all of it was taken."""
        if self._stream is None:
            return True
        if self._inherited is None:
            self._stream.write(text)
            return True
        left = self._written(text.encode(self._stream.encoding, "backslashreplace"))
        until = time.monotonic() + PATIENCE_MS / 1000
        while left and not self._left_out and time.monotonic() < until:
            time.sleep(0.001)
            left = self._written(left)
        return not left

    def _written(self, left: bytes) -> bytes:
        """Write what is taken now of ``left``, and return the rest."""
        descriptor = self._inherited if self._own is None else self._own
        assert descriptor is not None
        # No room after all, nobody who reads, a disk that is full: what is left tells of them all.
        with suppress(OSError):
            # A pipe that is ready takes this much at once, also where it could not be opened again.
            while left and self._ready.poll(0):
                left = left[os.write(descriptor, left[: select.PIPE_BUF]) :]
        return left

    def close(self) -> None:
        """Close what was opened here. What is said later goes to the inherited descriptor."""
        if self._own is None or self._inherited is None:
            return
        self._ready.unregister(self._own)
        os.close(self._own)
        self._own = None
        self._ready.register(self._inherited, select.POLLOUT)


def _opened_again(descriptor: int) -> int | None:
    """The pipe or terminal behind ``descriptor`` as one of our own, which never waits.

    On the inherited one that would hold for every process that has it. None where it is something else, or belongs to
    another user.
    """
    if not (stat.S_ISFIFO(os.fstat(descriptor).st_mode) or os.isatty(descriptor)):
        return None
    try:
        return os.open(f"/proc/self/fd/{descriptor}", os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError:
        return None
