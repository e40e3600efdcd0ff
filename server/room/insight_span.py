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
