"""A ledger that is only looked at: nothing is made, brought to a newer schema or written, whatever file it is."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from engine.records.errors import LedgerError
from engine.records.ledger import Ledger, between, open_store
from engine.records.schema import SCHEMA_VERSION, SQLITE, STEPS
from engine.records.sqlite_store import BUSY_S
from engine.records.store import Row, Store, Value, no_ledger, schema_problem

_TABLES = frozenset({"runs", "lines", "questions"})
"""What every ledger has had from its first version on."""


class ReadOnlyLedger(Ledger):
    """The ledger at ``place``, which must be there; see ``Ledger`` for what can be read.

    Raises:
        LedgerError: there is none, or it cannot be read; also from what would write.
    """

    def _open(self, place: Path | str, channel: str) -> Store:
        return SqliteReader(place) if isinstance(place, Path) else open_store(place, channel, read_only=True)

    def began(self) -> datetime | None:
        """When the first run began; None where none is known."""
        (row,) = self._store.read("SELECT min(at) AS at FROM runs", ())
        return datetime.fromisoformat(str(row["at"])) if row["at"] else None

    def count(
        self,
        table: Literal["lines", "messages", "shown", "written"],
        begin: datetime | None,
        end: datetime | None,
        column: Literal["at", "dropped_at"] = "at",
    ) -> int:
        """How many rows have their time from ``begin`` up to ``end`` (left out); those without one are not counted."""
        where, values = between(column, begin, end)
        (row,) = self._store.read(f"SELECT count({column}) AS number FROM {table} WHERE {where}", values)
        return int(row["number"] or 0)


class SqliteReader:
    """The SQLite file at ``path``, not a byte of which is changed: an older ledger is brought up in a copy."""

    kept = lost = 0

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self._lock = threading.Lock()
        try:
            self._db = _opened(path)
        except sqlite3.Error as error:
            raise LedgerError(f"the ledger {path} cannot be opened: {error}") from error
        try:
            self._look()
        except sqlite3.Error as error:
            self._db.close()
            raise LedgerError(f"the ledger {path} cannot be opened: {error}") from error
        except LedgerError:
            self._db.close()
            raise

    def _look(self) -> None:
        version = int(self._db.execute("PRAGMA user_version").fetchone()[0])
        tables = {row[0] for row in self._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not tables >= _TABLES or version < 1:
            raise LedgerError(no_ledger(self.name))
        if version > SCHEMA_VERSION:
            raise LedgerError(schema_problem(self.name, version, SCHEMA_VERSION))
        if version < SCHEMA_VERSION:
            # "" is a database on the disk that is gone when it is closed.
            copy = sqlite3.connect("", isolation_level=None, check_same_thread=False)
            self._db.backup(copy)
            self._db.close()
            self._db = copy
            for step in STEPS[version:]:
                for statement in step:
                    copy.execute(SQLITE.write(statement))

    def write(self, sql: str, values: Sequence[Value]) -> None:
        """See ``Store``: it is never done."""
        raise LedgerError(f"the ledger {self.name} is only looked at")

    def read(self, sql: str, values: Sequence[Value]) -> list[Row]:
        """See ``Store``."""
        with self._lock:
            try:
                with closing(self._db.execute(SQLITE.write(sql), tuple(values))) as cursor:
                    names = [column[0] for column in cursor.description]
                    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
            except sqlite3.Error as error:
                raise LedgerError(f"the ledger {self.name} cannot be read: {error}") from error

    def close(self) -> None:
        """See ``Store``."""
        with self._lock:
            self._db.close()


def _opened(path: Path) -> sqlite3.Connection:
    """The file, to be read only; also where SQLite may not make the files beside it that its log needs."""
    address = f"file:{quote(str(path.absolute()))}?mode=ro"
    with suppress(sqlite3.OperationalError):
        return _tried(address)
    log = Path(f"{path}-wal")
    if log.exists() and log.stat().st_size:
        # What it holds is only given out where the file that shares it can be made.
        return _tried(address)
    return _tried(f"{address}&immutable=1")


def _tried(address: str) -> sqlite3.Connection:
    db = sqlite3.connect(address, uri=True, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error:
        db.close()
        raise
    return db
