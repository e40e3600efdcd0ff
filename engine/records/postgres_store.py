"""The ledger in PostgreSQL, for a fleet: each channel has a schema of its own in one database.

The show never waits long for the database: a connection is tried for ``CONNECT_S``, a statement runs for
``STATEMENT_S`` at most, and after a failure nothing is tried for ``REST_S``. What cannot be written meanwhile is kept
in order, up to ``MOST_KEPT`` rows, and written when the database is back.
"""

from __future__ import annotations

import hashlib
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
from engine.records.store import Row, Value, no_ledger, schema_problem

log = logging.getLogger(__name__)

CONNECT_S = 3
STATEMENT_S = 5
REST_S = 5.0
MOST_KEPT = 10_000
_ONE_AT_A_TIME = 0x45564552
"""Key of the advisory lock under which a schema is prepared."""

_REFUSED = (
    psycopg.DataError,
    psycopg.IntegrityError,
    psycopg.ProgrammingError,
    psycopg.NotSupportedError,
    UnicodeError,
)
"""The row is at fault, not the database: kept, it would block all that come after it."""

_UNREADABLE = (
    "the address of the ledger cannot be read: in user and password write % as %25, @ as %40, : as %3A and / as %2F,"
    " as in postgresql://user:pa%40ss@host/name"
)
"""Without the address and without libpq's words, which hold pieces of the password then."""

_LONGEST_NAME = 63
"""Bytes of a name in PostgreSQL; what is beyond is cut off without a word."""

Result = TypeVar("Result")


class PostgresStore:
    """The schema of one channel in the database at ``url``, made if it is not there. ``clock`` counts seconds.

    With ``read_only`` nothing is made or changed: the schema must be there, and of the newest version.
    """

    def __init__(
        self, url: str, channel: str, clock: Callable[[], float] = time.monotonic, *, read_only: bool = False
    ) -> None:
        _check_address(url)
        self._read_only, self._channel = read_only, channel
        self.schema = schema_name(channel)
        self.name = f"{_shown(url)} ({self.schema})"
        self._url = url
        self._clock = clock
        self._lock = threading.RLock()
        self._kept: deque[tuple[str, tuple[Value, ...]]] = deque()
        self._rests_until = 0.0
        self._trouble = ""
        self._closed = False
        self.lost = 0
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
            self._kept.append((sql, tuple(values)))
            self._flush()
            if len(self._kept) > MOST_KEPT:
                self._kept.pop()
                self._lose(f"{MOST_KEPT} wait already")

    def read(self, sql: str, values: Sequence[Value]) -> list[Row]:
        """See ``Store``."""

        def query(db: psycopg.Connection[tuple[Any, ...]]) -> list[Row]:
            cursor = db.execute(POSTGRES.write(sql).encode(), values)
            names = [column.name for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

        with self._lock:
            if self._closed:
                raise LedgerError(f"the ledger {self.name} cannot be read: it is closed")
            self._flush()
            if self._db is None and self._clock() < self._rests_until:
                raise LedgerError(f"the ledger {self.name} cannot be read: it is away")
            try:
                return self._try(query)
            except psycopg.Error as error:
                if self._db is None:
                    self._rest(error)
                raise LedgerError(f"the ledger {self.name} cannot be read: {_words(error)}") from error

    def close(self) -> None:
        """See ``Store``. Writes what was kept, if it can."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._rests_until = float("-inf")
            self._flush()
            if self._kept:
                log.error("%d rows of the ledger %s are not written", len(self._kept), self.name)
            self._drop()

    def _flush(self) -> None:
        """Write what is kept, as far as it goes now."""
        while self._kept and self._clock() >= self._rests_until:
            statement, values = self._kept[0]
            try:
                self._try(lambda db, s=statement, v=values: db.execute(POSTGRES.write(s).encode(), v))  # type: ignore[misc]
            except _REFUSED as error:
                self._lose(_words(error))
            except (psycopg.Error, LedgerError) as error:
                self._rest(error)
                return
            else:
                self._trouble = ""
            self._kept.popleft()

    def _lose(self, why: str) -> None:
        self.lost += 1
        log.error("a row of the ledger %s is lost: %s", self.name, why)

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

    def _rest(self, error: Exception) -> None:
        self._rests_until = self._clock() + REST_S
        if (why := _words(error)) != self._trouble:
            self._trouble = why
            log.warning("the ledger %s is away, %d rows wait: %s", self.name, len(self._kept), why)

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
                if self._read_only:
                    self._find(self._db)
                else:
                    self._prepare(self._db)
            except (psycopg.Error, LedgerError):
                self._drop()
                raise
        return self._db

    def _tell_older(self, db: psycopg.Connection[tuple[Any, ...]]) -> None:
        """Say so where this ledger is about to be made and one lies there that an older version may have made for it.

        Several channels may have shared that one, so it is nobody's by itself.
        """
        older = _plain_name(self._channel)[:_LONGEST_NAME]
        if older == self.schema:
            return
        found = db.execute("SELECT nspname FROM pg_namespace WHERE nspname IN (%s, %s)", (older, self.schema))
        if [row[0] for row in found.fetchall()] == [older]:
            log.warning(
                "the ledger %s is new; if what older versions kept in the schema %s is this channel's alone, stop it,"
                " drop the new schema, and: ALTER SCHEMA %s RENAME TO %s",
                self.name, older, older, self.schema,
            )  # fmt: skip

    def _find(self, db: psycopg.Connection[tuple[Any, ...]]) -> None:
        """Go to the schema, which must be there, and promise to change nothing."""
        db.execute("SET default_transaction_read_only = on")
        there = db.execute("SELECT to_regclass(%s)", (f'"{self.schema}".schema_version',)).fetchone()
        if there is None or there[0] is None:
            raise LedgerError(no_ledger(self.name))
        db.execute(pg.SQL("SET search_path TO {}").format(pg.Identifier(self.schema)))
        row = db.execute("SELECT max(version) FROM schema_version").fetchone()
        version = int(row[0]) if row is not None and row[0] is not None else 0
        if version != SCHEMA_VERSION:
            raise LedgerError(schema_problem(self.name, version, SCHEMA_VERSION))

    def _prepare(self, db: psycopg.Connection[tuple[Any, ...]]) -> None:
        """Make the schema, or bring it to the newest version; two processes may come at the same time."""
        own = pg.Identifier(self.schema)
        with db.transaction():
            db.execute("SELECT pg_advisory_xact_lock(%s)", (_ONE_AT_A_TIME,))
            self._tell_older(db)
            db.execute(pg.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(own))
            db.execute(pg.SQL("SET search_path TO {}").format(own))
            db.execute("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)")
            row = db.execute("SELECT max(version) FROM schema_version").fetchone()
            version = int(row[0]) if row is not None and row[0] is not None else 0
            if version > SCHEMA_VERSION:
                raise LedgerError(schema_problem(self.name, version, SCHEMA_VERSION))
            # An index of a ledger of years takes minutes.
            db.execute("SET LOCAL statement_timeout = 0")
            for step in STEPS[version:]:
                for statement in step:
                    db.execute(POSTGRES.write(statement).encode())
            if version < SCHEMA_VERSION:
                db.execute("INSERT INTO schema_version (version) VALUES (%s)", (SCHEMA_VERSION,))


def schema_name(channel: str) -> str:
    """The schema of a channel, which no other has: its file's name, as in "everhost_mia".

    A name with other letters than PostgreSQL likes is written without them, and with a piece of its hash behind.
    """
    plain = _plain_name(channel)
    if plain == f"everhost_{channel}" and len(plain) <= _LONGEST_NAME:
        return plain
    digest = hashlib.sha256(channel.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{plain[: _LONGEST_NAME - 9]}_{digest}"


def _plain_name(channel: str) -> str:
    return f"everhost_{re.sub(r'[^a-z0-9]+', '_', channel.lower()).strip('_') or 'channel'}"


def _check_address(url: str) -> None:
    """Refuse an address that libpq would read otherwise than it was meant.

    Raises:
        LedgerError: without the address, which may hold a password.
    """
    try:
        parts = conninfo_to_dict(url)
    except (psycopg.Error, UnicodeError):
        raise LedgerError(_UNREADABLE) from None
    host, port = str(parts.get("host") or ""), str(parts.get("port") or "")
    if "@" in host or not re.fullmatch(r"[0-9,]*", port):
        raise LedgerError(_UNREADABLE)


def _shown(url: str) -> str:
    """The address for people, without user and password."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        return "postgresql"
    return f"postgresql://{parts.get('host', 'localhost')}/{parts.get('dbname', '')}"


def _words(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0] or type(error).__name__
