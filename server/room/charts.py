"""The charts of a channel's health: which figures of which processes belong together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Literal

from fastapi import APIRouter

from engine.records import LedgerError, Role, insight
from server.errors import LedgerAwayError
from server.history import History, Span
from server.room.gate import VisitHere
from server.room.insight_span import SpanName, times_of

Name = Literal[
    "fps", "missed", "times", "ahead", "offset", "bitrate", "answers", "viewers", "cpu", "memory", "reconnects"
]


@dataclass(frozen=True, slots=True)
class Chart:
    """``lines`` are processes (``*`` stands for any) with a figure and a factor that brings it to the chart's unit.

    ``unit`` names a text of the catalogues; ``digits`` are those after the point.
    """

    lines: tuple[tuple[str, str, float], ...]
    unit: str
    digits: int = 0


CHARTS: Mapping[Name, Chart] = {
    "fps": Chart((("master", "fps", 1), ("stage", "drawn_fps", 1)), "unit_fps", 1),
    "missed": Chart(
        (
            ("master", "repeated_a_second", 1),
            ("master", "left_out_a_second", 1),
            ("master", "late_ticks_a_second", 1),
            ("stage", "skipped_a_second", 1),
        ),
        "unit_a_second", 2,
    ),
    "times": Chart((("master", "encode_cpu_seconds", 1000), ("stage", "draw_cpu_seconds", 1000)), "unit_ms", 1),
    "ahead": Chart((("master", "queue_seconds", 1), ("studio", "ahead_seconds", 1)), "unit_s", 1),
    "offset": Chart((("outlet:*", "av_offset_ms", 1),), "unit_ms"),
    "bitrate": Chart((("master", "bitrate", 1e-6), ("outlet:*", "bitrate", 1e-6)), "unit_mbit", 2),
    "answers": Chart((("studio", "answer_seconds", 1),), "unit_s", 2),
    "viewers": Chart((("server", "viewers", 1),), "unit_viewers"),
    "cpu": Chart((("*", "cpu", 100),), "unit_percent"),
    "memory": Chart((("*", "memory_bytes", 1e-6),), "unit_mb"),
    "reconnects": Chart((("outlet:*", "reconnects", 1),), "unit_times"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChartLine:
    """One line of a chart; None where nothing was heard."""

    process: str
    figure: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class ChartData:
    """Lines whose last value is that of the step that ends at ``end`` (seconds since the epoch)."""

    step_s: float
    end: float
    lines: tuple[ChartLine, ...]


def chart_data(history: History, name: Name, span: Span) -> ChartData:
    """What a chart shows now."""
    found, step_s, end = [], 0.0, 0.0
    for process, figures in history.figures().items():
        for pattern, figure, factor in CHARTS[name].lines:
            if figure not in figures or not fnmatchcase(process, pattern):
                continue
            series = history.series(process, figure, span)
            if series is not None:
                step_s, end = series.step_s, series.end
                values = tuple(None if value is None else round(value * factor, 3) for value in series.values)
                found.append(ChartLine(process, figure, values))
    return ChartData(step_s, end, tuple(found))


def viewer_data(steps: Sequence[insight.ViewerStep], end: datetime, step_s: float, size: int) -> ChartData:
    """Viewers over time as a chart shows them; steps before the first count are None."""
    values: dict[str, list[float | None]] = {"mean": [None] * size, "most": [None] * size}
    for step in steps:
        i = size - 1 - round((end - datetime.fromisoformat(step.begin)).total_seconds() / step_s - 1)
        if 0 <= i < size:
            values["mean"][i], values["most"][i] = step.mean, float(step.most)
    lines = tuple(ChartLine("viewers", name, tuple(each)) for name, each in values.items())
    return ChartData(step_s, end.timestamp(), lines)


router = APIRouter(prefix="/api/channels/{channel_id}", tags=["health"])


@router.get("/health/charts/{name}")
async def chart(channel_id: str, name: Name, visit: VisitHere, span: Span = "hour") -> ChartData:
    """The lines of a chart over the last hour (steps of 5 s) or day (steps of a minute). Role: viewer."""
    visit.needs(Role.VIEWER)
    return chart_data(visit.room.watch(channel_id).sight.history, name, span)


VIEWER_STEPS = 200


@router.get("/insight/chart")
async def viewers(channel_id: str, visit: VisitHere, span: SpanName = "day") -> ChartData:
    """Viewers over the last hour, day, week or month: the mean and the most in each of 200 steps. Role: viewer."""
    visit.needs(Role.VIEWER)
    begin, end = times_of(span)
    step_s = (end - begin).total_seconds() / VIEWER_STEPS
    try:
        steps = await visit.room.watch(channel_id).sight.books.read(
            lambda ledger: insight.viewers_over_time(ledger, begin, end, step_s)
        )
    except LedgerError as error:
        raise LedgerAwayError(str(error)) from error
    return viewer_data(steps, end, step_s, VIEWER_STEPS)
