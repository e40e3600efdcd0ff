"""How the control room's pages look: nothing cut, nothing over something else, enough contrast, in every kind."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from websockets.sync.client import connect

from engine.records import Accounts, Role, accounts_place
from tests.e2e.pressing import press
from tests.e2e.station import CHROMIUM_FLAGS, SMALL, Station, free_port, on_air, tools_missing, wait_until

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(180),
    pytest.mark.skipif(bool(tools_missing()), reason=f"make setup-test installs {tools_missing()}"),
]

PASSWORD = "a long password"
LOOK = (Path(__file__).parent / "look.js").read_text()
SIZES = ((1440, 900), (390, 844))
PATHS = ("/", "/channels/mia", "/channels/mia/insight", "/health")
LONG_NAME = "Bartholomew-Featherst"
LONG_QUESTION = "Does the bottle come with a second lid, and would it fit the basket of a really very old bicycle?"


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    folder = tmp_path_factory.mktemp("look")
    accounts = Accounts(accounts_place(folder / "state"))
    accounts.add("anna.with-a.long-name@shop", PASSWORD, Role.ADMIN)
    accounts.close()
    outlet = {"kind": "rtmp", "name": "platform", "url": f"rtmp://127.0.0.1:{free_port()}/live", "key": "${RTMP_KEY}"}
    with on_air(folder, [outlet], control_port=free_port(), size=SMALL) as running:
        wait_until(lambda: "Control room:" in running.log.read_text(), 40, "the room's address")
        with connect(running.base.replace("http", "ws") + "/ws/chat", origin=running.base) as socket:  # type: ignore[arg-type]
            socket.send(json.dumps({"name": LONG_NAME, "text": LONG_QUESTION}))
            time.sleep(1)
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_nothing_is_cut_covered_or_pale(station: Station, browser: Browser, locale: str, look: str) -> None:
    base = re.findall(r"Control room: (\S+)/", station.log.read_text())[0]
    context = browser.new_context(locale=locale, color_scheme=look, viewport={"width": 1440, "height": 900})  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(base + "/signin")
    found_on = {"/signin": problems(page)}
    page.fill("[name=name]", "anna.with-a.long-name@shop")
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")
    for path in PATHS:
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(base + path)
        page.wait_for_selector("alarm-bell a")
        if path == "/channels/mia":
            page.wait_for_selector(".next [data-movable]")
            press(page.locator(".next [data-movable] [data-open]").last)
            page.fill("#edit textarea", "It cures headaches.")
            page.press("#edit textarea", "Enter")
            page.wait_for_selector("#edit .findings li")
        elif path == "/health":
            # Charts are drawn when they are in sight.
            page.locator("time-chart").first.scroll_into_view_if_needed()
            page.wait_for_selector("time-chart path")
        found_on[path] = problems(page)
    context.close()
    assert not any(found_on.values()), "\n".join(f"{path} {each}" for path in found_on for each in found_on[path])


def problems(page: Page) -> list[str]:
    """What ``look.js`` finds in both sizes."""
    found = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        time.sleep(0.4)
        found += [f"{width}: {each}" for each in page.evaluate(LOOK)]
    return found


def test_the_look_is_really_judged(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 400, "height": 300})
    page.set_content(
        "<main style='background: rgb(255, 255, 255)'><p style='color: rgb(170, 170, 170)'>pale</p>"
        "<p style='width: 40px; overflow: hidden; white-space: nowrap'>this is cut off</p>"
        "<p style='margin: 0'>under</p><p style='margin-top: -16px'>over</p><p style='width: 900px'>wide</p></main>"
    )
    kinds = {each.partition(":")[0].split()[0] for each in page.evaluate(LOOK)}
    assert kinds == {"page", "outside", "cut", "overlap", "contrast"}
    page.close()
