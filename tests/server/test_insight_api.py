"""Insight, health, alarms and log over HTTP, with the roles of the one who asks."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import httpx
import msgspec
import pytest
from fastapi import FastAPI, Header

from engine.flow import SAMPLE_RATE, Line, LineKind, Question
from engine.records import Ledger, LedgerError, errors, ledger
from engine.runtime.logbook import LogEntry
from engine.runtime.messages import Health, ProcessState
from server import insight_api
from server.app import create_app
from server.errors import NoSuchSessionError, NotAllowedError
from server.insight_api import SOURCES, insight_router
from server.sight import Sight
from server.state import ChannelState
from server.station import Station
from tests.server.conftest import make_channel


def fill(kept: Ledger) -> None:
    kept.watched(4)
    line = Line("1-1", LineKind.PRICE, "Just $19.99 today.", ("bottle.price",), "bottle")
    kept.wrote(line, writer="template")
    kept.said(line, "p1", 0, 30 * SAMPLE_RATE)
    kept.clicked("bottle", "phone")
    kept.watched(1)
    kept.asked(Question("q1", "Ann", "=how much?"), line, "price", "bottle")
    kept.unanswered(Question("q2", "Bob", "=is it blue?"), "bottle")
    kept.steered("ann", "stop", why="a wrong word")


@pytest.fixture
async def sight(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Sight]:
    """What is written is of a minute ago, so that every query up to now has it."""
    monkeypatch.setattr(ledger, "_now", lambda: ledger.time_text(datetime.now(UTC) - timedelta(minutes=1)))
    channel = make_channel(tmp_path, 1)
    made = Sight(channel, tmp_path, ChannelState(channel), lambda: Ledger(tmp_path / "ledger.db"), lambda: None)
    yield made
    await made.aclose()


@pytest.fixture
async def http(sight: Sight, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The routes in an app with our error answers; the header ``role`` says who asks."""

    def sight_of(channel_id: str) -> Sight:
        if channel_id != "mia":
            raise NoSuchSessionError("no such channel")
        return sight

    def may_watch(role: Annotated[str, Header()] = "") -> None:
        if role not in {"viewer", "admin"}:
            raise NotAllowedError("sign in first")

    def may_administer(role: Annotated[str, Header()] = "") -> None:
        if role != "admin":
            raise NotAllowedError("this needs the role “admin”")

    station = Station(make_channel(tmp_path, 1), tmp_path, lambda: Ledger(tmp_path / "other.db"))
    app: FastAPI = create_app(station, "")
    app.include_router(insight_router(sight_of, may_watch, may_administer))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://room/api/channels/mia", headers={"role": "viewer"}
    ) as client:
        yield client


async def test_every_table_comes_as_json_and_as_a_file(http: httpx.AsyncClient, sight: Sight) -> None:
    sight.books.write(fill)
    for table, source in SOURCES.items():
        answer = await http.get(f"/insight/{table}")
        assert answer.status_code == 200, table
        rows = answer.json()
        assert rows, table
        assert set(rows[0]) == set(source.kind.__dataclass_fields__)
        download = await http.get(f"/insight/{table}/download")
        assert download.headers["content-type"] == "text/csv; charset=utf-8"
        assert download.headers["content-disposition"].startswith(f'attachment; filename="mia-{table}-')
        assert len(list(csv.reader(io.StringIO(download.content.decode("utf-8-sig"))))) == 1 + len(rows)
    (product,) = (await http.get("/insight/products")).json()
    assert (product["product_id"], product["air_seconds"], product["clicks"]) == ("bottle", 30.0, 1)
    assert (await http.get("/insight/topics")).json()[0]["example"] == "=how much?"
    assert "'=is it blue?" in (await http.get("/insight/unanswered/download")).text
    assert (await http.get("/insight/nothing")).status_code == 404
    assert (await http.get("/insight/nothing/download")).status_code == 422


async def test_a_table_as_parquet_or_what_to_install(
    http: httpx.AsyncClient, sight: Sight, monkeypatch: pytest.MonkeyPatch
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is missing: pip install 'everhost[insight]'")
    sight.books.write(fill)
    answer = await http.get("/insight/effects/download", params={"form": "parquet"})
    assert answer.headers["content-type"] == "application/vnd.apache.parquet"
    assert parquet.read_table(io.BytesIO(answer.content)).num_rows == len((await http.get("/insight/effects")).json())

    def missing(*_: object) -> bytes:
        raise errors.MissingPackageError("install it with: pip install 'everhost[insight]'")

    monkeypatch.setattr(insight_api, "as_parquet", missing)
    refused = await http.get("/insight/effects/download", params={"form": "parquet"})
    assert (refused.status_code, refused.json()["error"]) == (501, "not_installed")
    assert "pip install 'everhost[insight]'" in refused.json()["message"]


async def test_times_are_checked(http: httpx.AsyncClient, sight: Sight) -> None:
    sight.books.write(fill)
    now = datetime.now(UTC)

    async def status(begin: datetime | str, end: datetime | str) -> int:
        moments = [m if isinstance(m, str) else m.isoformat() for m in (begin, end)]
        return (await http.get("/insight/topics", params={"begin": moments[0], "end": moments[1]})).status_code

    assert await status(now - timedelta(hours=1), now + timedelta(days=9)) == 200
    assert await status(now, now - timedelta(hours=1)) == 400
    assert await status(now + timedelta(hours=1), now + timedelta(hours=2)) == 400
    assert await status(now - timedelta(days=32), now) == 400
    assert await status("2026-05-01T09:00:00", now) == 422  # Without a zone nobody knows when that is.
    params = {"begin": (now - timedelta(days=3)).isoformat(), "end": (now - timedelta(days=2)).isoformat()}
    assert (await http.get("/insight/topics", params=params)).json() == []


async def test_a_ledger_that_is_away_is_told(http: httpx.AsyncClient, sight: Sight) -> None:
    def away(_ledger: Ledger) -> None:
        raise LedgerError("it is away")

    sight.books.write(away)
    await sight.books.aclose()
    answer = await http.get("/insight/topics")
    assert (answer.status_code, answer.json()["error"], answer.headers["retry-after"]) == (503, "ledger", "10")


async def test_health_has_figures_series_and_alarms(http: httpx.AsyncClient, sight: Sight) -> None:
    sight.hear(Health("master", 1, "on air", "", {"queue_seconds": 8.0}))
    sight.hear(ProcessState("stage", "ended", 1, "exit status 1"))
    assert (await http.get("/health/figures")).json() == {"master": ["queue_seconds"]}
    series = (await http.get("/health/series", params={"process": "master", "figure": "queue_seconds"})).json()
    assert (series["step_s"], len(series["values"]), series["values"][-1]) == (5.0, 720, 8.0)
    day = {"process": "master", "figure": "queue_seconds", "span": "day"}
    assert len((await http.get("/health/series", params=day)).json()["values"]) == 1440
    nothing = await http.get("/health/series", params={"process": "master", "figure": "x"})
    assert (nothing.status_code, nothing.json()["error"]) == (404, "no_figure")
    alarms = (await http.get("/alarms")).json()
    assert [(a["kind"], a["process"], a["detail"], a["cleared_at"]) for a in alarms["active"]] == [
        ("ended", "stage", "exit status 1", None)
    ]
    assert alarms["all"] == alarms["active"]


async def test_the_log_and_who_steered_are_for_admins(http: httpx.AsyncClient, sight: Sight, tmp_path: Path) -> None:
    sight.books.write(fill)
    (tmp_path / "log").mkdir()
    entries = [LogEntry(float(n), "stage", level, "engine.stage", text) for n, level, text in (
        (1, "INFO", "drawing"), (2, "WARNING", "slow picture"), (3, "ERROR", "no picture"),
    )]  # fmt: skip
    (tmp_path / "log" / "stage.jsonl").write_bytes(b"".join(msgspec.json.encode(e) + b"\n" for e in entries))
    for path in ("/log", "/steerings"):
        assert (await http.get(path)).status_code == 401
    admin = {"role": "admin"}
    found = (await http.get("/log", params={"text": "PICTURE", "level": "WARNING"}, headers=admin)).json()
    assert [entry["text"] for entry in found] == ["slow picture", "no picture"]
    assert [e["at"] for e in (await http.get("/log", params={"since": 3}, headers=admin)).json()] == [3.0]
    assert (await http.get("/log", params={"level": "LOUD"}, headers=admin)).status_code == 422
    (deed,) = (await http.get("/steerings", headers=admin)).json()
    assert (deed["who"], deed["action"], deed["why"]) == ("ann", "stop", "a wrong word")


async def test_nobody_unknown_and_no_unknown_channel(http: httpx.AsyncClient) -> None:
    for path in ("/insight/topics", "/insight/topics/download", "/health/figures", "/alarms", "/log"):
        assert (await http.get(path, headers={"role": ""})).status_code == 401, path
    assert (await http.get("http://room/api/channels/bob/alarms")).status_code == 404


async def test_the_description_names_every_field(sight: Sight) -> None:
    app = FastAPI()
    app.include_router(insight_router(lambda: sight, lambda: None, lambda: None))
    schema = app.openapi()
    assert {f"/api/channels/{{channel_id}}/insight/{table}" for table in SOURCES} <= set(schema["paths"])
    fields = schema["components"]["schemas"]["ProductFigures"]["properties"]
    assert {"product_id", "air_seconds", "clicks_per_air_minute"} <= set(fields)


async def test_a_sight_goes_on_where_the_one_before_stopped(tmp_path: Path) -> None:
    channel = make_channel(tmp_path, 1)
    state = ChannelState(channel)
    first = Sight(channel, tmp_path, state, lambda: Ledger(tmp_path / "ledger.db"), lambda: None)
    first.hear(Health("master", 1, "on air", "", {"queue_seconds": 8.0}))
    (tmp_path / "history").write_bytes(first.history.saved())
    await first.aclose()
    second = Sight(channel, tmp_path, state, lambda: Ledger(tmp_path / "ledger.db"), lambda: None)
    await second.start()
    assert second.history.figures() == {"master": ("queue_seconds",)}
    await second.aclose()
    await second.aclose()
