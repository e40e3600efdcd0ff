"""The channel's page moves no button away from under a finger, and where it must, the press does not count."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from playwright.sync_api import Page

from engine.flow import Word
from engine.runtime.messages import LineView, OnAir
from engine.runtime.steering import Drop, Move, Questions, Steer, WaitingQuestion
from tests.e2e.station import wait_until
from tests.server.conftest import NOW
from tests.server.room.test_room_browser import Desk, desk, open_channel, page, pytestmark

__all__ = ["desk", "page", "pytestmark"]

LINES = tuple(
    LineView(f"n{n}", "pitch", f"Line {n}. {'It holds 750 ml. ' * (n % 3)}", "bottle", (), pictures=50, movable=True)
    for n in range(8)
)
LONG = " ".join(f"word{n}" for n in range(60))
NOWS = (
    NOW,
    None,
    msgspec.structs.replace(
        NOW, performance_id="long", text=LONG, words=tuple(Word(t, n, n + 1) for n, t in enumerate(LONG.split())),
        fact_ids=tuple(f"bottle.{n}" for n in range(9)),
    ),
    msgspec.structs.replace(NOW, performance_id="bare", text="Hello.", words=(), product_id=None, fact_ids=()),
)  # fmt: skip
SETTLED_MS = 600
"""More than ``SETTLE_MS`` (``steady.js``)."""

MOVED = "The page moved just as you pressed, so nothing was done. Please press again."

PRESS = """
window.press = (down, up = down) => {
  const given = { bubbles: true, cancelable: true, isPrimary: true, detail: 1 };
  down.dispatchEvent(new PointerEvent("pointerdown", given));
  up.dispatchEvent(new PointerEvent("click", given));
};
window.drop = (row) => document.querySelectorAll(".next .quiet")[row];
"""
"""A press without a moment between going down and up, which no hand and no driver is quick enough for."""

PRESS_ONCE_MOVED = """(list) => {
  const first = list.firstElementChild;
  const { left, top } = first.querySelector(".quiet").getBoundingClientRect();
  new MutationObserver((_, seen) => {
    if (list.firstElementChild === first) return;
    seen.disconnect();
    const aimed = document.elementFromPoint(left + 10, top + 10).closest("button");
    press(aimed);
    window.hit = aimed.dataset.wish;
  }).observe(list, { childList: true });
}"""
"""Aim at the first row's button, and press as soon as another row is the first."""


def upcoming(desk: Desk, page: Page, lines: tuple[LineView, ...], now: LineView | None = NOW) -> None:
    """Have these lines come next."""
    desk.source.say(OnAir(100, stopped=False, slate=False, now=now, upcoming=lines))
    first = lines[0].text.split(".")[0]
    page.wait_for_function(
        "([n, first]) => document.querySelectorAll('.next > li').length === n"
        " && document.querySelector('.next .said-text').textContent.startsWith(first)",
        arg=[len(lines), first],
    )


def settled(page: Page) -> None:
    page.wait_for_timeout(SETTLED_MS)


@pytest.fixture
def channel(page: Page, desk: Desk) -> Page:
    """The channel's page with eight lines that wait, long enough for each to be aimed at."""
    page.add_init_script(PRESS)
    open_channel(page, desk)
    upcoming(desk, page, LINES)
    settled(page)
    return page


def wishes(desk: Desk) -> list[Any]:
    return [each.wish for each in list(desk.source.heard) if isinstance(each, Steer)]


def top_of(page: Page, selector: str) -> float:
    """Where an element begins on the page."""
    return float(
        page.eval_on_selector(selector, "(each) => Math.round(each.getBoundingClientRect().top + window.scrollY)")
    )


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_a_line_that_ends_or_begins_moves_nothing_below_it(channel: Page, desk: Desk, size: tuple[int, int]) -> None:
    width, height = size
    channel.set_viewport_size({"width": width, "height": height})
    placed = (msgspec.structs.replace(LINES[0], movable=False, start_picture=200), *LINES[1:])
    below = (".say textarea", ".say .tick", ".say [type=submit]", ".next > li:nth-child(2)", ".questions")
    tops = [top_of(channel, each) for each in below]
    for now in NOWS:
        upcoming(desk, channel, placed, now)
        channel.wait_for_selector(f".now[data-over={'yes' if now is None else 'no'}]")
        channel.wait_for_selector(".next > li:first-child button:disabled")
        assert [top_of(channel, each) for each in below] == tops
    assert channel.text_content(".now .tag:not(.soft)") == "Pitch"


def test_between_two_lines_the_evidence_of_the_one_before_stays(channel: Page, desk: Desk) -> None:
    for now in (NOWS[2], None):
        upcoming(desk, channel, LINES, now)
        channel.wait_for_selector(f".now[data-over={'yes' if now is None else 'no'}]")
        assert channel.locator(".now .evidence").count() == 1
        assert channel.text_content(".now .tag.soft") == "TrailMate bottle"
    assert channel.text_content(".now .line") == "Between two lines"


def test_a_press_just_after_the_rows_moved_does_not_count(channel: Page, desk: Desk) -> None:
    channel.eval_on_selector(".next", PRESS_ONCE_MOVED)
    upcoming(desk, channel, LINES[1:])
    assert '"n1"' in str(channel.evaluate("hit")), "the neighbour is under the finger now"
    assert channel.text_content("#alert") == MOVED
    channel.keyboard.press("Escape")
    wait_until(lambda: desk.orders == ["stop"], 5, "orders are never refused")
    settled(channel)
    assert wishes(desk) == []
    channel.locator(".next .quiet").first.click()
    wait_until(lambda: wishes(desk) == [Drop("n1")], 5, "the line is taken out")


def test_keys_and_stop_are_not_asked_whether_the_page_moved(channel: Page, desk: Desk) -> None:
    channel.locator(".next .quiet").nth(2).focus()
    upcoming(desk, channel, LINES[1:])
    channel.evaluate("press(document.querySelector('#stop'))")
    channel.keyboard.press("Enter")
    wait_until(lambda: (desk.orders, wishes(desk)) == (["stop"], [Drop("n2")]), 5, "both are done")


def test_a_press_counts_only_where_the_finger_went_down(channel: Page, desk: Desk) -> None:
    channel.evaluate("press(drop(1), drop(2))")
    assert channel.text_content("#alert") == MOVED
    channel.evaluate("press(drop(1), document.querySelector('.next'))")
    channel.evaluate("press(document.querySelector('h1'), drop(2))")
    channel.evaluate("press(drop(3))")
    wait_until(lambda: wishes(desk) == [Drop("n3")], 5, "the one that was meant")


def test_what_stays_in_its_place_may_be_pressed_at_once(channel: Page, desk: Desk) -> None:
    newer = msgspec.structs.replace(LINES[0], performance_id="n8", text="Line 8.")
    upcoming(desk, channel, (msgspec.structs.replace(LINES[0], movable=False), *LINES[1:], newer))
    channel.evaluate("press(drop(1))")
    wait_until(lambda: wishes(desk) == [Drop("n1")], 5, "nothing above it has changed its height")
    assert channel.evaluate(
        "() => { const list = document.querySelector('.next'); list.scrollTop = 200; press(drop(3));"
        " return list.scrollTop }"
    )
    wait_until(lambda: wishes(desk) == [Drop("n1"), Drop("n3")], 5, "who scrolls knows where things are")


def test_questions_that_change_places_are_not_hit_by_chance(channel: Page, desk: Desk) -> None:
    ann, bea = (WaitingQuestion(f"m{n}", who, "How much?", "price", "bottle", 1) for n, who in enumerate("ab"))
    desk.source.say(Questions((ann, bea)))
    channel.wait_for_selector(".questions > li >> nth=1")
    settled(channel)
    channel.eval_on_selector(".questions", PRESS_ONCE_MOVED)
    desk.source.say(Questions((bea, ann)))
    channel.wait_for_selector(".questions > li:first-child .asker:has-text('b')")
    assert '"m1"' in str(channel.evaluate("hit")), "the other is under the finger now"
    assert channel.text_content("#alert") == MOVED
    desk.source.say(Questions(()))
    channel.wait_for_selector(".questions > li", state="detached")
    assert wishes(desk) == []


def test_each_press_on_earlier_is_one_step_also_before_it_is_answered(channel: Page, desk: Desk) -> None:
    desk.source.steered = None
    earlier = channel.locator(".next > li").nth(4).get_by_role("button", name="Earlier")
    earlier.click(click_count=3)
    wait_until(lambda: wishes(desk) == [Move("n4", by=-1)] * 3, 5, "three steps")
    assert earlier.is_enabled()
