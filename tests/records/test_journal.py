"""Rows that wait for a database that is away outlive the process that could not write them."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.records import Ledger, ShowLedger, journal
from engine.records.journal import Journal, Waiting
from tests.records.test_show_ledger import LINE, until

ROWS: list[Waiting] = [("INSERT INTO runs (at) VALUES (?)", (f"“{n}”\n",)) for n in range(5)]

KILLED = """
import os, sys
from pathlib import Path
from engine.flow import Line, LineKind
from engine.records import ShowLedger, patient_store
patient_store.LATE_S = 0.0
ledger = ShowLedger(Path(sys.argv[1]), journal=Path(sys.argv[2]))
for n in range(3):
    ledger.said(Line("1-1", LineKind.PITCH, "It holds 300 ml.", (), "mug"), f"p{n}", n)
os._exit(9)
"""


def opened(file: Path) -> list[Waiting]:
    again = Journal(file)
    rows = list(again.rows)
    again.close()
    return rows


def test_what_is_written_is_done_and_the_rest_is_there_next_time(tmp_path: Path) -> None:
    file = tmp_path / "state" / "waiting.jsonl"
    first = Journal(file)
    first.add(ROWS[:3])
    first.done(1)
    first.add(ROWS[3:])
    first.close()
    first.close()
    assert opened(file) == ROWS[1:]
    assert file.stat().st_mode & 0o077 == 0, "chat is nobody else's to read"
    second = Journal(file)
    second.done(9)
    assert (len(second), file.stat().st_size) == (0, 0)
    second.close()


def test_the_file_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "MOST_DONE", 4)
    waiting = Journal(tmp_path / "waiting")
    waiting.add(ROWS[:1])
    for n in range(20):
        waiting.add([ROWS[n % 5]])
        waiting.done(1)
    waiting.close()
    assert opened(tmp_path / "waiting") == [ROWS[19 % 5]]
    assert len((tmp_path / "waiting").read_text().splitlines()) < 10


def test_half_a_row_and_what_is_none_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / "waiting"
    whole = Journal(file)
    whole.add(ROWS[:1])
    whole.close()
    file.write_bytes(file.read_bytes() + b'["DELETE", [[]]]\n{"a": 1}\n\xff\n["INSERT INTO ru')
    again = Journal(file)
    again.add(ROWS[1:2])
    again.close()
    assert opened(file) == ROWS[:2]


def test_one_process_has_the_file(tmp_path: Path) -> None:
    first = Journal(tmp_path / "waiting")
    first.add(ROWS[:1])
    second = Journal(tmp_path / "waiting")
    assert (second.is_on_disk, second.rows) == (False, ())
    second.add(ROWS[1:2])
    second.close()
    first.close()
    assert opened(tmp_path / "waiting") == ROWS[:1]


def test_without_a_place_rows_wait_in_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    nowhere = Journal(tmp_path / "file" / "waiting")
    nowhere.add(ROWS[:2])
    nowhere.done(1)
    assert (nowhere.is_on_disk, list(nowhere.rows)) == (False, ROWS[1:2])


@contextmanager
def full_after(size: int) -> Iterator[None]:
    """As if the disk had no room for files beyond ``size`` bytes."""
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limit[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)


def test_a_full_disk_costs_nothing_but_what_a_later_process_finds(tmp_path: Path) -> None:
    full = Journal(tmp_path / "waiting")
    full.add(ROWS[:1])
    with full_after((tmp_path / "waiting").stat().st_size + 9):
        full.add(ROWS[1:3])
    assert (full.is_on_disk, list(full.rows)) == (False, ROWS[:3])
    full.close()
    assert opened(tmp_path / "waiting") == ROWS[:1]


def test_a_disk_with_room_again_takes_what_it_could_not(tmp_path: Path) -> None:
    full = Journal(tmp_path / "waiting")
    full.add(ROWS[:1])
    with full_after((tmp_path / "waiting").stat().st_size + 9):
        full.add(ROWS[1:3])
        full.done(1)
    full.add(ROWS[3:])
    assert full.is_on_disk
    full.close()
    assert opened(tmp_path / "waiting") == ROWS[1:]


def test_rows_written_while_the_disk_is_full_are_not_written_again(tmp_path: Path) -> None:
    full = Journal(tmp_path / "waiting")
    full.add(ROWS[:2])
    with full_after((tmp_path / "waiting").stat().st_size):
        full.add(ROWS[2:])
        full.done(5)
    full.close()
    assert opened(tmp_path / "waiting") == []


def test_a_killed_process_leaves_its_rows_to_the_next_one(tmp_path: Path) -> None:
    in_the_way, file = tmp_path / "db", tmp_path / "waiting"
    in_the_way.write_text("")
    ledger = in_the_way / "ledger.db"
    killed = subprocess.run([sys.executable, "-c", KILLED, str(ledger), str(file)], check=False, stderr=subprocess.PIPE)
    assert killed.returncode == 9
    next_one = ShowLedger(ledger, journal=file)
    assert (next_one.waiting, next_one.lost) == (3, 0)
    next_one.said(LINE, "p3", 3)
    next_one.close()
    assert len(opened(file)) == 4, "closed while the database is still away"
    in_the_way.unlink()
    last = ShowLedger(ledger, journal=file)
    until(lambda: last.waiting == 0)
    last.close()
    kept = Ledger(ledger)
    assert [line.performance_id for line in reversed(kept.lines())] == ["p0", "p1", "p2", "p3"]
    kept.close()
    assert opened(file) == []
