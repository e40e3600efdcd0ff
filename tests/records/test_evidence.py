"""What the ledger keeps of a line beside its words, and ledgers of earlier versions."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.flow import Card, Line, LineKind
from engine.records import Evidence, Ledger, LedgerError, PriceThen
from engine.records.schema import SCHEMA_VERSION

FACT = Evidence("mug.size", "capacity", "capacity", "300", "ml", "holds 300 ml", "shop.csv row 2, Capacity")
PRICE = PriceThen("mug", "12.50", "15.00", "USD", 3)
LINE = Line("1-1", LineKind.PITCH, "It holds 300 ml.", ("mug.size",), "mug", catalogue_version=4)
CARD = Card("mug", 1, "Mug", "300 ml", "$12.50", "$15.00", "Only 3 left", "/p/mug.png")


def fill(ledger: Ledger) -> None:
    ledger.wrote(
        LINE,
        writer="model",
        model="qwen-1.5b",
        frame="f",
        facts=[FACT],
        prices=[PRICE],
        verdict={"ok": True, "reasons": []},
    )
    ledger.said(LINE, "p1", 96_000)
    ledger.wrote(Line("1-2", LineKind.PRICE, "It's $12.50."), writer="template")
    ledger.dropped("1-2", "the catalogue changed")
    ledger.dropped("1-2", "again")
    ledger.received("m1", "Ann", "is it blue?\0", "spoken", line_id="1-3")
    ledger.received("m2", "B\ud800b", "http://x", "refused", "link")
    ledger.showed(CARD, 96_000)


def check(ledger: Ledger) -> None:
    """What ``fill`` wrote, for every database."""
    (line,) = ledger.audit()
    assert (line.said.line_id, line.said.text, line.said.start_sample) == ("1-1", "It holds 300 ml.", 96_000)
    assert (line.writer, line.model, line.frame) == ("model", "qwen-1.5b", "f")
    assert (line.facts, line.prices, dict(line.verdict)) == ((FACT,), (PRICE,), {"ok": True, "reasons": []})
    (dropped,) = ledger.dropped_lines()
    assert (dropped.line_id, dropped.text, dropped.dropped_why) == ("1-2", "It's $12.50.", "the catalogue changed")
    first, second = ledger.messages()
    assert (first.message_id, first.text, first.outcome, first.line_id) == ("m1", "is it blue?\ufffd", "spoken", "1-3")
    assert (second.viewer, second.outcome, second.reason, second.line_id) == ("B?b", "refused", "link", None)
    (shown,) = ledger.shown()
    assert (shown.start_sample, shown.product_id, shown.card["price"]) == (96_000, "mug", "$12.50")
    now = datetime.now(UTC)
    assert len(ledger.audit(now - timedelta(minutes=5), now + timedelta(minutes=5))) == 1
    assert ledger.audit(now + timedelta(minutes=5)) == ()
    assert ledger.audit(None, now - timedelta(minutes=5)) == ()
    assert ledger.messages(end=now - timedelta(minutes=5)) == ()
    written = ledger.written("1-1")
    assert written is not None
    assert written.dropped_why == ""
    assert ledger.written("9-9") is None


def test_a_line_comes_back_with_all_that_allowed_it(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    fill(ledger)
    check(ledger)
    ledger.close()


VERSION_1 = """
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
INSERT INTO runs DEFAULT VALUES;
INSERT INTO lines (at, line_id, performance_id, start_sample, kind, text, fact_ids, product_id, catalogue_version)
    VALUES ('2026-01-01T10:00:00.000Z', '1-9', 'p', 48000, 'pitch', 'It holds 300 ml.', '["mug.size"]', 'mug', 1);
INSERT INTO open_questions (question_id, viewer, text) VALUES ('q1', 'Ann', 'is it blue?');
PRAGMA user_version = 1;
"""
"""A ledger as the first version of the program made it."""


def test_a_ledger_of_the_first_version_opens_keeps_its_rows_and_is_written_on(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    db = sqlite3.connect(path)
    db.executescript(VERSION_1)
    db.close()
    ledger = Ledger(path)
    (old,) = ledger.audit()
    assert (old.said.line_id, old.said.at, old.said.fact_ids) == ("1-9", "2026-01-01T10:00:00.000Z", ("mug.size",))
    assert (old.writer, old.facts, old.prices, dict(old.verdict)) == ("", (), (), {})
    assert [question.text for question in ledger.open_questions()] == ["is it blue?"]
    assert ledger.start_run() == 2
    fill(ledger)
    assert [line.said.line_id for line in ledger.audit()] == ["1-9", "1-1"]
    ledger.close()
    db = sqlite3.connect(path)
    assert db.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    db.close()
    again = Ledger(path)
    assert len(again.audit()) == 2
    again.close()


def test_a_step_that_fails_leaves_the_ledger_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    db = sqlite3.connect(path)
    db.executescript(VERSION_1 + "CREATE TABLE shown (something_else TEXT);")
    db.close()
    with pytest.raises(LedgerError, match="table shown already exists"):
        Ledger(path)
    db = sqlite3.connect(path)
    assert db.execute("PRAGMA user_version").fetchone() == (1,)
    assert db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'written'").fetchone() == (0,)
    db.close()
