"""The ledger in a real PostgreSQL server: the same as in a file, and what happens when the server goes away."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

import pytest

from engine.flow import Line, LineKind, Question
from engine.records import Ledger, LedgerError
from tests.records.postgres import NoServerError, Server, postgres_server
from tests.records.test_evidence import LINE, check, fill
from tests.records.test_people import check_people, fill_people

psycopg = pytest.importorskip("psycopg", reason="psycopg is missing: pip install 'everhost[postgres]'")
postgres_store = pytest.importorskip("engine.records.postgres_store")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with contextlib.ExitStack() as stack:
        try:
            running = stack.enter_context(postgres_server())
        except NoServerError as error:
            pytest.skip(str(error))
        yield running


def test_it_keeps_the_same_as_a_file(server: Server) -> None:
    ledger = Ledger(server.url, "Mia 2")
    assert ledger.start_run() == 1
    fill(ledger)
    check(ledger)
    question = Question("q1", "Ann", "is it blue?")
    ledger.asked(question, LINE)
    ledger.unanswered(question, "mug")
    ledger.unanswered(question, "mug")
    assert [open_question.text for open_question in ledger.open_questions()] == ["is it blue?"]
    assert (ledger.close_question("q1"), ledger.close_question("q1")) == (True, False)
    assert ledger.questions()[0].answer == "It holds 300 ml."
    assert [line.line_id for line in ledger.lines(5)] == ["1-1"]
    ledger.close()
    ledger.close()
    with pytest.raises(LedgerError, match="closed"):
        ledger.lines()


def test_it_keeps_what_people_did(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = Ledger(server.url, "people")
    fill_people(ledger, monkeypatch)
    check_people(ledger)
    ledger.close()


def test_a_schema_of_version_3_gets_the_new_tables(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as older:
        older.setattr(postgres_store, "STEPS", postgres_store.STEPS[:3])
        older.setattr(postgres_store, "SCHEMA_VERSION", 3)
        Ledger(server.url, "older").close()
    ledger = Ledger(server.url, "older")
    fill_people(ledger, monkeypatch)
    check_people(ledger)
    ledger.asked(Question("q1", "Ann", "is it blue?"), LINE, "fact", "mug")
    assert ledger.questions()[0].topic == "fact"
    ledger.close()


def test_each_channel_has_a_schema_of_its_own_and_opens_again(server: Server) -> None:
    first, other = Ledger(server.url, "ann"), Ledger(server.url, "bob")
    first.said(LINE, "p1", 0)
    assert (len(first.lines()), len(other.lines())) == (1, 0)
    first.close()
    other.close()
    again = Ledger(server.url, "ann")
    assert len(again.lines()) == 1
    again.close()
    assert [postgres_store.schema_name(n) for n in ("Mia", "a-b.c", "店")] == [
        "everhost_mia", "everhost_a_b_c", "everhost_channel",
    ]  # fmt: skip


def test_the_password_is_not_in_the_name(server: Server) -> None:
    ledger = Ledger(server.url, "names")
    assert "secret" not in ledger.name
    ledger.close()


def test_two_that_come_at_once_prepare_the_schema_once(server: Server) -> None:
    failures: list[str] = []

    def work() -> None:
        try:
            ledger = Ledger(server.url, "race")
            ledger.said(LINE, "p", 0)
            ledger.close()
        except LedgerError as error:
            failures.append(str(error))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    ledger = Ledger(server.url, "race")
    assert len(ledger.lines()) == 4
    ledger.close()


def test_a_ledger_of_the_first_version_is_brought_up_and_one_of_a_later_is_refused(server: Server) -> None:
    with psycopg.connect(server.url, autocommit=True) as db:
        db.execute("CREATE SCHEMA everhost_old")
        db.execute("SET search_path TO everhost_old")
        db.execute("CREATE TABLE schema_version (version BIGINT NOT NULL)")
        db.execute("INSERT INTO schema_version VALUES (1)")
        for statement in postgres_store.STEPS[0]:
            db.execute(postgres_store.POSTGRES.write(statement).encode())
        db.execute(
            "INSERT INTO lines (line_id, performance_id, start_sample, kind, text, fact_ids, catalogue_version)"
            " VALUES ('1-1', 'p', 0, 'pitch', 'Old.', '[]', 1)"
        )
        ledger = Ledger(server.url, "old")
        assert [line.said.text for line in ledger.audit()] == ["Old."]
        assert ledger.audit()[0].said.at.endswith("Z")
        ledger.close()
        db.execute("INSERT INTO schema_version VALUES (99)")
    with pytest.raises(LedgerError, match="has schema 99, this program knows 4"):
        Ledger(server.url, "old")


def test_what_is_said_while_the_server_is_away_is_written_when_it_is_back(server: Server) -> None:
    clock = [0.0]
    store = postgres_store.PostgresStore(server.url, "outage", lambda: clock[0])
    insert = "INSERT INTO runs (at) VALUES (?)"
    store.write(insert, ("first",))
    server.stop()
    try:
        store.write(insert, ("second",))
        store.write(insert, ("third",))
        assert store.kept == 2
        with pytest.raises(LedgerError, match="cannot be read"):
            store.read("SELECT at FROM runs", ())
    finally:
        server.start()
    store.write(insert, ("fourth",))
    assert store.kept == 3, "the database is left alone for a while"
    clock[0] += postgres_store.REST_S
    store.write(insert, ("fifth",))
    assert store.kept == 0
    rows = store.read("SELECT at FROM runs ORDER BY run", ())
    assert [row["at"] for row in rows] == ["first", "second", "third", "fourth", "fifth"]
    with pytest.raises(LedgerError, match="cannot be written"):
        store.write("INSERT INTO nothing (at) VALUES (?)", ("x",))
    store.write(insert, ("sixth",))
    assert store.kept == 0, "a statement that is wrong does not block the next"
    store.close()


def test_no_server_is_told_in_words() -> None:
    with pytest.raises(LedgerError, match="cannot be opened"):
        Ledger("postgresql://ann:secret@127.0.0.1:1/none", "mia")
    with pytest.raises(LedgerError) as caught:
        Ledger("postgresql://[broken", "mia")
    assert "secret" not in str(caught.value)


def test_lines_of_any_script_come_back_unchanged(server: Server) -> None:
    ledger = Ledger(server.url, "scripts")
    ledger.said(Line("1-1", LineKind.PITCH, "保温12小时。“%s” 100 % ?"), "p", 2**40)
    (line,) = ledger.lines()
    assert (line.text, line.start_sample) == ("保温12小时。“%s” 100 % ?", 2**40)
    ledger.close()
