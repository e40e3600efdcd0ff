"""Has finished recordings signed, one after the other, in a process beside the outlet that never waits for it."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from engine.outlets.credentials.room import has_empty_room, is_done_with

log = logging.getLogger(__name__)

DEADLINE_S = 1800.0
"""An hour takes one to two seconds of one processor, but only of what others leave."""

AGAIN_S = (600.0, 2400.0, 9600.0, 38_400.0)
"""A recording that could not be signed is tried again after so long, since a certificate can be renewed and a disk
emptied: for 14 hours in all, and once more with the next outlet.
"""

_MODULE = "engine.outlets.credentials.seal"


class Sealer:
    """Looks for recordings without credentials and has them signed. What waits is in the files themselves: nothing is
    lost with the process, and there is no queue that could grow.

    ``certificate`` and ``key`` are the merchant's files, or None both for the own certificate.
    """

    def __init__(self, channel: str, certificate: Path | None = None, key: Path | None = None) -> None:
        self._channel = channel
        self._names = [str(certificate), str(key)] if certificate is not None and key is not None else []
        self._process: subprocess.Popen[str] | None = None
        self._file = Path()
        self._until = 0.0
        self._settled: set[Path] = set()
        """Recordings that are signed, cannot be, or have no room for it: they are not looked at again."""
        self._tried: dict[Path, tuple[int, float]] = {}
        """How often the others were tried in vain, and the monotonic second of their next turn."""
        self.signed = self.failed = 0
        """Recordings that were signed, and those that could not be when they were first tried."""
        self.trouble = ""
        """Which recording could not be signed, and why; "" once one was."""

    def look(self, recordings: Iterable[Path]) -> None:
        """Begin with the oldest of ``recordings`` that waits, if none is being signed."""
        if self._process is not None:
            return
        there = sorted(recordings)
        self._settled &= set(there)
        self._tried = {file: tried for file, tried in self._tried.items() if file in there}
        now = time.monotonic()
        for file in there:
            if file in self._settled or self._tried.get(file, (0, now))[1] > now:
                continue
            if has_empty_room(file):
                self._begin(file)
                return
            if is_done_with(file):
                self._settled.add(file)

    def poll(self) -> bool:
        """Take in what became of the one that is being signed; whether one has just ended."""
        if self._process is None:
            return False
        code = self._process.poll()
        if code is None:
            if time.monotonic() > self._until:
                self._process.kill()
            return False
        reason = self._process.communicate()[0].strip() or f"the process ended with {code}"
        self._process = None
        if code == 0:
            self._settled.add(self._file)
            self._tried.pop(self._file, None)
            self.signed += 1
            self.trouble = ""
            log.info("%s is signed", self._file)
        else:
            self._give_up(self._file, reason)
        return True

    def close(self) -> None:
        """End what is under way: that recording is signed after the next ``look``. May be called twice."""
        if self._process is not None:
            process, self._process = self._process, None
            process.kill()
            process.communicate()

    def _begin(self, file: Path) -> None:
        command = [sys.executable, "-m", _MODULE, str(file), self._channel, *self._names]
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, start_new_session=True
            )
        except OSError as error:
            self._give_up(file, error.strerror or type(error).__name__)
            return
        self._file, self._until = file, time.monotonic() + DEADLINE_S

    def _give_up(self, file: Path, reason: str) -> None:
        tries = self._tried.get(file, (0, 0.0))[0]
        self.failed += not tries
        if tries < len(AGAIN_S):
            self._tried[file] = (tries + 1, time.monotonic() + AGAIN_S[tries])
        else:
            self._settled.add(file)
        self.trouble = f"{file.name}: {reason}"
        log.warning("%s could not be signed: %s", file, reason)
