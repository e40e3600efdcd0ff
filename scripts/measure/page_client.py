"""Operators' pages without a browser: the same requests and the same socket, and when a text has arrived.

Ten browsers on the machine of two channels cost more than both channels; operators bring machines of their own. To the
control room these clients are pages like any other: NiceGUI's page over HTTP, then Socket.IO 5 over a WebSocket.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlencode

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from measure.processes import MeasureError
from measure.room_run import PASSWORD

ACK_EVERY_S = 1.0
"""NiceGUI's own script says as often how far it has read; the server keeps for it what came after."""

OPEN_LIMIT_S = 30.0

_CLIENT_ID = re.compile(r"client_id\W+([0-9a-f-]{36})")
_NEXT_MESSAGE = re.compile(r"next_message_id\W+(\d+)")


class PageClient:
    """A page of the control room at ``path``. ``seen`` says when (time.time()) each of the chat's texts arrived."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.seen: dict[str, float] = {}
        self.bytes = 0
        self._read_to = 0

    async def watch(self, http: httpx.AsyncClient, marker: re.Pattern[str], ready: asyncio.Event) -> None:
        """Be the page until cancelled; texts that match ``marker`` go into ``seen``.

        Raises:
            MeasureError: the room answers with something else than a page of NiceGUI.
        """
        page = await http.get(self.path)
        client_id, following = _CLIENT_ID.search(page.text), _NEXT_MESSAGE.search(page.text)
        if page.status_code != httpx.codes.OK or client_id is None or following is None:
            raise MeasureError(f"{self.path}: no page ({page.status_code})")
        query = {
            "client_id": client_id[1], "next_message_id": following[1], "implicit_handshake": "true",
            "document_id": f"bench{id(self)}", "tab_id": f"tab{id(self)}", "EIO": 4, "transport": "websocket",
        }  # fmt: skip
        base = str(http.base_url).rstrip("/")
        address = f"{base.replace('http', 'ws')}/_nicegui_ws/socket.io/?{urlencode(query)}"
        cookie = "; ".join(f"{name}={value}" for name, value in http.cookies.items())
        async with connect(
            address,
            origin=Origin(base),
            additional_headers={"Cookie": cookie},
            max_size=2**24,
        ) as socket:
            acks = asyncio.create_task(self._acknowledge(socket, client_id[1]), name="acks")
            try:
                async for frame in socket:
                    await self._take(socket, str(frame), marker, ready)
            finally:
                acks.cancel()
                await asyncio.gather(acks, return_exceptions=True)
        raise MeasureError(f"{self.path}: the room closed the page's socket")

    async def _take(self, socket: ClientConnection, frame: str, marker: re.Pattern[str], ready: asyncio.Event) -> None:
        now = time.time()
        self.bytes += len(frame)
        if frame.startswith("0"):
            await socket.send("40")
        elif frame.startswith("40"):
            ready.set()
        elif frame == "2":
            await socket.send("3")
        elif frame.startswith("42"):
            self._read_to = json.loads(frame[2:])[1].get("_id", self._read_to - 1) + 1
            for text in marker.findall(frame):
                self.seen.setdefault(text, now)

    async def _acknowledge(self, socket: ClientConnection, client_id: str) -> None:
        told = -1
        while True:
            await asyncio.sleep(ACK_EVERY_S)
            if told != self._read_to:
                told = self._read_to
                await socket.send("42" + json.dumps(["ack", {"client_id": client_id, "next_message_id": told}]))


def _fail_if_closed(tasks: list[asyncio.Task[None]]) -> None:
    closed = [task for task in tasks if task.done()]
    if closed:
        raise MeasureError(f"{len(closed)} pages closed, the first by: {closed[0].exception()!r}")


@asynccontextmanager
async def clients_open(base: str, paths: list[str], marker: re.Pattern[str]) -> AsyncIterator[list[PageClient]]:
    """A signed-in operator's pages at ``paths``, all open while the block lasts.

    Raises:
        MeasureError: a page did not open, or closed before the end.
    """
    clients = [PageClient(path) for path in paths]
    async with httpx.AsyncClient(base_url=base, headers={"Origin": base}, timeout=20) as http:
        signed = await http.post("/signin", data={"name": "olga", "password": PASSWORD})
        if signed.status_code != httpx.codes.SEE_OTHER:
            raise MeasureError(f"no way to sign in ({signed.status_code})")
        events = [asyncio.Event() for _ in clients]
        tasks = [
            asyncio.create_task(client.watch(http, marker, event), name=f"page {client.path}")
            for client, event in zip(clients, events, strict=True)
        ]
        try:
            until = time.monotonic() + OPEN_LIMIT_S
            while not all(event.is_set() for event in events):
                _fail_if_closed(tasks)
                if time.monotonic() > until:
                    raise MeasureError("the pages did not open")
                await asyncio.sleep(0.1)
            yield clients
            _fail_if_closed(tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
