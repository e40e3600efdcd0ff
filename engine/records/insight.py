"""What the ledger tells a merchant: who watched, what they asked and opened, and what was said then.

All functions read the ledger from ``begin`` up to ``end`` (left out; both with a time zone) and give plain rows. Times
in rows are UTC text, as in the ledger. Nothing here knows viewers beyond what the ledger keeps.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, TypeVar

from engine.flow import SAMPLE_RATE
from engine.records.ledger import Ledger, time_text
from engine.records.rows import AiredLine

REACTION_S = 2.0
"""A viewer's click or leaving is laid to what was on air this long before: people need about a second, and a count of
viewers is written up to two seconds late."""

SILENCE_S = 10.0
"""After a line has ended, what happens is laid to it for this long at most."""

MOST_STEPS = 2000
"""Steps of a series; a longer one is refused."""

_LONGEST_LINE = timedelta(minutes=2)

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class ViewerStep:
    """Viewers in one step of time: the mean over its known part, the fewest and the most."""

    begin: str
    mean: float
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class TopicCount:
    """Questions about one thing.

    ``topic`` is the kind that the host understood ("price", "fact", "unknown" …; "" in old ledgers); ``fact_id`` says
    which fact, policy or answer of the shop where there is one. ``example`` is the newest wording.
    """

    topic: str
    product_id: str | None
    fact_id: str
    questions: int
    viewers: int
    example: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that waits for the shop, with how often it was asked in the same words."""

    text: str
    product_id: str | None
    asked: int
    first_at: str
    last_at: str
    question_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProductFigures:
    """One product: seconds of speech about it, lines, questions, opened links, and these for each minute of air."""

    product_id: str
    air_seconds: float
    lines: int
    questions: int
    clicks: int
    clicks_per_air_minute: float


@dataclass(frozen=True, slots=True)
class Effect:
    """What happened while something was said: links opened, and viewers that left (net, within a count's step).

    ``what`` is the line's text, or its kind when effects are counted by kind; ``said`` is how often it was on air.
    """

    what: str
    kind: str
    product_id: str | None
    said: int
    clicks: int
    left: int


@dataclass(frozen=True, slots=True)
class WriterFigures:
    """Lines of one writer: on air with their seconds, and taken back before. ``writer`` is "" in old ledgers."""

    writer: str
    model: str
    lines: int
    air_seconds: float
    taken_back: int


class _Aired(NamedTuple):
    """A line with its seconds since the epoch."""

    begin: float
    end: float
    line: AiredLine


def viewers_over_time(ledger: Ledger, begin: datetime, end: datetime, step_s: float) -> tuple[ViewerStep, ...]:
    """How many watched in each step of ``step_s`` seconds, from the first count that is known.

    Raises:
        ValueError: ``step_s`` is not positive, or there would be more than ``MOST_STEPS`` steps.
    """
    if step_s <= 0 or (end - begin).total_seconds() / step_s > MOST_STEPS:
        raise ValueError(f"a series has at most {MOST_STEPS} steps, each longer than nothing")
    began, over = begin.timestamp(), end.timestamp()
    counts = [(max(_seconds(count.at), began), count.viewers) for count in ledger.viewer_counts(begin, end)]
    spans = [(at, counts[i + 1][0] if i + 1 < len(counts) else over, viewers) for i, (at, viewers) in enumerate(counts)]
    steps = []
    step_begin, first = began, 0
    while step_begin < over and spans:
        step_end = min(step_begin + step_s, over)
        while spans[first][1] <= step_begin and first + 1 < len(spans):
            first += 1
        step = _step(step_begin, step_end, spans, first)
        if step is not None:
            steps.append(step)
        step_begin = step_end
    return tuple(steps)


def _step(begin: float, end: float, spans: Sequence[tuple[float, float, int]], first: int) -> ViewerStep | None:
    seen: list[tuple[float, int]] = []
    for place in range(first, len(spans)):
        span_begin, span_end, viewers = spans[place]
        if span_begin >= end:
            break
        held = min(span_end, end) - max(span_begin, begin)
        if held > 0:
            seen.append((held, viewers))
    if not seen:
        return None
    known = sum(held for held, _ in seen)
    mean = sum(held * viewers for held, viewers in seen) / known
    numbers = [viewers for _, viewers in seen]
    return ViewerStep(time_text(datetime.fromtimestamp(begin, UTC)), round(mean, 2), min(numbers), max(numbers))


def questions_by_topic(ledger: Ledger, begin: datetime, end: datetime) -> tuple[TopicCount, ...]:
    """What was asked, the most asked first."""
    found: dict[tuple[str, str | None, str], TopicCount] = {}
    askers: dict[tuple[str, str | None, str], set[str]] = {}
    for question in ledger.questions_between(begin, end):
        fact_id = question.fact_ids[0] if question.fact_ids and question.topic in {"fact", "policy", "faq"} else ""
        key = (question.topic, question.product_id, fact_id)
        askers.setdefault(key, set()).add(question.viewer)
        before = found.get(key)
        number = 1 + (before.questions if before is not None else 0)
        found[key] = TopicCount(*key, number, len(askers[key]), question.text)
    return _most_first(found.values(), lambda row: row.questions)


def unanswered(ledger: Ledger, begin: datetime, end: datetime) -> tuple[Unanswered, ...]:
    """Questions of this time that still wait for the shop, the most asked first."""
    found: dict[tuple[str, str | None], Unanswered] = {}
    for question in ledger.open_questions_between(begin, end):
        key = (" ".join(question.text.casefold().split()).rstrip("?？!！.。 "), question.product_id)
        before = found.get(key) or Unanswered(question.text, question.product_id, 0, question.at, question.at, ())
        ids = (*before.question_ids, question.question_id)
        found[key] = replace(before, asked=before.asked + 1, last_at=question.at, question_ids=ids)
    return _most_first(found.values(), lambda row: row.asked)


def products(ledger: Ledger, begin: datetime, end: datetime) -> tuple[ProductFigures, ...]:
    """Every product that was spoken of, asked about or opened, the longest on air first.

    Lines of a ledger from before the ends of lines were kept count, but without seconds.
    """
    seconds, lines = _air_time(ledger, begin, end)
    asked = ledger.count_by_product("questions", begin, end)
    clicks = ledger.count_by_product("clicks", begin, end)
    rows = []
    for product_id in sorted(lines.keys() | asked.keys() | clicks.keys()):
        air, opened = seconds.get(product_id, 0.0), clicks.get(product_id, 0)
        a_minute = round(opened / (air / 60), 3) if air else 0.0
        figures = (lines.get(product_id, 0), asked.get(product_id, 0), opened, a_minute)
        rows.append(ProductFigures(product_id, round(air, 1), *figures))
    return _most_first(rows, lambda row: row.air_seconds)


def _air_time(ledger: Ledger, begin: datetime, end: datetime) -> tuple[Mapping[str, float], Mapping[str, int]]:
    """Seconds of speech about each product, and lines. The database adds up what lies within the span as a whole."""
    began, over = begin.timestamp(), end.timestamp()
    whole_from = min(begin + _LONGEST_LINE, end)
    seconds: dict[str, float] = defaultdict(float)
    lines: Counter[str] = Counter()
    for each, number, samples in ledger.air_by_product(whole_from, end):
        seconds[each] += samples / SAMPLE_RATE
        lines[each] += number
    for aired in (*_aired(ledger, begin, whole_from, over), *_aired(ledger, end, end + _LONGEST_LINE, over)):
        product_id = aired.line.product_id
        if product_id is not None:
            held = min(aired.end, over) - max(aired.begin, began)
            seconds[product_id] += max(held, 0.0)
            lines[product_id] += 1
    return seconds, lines


def effects(ledger: Ledger, begin: datetime, end: datetime, *, by_kind: bool = False) -> tuple[Effect, ...]:
    """What was said just before viewers opened a link or left, with the most clicks and leavings first.

    Lines without an effect are left out, except when effects are counted ``by_kind``.
    """
    aired = _aired(ledger, begin, end + _LONGEST_LINE, end.timestamp())

    def key_of(line: AiredLine) -> tuple[str, str, str | None]:
        return (line.kind, line.kind, None) if by_kind else (line.text, line.kind, line.product_id)

    said = Counter(key_of(each.line) for each in aired)
    clicked: Counter[tuple[str, str, str | None]] = Counter()
    left: Counter[tuple[str, str, str | None]] = Counter()
    begins = [each.begin for each in aired]
    for click in ledger.clicks(begin, end):
        line = _on_air(aired, begins, _seconds(click.at))
        if line is not None:
            clicked[key_of(line)] += 1
    for before, after in itertools.pairwise(ledger.viewer_counts(begin, end)):
        if after.viewers < before.viewers:
            line = _on_air(aired, begins, _seconds(after.at))
            if line is not None:
                left[key_of(line)] += before.viewers - after.viewers
    keys = said if by_kind else clicked.keys() | left.keys()
    rows = [Effect(*key, said[key], clicked[key], left[key]) for key in keys]
    return _most_first(sorted(rows, key=lambda row: row.what), lambda row: row.clicks + row.left)


def lines_by_writer(ledger: Ledger, begin: datetime, end: datetime) -> tuple[WriterFigures, ...]:
    """Who wrote what was said, the most lines first."""
    dropped = Counter((line.writer, line.model) for line in ledger.dropped_lines(begin, end))
    rows = {
        (writer, model): WriterFigures(writer, model, lines, round(samples / SAMPLE_RATE, 1), 0)
        for writer, model, lines, samples in ledger.writers(begin, end)
    }
    for (writer, model), number in dropped.items():
        row = rows.get((writer, model)) or WriterFigures(writer, model, 0, 0.0, 0)
        rows[writer, model] = replace(row, taken_back=number)
    return _most_first(rows.values(), lambda row: row.lines)


def _aired(ledger: Ledger, begin: datetime, end: datetime, last: float) -> list[_Aired]:
    """Lines that ended from ``begin`` up to ``end`` (left out) and began before ``last`` (seconds since the epoch).

    They are in the order in which they began; those without a kept end have no length.
    """
    found = []
    for line in ledger.aired(begin, end):
        over = _seconds(line.at)
        began = over - line.samples / SAMPLE_RATE
        if began < last:
            found.append(_Aired(began, over, line))
    return sorted(found, key=lambda aired: aired.begin)


def _on_air(aired: Sequence[_Aired], begins: Sequence[float], moment: float) -> AiredLine | None:
    """The line that what happened at ``moment`` is laid to."""
    cause = moment - REACTION_S
    place = bisect_right(begins, cause) - 1
    if place < 0 or cause - aired[place].end > SILENCE_S:
        return None
    return aired[place].line


def _most_first(rows: Iterable[Row], size: Callable[[Row], float]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=size, reverse=True))


def _seconds(text: str) -> float:
    """A time of the ledger as seconds since the epoch."""
    return datetime.fromisoformat(text).timestamp()
