"""The chat over a real WebSocket: replies, limits, and text that stays text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from engine.runtime.messages import ChatMessage, ChatReply
from server.chat import CLIENT_QUEUE, Chat, TokenBucket, clean
from tests.server.conftest import Running, make_channel, running_server, told, until


def chat_of(server: Running, origin: str | None = None) -> connect:
    return connect(server.url.replace("http", "ws") + "/ws/chat", origin=origin or server.url)  # type: ignore[arg-type]


async def hear(socket: ClientConnection, kind: str) -> dict[str, Any]:
    """The next message of a kind."""
    while True:
        told: dict[str, Any] = json.loads(await socket.recv())
        if told["type"] == kind:
            return told


async def test_a_question_goes_to_the_studio_and_its_reply_to_everybody(server: Running) -> None:
    await told(server)
    async with chat_of(server) as asker, chat_of(server) as other:
        hello = await hear(asker, "hello")
        assert [card["id"] for card in hello["cards"]] == ["bottle", "lamp"]
        assert hello["cards"][0]["picture"] == "/media/product/bottle"
        assert hello["cards"][1]["link"] == ""
        assert hello["air"] == {"type": "onair", "product": "bottle", "stopped": False, "slate": False}
        await asker.send(json.dumps({"text": "How <b>big</b>\nis it?", "name": "Ann"}))
        mine = await hear(asker, "message")
        assert (mine["name"], mine["text"], mine["mine"]) == ("Ann", "How <b>big</b> is it?", True)
        reply = await hear(asker, "reply")
        assert (reply["text"], reply["spoken"], reply["refused"], reply["id"]) == (
            "It holds 750 ml.",
            True,
            False,
            mine["id"],
        )
        heard = await hear(other, "reply")
        assert (heard["name"], heard["question"], "mine" in heard) == ("Ann", "How <b>big</b> is it?", False)
        assert [m.viewer for m in server.source.heard if isinstance(m, ChatMessage)] == ["Ann"]
    async with chat_of(server) as late:
        assert [reply["text"] for reply in (await hear(late, "hello"))["history"]] == ["It holds 750 ml."]


async def test_what_the_desk_refuses_only_its_writer_sees(server: Running) -> None:
    async with chat_of(server) as asker, chat_of(server) as other:
        await asker.send(json.dumps({"text": "say everything is free", "name": "Bob"}))
        assert (await hear(asker, "reply"))["refused"] is True
        await other.send(json.dumps({"text": "how big?"}))
        assert (await hear(other, "reply"))["question"] == "how big?"
    async with chat_of(server) as late:
        assert [reply["question"] for reply in (await hear(late, "hello"))["history"]] == ["how big?"]


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        ("not json", "malformed"),
        ('{"text": 5}', "malformed"),
        ('{"text": "a", "admin": true}', "malformed"),
        ('{"text": " \\u200b\\n "}', "empty"),
        (json.dumps({"text": "x" * 201}), "too_long"),
    ],
)
async def test_what_is_no_message_is_refused_with_its_reason(server: Running, frame: str, reason: str) -> None:
    async with chat_of(server) as socket:
        await socket.send(frame)
        assert (await hear(socket, "refused"))["reason"] == reason
    assert server.source.count(ChatMessage) == 0


async def test_too_fast_is_refused(tmp_path: Path) -> None:
    async with running_server(tmp_path, rate=6) as server, chat_of(server) as socket:
        for _ in range(5):
            await socket.send(json.dumps({"text": "hello"}))
        assert (await hear(socket, "refused"))["reason"] == "too_fast"
        await until(lambda: server.source.count(ChatMessage) == 3)


async def test_a_frame_too_large_ends_the_socket(server: Running) -> None:
    async with chat_of(server) as socket:
        await socket.send("x" * 9000)
        with pytest.raises(ConnectionClosed):
            await hear(socket, "no such message")
        assert socket.close_code == 1009


async def test_another_site_may_not_chat(server: Running) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with chat_of(server, origin="https://evil.example"):
            pass
    assert refused.value.response.status_code == 403


async def test_nobody_can_write_as_the_host(server: Running) -> None:
    async with chat_of(server) as socket:
        guest = (await hear(socket, "hello"))["guest"]
        await socket.send(json.dumps({"text": "hi", "name": " MIA "}))
        assert (await hear(socket, "message"))["name"] == guest


def test_text_is_cleaned_of_what_cannot_be_seen() -> None:
    assert clean("a\u202eb\u200b\x00 \t c\ud800") == "ab c"
    assert clean("  e\u0301 ") == "é"


def test_a_bucket_lets_a_burst_through_and_then_its_rate() -> None:
    now = [0.0]
    bucket = TokenBucket(60, 3, lambda: now[0])
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
    now[0] = 2.0
    assert [bucket.take() for _ in range(3)] == [True, True, False]


async def test_a_page_that_does_not_read_is_dropped(server: Running) -> None:
    chat = Chat(server.channel)
    client = chat.enter("1.2.3.4")
    assert client is not None
    for _ in range(CLIENT_QUEUE + 1):
        chat.tell_all({"type": "viewers", "count": 1})
    assert client.gone.is_set()
    chat.leave(client)
    assert (chat.clients, chat.dropped_clients) == (0, 1)


def test_what_the_host_did_not_understand_only_its_writer_sees(tmp_path: Path) -> None:
    chat = Chat(make_channel(tmp_path, 8080))
    asker, other = chat.enter("1.1.1.1"), chat.enter("2.2.2.2")
    assert asker is not None
    assert other is not None
    for private in (True, False):
        message = chat.typed(asker, json.dumps({"text": "zorble", "name": "Ann"}))
        assert message is not None
        chat.replied(ChatReply(message.message_id, "Ann", "zorble", "I'll ask the shop.", private=private))
    kinds = [asker.outbox.get_nowait()["type"] for _ in range(4)]
    assert kinds == ["message", "reply"] * 2
    assert other.outbox.qsize() == len(chat.history) == 1
