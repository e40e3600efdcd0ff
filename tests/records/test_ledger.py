from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from engine.flow import Line, LineKind, Question
from engine.records import Ledger, LedgerError

ASKED = Question("q1", "Ann", "is it blue?")
SAID = Line("1-1", LineKind.PITCH, "It holds 300 ml.", ("mug.size",), "mug", catalogue_version=4)


def test_lines_come_back_newest_first(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "new" / "ledger.db")
    ledger.said(SAID, "p1", 96_000, 144_000)
    ledger.said(Line("1-2", LineKind.ANSWER, "Yes.", question=ASKED), "p2", 192_000)
    second, first = ledger.lines()
    assert (first.line_id, first.performance_id, first.start_sample) == ("1-1", "p1", 96_000)
    assert (first.end_sample, second.end_sample) == (144_000, None)
    assert (first.fact_ids, first.product_id, first.catalogue_version) == (("mug.size",), "mug", 4)
    assert (second.kind, second.question_id, second.text) == ("answer", "q1", "Yes.")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", first.at)
    assert [line.line_id for line in ledger.lines(1)] == ["1-2"]
    ledger.close()


def test_questions_and_what_the_shop_must_answer(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    answer = Line("1-3", LineKind.ANSWER, "I'll ask the shop.", reply="I'll ask.", question=ASKED)
    ledger.asked(ASKED, answer)
    ledger.asked(Question("q2", "Bea", "hm?"), None)
    ledger.unanswered(ASKED, "mug")
    ledger.unanswered(ASKED, "mug")
    newest, oldest = ledger.questions()
    assert (oldest.question_id, oldest.answer, oldest.reply, oldest.line_id) == (
        "q1", "I'll ask the shop.", "I'll ask.", "1-3"
    )  # fmt: skip
    assert (newest.line_id, newest.answer) == (None, "")
    (waiting,) = ledger.open_questions()
    assert (waiting.text, waiting.viewer, waiting.product_id) == ("is it blue?", "Ann", "mug")
    assert ledger.close_question("q1") is True
    assert ledger.close_question("q1") is False
    assert ledger.open_questions() == ()
    ledger.close()


def test_what_was_written_is_there_after_opening_again(tmp_path: Path) -> None:
    first = Ledger(tmp_path / "ledger.db")
    first.said(SAID, "p1", 0)
    assert first.start_run() == 1
    first.close()
    first.close()
    second = Ledger(tmp_path / "ledger.db")
    assert second.start_run() == 2
    assert len(second.lines()) == 1
    second.close()


WRITE_MANY = """
import sys
from engine.flow import Line, LineKind
from engine.records import Ledger
ledger = Ledger(sys.argv[1])
for i in range(100):
    ledger.said(Line("1-1", LineKind.PITCH, "It holds 300 ml."), f"p{i}", i)
ledger.close()
"""


def test_several_processes_write_into_one_ledger(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    writers = [subprocess.Popen([sys.executable, "-c", WRITE_MANY, str(path)]) for _ in range(3)]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    ledger = Ledger(path)
    assert len(ledger.lines(1000)) == 300
    ledger.close()


def test_a_reader_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    reader = Ledger(path)
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO runs DEFAULT VALUES")
    assert reader.lines() == ()
    writer.execute("ROLLBACK")
    writer.close()
    reader.close()


def test_a_ledger_of_another_version_or_no_ledger_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    Ledger(path).close()
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(LedgerError, match="has schema 99, this program knows 6"):
        Ledger(path)
    other = tmp_path / "text.db"
    other.write_text("not a database at all, but long enough to be looked at" * 20)
    with pytest.raises(LedgerError, match="cannot be opened"):
        Ledger(other)


def test_a_closed_ledger_says_so(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    ledger.close()
    with pytest.raises(LedgerError, match="cannot be written"):
        ledger.said(SAID, "p1", 0)
    with pytest.raises(LedgerError, match="cannot be read"):
        ledger.lines()


def test_the_shop_s_answers_are_kept_until_they_are_taken_back(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    assert ledger.faq() == ()
    assert ledger.add_faq("is there a spoon?", "No spoon.", "mug") == 1
    assert ledger.add_faq("a shop in Boston?", "There is none.") == 2
    first, second = ledger.faq()
    assert (first.number, first.question, first.answer, first.product_id) == (
        1,
        "is there a spoon?",
        "No spoon.",
        "mug",
    )
    assert (second.product_id, second.at[-1]) == (None, "Z")
    assert ledger.remove_faq(1)
    assert not ledger.remove_faq(1)
    assert [entry.number for entry in ledger.faq()] == [2]
    ledger.close()


class FullDisk:
    """A SQLite connection on a disk that is full while ``full`` says so."""

    def __init__(self, real: sqlite3.Connection) -> None:
        self._real = real
        self.full = True

    def execute(self, sql: str, values: tuple[object, ...] = ()) -> sqlite3.Cursor:
        if self.full and not sql.startswith("SELECT"):
            raise sqlite3.OperationalError("database or disk is full")
        return self._real.execute(sql, values)

    def close(self) -> None:
        self._real.close()


def test_a_full_disk_keeps_rows_in_order_until_there_is_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.records.sqlite_store.REST_S", 0.0)
    ledger = Ledger(tmp_path / "ledger.db")
    assert ledger.start_run() == 1
    disk = FullDisk(ledger._store._db)  # type: ignore[attr-defined]
    ledger._store._db = disk  # type: ignore[attr-defined]
    for n in range(3):
        ledger.said(Line(f"1-{n}", LineKind.PITCH, f"Line {n}."), f"p{n}", n)
    assert ledger.waiting == 3
    disk.full = False
    assert [line.line_id for line in ledger.lines()] == ["1-2", "1-1", "1-0"]
    assert ledger.waiting == 0
    ledger.close()


def test_a_full_disk_is_read_from_while_rows_wait(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    ledger.add_faq("a spoon?", "No spoon.")
    disk = FullDisk(ledger._store._db)  # type: ignore[attr-defined]
    ledger._store._db = disk  # type: ignore[attr-defined]
    ledger.said(SAID, "p1", 0)
    ledger._store._rests_until = 0.0  # type: ignore[attr-defined]
    assert [entry.answer for entry in ledger.faq()] == ["No spoon."]
    assert (ledger.waiting, ledger.lost) == (1, 0)
    disk.full = False
    ledger._store._rests_until = 0.0  # type: ignore[attr-defined]
    assert len(ledger.lines()) == 1
    ledger.close()


def test_rows_that_wait_are_bounded_and_what_is_lost_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.records.sqlite_store.MOST_KEPT", 2)
    ledger = Ledger(tmp_path / "ledger.db")
    disk = FullDisk(ledger._store._db)  # type: ignore[attr-defined]
    ledger._store._db = disk  # type: ignore[attr-defined]
    for n in range(5):
        ledger.said(Line(f"1-{n}", LineKind.PITCH, f"Line {n}."), f"p{n}", n)
    assert (ledger.waiting, ledger.lost) == (2, 3)
    disk.full = False
    ledger._store._rests_until = 0.0  # type: ignore[attr-defined]
    assert [line.line_id for line in ledger.lines()] == ["1-1", "1-0"]
    ledger.close()


def test_a_row_that_the_database_refuses_is_lost_and_blocks_no_other(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    ledger._store.write("INSERT INTO lines (line_id) VALUES (?)", ("1-1",))
    assert (ledger.waiting, ledger.lost) == (0, 1)
    ledger.said(SAID, "p1", 0)
    assert len(ledger.lines()) == 1
    ledger.close()


def test_a_line_that_was_kept_is_not_kept_once_more(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    ledger.said(SAID, "p1", 0, 96_000)
    for name in ("p1", "p2", "p2"):
        ledger.said(SAID, name, 0, 96_000, once=True)
    assert [(line.performance_id, line.end_sample) for line in ledger.lines()] == [("p2", 96_000), ("p1", 96_000)]
    ledger.close()


def test_a_show_that_is_started_again_on_a_full_disk_has_a_number_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.records.sqlite_store.REST_S", 0.0)
    ledger = Ledger(tmp_path / "ledger.db")
    ledger.start_run()
    disk = FullDisk(ledger._store._db)  # type: ignore[attr-defined]
    ledger._store._db = disk  # type: ignore[attr-defined]
    second = ledger.start_run()
    assert second > 1_700_000_000
    disk.full = False
    assert ledger.start_run() == second + 1
    ledger.close()
