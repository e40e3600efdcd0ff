"""The ledger of a channel: every line with its evidence, every chat message, and what was shown when.

Nothing on air is decided by it. It is a SQLite file, or a schema in PostgreSQL.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from engine.flow import Card, Line, Question
from engine.records.errors import LedgerError
from engine.records.rows import (
    AiredLine,
    AskedQuestion,
    AuditedLine,
    Click,
    Evidence,
    FaqEntry,
    OpenQuestion,
    PriceThen,
    ReceivedMessage,
    SaidLine,
    ShownCard,
    Steering,
    ViewerCount,
    WrittenLine,
    entries,
    entry,
)
from engine.records.sqlite_store import SqliteStore
from engine.records.store import Store, Value
from engine.settings import Channel
from engine.settings.install import install_command

_LINE = (
    "number, at, line_id, performance_id, start_sample, kind, text, fact_ids, product_id, question_id,"
    " catalogue_version, end_sample"
)
_ENDED = _LINE.removeprefix("number, ")
_WRITTEN = "line_id, at, text, writer, model, frame, facts, prices, verdict, dropped_at, dropped_why"

_IN_TIME = "ORDER BY at, number"
"""The order of the indices by time: a month of rows is read without being sorted."""

ONCE_WITHIN = timedelta(days=1)
"""So far back a line that was kept before is looked for: further than one that its studio left behind can be."""


class Ledger:
    """The ledger at ``place``: the path of a SQLite file, or the address of a PostgreSQL database.

    Made if it is not there, and brought to the newest schema. May be used from several threads and processes.
    ``channel`` names its schema in PostgreSQL.

    What cannot be written now is written later (``waiting``), or never (``lost``).

    Raises:
        LedgerError: from every method that reads, when the database cannot be used; from all once it is closed.
    """

    def __init__(self, place: Path | str, channel: str = "") -> None:
        self._store = self._open(place, channel)

    def _open(self, place: Path | str, channel: str) -> Store:
        return open_store(place, channel)

    @property
    def name(self) -> str:
        """What people call this ledger: its path, or its address without the password."""
        return self._store.name

    @property
    def waiting(self) -> int:
        """Rows that wait because the database is away."""
        return self._store.kept

    @property
    def lost(self) -> int:
        """Rows that will never be written; the log says why."""
        return self._store.lost

    def start_run(self) -> int:
        """Count a new run of the show; 1 is the first. Makes ids of lines unique over restarts.

        A run that cannot be written now has the seconds since the epoch for its number, so that no other has it; it
        is written later, and those that come after it count on from there.
        """
        sql = "INSERT INTO runs (run, at) SELECT COALESCE(max(run), 0) + 1, ? FROM runs RETURNING run"
        try:
            (row,) = self._store.read(sql, (_now(),))
            return int(row["run"] or 0)
        except LedgerError:
            run = int(datetime.now(UTC).timestamp())
            sql = "INSERT INTO runs (run, at) VALUES (?, ?) ON CONFLICT (run) DO NOTHING"
            self._store.write(sql, (run, _now()))
            return run

    def wrote(
        self,
        line: Line,
        *,
        writer: str,
        model: str = "",
        frame: str = "",
        facts: Sequence[Evidence] = (),
        prices: Sequence[PriceThen] = (),
        verdict: Mapping[str, Any] | None = None,
    ) -> None:
        """Keep a line when it is written, with all that allows it to be said."""
        values: tuple[Value, ...] = (
            _now(), line.line_id, line.text, writer, model, frame, _json([asdict(fact) for fact in facts]),
            _json([asdict(price) for price in prices]), _json(dict(verdict or {})),
        )  # fmt: skip
        self._store.write(
            "INSERT INTO written (at, line_id, text, writer, model, frame, facts, prices, verdict)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (line_id) DO NOTHING",
            values,
        )

    def dropped(self, line_id: str, why: str) -> None:
        """Keep that a line that was written never went on air."""
        sql = "UPDATE written SET dropped_at = ?, dropped_why = ? WHERE line_id = ? AND dropped_at IS NULL"
        self._store.write(sql, (_now(), why, line_id))

    def said(
        self,
        line: Line,
        performance_id: str,
        start_sample: int,
        end_sample: int | None = None,
        *,
        once: bool = False,
    ) -> None:
        """Keep a line, which has just ended, that was on air between two samples of the master clock.

        ``once``: unless this process or another has kept it already (``ONCE_WITHIN``).
        """
        values: tuple[Value, ...] = (
            _now(),
            line.line_id,
            performance_id,
            start_sample,
            line.kind.value,
            line.text,
            _json(line.fact_ids),
            line.product_id,
            line.question.question_id if line.question else None,
            line.catalogue_version,
            end_sample,
        )
        marks = ", ".join("?" * len(values))
        sql = f"INSERT INTO lines ({_ENDED}) VALUES ({marks})"
        if once:
            there = "SELECT 1 FROM lines WHERE performance_id = ? AND at > ?"
            sql = f"INSERT INTO lines ({_ENDED}) SELECT {marks} WHERE NOT EXISTS ({there})"
            values += (performance_id, time_text(datetime.now(UTC) - ONCE_WITHIN))
        self._store.write(sql, values)

    def received(
        self, message_id: str, viewer: str, text: str, outcome: str, reason: str = "", line_id: str | None = None
    ) -> None:
        """Keep a chat message and what became of it; see ``ReceivedMessage``."""
        self._store.write(
            "INSERT INTO messages (at, message_id, viewer, text, outcome, reason, line_id)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (_now(), message_id, _storable(viewer), _storable(text), outcome, reason, line_id),
        )

    def showed(self, card: Card, start_sample: int) -> None:
        """Keep what the card shows from ``start_sample`` of the master clock on."""
        sql = "INSERT INTO shown (at, start_sample, product_id, card) VALUES (?, ?, ?, ?)"
        self._store.write(sql, (_now(), start_sample, card.product_id, _json(asdict(card))))

    def asked(self, question: Question, line: Line | None, topic: str = "", product_id: str | None = None) -> None:
        """Keep a question, the line made to answer it (None: it was let pass unanswered), and what it was about."""
        self._store.write(
            "INSERT INTO questions (at, question_id, viewer, text, line_id, answer, reply, fact_ids, topic, product_id)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                _now(),
                question.question_id,
                question.viewer,
                question.text,
                line.line_id if line else None,
                line.text if line else "",
                line.reply if line else "",
                _json(line.fact_ids if line else ()),
                topic,
                product_id,
            ),
        )

    def unanswered(self, question: Question, product_id: str | None = None) -> None:
        """Keep a question that the shop must answer; the same question a second time changes nothing."""
        self._store.write(
            "INSERT INTO open_questions (at, question_id, viewer, text, product_id) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (question_id) DO NOTHING",
            (_now(), question.question_id, question.viewer, question.text, product_id),
        )

    def steered(self, user: str, action: str, detail: str = "", why: str = "", outcome: str = "done") -> None:
        """Keep what ``user`` did to the show; see ``Steering``."""
        self._store.write(
            "INSERT INTO steerings (at, who, action, detail, why, outcome) VALUES (?, ?, ?, ?, ?, ?)",
            (_now(), _storable(user), action, _storable(detail), _storable(why), _storable(outcome)),
        )

    def watched(self, count: int) -> None:
        """Keep how many watch from now on; ``Audience`` says it only when it changed, and not too often."""
        self._store.write("INSERT INTO viewer_counts (at, viewers) VALUES (?, ?)", (_now(), count))

    def clicked(self, product_id: str, viewer_kind: str = "") -> None:
        """Keep that a viewer opened a product's link; see ``Click``."""
        sql = "INSERT INTO clicks (at, product_id, viewer_kind) VALUES (?, ?, ?)"
        self._store.write(sql, (_now(), product_id, viewer_kind))

    def close_question(self, question_id: str) -> bool:
        """Mark an open question as dealt with; False if it was not open."""
        sql = "UPDATE open_questions SET closed_at = ? WHERE question_id = ? AND closed_at IS NULL RETURNING number"
        return bool(self._store.read(sql, (_now(), question_id)))

    def add_faq(self, question: str, answer: str, product_id: str | None = None) -> int:
        """Keep the shop's own answer to a question; returns its number."""
        (row,) = self._store.read(
            "INSERT INTO faq (at, question, answer, product_id) VALUES (?, ?, ?, ?) RETURNING number",
            (_now(), _storable(question), _storable(answer), product_id),
        )
        return int(row["number"] or 0)

    def remove_faq(self, number: int) -> bool:
        """Take back an answer of the shop; False if there was none of that number."""
        sql = "UPDATE faq SET removed_at = ? WHERE number = ? AND removed_at IS NULL RETURNING number"
        return bool(self._store.read(sql, (_now(), number)))

    def faq(self, limit: int = 500) -> tuple[FaqEntry, ...]:
        """The shop's own answers that hold, the oldest ``limit`` of them, oldest first."""
        rows = self._store.read(
            "SELECT number, at, question, answer, product_id FROM faq WHERE removed_at IS NULL ORDER BY number LIMIT ?",
            (limit,),
        )
        return entries(FaqEntry, rows)

    def lines(self, limit: int = 100) -> tuple[SaidLine, ...]:
        """The last ``limit`` lines on air, newest first."""
        rows = self._store.read(f"SELECT {_LINE} FROM lines ORDER BY number DESC LIMIT ?", (limit,))
        return entries(SaidLine, rows)

    def questions(self, limit: int = 100) -> tuple[AskedQuestion, ...]:
        """The last ``limit`` questions, newest first."""
        rows = self._store.read("SELECT * FROM questions ORDER BY number DESC LIMIT ?", (limit,))
        return entries(AskedQuestion, rows)

    def open_questions(self, limit: int = 100) -> tuple[OpenQuestion, ...]:
        """Questions that wait for the shop, oldest first."""
        rows = self._store.read(
            "SELECT number, at, question_id, viewer, text, product_id FROM open_questions"
            " WHERE closed_at IS NULL ORDER BY number LIMIT ?",
            (limit,),
        )
        return entries(OpenQuestion, rows)

    def written(self, line_id: str) -> WrittenLine | None:
        """A line as it was written, on air or not."""
        rows = self._store.read(f"SELECT {_WRITTEN} FROM written WHERE line_id = ?", (line_id,))
        return entry(WrittenLine, rows[0]) if rows else None

    def dropped_lines(self, begin: datetime | None = None, end: datetime | None = None) -> tuple[WrittenLine, ...]:
        """Lines that were taken back before they went on air, in order."""
        where, values = between("dropped_at", begin, end)
        sql = f"SELECT {_WRITTEN} FROM written WHERE dropped_at IS NOT NULL AND {where} ORDER BY number"
        return entries(WrittenLine, self._store.read(sql, values))

    def audit(self, begin: datetime | None = None, end: datetime | None = None) -> tuple[AuditedLine, ...]:
        """Lines that ended on air from ``begin`` up to ``end`` (left out), in order, with their evidence."""
        where, values = between("l.at", begin, end)
        columns = ", ".join(f"l.{name.strip()} AS {name.strip()}" for name in _LINE.split(","))
        rows = self._store.read(
            f"SELECT {columns}, w.writer AS writer, w.model AS model, w.frame AS frame, w.facts AS facts,"
            " w.prices AS prices, w.verdict AS verdict FROM lines l LEFT JOIN written w ON w.line_id = l.line_id"
            f" WHERE {where} ORDER BY l.number",
            values,
        )
        audited = []
        for row in rows:
            kept = {key: row.pop(key) or "" for key in ("writer", "model", "frame", "facts", "prices", "verdict")}
            audited.append(entry(AuditedLine, {**kept, "said": entry(SaidLine, row)}))  # type: ignore[dict-item]
        return tuple(audited)

    def messages(self, begin: datetime | None = None, end: datetime | None = None) -> tuple[ReceivedMessage, ...]:
        """Chat messages from ``begin`` up to ``end`` (left out), in order."""
        where, values = between("at", begin, end)
        rows = self._store.read(f"SELECT * FROM messages WHERE {where} ORDER BY number", values)
        return entries(ReceivedMessage, rows)

    def shown(self, begin: datetime | None = None, end: datetime | None = None) -> tuple[ShownCard, ...]:
        """What the card showed from ``begin`` up to ``end`` (left out), in order."""
        where, values = between("at", begin, end)
        rows = self._store.read(f"SELECT * FROM shown WHERE {where} ORDER BY number", values)
        return entries(ShownCard, rows)

    def steerings(self, begin: datetime | None = None, end: datetime | None = None) -> tuple[Steering, ...]:
        """What people did to the show from ``begin`` up to ``end`` (left out), in order."""
        where, values = between("at", begin, end)
        rows = self._store.read(f"SELECT * FROM steerings WHERE {where} ORDER BY number", values)
        return entries(Steering, rows)

    def viewer_counts(self, begin: datetime | None = None, end: datetime | None = None) -> tuple[ViewerCount, ...]:
        """The counts of viewers from ``begin`` up to ``end`` (left out), in order, led by the one that held before."""
        where, values = between("at", begin, end)
        rows = self._store.read(f"SELECT * FROM viewer_counts WHERE {where} {_IN_TIME}", values)
        if begin is not None:
            sql = "SELECT * FROM viewer_counts WHERE at < ? ORDER BY at DESC, number DESC LIMIT 1"
            rows = self._store.read(sql, (time_text(begin),)) + rows
        return entries(ViewerCount, rows)

    def aired(self, begin: datetime, end: datetime) -> tuple[AiredLine, ...]:
        """Lines that ended on air from ``begin`` up to ``end`` (left out), in order, without their evidence."""
        where, values = between("at", begin, end)
        rows = self._store.read(
            "SELECT at, COALESCE(end_sample - start_sample, 0) AS samples, kind, text, product_id"
            f" FROM lines WHERE {where} {_IN_TIME}",
            values,
        )
        return entries(AiredLine, rows)

    def air_by_product(self, begin: datetime, end: datetime) -> tuple[tuple[str, int, int], ...]:
        """Each product with its lines that ended on air from ``begin`` up to ``end`` (left out) and their samples."""
        where, values = between("at", begin, end)
        rows = self._store.read(
            "SELECT product_id, count(*) AS lines, COALESCE(SUM(end_sample - start_sample), 0) AS samples"
            f" FROM lines WHERE {where} AND product_id IS NOT NULL GROUP BY product_id",
            values,
        )
        return tuple((str(row["product_id"]), int(row["lines"] or 0), int(row["samples"] or 0)) for row in rows)

    def count_by_product(self, table: Literal["questions", "clicks"], begin: datetime, end: datetime) -> dict[str, int]:
        """How many rows each product has from ``begin`` up to ``end`` (left out)."""
        where, values = between("at", begin, end)
        rows = self._store.read(
            f"SELECT product_id, count(*) AS number FROM {table}"
            f" WHERE {where} AND product_id IS NOT NULL GROUP BY product_id",
            values,
        )
        return {str(row["product_id"]): int(row["number"] or 0) for row in rows}

    def questions_between(self, begin: datetime, end: datetime) -> tuple[AskedQuestion, ...]:
        """Questions from ``begin`` up to ``end`` (left out), in order."""
        where, values = between("at", begin, end)
        rows = self._store.read(f"SELECT * FROM questions WHERE {where} {_IN_TIME}", values)
        return entries(AskedQuestion, rows)

    def open_questions_between(self, begin: datetime, end: datetime) -> tuple[OpenQuestion, ...]:
        """Questions from ``begin`` up to ``end`` (left out) that still wait for the shop, in order."""
        where, values = between("at", begin, end)
        rows = self._store.read(
            "SELECT number, at, question_id, viewer, text, product_id FROM open_questions"
            f" WHERE closed_at IS NULL AND {where} ORDER BY number",
            values,
        )
        return entries(OpenQuestion, rows)

    def writers(self, begin: datetime, end: datetime) -> tuple[tuple[str, str, int, int], ...]:
        """Each writer and model with its lines on air from ``begin`` up to ``end`` (left out) and their samples."""
        where, values = between("l.at", begin, end)
        rows = self._store.read(
            "SELECT COALESCE(w.writer, '') AS writer, COALESCE(w.model, '') AS model, count(*) AS lines,"
            " COALESCE(SUM(l.end_sample - l.start_sample), 0) AS samples"
            f" FROM lines l LEFT JOIN written w ON w.line_id = l.line_id WHERE {where} GROUP BY 1, 2",
            values,
        )
        return tuple(
            (str(row["writer"]), str(row["model"]), int(row["lines"] or 0), int(row["samples"] or 0)) for row in rows
        )

    def clicks(self, begin: datetime | None = None, end: datetime | None = None) -> tuple[Click, ...]:
        """Opened product links from ``begin`` up to ``end`` (left out), in order."""
        where, values = between("at", begin, end)
        rows = self._store.read(f"SELECT * FROM clicks WHERE {where} {_IN_TIME}", values)
        return entries(Click, rows)

    def close(self) -> None:
        """Close the database; a second time does nothing."""
        self._store.close()


def ledger_place(channel: Channel, state: Path) -> Path | str:
    """Where a channel's ledger is: the database that it names, else a file in the state folder."""
    return channel.records.get_secret_value() or state / f"{channel.file.stem}.ledger.sqlite"


def open_ledger(channel: Channel, state: Path) -> Ledger:
    """The ledger of a channel.

    Raises:
        LedgerError: it cannot be opened.
    """
    return Ledger(ledger_place(channel, state), channel.file.stem)


def open_store(place: Path | str, channel: str, *, read_only: bool = False) -> Store:
    """The database at ``place``, see ``Ledger``. ``read_only`` is for PostgreSQL; ``read_only.SqliteReader`` for files.

    Raises:
        LedgerError: it cannot be opened.
    """
    if not (isinstance(place, str) and place.startswith(("postgresql://", "postgres://"))):
        return SqliteStore(Path(place))
    try:
        from engine.records.postgres_store import PostgresStore  # noqa: PLC0415 (an extra that few installs have)
    except ImportError as error:
        hint = f"install it with: {install_command('postgres')}"
        raise LedgerError(f"a ledger in PostgreSQL needs the package psycopg; {hint}") from error
    return PostgresStore(place, channel, read_only=read_only)


def between(column: str, begin: datetime | None, end: datetime | None) -> tuple[str, tuple[str, ...]]:
    """A condition on a column of times; ISO 8601 text sorts as the times do."""
    parts, values = ["1 = 1"], []
    for sign, moment in ((">=", begin), ("<", end)):
        if moment is not None:
            parts.append(f"{column} {sign} ?")
            values.append(time_text(moment))
    return " AND ".join(parts), tuple(values)


def _now() -> str:
    return time_text(datetime.now(UTC))


def time_text(moment: datetime) -> str:
    """A moment as the ledger writes it, such as 2026-05-01T09:00:00.000Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _storable(text: str) -> str:
    """Viewers' text as every database takes it: no NUL, no half of a surrogate pair."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
