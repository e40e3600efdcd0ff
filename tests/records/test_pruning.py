"""The ledger keeps things as long as it should, and no clock makes it forget much."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.flow import Card, Line, LineKind, Question
from engine.records import Ledger, insight, pruning
from engine.records import ledger as ledger_module
from engine.records.pruning import CHAT, EVIDENCE, Pruner
from engine.records.sqlite_store import SqliteStore
from engine.records.store import Row, Value
from engine.settings import Retention

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
LONG_UP_S = 30 * 86_400.0
ASKED = Question("q1", "Ann", "is it blue?")
SAID = Line("1-1", LineKind.PITCH, "It holds 300 ml.", ("mug.size",), "mug")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def store(place: Path) -> Iterator[SqliteStore]:
    made = SqliteStore(place)
    yield made
    made.close()


def note(place: Path, monkeypatch: pytest.MonkeyPatch, days_ago: float, number: int = 1) -> None:
    """One row in each table, so many days ago."""
    at = ledger_module.time_text(NOW - timedelta(days=days_ago))
    with monkeypatch.context() as then:
        then.setattr(ledger_module, "_now", lambda: at)
        ledger = Ledger(place)
        for n in range(number):
            line = Line(f"{days_ago}-{n}", LineKind.PITCH, "It holds 300 ml.", ("mug.size",), "mug")
            ledger.wrote(line, writer="template")
            ledger.said(line, f"p{days_ago}-{n}", n)
        ledger.showed(Card("mug", 1, "Mug", "", "$9", "", "", "", ""), 0)
        ledger.steered("ana", "say")
        ledger.watched(3)
        ledger.clicked("mug")
        ledger.received(f"m{days_ago}", "Ann", "is it blue?", "spoken")
        ledger.asked(ASKED, SAID)
        ledger.unanswered(Question(f"q{days_ago}", "Ann", "is it blue?"))
        ledger.close()


def left(store: SqliteStore) -> dict[str, int]:
    tables = (*EVIDENCE, *CHAT)
    return {table: int(store.read(f"SELECT count(*) AS n FROM {table}", ())[0]["n"] or 0) for table in tables}


def pruner(store: SqliteStore, *, ahead: timedelta = timedelta(0), uptime_s: float = LONG_UP_S, **days: int) -> Pruner:
    wall = (NOW + ahead).timestamp()
    return Pruner(lambda: store, Retention(**days), lambda: wall, lambda: uptime_s, pause_s=0.0)


def test_chat_goes_before_evidence_and_the_young_stays(
    store: SqliteStore, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for days_ago in (20, 15, 5, 1):
        note(place, monkeypatch, days_ago)
    removed = pruner(store, keep_days=18, chat_days=10).prune(store)
    assert left(store) == dict.fromkeys(EVIDENCE, 3) | dict.fromkeys(CHAT, 2)
    assert removed == len(EVIDENCE) + 2 * len(CHAT)
    assert pruner(store, keep_days=18, chat_days=10).prune(store) == 0


def test_many_rows_go_batch_by_batch(store: SqliteStore, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "BATCH_ROWS", 4)
    note(place, monkeypatch, 20, number=9)
    note(place, monkeypatch, 1, number=2)
    pruner(store, keep_days=10).prune(store)
    assert (left(store)["lines"], left(store)["written"]) == (2, 2)


def test_zero_keeps_all_for_ever(store: SqliteStore, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note(place, monkeypatch, 3000)
    assert pruner(store, keep_days=0, chat_days=0).prune(store) == 0


def test_a_clock_that_is_years_ahead_after_the_start_costs_nothing(
    store: SqliteStore, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for days_ago in (300, 5, 1):
        note(place, monkeypatch, days_ago)
    ahead = timedelta(days=3650)
    assert pruner(store, ahead=ahead, uptime_s=900, keep_days=400, chat_days=400).prune(store) == 0


def test_a_clock_that_stays_wrong_costs_a_week_a_day(
    store: SqliteStore, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for days_ago in (30, 25, 22, 1):
        note(place, monkeypatch, days_ago)
    wrong = pruner(store, ahead=timedelta(days=3650))
    wrong.prune(store)
    assert set(left(store).values()) == {2}
    wrong.prune(store)
    assert set(left(store).values()) == {1}


def test_it_works_by_itself_beside_a_writer_and_stops_when_it_is_told(
    store: SqliteStore, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note(place, monkeypatch, 20)
    monkeypatch.setattr(pruning, "FIRST_AFTER_S", 0.0)
    monkeypatch.setattr(pruning, "EVERY_S", 600.0)
    own = Pruner(
        lambda: SqliteStore(place), Retention(keep_days=10, chat_days=10), NOW.timestamp, lambda: LONG_UP_S, 0.0
    )
    own.start()
    end = time.monotonic() + 60
    while any(left(store).values()):
        assert time.monotonic() < end
        store.write("INSERT INTO clicks (at, product_id, viewer_kind) VALUES (?, ?, ?)", ("2020-01-01", "mug", ""))
        store.write("DELETE FROM clicks", ())
        time.sleep(0.02)
    own.close()
    own.close()
    assert "pruning" not in {thread.name for thread in threading.enumerate()}
    assert store.lost == 0


def test_another_that_removes_the_same_rows_meanwhile_ends_nothing(
    store: SqliteStore, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note(place, monkeypatch, 20)
    other = SqliteStore(place)
    read = store.read

    def just_before(sql: str, values: Sequence[Value]) -> list[Row]:
        found = read(sql, values)
        if sql.startswith("SELECT min(at)"):
            for table in (*EVIDENCE, *CHAT):
                other.write(f"DELETE FROM {table}", ())
        return found

    monkeypatch.setattr(store, "read", just_before)
    assert pruner(store, keep_days=10, chat_days=10).prune(store) == 0
    other.close()


def test_rows_of_a_clock_that_was_ahead_keep_nothing_that_is_old(
    store: SqliteStore, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "BATCH_ROWS", 4)
    for years in range(1, 8):
        note(place, monkeypatch, -365.25 * years)
    for days_ago in (20, 19, 18.5, 18.2, 5):
        note(place, monkeypatch, days_ago)
    pruner(store, keep_days=18, chat_days=10).prune(store)
    assert left(store) == dict.fromkeys((*EVIDENCE, *CHAT), 7 + 1)


def test_rows_of_a_clock_that_begins_with_1970_do_not_keep_what_is_old(
    store: SqliteStore, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for days_ago in (30, 29, 5, 20_000, 1):
        note(place, monkeypatch, days_ago)
    pruner(store, keep_days=18, chat_days=18).prune(store)
    assert set(left(store).values()) == {2}


class Explained(SqliteStore):
    """A store that keeps how SQLite goes about each query."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.plans: list[str] = []

    def read(self, sql: str, values: Sequence[Value]) -> list[Row]:
        self.plans += [f"{sql}: {step['detail']}" for step in super().read(f"EXPLAIN QUERY PLAN {sql}", values)]
        return super().read(sql, values)


def test_what_is_old_is_not_looked_for_in_the_whole_ledger(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A year on air is gigabytes: reading them once a day takes the disk from everything else."""
    note(place, monkeypatch, 1)
    store = Explained(place)
    assert pruner(store, keep_days=10, chat_days=10).prune(store) == 0
    assert len(store.plans) > len((*EVIDENCE, *CHAT))
    assert [plan for plan in store.plans if "SEARCH" not in plan] == []
    store.close()


def test_insight_of_a_month_reads_by_time_and_sorts_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note(place, monkeypatch, 1)
    ledger = Ledger(place)
    ledger._store.close()
    ledger._store = store = Explained(place)
    begin, end = NOW - timedelta(days=31), NOW
    assert insight.products(ledger, begin, end)
    assert insight.viewers_over_time(ledger, begin, end, 3600.0)
    insight.effects(ledger, begin, end)
    ledger.dropped_lines(begin, end)
    ledger.questions_between(begin, end)
    assert [plan for plan in store.plans if ": SCAN" in plan] == []
    assert [plan for plan in store.plans if "TEMP B-TREE FOR ORDER BY" in plan and "dropped_at" not in plan] == []
    ledger.close()
