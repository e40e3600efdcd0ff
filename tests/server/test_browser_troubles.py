"""The viewer page where its browser or its network is of little help."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import expect

from engine.runtime.messages import ChatMessage, ChatReply
from tests.server.conftest import Running, until
from tests.server.test_browser import CHROMIUM, opened, stats

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium")

NO_PLAY_UNTOUCHED = """
let touched = false;
addEventListener("click", () => { touched = true; }, true);
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () {
  this.autoplay = false;
  return touched ? play.call(this) : Promise.reject(new DOMException("not now", "NotAllowedError"));
};
"""
"""An iPhone in Low Power Mode: nothing plays, not even without sound, before a touch."""

FIRST_OFFER_UNANSWERED = """
const real = fetch;
let held = true;
window.fetch = (address, options = {}) => {
  if (!held || address !== "/whep") return real(address, options);
  held = false;
  return new Promise((_, reject) => options.signal.addEventListener("abort", () => reject(options.signal.reason)));
};
"""

DYING_SOCKETS = """
const dead = new WeakSet();
const { send, close } = WebSocket.prototype;
WebSocket.prototype.send = function (data) {
  if (window.dying) dead.add(this);
  window.dying = false;
  if (!dead.has(this)) send.call(this, data);
};
WebSocket.prototype.close = function () { if (!dead.has(this)) close.call(this); };
"""
"""With ``dying`` the socket that is used next is on a path that is dead: nothing goes out, and its end is not told."""


@pytest.mark.parametrize("sound", ["off", "muted"])
async def test_where_nothing_plays_untouched_a_tap_plays(server: Running, sound: str) -> None:
    async with opened(server.url, "zh-CN", NO_PLAY_UNTOUCHED) as (page, _):
        await page.wait_for_selector('html[data-state="blocked"]')
        await page.evaluate("(sound) => { document.documentElement.dataset.sound = sound; }", sound)
        assert await page.is_visible("#start")
        assert await page.text_content("#start") == "点按观看"
        assert await page.text_content("#status") == ""
        await page.click("#start")
        await page.wait_for_selector('html[data-state="playing"]')
        assert await page.evaluate("[video.paused, video.muted]") == [False, sound == "muted"]
        assert (await stats(page, lambda now: now["framesDecoded"] > 50))["joins"] == 1


async def test_a_picture_that_the_browser_paused_goes_on(server: Running) -> None:
    async with opened(server.url) as (page, _):
        await page.wait_for_selector('html[data-state="playing"]')
        await page.evaluate("video.pause()")
        async with asyncio.timeout(20):
            while await page.evaluate("video.paused"):  # noqa: ASYNC110 it happens in the browser
                await asyncio.sleep(0.1)
        assert await page.evaluate("document.documentElement.dataset.state") == "playing"


async def test_an_offer_that_nobody_answers_is_made_again(server: Running) -> None:
    async with opened(server.url, script=FIRST_OFFER_UNANSWERED) as (page, _):
        await page.wait_for_selector('html[data-state="playing"]')
        assert await page.evaluate("[everhost.player.joins, everhost.player.reasons]") == [1, ["no answer in 6000 ms"]]


async def test_a_question_into_a_dead_socket_comes_back(server: Running) -> None:
    async with opened(server.url, script=DYING_SOCKETS) as (page, _):
        await page.wait_for_selector('html[data-chat="open"]')
        await page.evaluate("window.dying = true")
        await page.fill("#text", "How big is it?")
        await page.press("#text", "Enter")
        assert await page.input_value("#text") == ""
        await expect(page.locator("#text")).to_have_value("How big is it?", timeout=20_000)
        assert await page.text_content("#hint") == "The chat is away for a moment …"
        await page.wait_for_selector('html[data-chat="open"]')
        assert server.source.count(ChatMessage) == 0
        await page.press("#text", "Enter")
        reply = page.locator(".message.host .bubble")
        await reply.wait_for(state="attached")
        assert await reply.text_content() == "It holds 750 ml."
        assert await page.text_content("#hint") == ""
        await asyncio.sleep(5.5)
        assert await page.input_value("#text") == ""
        await page.evaluate("window.dying = true")
        await page.fill("#text", "And the lid?")
        await page.press("#text", "Enter")
        await page.evaluate("dispatchEvent(new Event('online'))")
        assert await page.input_value("#text") == "And the lid?"
        await page.wait_for_selector('html[data-chat="open"]')


NO_SOCKET_WHILE_AWAY = """
const Real = WebSocket;
window.WebSocket = class extends Real {
  constructor(address) { super(window.away ? `${address}/nowhere` : address); }
};
"""


async def test_a_question_stays_through_a_broken_line_and_its_private_reply_arrives(server: Running) -> None:
    server.source.answers = False
    async with opened(server.url, script=NO_SOCKET_WHILE_AWAY) as (page, _):
        await page.wait_for_selector('html[data-chat="open"]')
        await page.fill("#text", "Does it fit a bike cage?")
        await page.press("#text", "Enter")
        await page.locator(".message.mine.waiting").wait_for(state="attached")
        await page.evaluate("away = true; dispatchEvent(new Event('online'))")
        await page.wait_for_selector('html[data-chat="away"]')
        await until(lambda: server.source.count(ChatMessage) == 1)
        (asked,) = [each for each in list(server.source.heard) if isinstance(each, ChatMessage)]
        server.source.say(ChatReply(asked.message_id, asked.viewer, asked.text, "I'll ask the shop.", private=True))
        server.source.say(ChatReply("x", "Bob", "How big?", "It holds 750 ml."))
        await asyncio.sleep(0.5)
        assert await page.locator(".message.mine.waiting").count() == 1
        await page.evaluate("away = false")
        reply = page.locator(".message.mine + .message.host .bubble")
        await reply.wait_for(state="attached")
        assert await reply.text_content() == "I'll ask the shop."
        for _ in range(2):
            assert await page.locator(".message .bubble").all_text_contents() == [
                "Does it fit a bike cage?", "I'll ask the shop.", "How big?", "It holds 750 ml.",
            ]  # fmt: skip
            assert await page.locator(".waiting").count() == 0
            await page.evaluate("document.documentElement.dataset.chat = ''; dispatchEvent(new Event('online'))")
            await page.wait_for_selector('html[data-chat="open"]')
            await asyncio.sleep(0.5)
