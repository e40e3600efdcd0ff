"""A show that needs a token: the page, WHEP, the chat and the products."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr, ValidationError
from starlette.websockets import WebSocket

from engine.settings import Server
from server.ticket import COOKIE, TicketGate
from tests.server.conftest import make_channel

TOKEN = "let-me-in-please-1"


def gated(folder: Path, token: str) -> httpx.ASGITransport:
    """An app behind the gate that answers every path with 200."""
    channel = make_channel(folder, 1)
    private = channel.server.model_copy(update={"viewer_token": SecretStr(token)})
    app = FastAPI()

    @app.api_route("/{path:path}", methods=["GET", "POST", "DELETE"])
    async def every(path: str) -> str:
        return path

    @app.websocket("/ws/chat")
    async def chat(socket: WebSocket) -> None:
        await socket.accept()

    return httpx.ASGITransport(TicketGate(app, channel.model_copy(update={"server": private})))


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=gated(tmp_path, TOKEN), base_url="http://test") as client:
        yield client


async def test_without_a_ticket_nothing_of_the_show_is_given_out(http: httpx.AsyncClient) -> None:
    for path in ("/whep", "/api/products", "/media/product/bottle", "/api/click"):
        answer = await http.post(path) if path == "/whep" else await http.get(path)
        assert (answer.status_code, answer.json()["error"]) == (401, "no_ticket"), path
    page = await http.get("/")
    assert page.status_code == 401
    assert "invited viewers" in page.text
    assert "受邀观众" in page.text
    assert TOKEN not in page.text
    assert (await http.get("/?token=wrong-but-long-enough")).status_code == 401


async def test_what_has_a_lock_of_its_own_or_is_for_machines_is_passed_on(http: httpx.AsyncClient) -> None:
    for path in ("/healthz", "/metrics", "/static/base.css", "/theme.css", "/control"):
        assert (await http.get(path)).status_code == 200, path


async def test_the_token_in_the_address_becomes_a_cookie_and_leaves_the_address(http: httpx.AsyncClient) -> None:
    answer = await http.get(f"/?token={TOKEN}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert TOKEN not in answer.headers["set-cookie"]
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert [name.startswith(COOKIE) for name in http.cookies] == [True]
    assert (await http.get("/")).status_code == 200
    assert (await http.post("/whep")).status_code == 200


async def test_the_tickets_of_two_shows_on_one_machine_are_kept_side_by_side(tmp_path: Path) -> None:
    shows = {f"http://test:{port}": gated(tmp_path, f"{TOKEN}-{port}") for port in (8080, 8081)}
    async with httpx.AsyncClient(mounts=shows) as http:
        for address in shows:
            assert (await http.get(f"{address}/?token={TOKEN}-{address[-4:]}")).status_code == 303
        assert [(await http.get(f"{address}/")).status_code for address in shows] == [200, 200]


async def test_a_program_sends_it_as_a_bearer_token(http: httpx.AsyncClient) -> None:
    assert (await http.post("/whep", headers={"Authorization": f"Bearer {TOKEN}"})).status_code == 200
    assert (await http.post("/whep", headers={"Authorization": "Bearer wrong"})).status_code == 401


def test_a_short_token_is_a_mistake() -> None:
    with pytest.raises(ValidationError, match="at least 16 characters"):
        Server(viewer_token=SecretStr("short"))
