"""An operator steers a running channel; what it brings is seen in the decoded stream and in the ledger."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from engine.records import Ledger, SaidLine
from tests.e2e.station import Station, on_air, tools_missing, wait_until
from tests.e2e.watcher import Watcher, watching

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(180),
    pytest.mark.skipif(bool(tools_missing()), reason=f"make setup-test installs {tools_missing()}"),
]

SILENT_DBFS = -50.0
LEAST_SPEECH_DBFS = -40.0


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    with on_air(tmp_path_factory.mktemp("steered"), []) as running:
        wait_until(lambda: said(running), 40, "the first line was on air")
        yield running


@pytest.fixture
async def operator(station: Station) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=station.base, headers={"Origin": station.base}, timeout=10) as http:
        assert (await http.get(station.control)).status_code == 303
        yield http


def said(station: Station) -> list[SaidLine]:
    """The lines that were on air, oldest first."""
    ledger = Ledger(station.folder / "state" / "mia.ledger.sqlite")
    try:
        return sorted(ledger.lines(200), key=lambda line: line.number)
    finally:
        ledger.close()


async def until_said(station: Station, text: str, seconds: float = 30.0) -> SaidLine:
    async with asyncio.timeout(seconds):
        while True:
            for line in said(station):
                if text in line.text:
                    return line
            await asyncio.sleep(0.2)


async def until_loud(watcher: Watcher, since: float, seconds: float = 15.0) -> float:
    """When speech was first heard after a time."""
    async with asyncio.timeout(seconds):
        while True:
            for at, level in list(watcher.level_dbfs):
                if at > since and level > LEAST_SPEECH_DBFS:
                    return at
            await asyncio.sleep(0.05)


async def wish(operator: httpx.AsyncClient, **fields: Any) -> httpx.Response:
    return await operator.post("/api/steer", json=fields)


async def test_stop_is_silence_and_the_slate_within_half_a_second(
    station: Station, operator: httpx.AsyncClient
) -> None:
    async with watching(station.base) as watcher:
        await until_loud(watcher, 0.0)
        asked = time.monotonic()
        assert (await operator.post("/api/control", json={"action": "stop"})).status_code == 202
        await asyncio.sleep(3.0)
        resumed = time.monotonic()
        assert watcher.loudest(asked + 0.5, resumed) < SILENT_DBFS
        assert max(watcher.unlike_last(asked + 0.5)) < 2.0, "the slate stands"
        assert watcher.unlike_last(asked - 0.5)[0] > 10.0, "the host was seen before"
        assert (await operator.post("/api/control", json={"action": "resume"})).status_code == 202
        await until_loud(watcher, resumed)
    ledger = Ledger(station.folder / "state" / "mia.ledger.sqlite")
    try:
        assert [row.action for row in ledger.steerings()][-2:] == ["stop", "resume"]
    finally:
        ledger.close()


async def test_pause_ends_the_sentence_and_the_host_stays(station: Station, operator: httpx.AsyncClient) -> None:
    async with watching(station.base) as watcher:
        await until_loud(watcher, time.monotonic())
        assert (await operator.post("/api/control", json={"action": "pause"})).status_code == 202
        async with asyncio.timeout(20):
            while watcher.loudest(time.monotonic() - 1.5, time.monotonic()) > SILENT_DBFS:  # noqa: ASYNC110
                await asyncio.sleep(0.2)
        quiet = time.monotonic()
        await asyncio.sleep(2.0)
        assert watcher.loudest(quiet, time.monotonic()) < SILENT_DBFS
        assert max(watcher.unlike_last(quiet)) > 0.2, "she lives on"
        assert (await operator.post("/api/control", json={"action": "resume"})).status_code == 202
        await until_loud(watcher, quiet)


async def test_a_typed_line_is_heard_at_the_next_sentence_end(station: Station, operator: httpx.AsyncClient) -> None:
    text = "Thank you all for being here with us."
    answer = await wish(operator, type="say", text=text)
    assert answer.json()["granted"], answer.text
    asked = time.monotonic()
    line = await until_said(station, text)
    # Only the sentence that was being said, or was just about to begin, comes before it.
    assert time.monotonic() - asked < 20
    assert line.kind == "say"
    refused = await wish(operator, type="say", text="The TrailMate Insulated Bottle is $1 today.", product_id="bottle")
    assert (refused.status_code, refused.json()["may_insist"]) == (409, True)


async def test_a_pinned_product_comes_next_and_its_card_is_in_the_picture(
    station: Station, operator: httpx.AsyncClient
) -> None:
    async with watching(station.base) as watcher:
        started = time.monotonic()
        assert (await wish(operator, type="pin", product_id="lamp")).json()["granted"]
        async with asyncio.timeout(30):
            while said(station)[-1].product_id != "lamp":  # noqa: ASYNC110 the ledger is another process's
                await asyncio.sleep(0.2)
        # The lower third, where the card is: another one than when it was pinned.
        height = watcher.pictures[-1][1].shape[0]
        card = slice(int(height * 0.8), int(height * 0.96))
        first = next(picture for at, picture in watcher.pictures if at >= started)
        changed = abs(watcher.pictures[-1][1][card].astype(int) - first[card]).mean()
        assert changed > 3.0


async def test_a_price_changed_on_air_is_the_one_that_may_be_said(
    station: Station, operator: httpx.AsyncClient
) -> None:
    text = "The Lumen Desk Lamp is $31.00 right now."
    assert (await wish(operator, type="say", text=text, product_id="lamp")).status_code == 409
    assert (await wish(operator, type="price", product_id="lamp", price="31.00")).json()["granted"]
    answer = await wish(operator, type="say", text=text, product_id="lamp")
    assert answer.json()["granted"], answer.text
    line = await until_said(station, text)
    assert "lamp.price" in line.fact_ids
