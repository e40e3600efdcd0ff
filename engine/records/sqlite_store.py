"""The ledger in a SQLite file.

Several processes may hold the same file open: it is in WAL mode, so that readers never wait for the writer, and a
writer waits up to ``BUSY_S`` for another. What cannot be written because the disk is full or fails is kept in order, up
to ``MOST_KEPT`` rows, and written as soon as it can be; reading goes on meanwhile.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from engine.records.errors import LedgerError
from engine.records.schema import SCHEMA_VERSION, SQLITE, STEPS
from engine.records.store import Row, Value, schema_problem

log = logging.getLogger(__name__)

BUSY_S = 2.0
"""Another writer has the file for a millisecond; what is locked for longer is kept and written later."""

REST_S = 2.0
"""After a failure nothing is tried for so long."""

MOST_KEPT = 50_000
"""Hours of a show."""

_REFUSED = (
    sqlite3.IntegrityError,
    sqlite3.ProgrammingError,
    sqlite3.InterfaceError,
    sqlite3.DataError,
    OverflowError,
    UnicodeError,
)
"""The row is at fault, not the disk: kept, it would block all that come after it."""


class SqliteStore:
    """The file at ``path``, made if it is not there, and brought to the newest schema."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._kept: deque[tuple[str, tuple[Value, ...]]] = deque()
        self._rests_until = 0.0
        self._trouble = ""
        self._closed = False
        self.lost = 0
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(self.path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        except (OSError, sqlite3.Error) as error:
            raise LedgerError(f"the ledger {self.path} cannot be opened: {error}") from error
        try:
            self._prepare()
        except sqlite3.Error as error:
            self._db.close()
            raise LedgerError(f"the ledger {self.path} cannot be opened: {error}") from error
        except LedgerError:
            self._db.close()
            raise

    @property
    def name(self) -> str:
        """See ``Store``."""
        return str(self.path)

    @property
    def kept(self) -> int:
        """See ``Store``: rows for which the disk has no room."""
        return len(self._kept)

    def _prepare(self) -> None:
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        if int(self._db.execute("PRAGMA user_version").fetchone()[0]) == SCHEMA_VERSION:
            # Nothing to write: a ledger can be opened on a full disk.
            return
        self._db.execute("BEGIN IMMEDIATE")
        version = int(self._db.execute("PRAGMA user_version").fetchone()[0])
        if version > SCHEMA_VERSION:
            self._db.execute("ROLLBACK")
            raise LedgerError(schema_problem(self.name, version, SCHEMA_VERSION))
        for step in STEPS[version:]:
            for statement in step:
                self._db.execute(SQLITE.write(statement))
        self._db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        self._db.execute("COMMIT")
        # The log holds all that was changed, hundreds of megabytes of a ledger of years, and would keep that size.
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()

    def write(self, sql: str, values: Sequence[Value]) -> None:
        """See ``Store``."""
        with self._lock:
            if self._closed:
                raise LedgerError(f"the ledger {self.path} cannot be written: it is closed")
            self._kept.append((sql, tuple(values)))
            self._flush()
            if len(self._kept) > MOST_KEPT:
                self._kept.pop()
                self._lose(f"{MOST_KEPT} wait already")

    def _flush(self) -> None:
        """Write what is kept, as far as it goes now."""
        while self._kept and time.monotonic() >= self._rests_until:
            sql, values = self._kept[0]
            try:
                self._db.execute(SQLITE.write(sql), values).close()
            except _REFUSED as error:
                self._lose(str(error))
            except sqlite3.Error as error:
                self._rest(str(error))
                return
            else:
                self._trouble = ""
            self._kept.popleft()

    def _rest(self, why: str) -> None:
        self._rests_until = time.monotonic() + REST_S
        if why != self._trouble:
            self._trouble = why
            log.warning("the ledger %s cannot be written, %d rows wait: %s", self.path, len(self._kept), why)

    def _lose(self, why: str) -> None:
        self.lost += 1
        log.error("a row of the ledger %s is lost: %s", self.path, why)

    def read(self, sql: str, values: Sequence[Value]) -> list[Row]:
        """See ``Store``."""
        with self._lock:
            if self._closed:
                raise LedgerError(f"the ledger {self.path} cannot be read: it is closed")
            self._flush()
            try:
                with closing(self._db.execute(SQLITE.write(sql), tuple(values))) as cursor:
                    names = [column[0] for column in cursor.description]
                    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
            except sqlite3.Error as error:
                raise LedgerError(f"the ledger {self.path} cannot be read: {error}") from error

    def close(self) -> None:
        """See ``Store``. Writes what was kept, if it can."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._rests_until = 0.0
            self._flush()
            if self._kept:
                log.error("%d rows of the ledger %s are not written", len(self._kept), self.path)
            self._db.close()
