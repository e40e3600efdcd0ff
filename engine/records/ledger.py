"""The ledger of a channel in SQLite: every line on air with its evidence, every question and its answer.

Several processes may hold the same ledger open: it is in WAL mode, so that readers never wait for the writer, and a
writer waits up to ``BUSY_S`` for another. Rows carry UTC time for people; nothing on air is decided by it.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.flow import Line, Question

SCHEMA_VERSION = 1
BUSY_S = 10.0

_SCHEMA = """
CREATE TABLE runs (
    run INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
);
CREATE TABLE lines (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    line_id TEXT NOT NULL,
    performance_id TEXT NOT NULL,
    start_sample INTEGER NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    fact_ids TEXT NOT NULL,
    product_id TEXT,
    question_id TEXT,
    catalogue_version INTEGER NOT NULL
);
CREATE TABLE questions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    question_id TEXT NOT NULL,
    viewer TEXT NOT NULL,
    text TEXT NOT NULL,
    line_id TEXT,
    answer TEXT NOT NULL DEFAULT '',
    reply TEXT NOT NULL DEFAULT '',
    fact_ids TEXT NOT NULL DEFAULT '[]'
);
CREATE TABLE open_questions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    question_id TEXT NOT NULL UNIQUE,
    viewer TEXT NOT NULL,
    text TEXT NOT NULL,
    product_id TEXT,
    closed_at TEXT
);
CREATE INDEX questions_by_id ON questions (question_id);
"""


class LedgerError(Exception):
    """The ledger cannot be opened, read or written."""


@dataclass(frozen=True, slots=True)
class SaidLine:
    """One line that went on air; ``at`` is UTC (ISO 8601), ``start_sample`` the place on the master clock."""

    number: int
    at: str
    line_id: str
    performance_id: str
    start_sample: int
    kind: str
    text: str
    fact_ids: tuple[str, ...]
    product_id: str | None
    question_id: str | None
    catalogue_version: int


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One question from the chat, with the answer that the host was given to say ("" if there was none)."""

    number: int
    at: str
    question_id: str
    viewer: str
    text: str
    line_id: str | None
    answer: str
    reply: str
    fact_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that the catalogue could not answer: the shop should."""

    number: int
    at: str
    question_id: str
    viewer: str
    text: str
    product_id: str | None


class Ledger:
    """The ledger at ``path``, made if it is not there. May be used from several threads.

    Raises:
        LedgerError: from every method, when the file cannot be used.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
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

    def _prepare(self) -> None:
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("BEGIN IMMEDIATE")
        version = int(self._db.execute("PRAGMA user_version").fetchone()[0])
        if version == 0:
            for statement in _SCHEMA.split(";\n"):
                self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            version = SCHEMA_VERSION
        self._db.execute("COMMIT")
        if version != SCHEMA_VERSION:
            raise LedgerError(
                f"the ledger {self.path} has schema {version}, this program knows {SCHEMA_VERSION}: "
                "move the file away, or use the program that wrote it"
            )

    def start_run(self) -> int:
        """Count a new run of the show; 1 is the first. Makes ids of lines unique over restarts."""
        return int(self._write("INSERT INTO runs DEFAULT VALUES", ()))

    def said(self, line: Line, performance_id: str, start_sample: int) -> None:
        """Keep a line that went on air at ``start_sample`` of the master clock."""
        self._write(
            "INSERT INTO lines (line_id, performance_id, start_sample, kind, text, fact_ids, product_id, question_id,"
            " catalogue_version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                line.line_id,
                performance_id,
                start_sample,
                line.kind.value,
                line.text,
                json.dumps(line.fact_ids),
                line.product_id,
                line.question.question_id if line.question else None,
                line.catalogue_version,
            ),
        )

    def asked(self, question: Question, line: Line | None) -> None:
        """Keep a question and the line made to answer it (None: the desk or the show let it pass unanswered)."""
        self._write(
            "INSERT INTO questions (question_id, viewer, text, line_id, answer, reply, fact_ids)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                question.question_id,
                question.viewer,
                question.text,
                line.line_id if line else None,
                line.text if line else "",
                line.reply if line else "",
                json.dumps(line.fact_ids if line else ()),
            ),
        )

    def unanswered(self, question: Question, product_id: str | None = None) -> None:
        """Keep a question that the shop must answer; the same question a second time changes nothing."""
        self._write(
            "INSERT OR IGNORE INTO open_questions (question_id, viewer, text, product_id) VALUES (?, ?, ?, ?)",
            (question.question_id, question.viewer, question.text, product_id),
        )

    def close_question(self, question_id: str) -> bool:
        """Mark an open question as dealt with; False if it was not open."""
        sql = (
            "UPDATE open_questions SET closed_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"
            " WHERE question_id = ? AND closed_at IS NULL RETURNING number"
        )
        return bool(self._read(sql, (question_id,)))

    def lines(self, limit: int = 100) -> tuple[SaidLine, ...]:
        """The last ``limit`` lines on air, newest first."""
        rows = self._read("SELECT * FROM lines ORDER BY number DESC LIMIT ?", (limit,))
        return tuple(SaidLine(**_columns(row)) for row in rows)

    def questions(self, limit: int = 100) -> tuple[AskedQuestion, ...]:
        """The last ``limit`` questions, newest first."""
        rows = self._read("SELECT * FROM questions ORDER BY number DESC LIMIT ?", (limit,))
        return tuple(AskedQuestion(**_columns(row)) for row in rows)

    def open_questions(self, limit: int = 100) -> tuple[OpenQuestion, ...]:
        """Questions that wait for the shop, oldest first."""
        rows = self._read(
            "SELECT number, at, question_id, viewer, text, product_id FROM open_questions"
            " WHERE closed_at IS NULL ORDER BY number LIMIT ?",
            (limit,),
        )
        return tuple(OpenQuestion(**_columns(row)) for row in rows)

    def close(self) -> None:
        """Close the file; a second time does nothing."""
        with self._lock:
            self._db.close()

    def _write(self, sql: str, values: tuple[Any, ...]) -> int:
        try:
            with self._lock, closing(self._db.execute(sql, values)) as cursor:
                return int(cursor.lastrowid or 0)
        except sqlite3.Error as error:
            raise LedgerError(f"the ledger {self.path} cannot be written: {error}") from error

    def _read(self, sql: str, values: tuple[Any, ...]) -> list[dict[str, Any]]:
        try:
            with self._lock, closing(self._db.execute(sql, values)) as cursor:
                names = [column[0] for column in cursor.description]
                return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        except sqlite3.Error as error:
            raise LedgerError(f"the ledger {self.path} cannot be read: {error}") from error


def _columns(row: dict[str, Any]) -> dict[str, Any]:
    """``row`` with its JSON lists as tuples."""
    return {key: tuple(json.loads(value)) if key == "fact_ids" else value for key, value in row.items()}
