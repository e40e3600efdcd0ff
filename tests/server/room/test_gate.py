"""Who gets in: names of the host, origins, roles, tokens."""

from __future__ import annotations

import time

import pytest

from engine.records import Role
from engine.records.accounts import USE_NOTED_S
from engine.runtime.messages import Control
from server.room.hosts import is_own_name
from tests.server.conftest import until
from tests.server.room.conftest import OWN, PASSWORD, Asked

STOP = {"action": "stop"}


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8090", "10.0.0.7:8090", "", "[::1", "127.0.0.1.evil.example"]
)
async def test_a_foreign_name_is_refused_whatever_is_asked(asked: Asked, host: str) -> None:
    await asked.sign_in("admin")
    for path in ("/signin", "/static/base.css", "/api/channels", "/openapi.json"):
        assert (await asked.http.get(path, headers={"host": host})).status_code == 403, path


@pytest.mark.parametrize(
    ("host", "listens_on", "own"),
    [
        ("localhost:8090", "127.0.0.1", True), ("127.0.0.1", "127.0.0.1", True), ("[::1]:8090", "::1", True),
        ("127.0.0.1:1", "localhost", True), ("192.168.1.4:8090", "0.0.0.0", True), ("192.168.1.4", "127.0.0.1", False),
        ("shop.example", "0.0.0.0", False), ("room.example", "127.0.0.1", True), ("ROOM.example.:443", "::", True),
        ("user@localhost", "127.0.0.1", True), ("localhost.evil", "0.0.0.0", False),
    ],
)  # fmt: skip
def test_names(host: str, listens_on: str, own: bool) -> None:
    assert is_own_name(host, listens_on, ("room.example",)) is own


@pytest.mark.parametrize(
    "headers",
    [
        {}, {"origin": "null"}, {"origin": "http://127.0.0.1:9999"}, {"origin": "https://evil.example"},
        OWN | {"sec-fetch-site": "cross-site"}, OWN | {"sec-fetch-site": "same-site"},
    ],
)  # fmt: skip
async def test_an_order_from_another_site_is_refused(asked: Asked, headers: dict[str, str]) -> None:
    await asked.sign_in("operator")
    answer = await asked.http.post("/api/channels/mia/control", json=STOP, headers=headers)
    assert answer.status_code == 403
    assert (await asked.http.post("/signout", headers=headers)).status_code == 403
    assert (
        await asked.http.post("/signin", data={"name": "admin", "password": PASSWORD}, headers=headers)
    ).status_code == 403
    assert asked.source.count(Control) == 0


async def test_script_of_another_site_may_not_even_read(asked: Asked) -> None:
    await asked.sign_in("viewer")
    assert (await asked.http.get("/api/channels", headers={"origin": "http://127.0.0.1:9999"})).status_code == 403
    assert (await asked.http.get("/api/channels", headers={"sec-fetch-site": "cross-site"})).status_code == 200


async def test_roles(asked: Asked) -> None:
    for name, status in (("viewer", 403), ("operator", 202), ("admin", 202)):
        await asked.sign_in(name)
        answer = await asked.http.post("/api/channels/mia/control", json=STOP, headers=OWN)
        assert answer.status_code == status, name
        assert (await asked.http.get("/api/channels/mia")).status_code == 200
    await until(lambda: asked.source.count(Control) == 2)


async def test_who_is_signed_in_stops_although_the_disk_is_full(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    await asked.sign_in("operator")
    asked.accounts._db.execute("PRAGMA query_only = 1")
    monkeypatch.setattr(asked.accounts, "_clock", lambda: time.time() + 2 * USE_NOTED_S)
    answer = await asked.http.post("/api/channels/mia/control", json=STOP, headers=OWN)
    assert answer.status_code == 202
    await until(lambda: asked.source.count(Control) == 1)
    gone = await asked.http.post("/signout", headers=OWN)
    assert (gone.status_code, gone.json()["error"]) == (503, "accounts_away")


async def test_accounts_that_cannot_be_read_are_said(asked: Asked) -> None:
    await asked.sign_in("operator")
    asked.accounts.close()
    answer = await asked.http.get("/api/channels")
    assert (answer.status_code, answer.json()["error"], answer.headers["retry-after"]) == (503, "accounts_away", "10")
    assert "the disk may be full" in answer.json()["message"]


async def test_nobody_gets_a_refusal_or_the_way_in(asked: Asked) -> None:
    page = await asked.http.get("/channels/mia", headers={"accept": "text/html"})
    assert (page.status_code, page.headers["location"]) == (303, "/signin")
    program = await asked.http.get("/api/channels/mia")
    assert (program.status_code, program.headers["www-authenticate"]) == (401, "Bearer")
    assert (await asked.http.post("/api/channels/mia/control", json=STOP, headers=OWN)).status_code == 401
    assert (await asked.http.post("/channels/mia/whep", content=b"v=0", headers=OWN)).status_code == 401
    assert (await asked.http.get("/docs")).status_code == 401


async def test_tokens_steer_without_a_browser(asked: Asked) -> None:
    watch, steer = asked.accounts.add_token("look", Role.VIEWER), asked.accounts.add_token("bot", Role.OPERATOR)
    for token, status in ((watch, 403), (steer, 202), ("ehb_wrong", 401)):
        headers = {"authorization": f"Bearer {token}"}
        assert (await asked.http.post("/api/channels/mia/control", json=STOP, headers=headers)).status_code == status
    asked.accounts.remove_token("bot")
    headers = {"authorization": f"Bearer {steer}"}
    assert (await asked.http.get("/api/channels", headers=headers)).status_code == 401


async def test_a_wrong_token_does_not_fall_back_on_the_cookie(asked: Asked) -> None:
    await asked.sign_in("admin")
    headers = {"authorization": "Bearer ehb_wrong"}
    assert (await asked.http.post("/api/channels/mia/control", json=STOP, headers=headers)).status_code == 401


SOCKET = "/_nicegui_ws/socket.io/"


async def closed_with(asked: Asked, headers: dict[str, str]) -> list[object]:
    """What a WebSocket to NiceGUI's own path hears."""
    sent: list[object] = []

    async def send(message: object) -> None:
        sent.append(message)

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    lines = [(key.encode(), value.encode()) for key, value in headers.items()]
    scope = {
        "type": "websocket", "path": SOCKET, "headers": lines, "query_string": b"", "client": ("127.0.0.1", 1),
        "scheme": "ws", "server": ("127.0.0.1", 8090),
    }  # fmt: skip
    await asked.app(scope, receive, send)  # type: ignore[arg-type]
    return [message["code"] for message in sent]  # type: ignore[index]


async def test_sockets_need_a_session_and_the_own_name_and_origin(asked: Asked) -> None:
    host = {"host": "127.0.0.1:8090"}
    session = {"cookie": f"everhost_session_8090={asked.accounts.new_session('admin')}"}
    assert await closed_with(asked, host | OWN) == [4401]
    assert await closed_with(asked, host | session) == [4403]
    assert await closed_with(asked, host | session | {"origin": "https://evil.example"}) == [4403]
    evil = {"host": "evil.example:8090", "origin": "http://evil.example:8090"}
    assert await closed_with(asked, evil | session) == [4403]
