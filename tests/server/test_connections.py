"""Who sends no request keeps nobody out: neither for ever, nor with all connections of one address."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from websockets.asyncio.client import connect

from server import connections
from server.connections import SHARE, TimelyProtocol
from server.limits import is_loopback
from server.process import CONNECTIONS_A_VIEWER, QuietUvicorn, listen
from tests.server.conftest import Running, told, until

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]

ALL = CONNECTIONS_A_VIEWER * 8 + 100
SHORT_S = 0.4


@asynccontextmanager
async def silent(server: Running, count: int) -> AsyncIterator[list[Connection]]:
    """Open connections that say nothing."""
    port = server.channel.server.port
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(count)]
    try:
        yield opened
    finally:
        for _, writer in opened:
            writer.close()


async def rest(reader: asyncio.StreamReader) -> bytes:
    """What comes until the other side closes."""
    try:
        return await reader.read()
    except ConnectionResetError:
        return b""


async def seconds_until_closed(connection: Connection, said: bytes) -> float:
    """Send ``said`` at once, then a byte now and again, until the other side closes."""
    reader, writer = connection
    closing, began = asyncio.create_task(rest(reader)), time.monotonic()
    writer.write(said)
    async with asyncio.timeout(8):
        while not closing.done():
            await asyncio.sleep(0.05)
            writer.write(b"a")
    await closing
    return time.monotonic() - began


async def test_silent_connections_are_closed_and_hide_the_channel_from_nobody_who_watches_over_it(
    server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEAD_S", 2.0)
    await told(server)
    async with silent(server, ALL + 2) as opened:
        assert (await server.http.get("/")).status_code == 503
        for path in ("/healthz", "/metrics", "/healthz?of=mia"):
            assert (await server.http.get(path)).status_code == 200
        # The request before did not lift the limit for those that come after it on the same connection.
        assert (await server.http.get("/")).status_code == 503
        async with asyncio.timeout(30):
            assert [await rest(reader) for reader, _ in opened] == [b""] * (ALL + 2)
        assert (await server.http.get("/")).status_code == 200


@pytest.mark.parametrize("before", [b"", b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"])
async def test_bytes_of_a_head_that_come_singly_win_no_time(
    server: Running, monkeypatch: pytest.MonkeyPatch, before: bytes
) -> None:
    monkeypatch.setattr(connections, "HEAD_S", SHORT_S)
    async with silent(server, 1) as [(reader, writer)]:
        if before:
            writer.write(before)
            await reader.readuntil(b"\r\n\r\n")
            await asyncio.sleep(0.1)
        assert await seconds_until_closed((reader, writer), b"GET / HTTP/1.1\r\nX: ") > SHORT_S - 0.1


async def test_empty_lines_between_requests_win_no_time(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_S", SHORT_S)
    async with silent(server, 1) as [(reader, writer)]:
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(0.1)
        writer.write(b"\r\n")
        async with asyncio.timeout(8):
            await rest(reader)


async def test_a_body_has_longer_but_not_for_ever(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_S", 0.1)
    monkeypatch.setattr(connections, "BODY_S", 1.0)
    head = b"POST /whep HTTP/1.1\r\nHost: x\r\nContent-Type: application/sdp\r\nContent-Length: 60000\r\n\r\nv=0"
    async with silent(server, 1) as [connection]:
        assert await seconds_until_closed(connection, head) > 0.9


async def test_what_is_kept_alive_and_websockets_are_left_alone(
    server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEAD_S", SHORT_S)
    monkeypatch.setattr(connections, "BODY_S", SHORT_S)
    request = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    url = f"{server.url.replace('http', 'ws')}/ws/chat"
    async with connect(url) as chat, silent(server, 1) as [(reader, writer)]:
        await chat.recv()
        for pause in (0.0, SHORT_S * 2, SHORT_S * 2):
            await asyncio.sleep(pause)
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 ")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
            await reader.readexactly(length)
        await (await chat.ping())


async def first_line(connection: Connection) -> bytes:
    """The answer to a request, without its rest; empty where the connection is closed at once."""
    reader, writer = connection
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    async with asyncio.timeout(30):
        return (await rest(reader)).partition(b"\r\n")[0]


async def test_one_household_has_its_share_of_all_connections_also_as_websockets(
    server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat, share = f"{server.url.replace('http', 'ws')}/ws/chat", ALL // SHARE
    async with connect(chat) as talking, connect(chat), silent(server, share - 2):
        async with silent(server, 1) as [own]:
            assert await first_line(own) == b"HTTP/1.1 200 OK"
        monkeypatch.setattr(connections, "is_loopback", lambda _address: False)
        async with silent(server, 1) as [one_too_many]:
            assert await first_line(one_too_many) == b""
        await talking.close()
        async with silent(server, 1) as [last]:
            assert await first_line(last) == b"HTTP/1.1 200 OK"


async def endless(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Answer with 64 MB."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(1000):
        await send({"type": "http.response.body", "body": bytes(65536), "more_body": True})


async def test_who_takes_nothing_of_a_long_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "UNREAD_S", 1.0)
    config = uvicorn.Config(endless, http=TimelyProtocol, host="127.0.0.1", port=0, lifespan="off", log_config=None)
    listener, server = listen(config), QuietUvicorn(config)
    serving = asyncio.create_task(server.serve([listener]))
    await until(lambda: server.started)
    with socket.socket() as lazy:
        lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        lazy.connect(listener.getsockname())
        lazy.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        await until(lambda: len(server.server_state.tasks) == 1)
        await until(lambda: not server.server_state.connections and not server.server_state.tasks)
    server.should_exit = True
    await serving


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("::ffff:127.0.0.1", True),
        ("192.0.2.7", False), ("::2", False), ("10.0.0.1", False), ("", False),
    ],
)  # fmt: skip
def test_only_this_machine_is_loopback(address: str, own: bool) -> None:
    assert is_loopback(address) is own
