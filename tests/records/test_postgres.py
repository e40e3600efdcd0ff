"""The ledger in a real PostgreSQL server: the same as in a file, and what happens when the server goes away."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from engine.flow import Line, LineKind, Question
from engine.records import Ledger, LedgerError, Pruner, ReadOnlyLedger, ShowLedger, insight
from engine.settings import Retention
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


def test_insight_reads_it_as_it_reads_a_file(server: Server) -> None:
    ledger = Ledger(server.url, "insight")
    begin, end = datetime.now(UTC) - timedelta(hours=1), datetime.now(UTC) + timedelta(hours=1)
    ledger.watched(3)
    ledger.said(LINE, "p1", 0, 96_000)
    ledger.clicked("mug")
    ledger.asked(Question("q1", "Ann", "how big?"), LINE, "fact", "mug")
    ledger.unanswered(Question("q2", "Ann", "is it blue?"), "mug")
    (writer,) = insight.lines_by_writer(ledger, begin, end)
    assert (writer.lines, writer.air_seconds) == (1, 2.0)
    (product,) = insight.products(ledger, begin, end)
    assert (product.air_seconds, product.clicks, product.questions) == (2.0, 1, 1)
    assert [row.fact_id for row in insight.questions_by_topic(ledger, begin, end)] == list(LINE.fact_ids[:1])
    assert [row.text for row in insight.unanswered(ledger, begin, end)] == ["is it blue?"]
    assert insight.viewers_over_time(ledger, begin, end, 60)[0].most == 3
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


def test_no_two_files_have_one_schema() -> None:
    assert [postgres_store.schema_name(n) for n in ("mia", "shop_1", "Mia", "a-b.c", "店")] == [
        "everhost_mia", "everhost_shop_1", "everhost_mia_41509508", "everhost_a_b_c_fb187eed",
        "everhost_channel_aaded36a",
    ]  # fmt: skip
    files = [
        "小美",
        "小李",
        "我的频道",
        "channel",
        "shop-1",
        "shop_1",
        "shop 1",
        "Shop-1",
        "x" * 80,
        "x" * 80 + "y",
        "_a",
    ]
    schemas = [postgres_store.schema_name(name) for name in files]
    assert len(set(schemas)) == len(files)
    assert all(len(name.encode()) <= 63 for name in schemas)


def test_a_new_ledger_tells_of_the_one_that_older_versions_shared(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    with psycopg.connect(server.url, autocommit=True) as db:
        db.execute("CREATE SCHEMA everhost_my_shop")
    Ledger(server.url, "my-shop").close()
    name = postgres_store.schema_name("my-shop")
    assert f"ALTER SCHEMA everhost_my_shop RENAME TO {name}" in caplog.text
    caplog.clear()
    Ledger(server.url, "my-shop").close()
    assert caplog.text == ""


def test_who_only_looks_makes_and_changes_nothing(server: Server) -> None:
    with pytest.raises(LedgerError, match="is no ledger"):
        ReadOnlyLedger(server.url, "nobody")
    with psycopg.connect(server.url) as db:
        found = db.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'everhost_nobody'").fetchall()
    assert found == []
    written = Ledger(server.url, "looked")
    written.said(LINE, "p1", 0)
    written.close()
    looked = ReadOnlyLedger(server.url, "looked")
    assert [line.performance_id for line in looked.lines()] == ["p1"]
    with pytest.raises(LedgerError, match="read-only"):
        looked.add_faq("is it blue?", "No.")
    looked.close()


def test_rows_that_are_too_old_go(server: Server) -> None:
    store = postgres_store.PostgresStore(server.url, "pruned")
    for at in ("2026-01-01T00:00:00.000Z", "2026-01-05T00:00:00.000Z", "2026-11-28T00:00:00.000Z"):
        store.write("INSERT INTO clicks (at, product_id, viewer_kind) VALUES (?, ?, ?)", (at, "mug", "phone"))
    now = datetime(2026, 11, 29, tzinfo=UTC).timestamp()
    assert Pruner(lambda: store, Retention(keep_days=30), lambda: now, lambda: 1e7, pause_s=0.0).prune(store) == 2
    assert [row["at"] for row in store.read("SELECT at FROM clicks", ())] == ["2026-11-28T00:00:00.000Z"]
    store.close()


@pytest.mark.parametrize(
    "url",
    ["postgresql://u:can%ary@host/d", "postgresql://u:can@ary@host/d", "postgresql://u:can/ary@host/d"],
)  # fmt: skip
def test_no_piece_of_a_password_is_in_the_message(url: str) -> None:
    with pytest.raises(LedgerError) as told:
        Ledger(url, "mia")
    assert "can" not in str(told.value).replace("cannot", "")
    assert "ary" not in str(told.value)
    assert told.value.__cause__ is None or "ary" not in str(told.value.__cause__)


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
    with pytest.raises(LedgerError, match="has schema 99, this program knows 6"):
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
    store.write("INSERT INTO nothing (at) VALUES (?)", ("x",))
    store.write(insert, ("sixth",))
    assert (store.kept, store.lost) == (0, 1), "a statement that is wrong does not block the next"
    store.close()


def test_a_show_that_begins_while_the_server_is_away_is_in_the_ledger_when_it_is_back(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.records.patient_store.OPEN_AGAIN_S", 0.1)
    monkeypatch.setattr("engine.records.patient_store.LATE_S", 0.0)
    server.stop()
    try:
        ledger = ShowLedger(server.url, "later")
        run = ledger.start_run()
        ledger.said(LINE, "p1", 0)
        assert (ledger.faq(), ledger.lines(), ledger.lost) == ((), (), 0)
        assert (run > 1_700_000_000, ledger.waiting) == (True, 2)
    finally:
        server.start()
    end = time.monotonic() + 20
    while ledger.waiting:
        assert time.monotonic() < end
        time.sleep(0.02)
    assert [line.performance_id for line in ledger.lines()] == ["p1"]
    ledger.close()
    again = Ledger(server.url, "later")
    assert again.start_run() == run + 1
    again.close()


def test_a_line_that_was_kept_is_not_kept_once_more(server: Server) -> None:
    ledger = Ledger(server.url, "once")
    for name in ("p1", "p1", "p2"):
        ledger.said(Line("1-1", LineKind.OPENER, "Hello."), name, 2**40, once=True)
    assert (sorted(line.performance_id for line in ledger.lines()), ledger.lost) == (["p1", "p2"], 0)
    ledger.close()


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
