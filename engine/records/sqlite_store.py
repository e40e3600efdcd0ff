"""The ledger in a SQLite file.

Several processes may hold the same file open: it is in WAL mode, so that readers never wait for the writer, and a
writer waits up to ``BUSY_S`` for another.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from engine.records.errors import LedgerError
from engine.records.schema import SCHEMA_VERSION, SQLITE, STEPS
from engine.records.store import Row, Value, schema_problem

BUSY_S = 10.0


class SqliteStore:
    """The file at ``path``, made if it is not there, and brought to the newest schema."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
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
        """See ``Store``: a file is written at once or not at all."""
        return 0

    def _prepare(self) -> None:
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
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

    def write(self, sql: str, values: Sequence[Value]) -> None:
        """See ``Store``."""
        try:
            with self._lock, closing(self._db.execute(SQLITE.write(sql), tuple(values))):
                pass
        except sqlite3.Error as error:
            raise LedgerError(f"the ledger {self.path} cannot be written: {error}") from error

    def read(self, sql: str, values: Sequence[Value]) -> list[Row]:
        """See ``Store``."""
        try:
            with self._lock, closing(self._db.execute(SQLITE.write(sql), tuple(values))) as cursor:
                names = [column[0] for column in cursor.description]
                return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        except sqlite3.Error as error:
            raise LedgerError(f"the ledger {self.path} cannot be read: {error}") from error

    def close(self) -> None:
        """See ``Store``."""
        with self._lock:
            self._db.close()
