"""The control room as an operator meets it: the first account, the wall, stop and resume, and who is kept out."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from engine.records import Accounts, Role, accounts_place
from tests.e2e.station import CHROMIUM_FLAGS, SMALL, Station, free_port, listens, on_air, wait_until

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(180),
    pytest.mark.skipif(not Path("/usr/bin/chromium").exists(), reason="needs Debian's chromium"),
]

PASSWORD = "a long password"
SILENCE = 10 ** (-50 / 20)
"""Amplitude of −50 dBFS."""

NASTY = '<img src=x onerror="window.hacked=1"> how big is it?'


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    with on_air(tmp_path_factory.mktemp("room"), [], control_port=free_port(), size=SMALL) as running:
        yield running


@pytest.fixture(scope="module")
def accounts(station: Station) -> Iterator[Accounts]:
    made = Accounts(accounts_place(station.folder / "state"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def room(station: Station) -> str:
    """The address that makes the first account."""
    found = wait_until(lambda: re.search(r"first account: (\S+)", station.log.read_text()), 30, "the room's address")
    return str(found[1])


@pytest.fixture(scope="module")
def signed_in(browser: Browser, room: str) -> Iterator[BrowserContext]:
    """A browser whose operator has made the first account."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
    page = context.new_page()
    page.goto(room)
    page.fill("[name=name]", "anna")
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_url(base_of(room) + "/")
    page.close()
    yield context
    context.close()


def base_of(address: str) -> str:
    return address.partition("/welcome")[0]


def complaints_of(page: Page) -> list[str]:
    said: list[str] = []
    page.on("console", lambda each: said.append(each.text) if each.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def stats(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("document.querySelector('live-player').player.stats()")
    return found


def test_the_wall_shows_the_channel_live(signed_in: BrowserContext, room: str) -> None:
    page = signed_in.new_page()
    complaints = complaints_of(page)
    page.goto(base_of(room) + "/")
    page.wait_for_selector('live-player[data-state="playing"]')
    wait_until(lambda: stats(page)["framesDecoded"] > 25, 10, "pictures are decoded")
    assert page.text_content(".tile h2") == "Mia"
    page.wait_for_selector('.tile [data-air="on"]')
    wait_until(
        lambda: page.text_content(".tile-facts .product dd") not in ("", "No product"), 30, "a product is on show"
    )
    wait_until(lambda: page.text_content(".tile-facts .viewer-count dd") == "1 watching", 5, "the viewer is counted")
    assert page.evaluate("document.querySelector('live-player video').muted") is True
    page.hover("live-player")
    wait_until(lambda: not page.evaluate("document.querySelector('live-player video').muted"), 2, "sound on hover")
    assert complaints == []
    page.close()


def test_stop_by_key_silences_the_stream_and_resume_brings_it_back(signed_in: BrowserContext, room: str) -> None:
    page = signed_in.new_page()
    complaints = complaints_of(page)
    page.goto(base_of(room) + "/channels/mia")
    page.wait_for_selector('live-player[data-state="playing"]')
    page.wait_for_selector(".now .evidence .verdict.allowed")
    assert "Written by the template writer" in str(page.text_content(".now .evidence"))
    page.wait_for_selector("spoken-line .word.now")
    page.click("live-player .mute")
    wait_until(lambda: stats(page)["audioLevel"] > 0.01, 15, "speech is heard")
    page.keyboard.press("s")
    began = time.monotonic()
    page.wait_for_selector('.channel-title [data-air="stopped"]', timeout=1000)
    assert page.text_content("#alert") == "Stopped."
    print(f"said stopped after {time.monotonic() - began:.3f} s")
    wait_until(lambda: stats(page)["audioLevel"] < SILENCE, 1.5, "silence is heard")
    print(f"silent after {time.monotonic() - began:.3f} s")
    time.sleep(2)
    assert stats(page)["audioLevel"] < SILENCE
    page.click("#resume")
    page.wait_for_selector('.channel-title [data-air="on"]')
    wait_until(lambda: stats(page)["audioLevel"] > 0.01, 20, "speech is heard again")
    page.click("#pause")
    page.wait_for_selector('.channel-title [data-air="paused"]', timeout=20_000)
    page.click("#resume")
    page.wait_for_selector('.channel-title [data-air="on"]')
    page.wait_for_selector("spoken-line .word.now", timeout=20_000)
    page.click("#skip")
    page.wait_for_selector(".lines .tag.warn")
    page.keyboard.press("Escape")
    page.wait_for_selector('.channel-title [data-air="stopped"]')
    page.click("#resume")
    page.wait_for_selector('.channel-title [data-air="on"]')
    assert complaints == []
    page.close()


def test_a_nasty_question_is_text(signed_in: BrowserContext, station: Station, room: str) -> None:
    page = signed_in.new_page()
    page.goto(base_of(room) + "/channels/mia")
    viewer = signed_in.new_page()
    viewer.goto(station.base + "/")
    viewer.wait_for_selector('html[data-state="playing"]')
    viewer.fill("#text", NASTY)
    viewer.press("#text", "Enter")
    page.wait_for_selector(".log li")
    assert NASTY in [each.text_content() for each in page.query_selector_all(".log li p")]
    assert page.evaluate("window.hacked") is None
    assert page.query_selector(".log img") is None
    viewer.close()
    page.close()


def test_an_address_that_does_not_exist_leads_back(signed_in: BrowserContext, room: str) -> None:
    page = signed_in.new_page()
    for path in ("/nothing/here", "/channels/nobody", "/channels/nobody/insight"):
        answer = page.goto(base_of(room) + path)
        assert answer is not None
        assert answer.status == 404
        assert page.text_content("h1") == "Not found"
    page.click("text=To the wall")
    page.wait_for_selector(".tile")
    page.close()


def test_who_may_only_watch_has_no_buttons(browser: Browser, accounts: Accounts, room: str) -> None:
    accounts.add("vera", PASSWORD, Role.VIEWER)
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN", color_scheme="dark")
    page = context.new_page()
    page.goto(base_of(room) + "/channels/mia")
    assert page.url.endswith("/signin")
    page.fill("[name=name]", "vera")
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")
    page.goto(base_of(room) + "/channels/mia")
    page.wait_for_selector('.channel-title [data-air="on"]')
    assert page.text_content(".channel-title .air") == "直播中"
    assert page.evaluate("document.documentElement.lang") == "zh"
    assert page.query_selector("#stop") is None
    assert not page.is_visible("#skip")
    answer = page.evaluate(
        "fetch('/api/channels/mia/control', {method: 'POST', headers: {'Content-Type': 'application/json'},"
        ' body: \'{"action": "stop"}\'}).then((answer) => answer.status)'
    )
    assert answer == 403
    accounts.remove("vera")
    page.wait_for_url("**/signin", timeout=15_000)
    context.close()


def test_a_killed_room_comes_back_with_its_sessions(signed_in: BrowserContext, station: Station, room: str) -> None:
    page = signed_in.new_page()
    page.goto(base_of(room) + "/health")
    page.wait_for_selector('.processes [data-fresh="yes"]')
    child = station.child("server.room")
    assert isinstance(child, psutil.Process)
    child.kill()
    wait_until(lambda: page.text_content("#alert"), 10, "the page says that its connection is gone")
    wait_until(lambda: (new := station.child("server.room")) and new.pid != child.pid, 10, "another process")
    wait_until(lambda: listens(int(base_of(room).rpartition(":")[2])), 15, "the room listens again")
    assert page.request.get(base_of(room) + "/api/channels").ok
    wait_until(lambda: page.text_content("#alert") == "", 15, "the page has found back by itself")
    page.wait_for_selector('.processes [data-fresh="yes"]')
    assert station.health()["status"] == "ok"
    page.close()
