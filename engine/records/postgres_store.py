"""The ledger in PostgreSQL, for a fleet: each channel has a schema of its own in one database.

The show never waits long for the database: a connection is tried for ``CONNECT_S``, a statement runs for
``STATEMENT_S`` at most, and after a failure nothing is tried for ``REST_S``. What cannot be written meanwhile is kept
in order, up to ``MOST_KEPT`` rows, and written when the database is back.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import psycopg
from psycopg import sql as pg
from psycopg.conninfo import conninfo_to_dict

from engine.records.errors import LedgerError
from engine.records.schema import POSTGRES, SCHEMA_VERSION, STEPS
from engine.records.store import Row, Value, schema_problem

log = logging.getLogger(__name__)

CONNECT_S = 3
STATEMENT_S = 5
REST_S = 5.0
MOST_KEPT = 10_000
_ONE_AT_A_TIME = 0x45564552
"""Key of the advisory lock under which a schema is prepared."""

Result = TypeVar("Result")


class PostgresStore:
    """The schema of one channel in the database at ``url``, made if it is not there. ``clock`` counts seconds."""

    def __init__(self, url: str, channel: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.schema = schema_name(channel)
        self.name = f"{_shown(url)} ({self.schema})"
        self._url = url
        self._clock = clock
        self._lock = threading.RLock()
        self._kept: deque[tuple[str, tuple[Value, ...]]] = deque()
        self._rests_until = 0.0
        self._closed = False
        self._db: psycopg.Connection[tuple[Any, ...]] | None = None
        try:
            self._connection()
        except psycopg.Error as error:
            raise LedgerError(f"the ledger {self.name} cannot be opened: {_words(error)}") from error

    @property
    def kept(self) -> int:
        """Rows that wait for the database to come back."""
        return len(self._kept)

    def write(self, sql: str, values: Sequence[Value]) -> None:
        """See ``Store``. Kept for later when the database is away."""
        with self._lock:
            if self._closed:
                raise LedgerError(f"the ledger {self.name} cannot be written: it is closed")
            if len(self._kept) >= MOST_KEPT:
                raise LedgerError(f"the ledger {self.name} cannot be written, and {MOST_KEPT} rows wait already")
            self._kept.append((sql, tuple(values)))
            if self._clock() < self._rests_until:
                return
            try:
                self._flush()
            except psycopg.OperationalError as error:
                self._rest(error)
            except psycopg.Error as error:
                # The statement is at fault, not the database: kept, it would block all that come after it.
                self._kept.popleft()
                raise LedgerError(f"the ledger {self.name} cannot be written: {_words(error)}") from error

    def read(self, sql: str, values: Sequence[Value]) -> list[Row]:
        """See ``Store``."""

        def query(db: psycopg.Connection[tuple[Any, ...]]) -> list[Row]:
            cursor = db.execute(POSTGRES.write(sql).encode(), values)
            names = [column.name for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

        with self._lock:
            if self._closed:
                raise LedgerError(f"the ledger {self.name} cannot be read: it is closed")
            try:
                self._flush()
                return self._try(query)
            except psycopg.Error as error:
                raise LedgerError(f"the ledger {self.name} cannot be read: {_words(error)}") from error

    def close(self) -> None:
        """See ``Store``. Writes what was kept, if it can."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            try:
                self._flush()
            except psycopg.Error as error:
                log.warning("%d rows of the ledger are lost: %s", len(self._kept), _words(error))
            self._drop()

    def _flush(self) -> None:
        while self._kept:
            statement, values = self._kept[0]
            self._try(lambda db, s=statement, v=values: db.execute(POSTGRES.write(s).encode(), v))  # type: ignore[misc]
            self._kept.popleft()

    def _try(self, job: Callable[[psycopg.Connection[tuple[Any, ...]]], Result]) -> Result:
        """``job`` on the connection; once more on a new one, if the old one had died."""
        had_one = self._db is not None
        try:
            return job(self._connection())
        except psycopg.OperationalError:
            self._drop()
            if not had_one:
                raise
            return job(self._connection())

    def _rest(self, error: psycopg.Error) -> None:
        self._rests_until = self._clock() + REST_S
        log.warning("the ledger %s is away, %d rows wait: %s", self.name, len(self._kept), _words(error))

    def _drop(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None

    def _connection(self) -> psycopg.Connection[tuple[Any, ...]]:
        if self._db is None:
            self._db = psycopg.connect(
                self._url,
                autocommit=True,
                connect_timeout=CONNECT_S,
                application_name="everhost",
                options=f"-c statement_timeout={STATEMENT_S * 1000}",
                # A network that swallows everything is given up as fast as a server that is slow.
                tcp_user_timeout=STATEMENT_S * 1000,
                keepalives_idle=STATEMENT_S,
                keepalives_interval=1,
                keepalives_count=3,
            )
            try:
                self._prepare(self._db)
            except (psycopg.Error, LedgerError):
                self._drop()
                raise
        return self._db

    def _prepare(self, db: psycopg.Connection[tuple[Any, ...]]) -> None:
        """Make the schema, or bring it to the newest version; two processes may come at the same time."""
        own = pg.Identifier(self.schema)
        with db.transaction():
            db.execute("SELECT pg_advisory_xact_lock(%s)", (_ONE_AT_A_TIME,))
            db.execute(pg.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(own))
            db.execute(pg.SQL("SET search_path TO {}").format(own))
            db.execute("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)")
            row = db.execute("SELECT max(version) FROM schema_version").fetchone()
            version = int(row[0]) if row is not None and row[0] is not None else 0
            if version > SCHEMA_VERSION:
                raise LedgerError(schema_problem(self.name, version, SCHEMA_VERSION))
            for step in STEPS[version:]:
                for statement in step:
                    db.execute(POSTGRES.write(statement).encode())
            if version < SCHEMA_VERSION:
                db.execute("INSERT INTO schema_version (version) VALUES (%s)", (SCHEMA_VERSION,))


def schema_name(channel: str) -> str:
    """The schema of a channel: its file's name in small letters, "everhost_mia"."""
    return f"everhost_{re.sub(r'[^a-z0-9]+', '_', channel.lower()).strip('_') or 'channel'}"[:63]


def _shown(url: str) -> str:
    """The address for people, without user and password."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        return "postgresql"
    return f"postgresql://{parts.get('host', 'localhost')}/{parts.get('dbname', '')}"


def _words(error: psycopg.Error) -> str:
    return str(error).strip().split("\n", 1)[0] or type(error).__name__
