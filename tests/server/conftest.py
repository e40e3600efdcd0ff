"""A running server over a real feed."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from engine.flow import Card, Word
from engine.runtime.messages import Cards, LineView, Message, OnAir, ProcessState
from engine.settings.catalogue import Catalogue
from engine.settings.channel import Channel, Server
from server.process import serve
from tests.server.source import Source

TOKEN = "test-control-token"
STAFF_PASS = "the pass of this run"
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92ef"
    "0000000049454e44ae426082"
)


def make_channel(folder: Path, port: int, max_viewers: int = 8, rate: int = 60) -> Channel:
    """A channel with two products whose pictures lie in ``folder``."""
    for name in ("bottle", "lamp"):
        (folder / f"{name}.png").write_bytes(PICTURE)
    bottle = {
        "id": "bottle", "name": "TrailMate bottle", "price": "19.99", "stock": 38, "pictures": [folder / "bottle.png"],
        "facts": [{"id": "size", "type": "capacity", "text": "holds 750 ml"}], "link": "https://shop.example/bottle",
    }  # fmt: skip
    lamp = {
        "id": "lamp", "name": "Lumen desk lamp", "price": "34.00", "stock": 5, "pictures": [folder / "lamp.png"],
        "facts": [{"id": "power", "type": "power", "text": "uses 8 watts"}],
    }  # fmt: skip
    items = Catalogue.model_validate({"shop": "Northwind <Home>", "products": [bottle, lamp]})
    return Channel(
        file=folder / "mia.yaml", name="Mia", body=folder / "mia.glb", catalogue=folder / "c.yaml", items=items,
        server=Server(port=port, max_viewers=max_viewers), chat={"messages_per_minute": rate},
    )  # fmt: skip


LINK = "https://shop.example/bottle"
CARDS = Cards((
    Card("bottle", 1, "TrailMate bottle", "750 ml · cold 24 h", "$19.99", "$29.99", "Only 38 left", "", LINK),
    Card("lamp", 2, "Lumen desk lamp", "8 W", "$34.00", "", "5 left", "", "javascript:alert(1)"),
))  # fmt: skip

WORDS = (Word("It", 0, 9600), Word("holds", 9600, 24000), Word("750 ml.", 24000, 60000))
NOW = LineView("p0", "pitch", "It holds 750 ml.", "bottle", ("bottle.size",), 90, 50, WORDS)
NEXT = LineView("p1", "price", "Just $19.99 today.", "bottle", ("bottle.price",), -1, 40)
ON_AIR = OnAir(picture=100, stopped=False, slate=False, now=NOW, upcoming=(NEXT,))

SAID: tuple[Message, ...] = (CARDS, ON_AIR, ProcessState("stage", "running", 1))


@dataclass
class Running:
    """A server that answers at ``url``, and the channel around it."""

    url: str
    source: Source
    channel: Channel
    http: httpx.AsyncClient
    stop: asyncio.Event


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def running_server(folder: Path, **settings: int) -> AsyncIterator[Running]:
    port = free_port()
    channel = make_channel(folder, port, **settings)
    run_dir = folder / "run"
    run_dir.mkdir()
    (run_dir / "staff").write_text(STAFF_PASS)
    stop = asyncio.Event()
    url = f"http://127.0.0.1:{port}"
    with Source(run_dir, SAID) as source:
        serving = asyncio.create_task(serve(channel, run_dir, folder / "state", TOKEN, stop))
        async with httpx.AsyncClient(base_url=url) as http:
            await until(lambda: port_open(port) or serving.done())
            try:
                yield Running(url, source, channel, http, stop)
            finally:
                stop.set()
                async with asyncio.timeout(10):
                    await serving


async def told(server: Running) -> None:
    """Wait until the server has heard what the channel says."""
    async with asyncio.timeout(15):
        text = ""
        while not ("stage" in text and "master" in text):
            await asyncio.sleep(0.05)
            text = (await server.http.get("/healthz")).text


def port_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for something that happens in another thread or process."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 the event is in another thread
            await asyncio.sleep(0.02)


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Running]:
    async with running_server(tmp_path) as running:
        yield running
