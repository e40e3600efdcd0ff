"""The room's pages in a real Chromium, beside a channel whose other processes the test plays."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from engine.flow import Question
from engine.records import Accounts, Ledger, Role, accounts_place, open_ledger
from engine.runtime.messages import Control, LineView, OnAir, ProcessState
from engine.runtime.steering import Steer, Steered
from engine.script import Finding
from engine.settings import load_channel
from engine.settings.state import STATE_DIR_VARIABLE
from tests.e2e.pressing import press
from tests.e2e.station import CHROMIUM_FLAGS, ROOT, free_port, listens, wait_until
from tests.server.conftest import CARDS, NOW
from tests.server.source import Source

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium")

FILE = "my shop.yaml"
"""A name that an address must quote."""

HERE = "/channels/my%20shop"

CHANNEL = """\
name: Mia
body: {root}/avatars/bodies/mia.ehb
catalogue: {root}/assets/catalogue/demo.yaml
server: {{port: {port}, control_port: {control_port}}}
"""

TYPING_MS = 3000
"""So long after the last letter S is no order (``room.js``)."""

NEXT = tuple(LineView(f"p{n}", "pitch", f"Line {n}.", "bottle", (), pictures=50, movable=True) for n in (1, 2))
ON_AIR = OnAir(100, stopped=False, slate=False, now=NOW, upcoming=NEXT)

REFUSED = Steered("", granted=False, code="guard", findings=(Finding("price", "not its price", "$7"),), may_insist=True)
GRANTED = Steered("", granted=True)


@dataclass
class Desk:
    """A room with an admin, anna, and the channel around it."""

    base: str
    source: Source
    browser: Browser
    accounts: Accounts
    ledger: Ledger

    def signed_in(self, **given: Any) -> BrowserContext:
        context = self.browser.new_context(**{"viewport": {"width": 1440, "height": 900}, "locale": "en-US"} | given)
        name = f"everhost_session_{self.base.rpartition(':')[2]}"
        cookie = {"name": name, "value": self.accounts.new_session("anna"), "url": self.base}
        context.add_cookies([cookie])  # type: ignore[list-item]
        return context

    @property
    def orders(self) -> list[str]:
        """What the channel was ordered to do."""
        return [each.action for each in list(self.source.heard) if isinstance(each, Control)]

    @property
    def wishes(self) -> int:
        """How often the studio was asked for something."""
        return self.source.count(Steer)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    state, run_dir, control_port = folder / "state", folder / "run", free_port()
    for each in (state, run_dir):
        each.mkdir()
    file = folder / FILE
    file.write_text(CHANNEL.format(root=ROOT, port=free_port(), control_port=control_port))
    environment = os.environ | {STATE_DIR_VARIABLE: str(state), "TZ": "UTC"}
    accounts = Accounts(accounts_place(state))
    accounts.add("anna", "a long password", Role.ADMIN)
    ledger = open_ledger(load_channel(file), state)
    source = Source(run_dir, (CARDS, ON_AIR))
    source.picture_alive = source.sound_alive = False
    with source, sync_playwright() as playwright:
        room = subprocess.Popen(
            [sys.executable, "-m", "server.room", "room", str(file), str(run_dir)], cwd=ROOT, env=environment
        )
        try:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
            wait_until(lambda: listens(control_port), 60, "the room listens")
            made = Desk(f"http://127.0.0.1:{control_port}", source, browser, accounts, ledger)
            # What is said before the room has joined the bus is lost.
            with made.signed_in() as context:
                open_channel(context.new_page(), made)
            yield made
            browser.close()
        finally:
            room.terminate()
            room.wait(15)
            ledger.close()
            accounts.close()


@pytest.fixture
def page(desk: Desk) -> Iterator[Page]:
    """A page of an admin in a tab of its own; wishes are granted."""
    desk.source.steered = GRANTED
    desk.source.heard.clear()
    context = desk.signed_in()
    yield context.new_page()
    context.close()


def open_channel(page: Page, desk: Desk) -> None:
    page.goto(desk.base + HERE)
    page.wait_for_selector('.channel-title [data-air="on"]')
    page.wait_for_selector(".next [data-movable] >> nth=1")


def refuse_and_wait(page: Page, desk: Desk, form: str, text: str) -> None:
    """Send a text that is refused until a reason is given."""
    desk.source.steered = REFUSED
    page.fill(f"{form} textarea", text)
    page.press(f"{form} textarea", "Enter")
    page.wait_for_selector(f"{form} .findings li")
    assert page.is_visible(f"{form} [name=why]")
    desk.source.steered = GRANTED


def test_a_refused_text_can_be_put_right(page: Page, desk: Desk) -> None:
    open_channel(page, desk)
    refuse_and_wait(page, desk, ".say", "The lamp is $7.")
    page.fill(".say textarea", "Thank you all for being here.")
    page.press(".say textarea", "Enter")
    page.wait_for_selector("#alert:has-text('Done.')")
    edit = page.locator(".next").get_by_role("button", name="Edit")
    press(edit.first)
    refuse_and_wait(page, desk, "#edit", "The bottle is $7.")
    page.click("#edit [data-close]")
    press(edit.last)
    page.fill("#edit textarea", "Have a good look at this one.")
    page.press("#edit textarea", "Enter")
    page.wait_for_selector("#edit", state="hidden")
    assert desk.wishes == 4


def test_what_is_typed_when_the_page_is_read_anew_stops_nothing_and_is_kept(page: Page, desk: Desk) -> None:
    open_channel(page, desk)
    page.locator(".say textarea").press_sequentially("Half a ")
    page.check(".say [name=now]")
    page.select_option(".say select", "lamp")
    press(page.locator(".next").get_by_role("button", name="Edit").first)
    page.fill("#edit textarea", "Half an edit")
    page.reload()  # as NiceGUI does when the room has forgotten the page
    page.wait_for_selector('.channel-title [data-air="on"]')
    page.keyboard.type("sentence")
    assert "nothing was stopped" in str(page.text_content("#alert"))
    assert page.input_value(".say textarea") == "Half a "
    assert page.is_checked(".say [name=now]")
    assert page.input_value(".say select") == "lamp"
    edit = page.locator(".next").get_by_role("button", name="Edit")
    press(edit.last)
    assert page.input_value("#edit textarea") == "Line 2."
    page.press("#edit textarea", "Escape")
    press(edit.first)
    assert page.input_value("#edit textarea") == "Half an edit"
    page.press("#edit textarea", "Escape")
    press(edit.first)
    assert page.input_value("#edit textarea") == "Line 1."
    page.press("#edit textarea", "Escape")
    assert desk.orders == []
    page.press(".say textarea", "Enter")
    page.wait_for_selector("#alert:has-text('Done.')")
    page.reload()
    page.wait_for_selector('.channel-title [data-air="on"]')
    assert page.input_value(".say textarea") == ""
    page.wait_for_timeout(TYPING_MS)
    page.keyboard.press("s")
    wait_until(lambda: desk.orders == ["stop"], 5, "S stops when nobody types")


def test_the_next_question_is_answered_at_once(page: Page, desk: Desk) -> None:
    first, second = "does it fit a bike cage", "is there a gift box"
    for number, text in enumerate((first, second)):
        desk.ledger.unanswered(Question(f"q{number}", "Ann", text), "bottle")
    page.goto(f"{desk.base}{HERE}/insight?span=hour")
    row = page.locator("[aria-labelledby=unanswered-title] .line-row")
    press(row.filter(has_text=first).get_by_role("button", name="Answer"))
    page.fill("#faq [name=answer]", "It is not made for a bike cage.")
    page.click("#faq [type=submit]")
    page.wait_for_selector("#faq", state="hidden")
    press(row.filter(has_text=second).get_by_role("button", name="Answer"))
    page.fill("#faq [name=answer]", "Half an ans")
    row.filter(has_text=first).wait_for(state="detached")
    page.wait_for_timeout(1000)
    assert page.input_value("#faq [name=question]") == second
    assert page.input_value("#faq [name=answer]") == "Half an ans"
    assert page.is_visible("#faq")


COMPOSES = """(at, key) => at.dispatchEvent(
  new KeyboardEvent("keydown", { key, keyCode: 229, bubbles: true, cancelable: true }))"""
"""A key that ends a composition, as Safari tells it."""


def test_keys_of_an_input_method_send_close_and_stop_nothing(page: Page, desk: Desk) -> None:
    open_channel(page, desk)
    page.fill(".say textarea", "nihao")
    press(page.locator(".next").get_by_role("button", name="Edit").first)
    page.fill("#edit textarea", "nihao")
    for key in ("Enter", "Escape"):
        for form in (".say", "#edit"):
            page.eval_on_selector(f"{form} textarea", COMPOSES, key)
    page.wait_for_timeout(500)
    assert page.is_visible("#edit")
    assert (desk.wishes, desk.orders) == (0, [])
    page.press("#edit textarea", "Enter")
    page.wait_for_selector("#edit", state="hidden")
    assert desk.wishes == 1


def test_a_channel_whose_name_has_a_space_is_led_to_and_ordered(page: Page, desk: Desk) -> None:
    page.goto(f"{desk.base}/")
    page.click(".tile h2 a")
    page.wait_for_url(f"{desk.base}{HERE}")
    page.click("#pause")
    wait_until(lambda: desk.orders == ["pause"], 5, "the channel is told to pause")
    page.click("nav >> text=Mia")
    page.wait_for_selector("nav a[aria-current]:has-text('Mia')")
    page.click("#stop")
    wait_until(lambda: desk.orders == ["pause", "stop"], 5, "the channel is told to stop")
    page.click("nav >> text=Insight")
    page.wait_for_url(f"{desk.base}{HERE}/insight")
    page.click("#stop")
    page.wait_for_selector("#alert:has-text('Stopped.')")


def test_a_new_alarm_is_heard_whatever_the_browsers_clock_says(page: Page, desk: Desk) -> None:
    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(minutes=5))
    open_channel(page, desk)
    assert page.get_attribute("alarm-bell", "data-rang") is None
    desk.source.say(ProcessState("stage", "ended", 1, "signal SIGKILL"))
    page.wait_for_selector("alarm-bell[data-rang='1']")


def test_a_dialog_of_the_set_up_closes_by_a_click_beside_it_only(page: Page, desk: Desk) -> None:
    sheet = page.locator("dialog.sheet")
    mouse = page.mouse
    page.goto(f"{desk.base}/users")
    page.click("button:has-text('Add a user')")
    page.fill(".asking input >> nth=0", "olga")
    drag(page, ".asking input >> nth=0", 5, 5)
    box = sheet.bounding_box()
    assert box is not None
    mouse.click(box["x"] + 40, box["y"] + 5)
    assert page.input_value(".asking input >> nth=0") == "olga"
    mouse.click(5, 5)
    sheet.wait_for(state="detached")
    page.click("button:has-text('Add a token')")
    page.fill(".asking input >> nth=0", "robot")
    page.click(".asking [type=submit]")
    page.wait_for_selector(".once")
    mouse.click(5, 5)
    assert page.input_value(".once")
    page.click(".sheet .go")
    sheet.wait_for(state="detached")


def drag(page: Page, begin: str, x: float, y: float) -> None:
    """Press the mouse in the middle of an element and let go elsewhere."""
    box = page.locator(begin).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(x, y)
    page.mouse.up()


def test_times_are_those_of_the_browsers_zone_and_have_their_date_unless_it_is_today(desk: Desk) -> None:
    zone = "Asia/Shanghai"
    desk.source.say(ProcessState("outlet:shop", "ended", 1, "exit status 1"))
    desk.ledger.watched(3)
    context = desk.signed_in(timezone_id=zone)
    page = context.new_page()
    shown = page.locator(".alarm-list alarm-text:has-text('shop ended')")
    for days_later in (0, 1):
        page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=days_later))
        page.goto(f"{desk.base}/health")
        shown.wait_for()
        at = datetime.fromtimestamp(float(str(shown.get_attribute("at"))), ZoneInfo(zone))
        date = f"{at:%b} {at.day}, " if days_later else ""
        assert str(shown.text_content()).startswith(f"{date}{at:%H:%M:%S} shop ended")
    page.goto(f"{desk.base}{HERE}/insight?span=week")
    page.wait_for_selector("time-chart path", state="attached")
    days = page.locator("time-chart .tick[y='164']").all_text_contents()
    assert len(set(days)) == 4
    assert all(re.fullmatch(r"[A-Z][a-z]{2} \d+", each) for each in days)
    context.close()
