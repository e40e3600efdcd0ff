"""The control page's door, its feed and its buttons."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from engine.records import Ledger
from engine.runtime.messages import Control, Health
from server.app import create_app
from server.guard import Doorkeeper
from server.station import Station
from tests.server.conftest import TOKEN, Running, make_channel, until

DOOR = Doorkeeper(TOKEN)


async def enter(server: Running) -> str:
    """Open the door; returns the cookie."""
    answer = await server.http.get("/control", params={"token": TOKEN})
    assert (answer.status_code, answer.headers["location"]) == (303, "/control")
    set_cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in set_cookie
    assert "SameSite=strict" in set_cookie
    assert TOKEN not in set_cookie
    return str(answer.cookies[DOOR.cookie_name])


async def test_without_the_token_the_page_is_locked(server: Running) -> None:
    for address in ("/control", "/control?token=wrong", "/control?token=%C3%A9"):
        answer = await server.http.get(address)
        assert answer.status_code == 401
        assert "set-cookie" not in answer.headers
    server.http.cookies.set(DOOR.cookie_name, "0" * 64)
    assert (await server.http.get("/control")).status_code == 401


async def test_beside_a_control_room_the_page_leads_there_and_the_token_opens_nothing(tmp_path: Path) -> None:
    channel = make_channel(tmp_path, 1).model_copy(update={"file": tmp_path / "my shop #1.yaml"})
    station = Station(channel, tmp_path, lambda: Ledger(tmp_path / "ledger.db"))
    transport = httpx.ASGITransport(create_app(station, "", 8090))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as http:
        answer = await http.get("/control", params={"token": TOKEN})
        here = "http://127.0.0.1:8090/channels/my%20shop%20%231"
        assert (answer.status_code, answer.headers["location"]) == (303, here)
        http.cookies.set(Doorkeeper("").cookie_name, Doorkeeper("").cookie)
        order = {"json": {"action": "stop"}, "headers": {"Origin": "http://127.0.0.1:8080"}}
        assert (await http.post("/api/control", **order)).status_code == 401  # type: ignore[arg-type]
    await station.aclose()


def test_the_cookies_of_two_runs_on_one_machine_have_two_names() -> None:
    assert DOOR.cookie_name != Doorkeeper(f"{TOKEN}-of-another").cookie_name


async def test_the_token_opens_the_page(server: Running) -> None:
    await enter(server)
    answer = await server.http.get("/control")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "Northwind &lt;Home&gt;" in answer.text
    assert TOKEN not in answer.text


async def test_stop_needs_cookie_and_own_site(server: Running) -> None:
    here = {"Origin": server.url}
    assert (await server.http.post("/api/control", json={"action": "stop"}, headers=here)).status_code == 401
    await enter(server)
    for headers in ({}, {"Origin": "https://evil.example"}, here | {"Sec-Fetch-Site": "cross-site"}):
        assert (await server.http.post("/api/control", json={"action": "stop"}, headers=headers)).status_code == 401
    assert (await server.http.post("/api/control", json={"action": "explode"}, headers=here)).status_code == 422
    assert server.source.count(Control) == 0
    for action in ("stop", "resume", "skip"):
        assert (await server.http.post("/api/control", json={"action": action}, headers=here)).status_code == 202
    await until(lambda: server.source.count(Control) == 3)
    actions = [message.action for message in server.source.heard if isinstance(message, Control)]
    assert actions == ["stop", "resume", "skip"]


async def test_a_huge_body_is_not_read(server: Running) -> None:
    answer = await server.http.post(
        "/api/control", content=b'{"action":"' + b"x" * 200_000, headers={"Origin": server.url}
    )
    assert answer.status_code == 413


async def test_the_feed_tells_what_is_said_and_why(server: Running) -> None:
    address = server.url.replace("http", "ws") + "/ws/control"
    with pytest.raises(InvalidStatus):
        async with connect(address, origin=server.url):  # type: ignore[arg-type]
            pass
    cookie = {"Cookie": f"{DOOR.cookie_name}={await enter(server)}"}
    with pytest.raises(InvalidStatus):
        async with connect(address, additional_headers=cookie):
            pass
    beat = Health("outlet:shop", 9, "connecting", "no answer", {"cpu_seconds": 1.0})
    async with connect(address, origin=server.url, additional_headers=cookie) as socket:  # type: ignore[arg-type]
        told: dict[str, Any] = {"processes": []}
        names: set[str] = set()
        while not {"master", "outlet:shop", "stage", "server"} <= names or told["on_air"] is None:
            server.source.say(beat)
            told = json.loads(await socket.recv())
            names = {row["name"] for row in told["processes"]}
    air = told["on_air"]
    assert air["now"]["text"] == "It holds 750 ml."
    assert air["now"]["facts"] == [{"id": "bottle.size", "text": "TrailMate bottle holds 750 ml"}]
    assert air["now"]["words"][1] == ["holds", 0.2, 0.5]
    assert air["now"]["seconds"] == 2.0
    assert air["elapsed_s"] == 0.4
    assert air["upcoming"][0]["facts"] == [{"id": "bottle.price", "text": "$19.99"}]
    stage = next(row for row in told["processes"] if row["name"] == "stage")
    assert (stage["state"], stage["restarts"], stage["age_s"]) == ("running", 1, None)
