"""What the ledger tells a merchant, from rows at times that the test gives."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.flow import SAMPLE_RATE, Line, LineKind, Question
from engine.records import Ledger, LedgerError, insight, ledger
from engine.records.tables import as_csv, as_parquet

NINE = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)


def second(number: float) -> datetime:
    return NINE + timedelta(seconds=number)


@dataclass
class Told:
    """A ledger whose time stands where the test puts it, in seconds after nine."""

    ledger: Ledger
    now: datetime = NINE

    def at(self, number: float) -> Ledger:
        self.now = second(number)
        return self.ledger

    def said(self, begin: float, end: float, line: Line, *, whole: bool = True) -> None:
        first, last = round(begin * SAMPLE_RATE), round(end * SAMPLE_RATE)
        self.at(end).said(line, "p", first, last if whole else None)


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    story = Told(Ledger(tmp_path / "ledger.db"))
    monkeypatch.setattr(ledger, "_now", lambda: ledger.time_text(story.now))
    yield story
    story.ledger.close()


def line(number: int, text: str = "", product: str | None = "mug", kind: LineKind = LineKind.PITCH) -> Line:
    return Line(f"1-{number}", kind, text or f"Line {number}.", product_id=product)


def test_viewers_are_weighted_by_time_and_known_only_from_the_first_count(told: Told) -> None:
    told.at(30).watched(4)
    told.at(90).watched(10)
    told.at(105).watched(2)
    told.at(180).watched(0)
    steps = insight.viewers_over_time(told.ledger, NINE, second(240), 60)
    assert [(step.mean, step.least, step.most) for step in steps] == [
        (4.0, 4, 4), (5.0, 2, 10), (2.0, 2, 2), (0.0, 0, 0),
    ]  # fmt: skip
    assert steps[1].begin == "2026-05-01T09:01:00.000Z"
    (before,) = insight.viewers_over_time(told.ledger, second(100), second(102), 60)
    assert (before.mean, before.begin) == (10.0, "2026-05-01T09:01:40.000Z")
    assert insight.viewers_over_time(told.ledger, second(-60), NINE, 60) == ()


def test_a_series_of_too_many_or_no_steps_is_refused(told: Told) -> None:
    with pytest.raises(ValueError, match="at most 2000 steps"):
        insight.viewers_over_time(told.ledger, NINE, TEN, 1)
    with pytest.raises(ValueError, match="at most 2000 steps"):
        insight.viewers_over_time(told.ledger, NINE, TEN, 0)


def test_questions_are_counted_by_what_they_were_about(told: Told) -> None:
    size = Line("1-9", LineKind.ANSWER, "300 ml.", ("mug.size", "mug.x"), "mug")
    price = Line("1-8", LineKind.ANSWER, "5.", ("mug.price",), "mug")
    told.at(1).asked(Question("q1", "Ann", "how big?"), size, "fact", "mug")
    told.at(2).asked(Question("q2", "Ann", "what size?"), size, "fact", "mug")
    told.at(3).asked(Question("q3", "Bob", "size pls"), size, "fact", "mug")
    told.at(4).asked(Question("q4", "Bob", "how much?"), price, "price", "mug")
    told.at(500).asked(Question("q5", "Eve", "how much?"), price, "price", "mug")
    first, second_row = insight.questions_by_topic(told.ledger, NINE, second(60))
    assert (first.topic, first.fact_id, first.questions, first.viewers) == ("fact", "mug.size", 3, 2)
    assert first.example == "size pls"
    assert (second_row.topic, second_row.fact_id, second_row.questions) == ("price", "", 1)


def test_questions_that_wait_are_gathered_by_their_words(told: Told) -> None:
    for number, text in enumerate(("Is it  vegan?", "is it vegan", "is it blue?", "is it vegan？")):
        told.at(number).unanswered(Question(f"q{number}", "Ann", text), "mug")
    told.at(9).unanswered(Question("q9", "Ann", "is it vegan?"), "pan")
    vegan, *others = insight.unanswered(told.ledger, NINE, TEN)
    assert (vegan.text, vegan.asked, vegan.question_ids) == ("Is it  vegan?", 3, ("q0", "q1", "q3"))
    assert (vegan.first_at[-5:], vegan.last_at[-5:]) == (".000Z", ".000Z")
    assert sorted((row.product_id, row.text) for row in others) == [("mug", "is it blue?"), ("pan", "is it vegan?")]
    told.ledger.close_question("q2")
    assert len(insight.unanswered(told.ledger, NINE, TEN)) == 2


def test_air_time_is_cut_at_the_span_and_clicks_are_set_against_it(told: Told) -> None:
    told.said(0, 20, line(1))
    told.said(21, 31, line(2, product="pan"))
    told.said(40, 70, line(3))
    told.said(71, 75, line(4, product=None))
    told.said(80, 90, line(5, product="old"), whole=False)
    told.at(30).clicked("pan")
    told.at(31).clicked("pan")
    told.at(32).clicked("hat")
    told.at(33).asked(Question("q1", "Ann", "how big?"), None, "fact", "mug")
    rows = {row.product_id: row for row in insight.products(told.ledger, second(10), second(60))}
    assert (rows["mug"].air_seconds, rows["mug"].lines, rows["mug"].questions) == (30.0, 2, 1)
    assert (rows["pan"].air_seconds, rows["pan"].clicks, rows["pan"].clicks_per_air_minute) == (10.0, 2, 12.0)
    assert (rows["hat"].air_seconds, rows["hat"].clicks, rows["hat"].clicks_per_air_minute) == (0.0, 1, 0.0)
    assert "old" not in rows
    (old,) = (row for row in insight.products(told.ledger, NINE, TEN) if row.product_id == "old")
    assert (old.air_seconds, old.lines) == (0.0, 1)


def test_clicks_and_leaving_are_laid_to_what_was_on_air_two_seconds_before(told: Told) -> None:
    told.said(0, 10, line(1, "It is cheap.", kind=LineKind.PRICE))
    told.said(10, 20, line(2, "It is heavy."))
    told.said(20, 30, line(3, "It is red."))
    told.at(5).watched(8)
    told.at(11).clicked("mug")  # 9 s: the first line.
    told.at(12.5).clicked("mug")  # 10.5 s: the second.
    told.at(15).watched(5)
    told.at(16).watched(9)
    told.at(41).watched(8)  # 39 s: the third has ended nine seconds ago.
    told.at(45).clicked("mug")  # 43 s: nothing for thirteen seconds.
    rows = {row.what: row for row in insight.effects(told.ledger, NINE, TEN)}
    assert (rows["It is cheap."].clicks, rows["It is cheap."].left, rows["It is cheap."].kind) == (1, 0, "price")
    assert (rows["It is heavy."].clicks, rows["It is heavy."].left) == (1, 3)
    assert (rows["It is red."].clicks, rows["It is red."].left) == (0, 1)
    assert next(iter(rows)) == "It is heavy."
    kinds = {
        row.what: (row.said, row.clicks, row.left) for row in insight.effects(told.ledger, NINE, TEN, by_kind=True)
    }
    assert kinds == {"pitch": (2, 1, 4), "price": (1, 1, 0)}


def test_lines_without_an_effect_are_left_out_and_repeated_ones_are_one_row(told: Told) -> None:
    told.said(0, 10, line(1, "Look."))
    told.said(10, 20, line(2, "Look."))
    told.said(20, 30, line(3, "See."))
    told.at(5).clicked("mug")
    told.at(15).clicked("mug")
    (row,) = insight.effects(told.ledger, NINE, TEN)
    assert (row.what, row.said, row.clicks) == ("Look.", 2, 2)


def test_lines_are_counted_by_who_wrote_them(told: Told) -> None:
    for number, (writer, model) in enumerate((("template", ""), ("template", ""), ("llm", "tiny"))):
        spoken = line(number)
        told.at(number).wrote(spoken, writer=writer, model=model)
        told.said(number * 10, number * 10 + 4, spoken)
    told.at(50).wrote(line(7), writer="llm", model="tiny")
    told.at(51).dropped("1-7", "the catalogue changed")
    told.said(60, 61, line(8))
    rows = {(row.writer, row.model): row for row in insight.lines_by_writer(told.ledger, NINE, TEN)}
    assert (rows["template", ""].lines, rows["template", ""].air_seconds) == (2, 8.0)
    assert (rows["llm", "tiny"].lines, rows["llm", "tiny"].taken_back) == (1, 1)
    assert rows["", ""].lines == 1


def test_csv_has_names_every_row_and_no_formulas() -> None:
    rows = [
        insight.Unanswered('=HYPERLINK("http://x")', None, 2, "a", "b", ("q1", "q2")),
        insight.Unanswered("多少钱, 现在", "mug", 1, "a", "b", ("@q",)),
    ]
    content = as_csv(insight.Unanswered, rows)
    assert content.startswith(b"\xef\xbb\xbf")
    names, first, second_row = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert names == ["text", "product_id", "asked", "first_at", "last_at", "question_ids"]
    assert first == ['\'=HYPERLINK("http://x")', "", "2", "a", "b", "q1; q2"]
    assert second_row == ["多少钱, 现在", "mug", "1", "a", "b", "'@q"]


KINDS = (
    insight.ViewerStep, insight.TopicCount, insight.Unanswered, insight.ProductFigures, insight.Effect,
    insight.WriterFigures,
)  # fmt: skip


def test_parquet_holds_the_same_with_types() -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is missing: pip install 'everhost[insight]'")
    rows = [insight.Unanswered("=1", None, 2, "a", "b", ("q1", "q2"))]
    table = parquet.read_table(io.BytesIO(as_parquet(insight.Unanswered, rows)))
    assert table.to_pylist() == [
        {"text": "=1", "product_id": None, "asked": 2, "first_at": "a", "last_at": "b", "question_ids": ["q1", "q2"]}
    ]
    for kind in KINDS:
        assert parquet.read_table(io.BytesIO(as_parquet(kind, []))).num_rows == 0


def test_parquet_without_its_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(LedgerError, match=r"-m pip install 'pyarrow[<>=0-9,]+'$"):
        as_parquet(insight.Effect, [])
