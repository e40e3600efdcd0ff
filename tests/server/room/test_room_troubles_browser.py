"""The room's pages where a key is pressed twice, an order does not arrive, or a browser is slow to allow sound."""

from __future__ import annotations

import msgspec
from playwright.sync_api import Page, expect

from engine.runtime.steering import Steer
from tests.e2e.station import wait_until
from tests.server.room.test_room_browser import GRANTED, Desk, desk, open_channel, page, pytestmark

__all__ = ["desk", "page", "pytestmark"]

REPEATS = """(at) => at.dispatchEvent(
  new KeyboardEvent("keydown", { key: "Enter", repeat: true, bubbles: true, cancelable: true }))"""

NO_SOUND_YET = """
window.resumed = 0;
window.AudioContext = class { state = "suspended"; async resume() { window.resumed += 1; } };
"""


def test_a_second_enter_says_nothing_twice_and_what_is_typed_meanwhile_stays(page: Page, desk: Desk) -> None:
    open_channel(page, desk)
    desk.source.steered = None
    page.fill(".say textarea", "Hello everybody.")
    page.eval_on_selector(".say textarea", REPEATS)
    page.wait_for_timeout(300)
    assert desk.wishes == 0
    page.press(".say textarea", "Enter")
    wait_until(lambda: desk.wishes == 1, 5, "the studio is asked")
    page.press(".say textarea", "Enter")
    page.locator(".say textarea").press_sequentially(" And welcome.")
    page.press(".say textarea", "Enter")
    page.wait_for_timeout(300)
    (asked,) = [each for each in list(desk.source.heard) if isinstance(each, Steer)]
    desk.source.say(msgspec.structs.replace(GRANTED, request_id=asked.request_id))
    page.wait_for_selector("#alert:has-text('Done.')")
    assert page.input_value(".say textarea") == "Hello everybody. And welcome."
    desk.source.steered = GRANTED
    page.press(".say textarea", "Enter")
    expect(page.locator(".say textarea")).to_have_value("")
    assert desk.wishes == 2


def test_a_stop_that_does_not_arrive_is_said_in_time(page: Page, desk: Desk) -> None:
    open_channel(page, desk)
    page.route("**/control", lambda _: None)
    page.click("#stop")
    page.wait_for_selector("#alert:has-text('That did not arrive.')", timeout=5000)


def test_the_bell_asks_for_sound_until_it_has_it(page: Page, desk: Desk) -> None:
    page.add_init_script(NO_SOUND_YET)
    open_channel(page, desk)
    resumed = []
    for kind in ("pointerdown", "pointerup", "click", "keydown", "keydown"):
        page.dispatch_event("h1", kind)
        resumed.append(page.evaluate("resumed"))
    assert resumed == [0, 1, 2, 3, 4]
