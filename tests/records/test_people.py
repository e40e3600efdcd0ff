"""Operators' actions, viewers and clicks in the ledger, and a ledger from before they were kept."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.flow import Line, LineKind, Question
from engine.records import Ledger, ledger
from engine.records.schema import SCHEMA_VERSION, SQLITE, STEPS

NINE = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)


def minute(number: int) -> datetime:
    return NINE + timedelta(minutes=number)


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(ledger, "_now", lambda: ledger.time_text(moment))


def fill_people(kept: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, minute(0))
    kept.watched(3)
    kept.steered("ann", "stop", why="a wrong word")
    at(monkeypatch, minute(1))
    kept.clicked("mug", "phone")
    kept.steered("bob\0", "say", "Hello \ud800", outcome="refused: no such price")
    at(monkeypatch, minute(2))
    kept.watched(5)
    kept.clicked("pan")
    monkeypatch.undo()


def check_people(kept: Ledger) -> None:
    first, second = kept.steerings()
    assert (first.who, first.action, first.detail, first.why, first.outcome) == (
        "ann", "stop", "", "a wrong word", "done",
    )  # fmt: skip
    assert (second.who, second.detail, second.outcome) == ("bob\ufffd", "Hello ?", "refused: no such price")
    assert first.at == "2026-05-01T09:00:00.000Z"
    assert [steering.who for steering in kept.steerings(minute(0), minute(1))] == ["ann"]
    assert [(click.product_id, click.viewer_kind) for click in kept.clicks()] == [("mug", "phone"), ("pan", "")]
    assert [click.product_id for click in kept.clicks(minute(2))] == ["pan"]
    assert [count.viewers for count in kept.viewer_counts()] == [3, 5]


def test_what_people_did_comes_back_in_order_and_by_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Ledger(tmp_path / "ledger.db")
    fill_people(kept, monkeypatch)
    check_people(kept)
    kept.close()


def test_counts_of_viewers_are_led_by_the_one_that_held_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Ledger(tmp_path / "ledger.db")
    fill_people(kept, monkeypatch)
    assert [count.viewers for count in kept.viewer_counts(minute(1), minute(2))] == [3]
    assert [count.viewers for count in kept.viewer_counts(minute(1), minute(3))] == [3, 5]
    assert kept.viewer_counts(minute(-2), minute(-1)) == ()
    kept.close()


def test_a_question_keeps_what_it_was_about(tmp_path: Path) -> None:
    kept = Ledger(tmp_path / "ledger.db")
    kept.asked(Question("q1", "Ann", "how much?"), Line("1-1", LineKind.ANSWER, "It is 5."), "price", "mug")
    (question,) = kept.questions()
    assert (question.topic, question.product_id) == ("price", "mug")
    kept.close()


def test_a_ledger_of_version_3_gets_the_new_tables_and_keeps_its_questions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ledger.db"
    db = sqlite3.connect(path)
    for step in STEPS[:3]:
        for statement in step:
            db.execute(SQLITE.write(statement))
    db.execute("INSERT INTO questions (question_id, viewer, text) VALUES ('q1', 'Ann', 'is it blue?')")
    db.execute(
        "INSERT INTO lines (line_id, performance_id, start_sample, kind, text, fact_ids, catalogue_version)"
        " VALUES ('1-1', 'p', 0, 'pitch', 'Old.', '[]', 1)"
    )
    db.execute("PRAGMA user_version = 3")
    db.commit()
    db.close()
    kept = Ledger(path)
    (old,) = kept.questions()
    assert kept.lines()[0].end_sample is None
    assert (old.text, old.topic, old.product_id) == ("is it blue?", "", None)
    fill_people(kept, monkeypatch)
    check_people(kept)
    kept.close()
    db = sqlite3.connect(path)
    assert db.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    db.close()
    assert SCHEMA_VERSION == 6
