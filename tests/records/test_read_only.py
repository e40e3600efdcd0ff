"""A ledger that is only looked at, wherever it lies."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from engine.flow import Line, LineKind
from engine.records import Ledger, LedgerError, ReadOnlyLedger, read_only

LINE = Line("1-1", LineKind.PITCH, "It holds 300 ml.", ("mug.size",), "mug")


def said(ledger: Ledger) -> list[str]:
    return [line.performance_id for line in ledger.lines()]


def test_one_that_is_written_meanwhile_is_read_and_nothing_can_be_written(tmp_path: Path) -> None:
    writer = Ledger(tmp_path / "mia.ledger.sqlite")
    writer.said(LINE, "p1", 0)
    reader = ReadOnlyLedger(tmp_path / "mia.ledger.sqlite")
    assert said(reader) == ["p1"]
    writer.said(LINE, "p2", 0)
    assert said(reader) == ["p2", "p1"]
    for write in (lambda: reader.said(LINE, "p3", 0), lambda: reader.add_faq("a", "b"), lambda: reader.remove_faq(1)):
        with pytest.raises(LedgerError):
            write()
    assert said(writer) == ["p2", "p1"]
    reader.close()
    writer.close()


def test_a_copy_where_nothing_can_be_made_beside_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a disk that can only be read: SQLite cannot make the files of its log there."""
    writer = Ledger(tmp_path / "mia.ledger.sqlite")
    writer.said(LINE, "p1", 0)
    writer.close()
    tried: list[str] = []
    really = read_only._tried

    def on_read_only_media(address: str) -> sqlite3.Connection:
        tried.append(address)
        if "immutable" not in address:
            raise sqlite3.OperationalError("unable to open database file")
        return really(address)

    monkeypatch.setattr(read_only, "_tried", on_read_only_media)
    reader = ReadOnlyLedger(tmp_path / "mia.ledger.sqlite")
    assert said(reader) == ["p1"]
    assert len(tried) == 2
    reader.close()


def test_what_a_log_beside_it_holds_is_not_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = Ledger(tmp_path / "mia.ledger.sqlite")
    writer.said(LINE, "p1", 0)
    for name in ("mia.ledger.sqlite", "mia.ledger.sqlite-wal"):
        shutil.copy(tmp_path / name, tmp_path / name.replace("mia", "copy"))
    writer.close()

    def nowhere(address: str) -> sqlite3.Connection:
        raise sqlite3.OperationalError(f"unable to open database file {address}")

    with monkeypatch.context() as media:
        media.setattr(read_only, "_tried", nowhere)
        with pytest.raises(LedgerError) as told:
            ReadOnlyLedger(tmp_path / "copy.ledger.sqlite")
        assert "immutable" not in str(told.value)
    reader = ReadOnlyLedger(tmp_path / "copy.ledger.sqlite")
    assert said(reader) == ["p1"]
    reader.close()


def test_one_of_a_later_program_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "mia.ledger.sqlite"
    Ledger(place).close()
    with closing(sqlite3.connect(place)) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(LedgerError, match="has schema 99"):
        ReadOnlyLedger(place)
    with pytest.raises(LedgerError, match="cannot be opened"):
        ReadOnlyLedger(tmp_path / "missing.sqlite")
    assert not (tmp_path / "missing.sqlite").exists()
