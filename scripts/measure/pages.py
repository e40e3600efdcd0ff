"""Operators' pages in a real browser and beside it, and when what was said in the chat is on them."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
from playwright.async_api import Browser, BrowserContext, Page, Route, async_playwright
from websockets.asyncio.client import connect

from measure.browser import CHROMIUM, FLAGS
from measure.page_client import PageClient, clients_open
from measure.room_run import PASSWORD, RoomRun

KINDS = ("/channels/{0}", "/", "/channels/{0}", "/health", "/channels/{0}/insight")
"""What operators look at, in turn."""

EVERY_S = 6.0
"""Between two messages: a viewer may write twelve a minute."""

_MARK = re.compile(r"see example\d+\.com")
"""The texts that the bench writes: with an address in it, a chat message is shown and never answered on air."""

_WATCH = """addEventListener("DOMContentLoaded", () => {
  window.__seen = {};
  const look = () => {
    const now = Date.now() / 1000;
    for (const each of document.querySelectorAll(".log li p:nth-child(2)")) window.__seen[each.textContent] ??= now;
  };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
});"""
"""In each document of a page: one that lost its connection for long loads itself again."""


@dataclass(slots=True)
class Updates:
    """Seconds from a message's sending to its line on a page; ``lost`` never came.

    ``browser`` is when the line stood in the document, ``socket`` when it arrived at a client without a browser.
    """

    browser: list[float] = field(default_factory=list)
    socket: list[float] = field(default_factory=list)
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Open:
    """An operator's pages: ``pages`` in Chromium, ``clients`` that only speak as a page does."""

    pages: list[Page]
    clients: list[PageClient]


@asynccontextmanager
async def pages_open(run: RoomRun, count: int, browsers: int, playing: int) -> AsyncIterator[Open]:
    """``count`` pages of an operator, spread over channels and kinds, the first ``browsers`` of them in Chromium.

    ``playing`` of these show the live picture. The others' browsers would be on machines of their own: drawing ten
    pages on the machine that is measured costs more than its two channels, and would measure the drawing.
    """
    ids = list(run.channels)
    paths = [KINDS[n % len(KINDS)].format(ids[(n // len(KINDS)) % len(ids)]) for n in range(count)]
    async with async_playwright() as playwright, clients_open(run.base, paths[browsers:], _MARK) as clients:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            context = await _signed_in(browser, run)
            opened = []
            for n, path in enumerate(paths[:browsers]):
                page = await context.new_page()
                if n >= playing:
                    await page.route("**/whep", _full)
                await page.add_init_script(_WATCH)
                await page.goto(run.base + path)
                await page.wait_for_selector("alarm-bell a")
                opened.append(page)
            yield Open(opened, clients)
        finally:
            await browser.close()


async def _full(route: Route) -> None:
    await route.fulfill(status=503, headers={"Retry-After": "600"}, body="")


async def _signed_in(browser: Browser, run: RoomRun) -> BrowserContext:
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
    page = await context.new_page()
    await page.goto(f"{run.base}/signin")
    await page.fill("[name=name]", "olga")
    await page.fill("[name=password]", PASSWORD)
    await page.click("[type=submit]")
    await page.wait_for_url(f"{run.base}/")
    await page.close()
    return context


async def measure_updates(run: RoomRun, opened: Open, seconds: float) -> Updates:
    """Write into each channel's chat now and then, and ask the pages when they showed it."""
    found = Updates()
    sent: dict[str, dict[str, float]] = {channel_id: {} for channel_id in run.channels}
    await asyncio.gather(*(_write(address, sent[channel_id], seconds) for channel_id, address in run.channels.items()))
    await asyncio.sleep(2.0)
    shown = [(page.url, await page.evaluate("window.__seen"), found.browser) for page in opened.pages]
    shown += [(run.base + client.path, client.seen, found.socket) for client in opened.clients]
    for address, seen, into in shown:
        for text, at in sent.get(address.removeprefix(f"{run.base}/channels/"), {}).items():
            if text in seen:
                into.append(seen[text] - at)
            else:
                found.lost += 1
    return found


async def _write(address: str, sent: dict[str, float], seconds: float) -> None:
    until = time.monotonic() + seconds
    async with connect(address.replace("http", "ws") + "/ws/chat", origin=address) as socket:  # type: ignore[arg-type]
        reader = asyncio.create_task(_read_on(socket), name="read-chat")
        try:
            while time.monotonic() < until:
                text = f"see example{len(sent)}.com"
                sent[text] = time.time()
                await socket.send(json.dumps({"name": "bench", "text": text}))
                await asyncio.sleep(EVERY_S)
        finally:
            reader.cancel()
            await asyncio.gather(reader, return_exceptions=True)


async def _read_on(socket: object) -> None:
    async for _ in socket:  # type: ignore[attr-defined]
        pass


async def figures(run: RoomRun, channel_id: str) -> dict[str, dict[str, float]]:
    """The figures of each process of a channel, from the API."""
    headers = {"Authorization": f"Bearer {run.token}"}
    async with httpx.AsyncClient(base_url=run.base, headers=headers, timeout=10) as http:
        told = (await http.get(f"/api/channels/{channel_id}")).json()
    return {row["name"]: row["figures"] for row in told["processes"]}
