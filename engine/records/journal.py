"""Rows that wait for a database that is away, on disk: a later process writes what this one could not."""

from __future__ import annotations

import fcntl
import json
import logging
import os
from collections.abc import Iterable
from io import FileIO
from pathlib import Path

from engine.records.store import Value

log = logging.getLogger(__name__)

Waiting = tuple[str, tuple[Value, ...]]
"""A statement and its values."""

MOST_DONE = 10_000
"""After so many rows that were written the file is begun anew without them."""

_IN_MEMORY = "rows of the ledger wait in memory alone: %s"


class Journal:
    """Waiting rows in ``file``, oldest first, a line each; a line that is a number says that so many are written.

    One process has the file at a time; its lock ends with it, however it ends. Nothing here raises: where another
    process has the file, rows wait in memory alone, and where the disk is full until it has room again.
    """

    def __init__(self, file: Path) -> None:
        self._rows: list[Waiting] = []
        self._done = 0
        self._unwritten = b""
        self._out: FileIO | None = None
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._out = FileIO(os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+")
            fcntl.flock(self._out, fcntl.LOCK_EX | fcntl.LOCK_NB)
            kept = file.read_bytes()
        except OSError as error:
            log.warning(_IN_MEMORY, error)
            self.close()
            return
        self._rows = _read(kept)
        if not kept.endswith(b"\n"):
            self._write(b"\n" if kept else b"")

    @property
    def rows(self) -> tuple[Waiting, ...]:
        """What waits, oldest first: at first what an earlier process left."""
        return tuple(self._rows)

    def __len__(self) -> int:
        """How many wait."""
        return len(self._rows)

    @property
    def is_on_disk(self) -> bool:
        """Whether a later process will find the rows."""
        return self._out is not None and not self._unwritten

    def add(self, rows: Iterable[Waiting]) -> None:
        """Keep more."""
        added = list(rows)
        self._rows += added
        self._write(_lines(added))

    def done(self, count: int) -> None:
        """The oldest ``count`` rows are written."""
        count = min(count, len(self._rows))
        if not count:
            return
        del self._rows[:count]
        self._done += count
        if self._rows and self._done < MOST_DONE:
            self._write(b"%d\n" % count)
            return
        self._done = 0
        self._begin_anew()
        self._write(_lines(self._rows))

    def close(self) -> None:
        """Let the file go; may be called twice."""
        out, self._out = self._out, None
        if out is not None:
            out.close()

    def _begin_anew(self) -> None:
        if self._out is None:
            return
        try:
            self._out.truncate(0)
        except OSError as error:
            # Its rows would be written twice by whoever finds it.
            log.warning(_IN_MEMORY, error)
            self.close()
        self._unwritten = b""

    def _write(self, lines: bytes) -> None:
        """Write behind what a full disk did not take; what it does not take now comes with the next lines."""
        if self._out is None or not (lines or self._unwritten):
            return
        before, self._unwritten = bool(self._unwritten), self._unwritten + lines
        why: object = "the disk is full"
        try:
            self._unwritten = self._unwritten[self._out.write(self._unwritten) :]
        except OSError as error:
            why = error
        if self._unwritten and not before:
            log.warning(_IN_MEMORY, why)
        elif before and not self._unwritten:
            log.info("rows of the ledger wait on disk again")


def _lines(rows: Iterable[Waiting]) -> bytes:
    return "".join(f"{json.dumps(row)}\n" for row in rows).encode()


def _read(kept: bytes) -> list[Waiting]:
    """What waits by the lines of a file; what is not whole is left out."""
    rows: list[Waiting] = []
    for line in kept.splitlines():
        try:
            match json.loads(line or b"0"):
                case int(count):
                    del rows[:count]
                case [str(sql), [*values]] if all(isinstance(v, str | int | None) for v in values):
                    rows.append((sql, tuple(values)))
                case _:
                    log.warning("a line that is no row of the ledger is left out")
        except ValueError:
            log.warning("half a row of the ledger is left out")
    return rows
