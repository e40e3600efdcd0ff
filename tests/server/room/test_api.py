"""The programming interface: state, orders, media, description."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
from aiortc import RTCPeerConnection

from engine.records import Accounts, Role
from engine.runtime.kept_channel import KeptCatalogue, keep_channel
from engine.runtime.messages import ChatReply, Control, LineView, OnAir, decode, encode
from server.room.app import create_app
from server.room.room import Place, Room
from tests.server.conftest import CARDS, NOW, running_server, until
from tests.server.room.conftest import BASE, OWN, Asked


async def heard(asked: Asked) -> dict[str, object]:
    """The state of the channel as soon as the room has heard it all."""
    async with asyncio.timeout(10):
        while True:
            state: dict[str, object] = (await asked.http.get("/api/channels/mia")).json()
            told = {row["name"] for row in state["processes"]}  # type: ignore[attr-defined]
            if state["air"] == "on" and state["product"] and "room" in told:
                return state
            await asyncio.sleep(0.05)


async def test_the_state_of_a_channel(asked: Asked) -> None:
    await asked.sign_in("viewer")
    state = await heard(asked)
    listed = (await asked.http.get("/api/channels")).json()
    assert listed == [
        {"id": "mia", "name": "Mia", "shop": "Northwind <Home>", "language": "en", "air": "on", "viewers": 0,
         "product": "bottle"}
    ]  # fmt: skip
    now = state["on_air"]["now"]  # type: ignore[index]
    assert (now["text"], now["allowed"], now["writer"]) == ("It holds 750 ml.", None, "template")
    assert now["facts"] == [{"id": "bottle.size", "text": "TrailMate bottle holds 750 ml"}]
    assert {row["name"] for row in state["processes"]} >= {"master", "room", "stage"}  # type: ignore[attr-defined]
    assert (await asked.http.get("/api/channels/nobody")).json()["error"] == "no_channel"


@pytest.mark.parametrize("action", ["stop", "pause", "resume", "skip"])
async def test_orders_reach_the_channel(asked: Asked, action: str) -> None:
    await asked.sign_in("operator")
    answer = await asked.http.post("/api/channels/mia/control", json={"action": action}, headers=OWN)
    assert (answer.status_code, answer.json()) == (202, {"id": "mia", "action": action})
    await until(lambda: Control(action, "operator") in asked.source.heard)


@pytest.mark.parametrize("body", [{"action": "explode"}, {}, {"action": "stop", "more": 1}])
async def test_other_orders_are_refused(asked: Asked, body: dict[str, object]) -> None:
    await asked.sign_in("operator")
    assert (await asked.http.post("/api/channels/mia/control", json=body, headers=OWN)).status_code == 422


async def test_the_chat_is_told_as_text(asked: Asked) -> None:
    await asked.sign_in("viewer")
    asked.source.say(ChatReply("m1", "<b>Eve", "<script>alert(1)</script>", "It holds 750 ml.", "p1"))
    await until(lambda: bool(asked.room.watch("mia").chat.entries))
    answer = await asked.http.get("/api/channels/mia/chat")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == [
        {"message_id": "m1", "viewer": "<b>Eve", "text": "<script>alert(1)</script>", "outcome": "answered",
         "reply": "It holds 750 ml.", "spoken": True}
    ]  # fmt: skip


async def test_everything_is_described(asked: Asked) -> None:
    await asked.sign_in("viewer")
    paths = (await asked.http.get("/openapi.json")).json()["paths"]
    insight = {path for path in paths if "/insight/" in path}
    assert len(insight) == 9
    setup = {path for path in paths if path.startswith(("/api/setup/", "/api/users", "/api/tokens"))}
    assert set(paths) - insight - setup == {
        "/api/channels", "/api/channels/{channel_id}", "/api/channels/{channel_id}/chat",
        "/api/channels/{channel_id}/control", "/api/channels/{channel_id}/steer", "/channels/{channel_id}/whep",
        "/channels/{channel_id}/whep/{session_id}", "/api/channels/{channel_id}/health/figures",
        "/api/channels/{channel_id}/health/series", "/api/channels/{channel_id}/alarms",
        "/api/channels/{channel_id}/health/charts/{name}",
        "/api/channels/{channel_id}/faq", "/channels/{channel_id}/products/{product_id}/picture",
        "/api/channels/{channel_id}/log", "/api/channels/{channel_id}/steerings",
    }  # fmt: skip
    page = (await asked.http.get("/docs")).text
    for path, methods in paths.items():
        assert f"<code>{path}</code>" in page
        assert all(operation["description"] for operation in methods.values()), path


async def test_a_large_body_is_not_read(asked: Asked) -> None:
    await asked.sign_in("operator")
    answer = await asked.http.post("/channels/mia/whep", content=b"v" * 100_000,
                                   headers=OWN | {"content-type": "application/sdp"})  # fmt: skip
    assert answer.status_code == 413


async def test_a_channel_whose_server_is_away_is_said(asked: Asked) -> None:
    await asked.sign_in("viewer")
    headers = OWN | {"content-type": "application/sdp"}
    answer = await asked.http.post("/channels/mia/whep", content=b"v=0", headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (502, "channel_away")


async def test_a_browser_asks_for_files_again_after_an_upgrade(asked: Asked) -> None:
    for path in ("/static/base.css", "/room-static/room.js"):
        answer = await asked.http.get(path)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")


async def test_the_room_goes_by_the_catalogue_of_now(asked: Asked, tmp_path: Path) -> None:
    watch = asked.room.watch("mia")
    keep_channel(watch.channel, tmp_path / "run")
    bottle, lamp = watch.channel.items.products
    fact = bottle.facts[0].model_copy(update={"text": "holds 500 ml"})
    other = watch.channel.items.model_copy(update={"products": (bottle.model_copy(update={"facts": (fact,)}), lamp)})
    KeptCatalogue(tmp_path / "run").keep(other)
    await until(lambda: bool(watch.state.cards))
    asked.source.say(CARDS)
    await until(lambda: watch.channel.items.products[0].facts[0].text == "holds 500 ml")
    assert watch.state.facts_of(NOW) == [("bottle.size", "TrailMate bottle holds 500 ml")]


async def test_media_goes_through_the_room_to_the_channel(tmp_path: Path, accounts: Accounts) -> None:
    accounts.add("anna", "a long password", Role.VIEWER)
    async with running_server(tmp_path) as server:
        channel = server.channel.model_copy(update={"file": tmp_path / "小店 1.yaml"})
        room = Room([Place(channel, tmp_path / "run")], accounts, "", tmp_path / "state")
        here = room.watch("小店 1").path
        transport = httpx.ASGITransport(create_app(room))
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as http:
            http.cookies.set("everhost_session_8090", accounts.new_session("anna"))
            headers = OWN | {"content-type": "application/sdp"}
            refused = await http.post(f"{here}/whep", content=b"junk", headers=headers)
            assert (refused.status_code, refused.json()["error"]) == (400, "bad_offer")
            opened = await http.post(f"{here}/whep", content=await offer(), headers=headers)
            assert (opened.status_code, opened.headers["content-type"]) == (201, "application/sdp")
            assert opened.text.startswith("v=0")
            location = opened.headers["location"]
            assert location.startswith("/channels/%E5%B0%8F%E5%BA%97%201/whep/")
            assert (await http.delete(location, headers=OWN)).status_code == 200
            assert (await http.delete(location, headers=OWN)).status_code == 404
            assert (await http.delete(f"{here}/whep/..%2f..%2fcontrol", headers=OWN)).status_code == 404
        await room.aclose()


async def offer() -> bytes:
    """What a browser would send."""
    peer = RTCPeerConnection()
    peer.addTransceiver("video", direction="recvonly")
    peer.addTransceiver("audio", direction="recvonly")
    await peer.setLocalDescription(await peer.createOffer())
    sdp = peer.localDescription.sdp.encode()
    await peer.close()
    return bytes(sdp)


def test_a_line_keeps_its_verdict_and_writer_on_the_bus() -> None:
    line = LineView("p", "say", "Hello.", None, (), writer="template", allowed=True)
    assert decode(encode(OnAir(1, False, False, line, ()))) == OnAir(1, False, False, line, ())
