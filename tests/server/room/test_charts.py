"""The charts of health and of viewers: which lines they have, in which unit, at which step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.records import insight
from engine.runtime.messages import Health
from server.history import History
from server.room.charts import CHARTS, VIEWER_STEPS, chart_data, viewer_data
from server.room.insight_span import SPANS, again_s
from tests.server.room.conftest import Asked


@pytest.fixture
def history() -> History:
    now = [100.0]
    made = History(lambda: now[0], lambda: 1000.0 + now[0])
    for second in range(30):
        now[0] = 100.0 + second
        made.hear(Health("master", 1, "on air", figures={"pictures": 25.0 * second, "encode_cpu_seconds": 0.004}))
        made.hear(Health("outlet:a", 2, "sending", figures={"bytes": 250_000.0 * second}))
    return made


def test_lines_are_in_the_charts_unit(history: History) -> None:
    fps = chart_data(history, "fps", "hour")
    assert [(line.process, line.figure, line.values[-2]) for line in fps.lines] == [("master", "fps", 25.0)]
    assert (fps.step_s, len(fps.lines[0].values)) == (5.0, 720)
    assert chart_data(history, "times", "hour").lines[0].values[-2] == pytest.approx(4.0)
    (bitrate,) = chart_data(history, "bitrate", "hour").lines
    assert (bitrate.process, bitrate.values[-2]) == ("outlet:a", pytest.approx(2.0))
    assert chart_data(history, "offset", "day").lines == ()


def test_viewers_are_put_into_their_steps() -> None:
    end = datetime(2026, 5, 1, 12, tzinfo=UTC)
    begin = end - timedelta(seconds=100)
    steps = [
        insight.ViewerStep((begin + timedelta(seconds=10 * i)).isoformat(), float(i), i, i + 1) for i in (3, 9)
    ]  # fmt: skip
    mean, most = viewer_data(steps, end, 10.0, 10).lines
    assert mean.values == (None, None, None, 3.0, *[None] * 5, 9.0)
    assert most.values[-1] == 10.0


async def test_charts_over_the_api(asked: Asked) -> None:
    assert (await asked.http.get("/api/channels/mia/health/charts/fps")).status_code == 401
    await asked.sign_in("viewer")
    for name in CHARTS:
        assert (await asked.http.get(f"/api/channels/mia/health/charts/{name}?span=day")).status_code == 200
    assert (await asked.http.get("/api/channels/mia/health/charts/nothing")).status_code == 422
    told = (await asked.http.get("/api/channels/mia/insight/chart?span=week")).json()
    assert [len(line["values"]) for line in told["lines"]] == [200, 200]


async def test_a_products_picture_and_no_other_file(asked: Asked) -> None:
    await asked.sign_in("viewer")
    found = await asked.http.get("/channels/mia/products/bottle/picture")
    assert (found.status_code, found.headers["content-type"]) == (200, "image/png")
    for name in ("nothing", "..%2f..%2fetc%2fpasswd"):
        assert (await asked.http.get(f"/channels/mia/products/{name}/picture")).status_code == 404


def test_a_chart_of_a_month_is_not_read_anew_each_minute() -> None:
    assert [round(again_s(name, VIEWER_STEPS)) for name in SPANS] == [60, 60, 302, 1339]
