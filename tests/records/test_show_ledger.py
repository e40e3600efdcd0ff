"""The ledger as the show uses it: whatever becomes of the database, nobody waits for it and nobody is ended by it."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from engine.flow import Line, LineKind
from engine.records import Ledger, LedgerError, ShowLedger, patient_store, sqlite_store
from engine.records.patient_store import PatientStore
from engine.records.store import Row, Value

LINE = Line("1-1", LineKind.PITCH, "It holds 300 ml.", ("mug.size",), "mug")
INSERT = "INSERT INTO runs (at) VALUES (?)"


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patient_store, "OPEN_AGAIN_S", 0.05)
    monkeypatch.setattr(patient_store, "LATE_S", 0.0)


def until(done: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_ledger_that_cannot_be_opened_yet_keeps_all_until_it_can(tmp_path: Path) -> None:
    in_the_way = tmp_path / "state"
    in_the_way.write_text("")
    ledger = ShowLedger(in_the_way / "ledger.db")
    run = ledger.start_run()
    ledger.said(LINE, "p1", 0)
    assert run > 1_700_000_000, "no other run has this number"
    assert (ledger.faq(), ledger.lines(), ledger.waiting, ledger.lost) == ((), (), 2, 0)
    in_the_way.unlink()
    until(lambda: ledger.waiting == 0)
    ledger.close()
    kept = Ledger(in_the_way / "ledger.db")
    assert [line.performance_id for line in kept.lines()] == ["p1"]
    assert kept.start_run() == run + 1
    kept.close()


def test_a_file_that_another_program_locks_holds_nobody_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_store, "BUSY_S", 30.0)
    ledger = ShowLedger(tmp_path / "ledger.db")
    assert ledger.start_run() == 1
    monkeypatch.setattr(patient_store, "READ_S", 0.3)
    other = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    for n in range(100):
        ledger.said(LINE, f"p{n}", n)
    assert (ledger.faq(), ledger.lines()) == ((), ())
    assert time.monotonic() - began < 20, "less than the database itself waits for the lock"
    assert ledger.waiting > 0
    other.execute("ROLLBACK")
    other.close()
    until(lambda: len(ledger.lines(200)) == 100)
    assert (ledger.waiting, ledger.lost) == (0, 0)
    ledger.close()


def test_the_shop_s_answers_are_the_last_ones_known_while_nothing_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Ledger(tmp_path / "ledger.db")
    other.add_faq("a spoon?", "No spoon.")
    other.close()
    ledger = ShowLedger(tmp_path / "ledger.db")
    until(lambda: bool(ledger.faq()))
    known = ledger.faq()
    assert [entry.answer for entry in known] == ["No spoon."]

    def away(*_: object) -> list[Row]:
        raise LedgerError("the disk is gone")

    monkeypatch.setattr(ledger._store, "read", away)
    assert ledger.faq() == known
    monkeypatch.undo()
    ledger.close()


class Hanging:
    """A store that hangs in ``write`` until it is let go."""

    name = "hanging"
    kept = lost = 0

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.written: list[Value] = []
        self.closed = False

    def write(self, _sql: str, values: Sequence[Value]) -> None:
        self.go_on.wait(10)
        self.written += values

    def read(self, _sql: str, values: Sequence[Value]) -> list[Row]:
        return [{"seen": len(self.written)}]

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    store = Hanging()
    yield store
    store.go_on.set()


def test_a_disk_that_hangs_costs_one_short_wait_and_what_waits_is_bounded_and_counted(
    hanging: Hanging, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patient_store, "MOST_WAITING", 3)
    monkeypatch.setattr(patient_store, "READ_S", 0.3)
    store = PatientStore(lambda: hanging)
    for n in range(5):
        store.write(INSERT, (n,))
    assert (store.kept, store.lost) == (3, 2)
    with pytest.raises(LedgerError, match="no answer"):
        store.read("SELECT", ())
    monkeypatch.setattr(patient_store, "READ_S", 30.0)
    began = time.monotonic()
    with pytest.raises(LedgerError, match="still busy"):
        store.read("SELECT", ())
    assert time.monotonic() - began < 20
    hanging.go_on.set()
    until(lambda: store.kept == 0)
    until(lambda: store._overdue is None)
    assert store.read("SELECT", ()) == [{"seen": 3}]
    store.close()
    store.close()
    assert (hanging.written, hanging.closed) == ([0, 1, 2], True)
    store.write(INSERT, (9,))
    assert store.lost == 3
    with pytest.raises(LedgerError, match="closed"):
        store.read("SELECT", ())


def test_what_waits_is_written_at_the_end(hanging: Hanging) -> None:
    store = PatientStore(lambda: hanging)
    for n in range(50):
        store.write(INSERT, (n,))
    hanging.go_on.set()
    store.close()
    assert (hanging.written, hanging.closed) == (list(range(50)), True)
