"""``everhost audit``: what was said, and why it was allowed."""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.cli import main
from engine.flow import Line, LineKind, Question
from engine.records import Accounts, AuditedLine, Ledger, ReadOnlyLedger, open_ledger
from engine.records import ledger as ledger_module
from engine.records.schema import SQLITE, STEPS
from engine.settings import Catalogue, Product, load_channel
from engine.show import Director

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., int]


@pytest.fixture
def channel_file(tmp_path: Path) -> Path:
    text = (ROOT / "avatars" / "mia.yaml").read_text()
    text = text.replace("../assets/catalogue/demo.yaml", str(ROOT / "assets" / "catalogue" / "demo.yaml"))
    (tmp_path / "mia.yaml").write_text(text)
    return tmp_path / "mia.yaml"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("EVERHOST_STATE_DIR", str(tmp_path / "state"))

    def typed(*arguments: str) -> int:
        monkeypatch.setattr(sys, "argv", ["everhost", "audit", *arguments])
        return main()

    return typed


def dearer(catalogue: Catalogue) -> Catalogue:
    products = [
        Product.model_validate({**p.model_dump(), "price": p.price + 1, "was_price": None}) for p in catalogue.products
    ]
    return catalogue.model_copy(update={"products": tuple(products)})


@pytest.fixture
def shown_lines(channel_file: Path, tmp_path: Path) -> int:
    """A show of forty lines, an answer, and a price that changed in the middle."""
    channel = load_channel(channel_file, check_files=False)
    ledger = open_ledger(channel, tmp_path / "state")
    director = Director(channel, ledger)
    for number in range(40):
        if number == 20:
            stale = director.update_catalogue(dearer(channel.items))
            director.drop(sorted(stale)[:1], "the catalogue changed")
        ledger.said(director.next_line(), f"p{number}", number * 48_000)
    question = Question("m1", "Ann", "how heavy is the bottle?")
    answer = director.answer(question)
    ledger.said(answer, "p40", 0)
    ledger.received("m1", "Ann", question.text, "spoken", line_id=answer.line_id)
    ledger.received("m2", "Bob", "buy at x.com", "refused", "link")
    ledger.showed(director.cards()[0], 0)
    ledger.close()
    return 41


def test_every_line_is_told_with_writer_facts_then_and_verdict(
    run: Run, channel_file: Path, shown_lines: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(str(channel_file), "--json") == 0
    data = json.loads(capsys.readouterr().out)
    assert len(data["lines"]) == shown_lines
    for line in data["lines"]:
        assert line["allowed"] is True
        assert line["writer"] == "template"
        assert [fact["fact_id"] for fact in line["facts"]] == line["fact_ids"]
        assert all(fact["value"] and fact["source"] for fact in line["facts"])
    prices = {f["value"] for line in data["lines"] for f in line["facts"] if f["fact_id"] == "bottle.price"}
    assert prices <= {"19.99", "20.99"}
    before, after = data["lines"][:20], data["lines"][20:40]
    told = [
        {p["price"] for line in part for p in line["prices"] if p["product_id"] == "bottle"} for part in (before, after)
    ]
    assert told[0] == {"19.99"}
    assert told[1] <= {"20.99"}
    assert [m["outcome"] for m in data["messages"]] == ["spoken", "refused"]
    assert [line["dropped_why"] for line in data["taken_back"]] == ["the catalogue changed"]
    assert data["shown"][0]["product_id"] == "bottle"


def test_the_text_says_why_a_line_was_allowed(
    run: Run, channel_file: Path, shown_lines: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(str(channel_file)) == 0
    out = capsys.readouterr().out
    assert f"{shown_lines} lines on air" in out
    assert "fact bottle.capacity = 750 ml: “holds 750 ml” (demo.yaml:23)" in out
    assert "bottle then: 19.99 USD, was 29.99, stock 38" in out
    assert "answers message m1" in out
    assert "Bob: “buy at x.com”  → refused link" in out
    assert out.count("allowed by the guard") == shown_lines


def test_a_time_span_leaves_out_the_rest(
    run: Run, channel_file: Path, shown_lines: int, capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime.now(UTC)
    later = (now + timedelta(hours=1)).isoformat()
    assert run(str(channel_file), "--json", "--from", later) == 0
    assert json.loads(capsys.readouterr().out)["lines"] == []
    assert run(str(channel_file), "--json", "--from", "2026-01-01", "--to", later) == 0
    assert len(json.loads(capsys.readouterr().out)["lines"]) == shown_lines


@pytest.mark.usefixtures("shown_lines")
def test_a_ledger_may_be_named_itself(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(tmp_path / "state" / "mia.ledger.sqlite")) == 0
    assert "41 lines on air" in capsys.readouterr().out


def test_what_cannot_be_audited_is_told(
    run: Run, channel_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(str(channel_file)) == 1
    assert "there is no ledger at" in capsys.readouterr().err
    assert not (tmp_path / "state").exists(), "asking makes nothing"
    (tmp_path / "x.sqlite").write_text("no database at all" * 100)
    assert run(str(tmp_path / "x.sqlite")) == 1
    assert "cannot be opened" in capsys.readouterr().err
    assert run(str(channel_file), "--from", "2026-02-01", "--to", "2026-01-01") == 1
    assert "--to must be later" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        run(str(channel_file), "--from", "yesterday")
    assert "is not a time" in capsys.readouterr().err


def test_operators_actions_stand_between_the_lines(
    run: Run, channel_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = open_ledger(load_channel(channel_file, check_files=False), tmp_path / "state")
    ledger.said(Line("1-1", LineKind.PITCH, "One."), "p1", 0)
    time.sleep(0.002)
    ledger.steered("ann", "say", "Two.", why="the shop asked", outcome="done")
    time.sleep(0.002)
    ledger.said(Line("1-2", LineKind.PITCH, "Three."), "p2", 0)
    ledger.close()
    assert run(str(channel_file)) == 0
    report = capsys.readouterr().out
    deed = report.index("operator ann: say “Two.”  because “the shop asked”  → done")
    assert report.index("“One.”") < deed < report.index("“Three.”")
    assert run(str(channel_file), "--json") == 0
    (action,) = json.loads(capsys.readouterr().out)["operator_actions"]
    assert (action["who"], action["action"], action["why"]) == ("ann", "say", "the shop asked")


def test_a_file_that_is_no_ledger_stays_as_it_is(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    foreign, accounts = tmp_path / "shop.db", tmp_path / "accounts.sqlite3"
    with closing(sqlite3.connect(foreign)) as db:
        db.execute("CREATE TABLE orders (number INTEGER)")
        db.commit()
    Accounts(accounts).close()
    for file in (foreign, accounts):
        before = file.read_bytes()
        assert run(str(file)) == 1
        assert f"{file} is no ledger" in capsys.readouterr().err
        assert file.read_bytes() == before


@pytest.mark.usefixtures("shown_lines")
def test_an_audit_writes_nothing_into_the_ledger(run: Run, tmp_path: Path) -> None:
    place = tmp_path / "state" / "mia.ledger.sqlite"
    before = place.read_bytes()
    assert run(str(place)) == 0
    assert place.read_bytes() == before


def test_an_older_ledger_is_read_and_stays_one(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "old.sqlite"
    with closing(sqlite3.connect(place, isolation_level=None)) as db:
        for step in STEPS[:2]:
            for statement in step:
                db.execute(SQLITE.write(statement))
        db.execute("PRAGMA user_version = 2")
        db.execute(
            "INSERT INTO lines (line_id, performance_id, start_sample, kind, text, fact_ids, catalogue_version)"
            " VALUES ('1-1', 'p1', 0, 'pitch', 'It holds 300 ml.', '[]', 1)"
        )
    before = place.read_bytes()
    assert run(str(place)) == 0
    assert "“It holds 300 ml.”" in capsys.readouterr().out
    assert place.read_bytes() == before


@pytest.fixture
def three_days(tmp_path: Path) -> Path:
    """A ledger that began three days ago, with a line and a message each day, and a line of a clock that was behind."""
    place = tmp_path / "days.sqlite"
    ledger = Ledger(place)
    now = datetime.now(UTC)
    with pytest.MonkeyPatch.context() as then:
        for days_ago in (2.9, 400.0, 2.5, 1.5, 0.5):
            at = ledger_module.time_text(now - timedelta(days=days_ago))
            then.setattr(ledger_module, "_now", lambda at=at: at)
            if days_ago == 2.9:
                ledger.start_run()
                continue
            line = Line(f"1-{days_ago}", LineKind.SAY, f"It was {days_ago} days ago.", ())
            ledger.wrote(line, writer="template")
            ledger.said(line, f"p{days_ago}", 0)
            ledger.received(f"m{days_ago}", "Ann", "how big?", "spoken")
            ledger.steered("ana", "say", f"{days_ago}")
    ledger.close()
    return place


def test_a_long_ledger_is_read_a_day_at_a_time_and_nothing_is_left_out(
    run: Run, three_days: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    most: list[int] = []
    read = ReadOnlyLedger.audit

    def counted(*given: Any) -> tuple[AuditedLine, ...]:
        found = read(*given)
        most.append(len(found))
        return found

    monkeypatch.setattr(ReadOnlyLedger, "audit", counted)
    assert run(str(three_days), "--json") == 0
    out = capsys.readouterr().out
    data = json.loads(out)
    assert out == json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    # The one of the wrong clock and that of the first day came together.
    assert (len(most), max(most)) == (3, 2)
    assert [line["line_id"] for line in data["lines"]] == ["1-400.0", "1-2.5", "1-1.5", "1-0.5"]
    assert (len(data["messages"]), len(data["operator_actions"]), data["shown"]) == (4, 4, [])
    assert run(str(three_days)) == 0
    told = capsys.readouterr().out
    assert f"{three_days}: 4 lines on air" in told
    assert "Chat (4 messages):" in told
    order = [told.index(text) for text in ("“It was 2.5", "say “2.5”", "“It was 1.5", "say “1.5”", "“It was 0.5")]
    assert order == sorted(order)
