"""Which time an insight page looks at, kept in its address so that it can be shared and read again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import urlencode

SpanName = Literal["hour", "day", "week", "month"]

SPANS: dict[SpanName, timedelta] = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=31),
}

AGAIN_S, AGAIN_STEPS = 60.0, 0.1
"""A chart of the span is asked for again after this long, or after this part of one of its steps: nothing is seen of
less, and a month of counts costs seconds of a processor."""


def again_s(name: SpanName, steps: int) -> float:
    """After how many seconds a chart of ``steps`` steps is asked for again."""
    return max(AGAIN_S, AGAIN_STEPS * SPANS[name].total_seconds() / steps)


def span_of(name: str) -> SpanName:
    """The span of that name; a day for any other."""
    return next((each for each in SPANS if each == name), "day")


def times_of(name: SpanName) -> tuple[datetime, datetime]:
    """From when up to when, which is now."""
    end = datetime.now(UTC)
    return end - SPANS[name], end


def query_of(name: SpanName) -> str:
    """The same as the API's parameters."""
    begin, end = times_of(name)
    return urlencode({"begin": begin.isoformat(timespec="seconds"), "end": end.isoformat(timespec="seconds")})
