"""The pages in a real Chromium: picture decoded, sound heard, chat answered, text never markup."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiortc import rtcrtpsender
from playwright.async_api import Page, Route, async_playwright

from engine.records import open_ledger
from engine.runtime.messages import ChatMessage, ChatReply, Control, Viewers
from server.fanout import Fanout, Seat
from tests.server.conftest import TOKEN, Running, until

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--autoplay-policy=no-user-gesture-required", "--allow-loopback-in-peer-connection",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
]  # fmt: skip

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium")


@asynccontextmanager
async def opened(address: str, locale: str = "en-US", script: str = "") -> AsyncIterator[tuple[Page, list[str]]]:
    """A phone-sized page and the complaints of its console; ``script`` runs in it first."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = await browser.new_context(viewport={"width": 390, "height": 844}, locale=locale)
        await context.add_init_script(script)
        page = await context.new_page()
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(address)
        yield page, complaints
        await browser.close()


async def stats(page: Page, enough: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """What arrives at the page, as soon as it is ``enough``."""
    async with asyncio.timeout(20):
        while not enough(found := await page.evaluate("everhost.stats()")):  # noqa: ASYNC110 it happens in the browser
            await asyncio.sleep(0.1)
    result: dict[str, Any] = found | {"joins": await page.evaluate("everhost.player.joins")}
    return result


async def test_a_viewer_sees_hears_asks_and_is_answered(server: Running) -> None:
    async with opened(server.url) as (page, complaints):
        await page.wait_for_selector('html[data-state="playing"]')
        await page.click("#start")
        found = await stats(page, lambda now: now["framesDecoded"] > 50 and now["audioLevel"] > 0.1)
        assert (found["codec"], found["width"], found["height"]) == ("video/H264", 360, 640)
        assert found["audioEnergy"] > 0
        assert await page.evaluate("[video.muted, video.paused]") == [False, False]

        evil = '<img src=x onerror="document.title=1">How big?'
        await page.fill("#text", evil)
        await page.press("#text", "Enter")
        reply = page.locator(".message.host .bubble")
        await reply.wait_for(state="attached")
        assert await reply.text_content() == "It holds 750 ml."
        assert await page.locator(".message.mine .bubble").text_content() == evil
        assert await page.locator(".messages img").count() == 0
        assert await page.text_content("#ticker-text") == "It holds 750 ml."
        server.source.say(ChatReply("x", "<i>Eve</i>", "<b>bold?</b>", "<script>alert(1)</script>"))
        await page.locator(".message").nth(3).wait_for(state="attached")
        assert await page.locator(".messages b, .messages i, .messages script").count() == 0

        await page.click("#bag")
        current = page.locator('.product[aria-current="true"]')
        assert await current.get_attribute("data-id") == "bottle"
        assert await current.locator(".price").text_content() == "$19.99"
        assert await page.locator(".product .shop").get_attribute("href") == "https://shop.example/bottle"
        assert await page.locator(".product .shop").count() == 1
        assert complaints == []
        assert server.source.count(ChatMessage) == 1
        await page.goto("about:blank")
        await until(lambda: server.source.heard[-1] == Viewers(0))


async def test_a_viewer_who_opens_a_link_is_counted(server: Running, tmp_path: Path) -> None:
    ledger = open_ledger(server.channel, tmp_path / "state")
    async with opened(server.url) as (page, _):
        await page.context.route("https://shop.example/**", lambda route: route.fulfill(body="the shop"))
        await page.click("#bag")
        async with page.context.expect_page() as shop:
            await page.click('.product[data-id="bottle"] a.shop')
        assert (await shop.value).url == "https://shop.example/bottle"
        await until(lambda: len(ledger.clicks()) > 0)
        async with asyncio.timeout(10):
            while not any(count.viewers for count in ledger.viewer_counts()):  # noqa: ASYNC110 another process's file
                await asyncio.sleep(0.1)
    (click,) = ledger.clicks()
    assert (click.product_id, click.viewer_kind) == ("bottle", "desk")
    ledger.close()


async def test_a_viewer_comes_back_by_itself(server: Running) -> None:
    async with opened(server.url, "zh-CN") as (page, _):
        await page.wait_for_selector('html[data-state="playing"]')
        assert await page.text_content("#start") == "点按开启声音"
        assert await page.evaluate("fetch(everhost.player.location, {method: 'DELETE'}).then((r) => r.status)") == 200
        await page.wait_for_selector('html[data-state="reconnecting"]')
        await page.wait_for_selector('html[data-state="playing"]')
        assert (await stats(page, lambda now: now["framesDecoded"] > 20))["joins"] == 2


async def test_who_waits_long_for_the_first_picture_sees_it(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    join = Fanout.join

    def late(fanout: Fanout, seat: Seat) -> None:
        asyncio.get_running_loop().call_later(3.5, join, fanout, seat)

    monkeypatch.setattr(Fanout, "join", late)
    async with opened(server.url) as (page, _):
        await page.wait_for_selector('html[data-state="playing"]')
        assert await page.evaluate("[everhost.player.joins, everhost.player.reasons]") == [1, []]


async def test_a_page_that_was_kept_plays_on_when_it_is_shown_again(server: Running) -> None:
    async with opened(server.url) as (page, _):
        await page.wait_for_selector('html[data-state="playing"]')
        for kind in ("pagehide", "pageshow"):
            await page.evaluate(f"dispatchEvent(new PageTransitionEvent('{kind}', {{ persisted: true }}))")
        assert (await stats(page, lambda now: now["framesDecoded"] > 20))["joins"] == 2


async def test_a_viewer_whose_ticket_is_gone_gets_the_page_that_says_so(server: Running) -> None:
    refused = '{"error": "no_ticket"}'
    async with opened(server.url) as (page, _):
        await page.wait_for_selector('html[data-state="playing"]')
        await page.route("**/whep", lambda route: route.fulfill(status=401, body=refused), times=1)
        async with page.expect_event("load"):
            await page.evaluate("everhost.player.again(new Error('lost'))")
        await page.wait_for_selector('html[data-state="playing"]')


async def test_a_player_that_rests_opens_no_session(server: Running) -> None:
    offered = asyncio.Event()

    async def hold(route: Route) -> None:
        await offered.wait()
        await route.continue_()

    async with opened(server.url) as (page, _):
        await page.wait_for_selector('html[data-state="playing"]')
        first = await page.evaluate("everhost.player.location")
        await page.route("**/whep", hold)
        async with page.expect_request("**/whep"):
            await page.evaluate("void everhost.player.start()")
        async with page.expect_request(lambda asked: asked.method == "DELETE" and not asked.url.endswith(first)):
            await page.evaluate("everhost.player.rest()")
            offered.set()
        await page.evaluate("dispatchEvent(new Event('online'))")
        await asyncio.sleep(1)
        assert await page.evaluate("[everhost.player.pc, everhost.player.reasons]") == [None, []]
        await until(lambda: server.source.heard[-1] == Viewers(0))


async def test_a_restarted_master_does_not_freeze_the_viewer(server: Running) -> None:
    async with opened(server.url) as (page, _):
        before = (await stats(page, lambda now: now["framesDecoded"] > 20))["framesDecoded"]
        server.source.restart_master()
        assert (await stats(page, lambda now: now["framesDecoded"] > before + 50))["joins"] == 1


async def test_the_control_page_shows_the_line_and_stops(server: Running) -> None:
    async with opened(f"{server.url}/control?token={TOKEN}") as (page, complaints):
        await page.wait_for_selector('html[data-state="playing"][data-air="on"]')
        assert page.url == f"{server.url}/control"
        assert await page.text_content("#line") == "It holds 750 ml."
        assert await page.text_content("#facts") == "bottle.sizeTrailMate bottle holds 750 ml"
        assert "Just $19.99 today." in str(await page.text_content("#upcoming"))
        await page.keyboard.press("s")
        await until(lambda: server.source.heard[-1] == Control("stop"))
        await page.click("#skip")
        await until(lambda: server.source.heard[-1] == Control("skip"))
        assert complaints == []


async def test_rtp_times_over_their_wrap_do_not_freeze_the_viewer(
    server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both streams begin so that their 32 bits are full ten seconds after the session began."""
    real = rtcrtpsender.random32
    wraps_at: list[int] = []

    def near_the_wrap() -> int:
        caller = sys._getframe(1)
        if caller.f_code.co_name != "_run_rtp":
            return int(real())
        if not wraps_at:
            wraps_at.append(server.source.number // 25 + 10)
        rate = 90_000 if caller.f_locals["self"].kind == "video" else 48_000
        return (2**32 - wraps_at[0] * rate) % 2**32

    monkeypatch.setattr(rtcrtpsender, "random32", near_the_wrap)
    async with opened(server.url) as (page, _):
        await page.click("#start")
        await stats(page, lambda now: now["framesDecoded"] > 20)
        assert server.source.number < 25 * wraps_at[0], "the page was there before the wrap"
        await until(lambda: server.source.number > 25 * (wraps_at[0] + 2), 30)
        after = await stats(page, lambda _: True)
        # How long a freeze may last is measured where nothing else runs (scripts/chaos.py): here pictures go on.
        found = await stats(page, lambda now: now["framesDecoded"] > after["framesDecoded"] + 25 * 3)
        assert found["joins"] == 1
        # A wrap that one of the two did not see would set them hours apart.
        assert abs(found["offsetMs"]) < 1000
