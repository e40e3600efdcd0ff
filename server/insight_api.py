"""The programming interface to insight, health, alarms and log of a channel."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime, BaseModel

from engine.records import Ledger, LedgerError, MissingPackageError, Steering, insight
from engine.records.tables import as_csv, as_parquet
from engine.runtime.logbook import MOST_FOUND
from server.alarms import Alarm
from server.errors import BadRequestError, LedgerAwayError, NoSuchFigureError, NotInstalledError
from server.history import Series
from server.history import Span as HistorySpan
from server.sight import Sight

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

LONGEST = timedelta(days=31)
USUAL = timedelta(days=1)

STEPS_WANTED = 300
"""Steps of a series of viewers when none is asked for."""

Table = Literal["viewers", "topics", "unanswered", "products", "effects", "kinds", "writers"]
Level = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
Dependency = Callable[..., Any]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Times:
    """From when up to when (left out)."""

    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class AlarmsNow:
    """Alarms that last, and the last ones of all, oldest first."""

    active: tuple[Alarm, ...]
    all: tuple[Alarm, ...]


class LogLine(BaseModel):
    """One entry of the log. ``at`` is seconds since the epoch."""

    at: float
    process: str
    level: str
    source: str
    text: str


def times(begin: AwareDatetime | None = None, end: AwareDatetime | None = None) -> Times:
    """The span of a query (ISO 8601 with a zone): the day before ``end``, and up to now, unless given.

    Raises:
        BadRequestError: it ends before it begins, or is longer than ``LONGEST``.
    """
    now = datetime.now(UTC)
    last = min(end or now, now)
    first = begin or last - USUAL
    if first >= last:
        raise BadRequestError("“begin” must be in the past and before “end”")
    if last - first > LONGEST:
        raise BadRequestError(f"a span has at most {LONGEST.days} days")
    return Times(first, last)


TimesHere = Annotated[Times, Depends(times)]


@dataclass(frozen=True, slots=True)
class _Source:
    kind: type[DataclassInstance]
    rows: Callable[[Ledger, datetime, datetime], Sequence[DataclassInstance]]
    words: str


def _viewers(ledger: Ledger, begin: datetime, end: datetime) -> Sequence[DataclassInstance]:
    return insight.viewers_over_time(ledger, begin, end, usual_step_s(begin, end))


def _effects_by_kind(ledger: Ledger, begin: datetime, end: datetime) -> Sequence[DataclassInstance]:
    return insight.effects(ledger, begin, end, by_kind=True)


SOURCES: dict[Table, _Source] = {
    "viewers": _Source(insight.ViewerStep, _viewers, "Viewers over time."),
    "topics": _Source(insight.TopicCount, insight.questions_by_topic, "What was asked, the most asked first."),
    "unanswered": _Source(insight.Unanswered, insight.unanswered, "Questions that wait for the shop."),
    "products": _Source(insight.ProductFigures, insight.products, "Air time, questions and clicks of each product."),
    "effects": _Source(insight.Effect, insight.effects, "What was said just before viewers clicked or left."),
    "kinds": _Source(insight.Effect, _effects_by_kind, "The same by the kind of line."),
    "writers": _Source(insight.WriterFigures, insight.lines_by_writer, "Lines by who wrote them."),
}


def usual_step_s(begin: datetime, end: datetime) -> float:
    """Whole seconds of a step that gives about ``STEPS_WANTED`` steps."""
    return max(1.0, round((end - begin).total_seconds() / STEPS_WANTED))


def insight_router(sight_of: Dependency, may_watch: Dependency, may_administer: Dependency) -> APIRouter:
    """The routes below ``/api/channels/{channel_id}``.

    ``sight_of`` is a dependency that gives the ``Sight`` of ``channel_id``; ``may_watch`` and ``may_administer`` are
    dependencies that raise unless the one who asks has the role.
    """
    router = APIRouter(prefix="/api/channels/{channel_id}", dependencies=[Depends(may_watch)])
    here = Depends(sight_of)
    for table, source in SOURCES.items():
        router.add_api_route(
            f"/insight/{table}",
            _reader(source, here),
            response_model=list[source.kind],  # type: ignore[name-defined]
            name=f"insight_{table}",
            summary=source.words,
            tags=["insight"],
        )
    _add_download(router, here)
    _add_health(router, here)
    _add_admin(router, here, may_administer)
    return router


def _reader(source: _Source, here: Any) -> Callable[..., Any]:
    async def read(span: TimesHere, sight: Sight = here) -> Sequence[DataclassInstance]:
        return await _rows(source, sight, span)

    read.__doc__ = f"{source.words} Role: viewer."
    return read


def _add_download(router: APIRouter, here: Any) -> None:
    @router.get("/insight/{table}/download", tags=["insight"], response_class=Response)
    async def download(
        channel_id: str,
        table: Table,
        span: TimesHere,
        form: Literal["csv", "parquet"] = "csv",
        sight: Sight = here,
    ) -> Response:
        """A table as CSV (UTF-8) or Apache Parquet. Role: viewer."""
        source = SOURCES[table]
        rows = await _rows(source, sight, span)
        try:
            content = await asyncio.to_thread(as_csv if form == "csv" else as_parquet, source.kind, rows)
        except MissingPackageError as error:
            raise NotInstalledError(str(error)) from error
        safe_id = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in channel_id)
        name = f"{safe_id}-{table}-{span.begin:%Y%m%d}-{span.end:%Y%m%d}.{form}"
        kind = "text/csv; charset=utf-8" if form == "csv" else "application/vnd.apache.parquet"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return Response(content, media_type=kind, headers=headers)


def _add_health(router: APIRouter, here: Any) -> None:
    @router.get("/health/figures", tags=["health"])
    async def figures(sight: Sight = here) -> dict[str, tuple[str, ...]]:
        """The figures of each process that have a history. Role: viewer."""
        return sight.history.figures()

    @router.get("/health/series", tags=["health"])
    async def series(process: str, figure: str, span: HistorySpan = "hour", sight: Sight = here) -> Series:
        """A figure over the last hour (steps of 5 s) or day (steps of a minute). Role: viewer."""
        found = sight.history.series(process, figure, span)
        if found is None:
            raise NoSuchFigureError(f"“{process}” has no figure “{figure}”")
        return found

    @router.get("/alarms", tags=["health"])
    async def alarms(sight: Sight = here) -> AlarmsNow:
        """Alarms that last, and those before. Role: viewer."""
        return AlarmsNow(sight.alarms.active, sight.alarms.all)


def _add_admin(router: APIRouter, here: Any, may_administer: Dependency) -> None:
    @router.get("/log", tags=["health"], dependencies=[Depends(may_administer)])
    async def log(
        text: Annotated[str, Query(max_length=200)] = "",
        level: Level = "INFO",
        since: float = 0.0,
        process: str = "",
        limit: Annotated[int, Query(ge=1, le=MOST_FOUND)] = 200,
        sight: Sight = here,
    ) -> list[LogLine]:
        """The newest entries that have every word of ``text``, newest last. Role: admin."""
        found = await asyncio.to_thread(sight.log.search, text, level, since, process, limit)
        return [LogLine(at=e.at, process=e.process, level=e.level, source=e.source, text=e.text) for e in found]

    @router.get("/steerings", tags=["insight"], dependencies=[Depends(may_administer)])
    async def steerings(span: TimesHere, sight: Sight = here) -> tuple[Steering, ...]:
        """What operators did to the show, in order. Role: admin."""
        return await _read(sight, lambda ledger: ledger.steerings(span.begin, span.end))


async def _rows(source: _Source, sight: Sight, span: Times) -> Sequence[DataclassInstance]:
    return await _read(sight, lambda ledger: source.rows(ledger, span.begin, span.end))


async def _read(sight: Sight, job: Callable[[Ledger], Result]) -> Result:
    try:
        return await sight.books.read(job)
    except LedgerError as error:
        raise LedgerAwayError(str(error)) from error
