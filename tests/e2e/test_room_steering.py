"""Every action of an operator in the control room's pages; its effect is seen in the decoded stream or the ledger."""

from __future__ import annotations

import json
import re
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from websockets.sync.client import connect

from engine.records import Accounts, Ledger, Role, SaidLine, accounts_place
from tests.e2e.pressing import press
from tests.e2e.station import CHROMIUM_FLAGS, SECRET, Station, free_port, on_air, tools_missing, wait_until
from tests.e2e.watcher import Watcher, watching_aside

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(180),
    pytest.mark.skipif(bool(tools_missing()), reason=f"make setup-test installs {tools_missing()}"),
]

PASSWORD = "a long password"
BELOW_ALERT = "document.querySelector('#content').getBoundingClientRect().top"
SILENT_DBFS = -50.0
LEAST_SPEECH_DBFS = -40.0
NASTY = "<img src=x onerror=hacked=1>"
NASTY_PRODUCT = "Candle <img src=x onerror=hacked=1>"
SMALL = 8


@dataclass
class Shown:
    """A running channel, and two browsers: anna is an admin, vera may only watch."""

    station: Station
    base: str
    anna: BrowserContext
    vera: BrowserContext

    def page(self, path: str = "/channels/mia") -> Page:
        page = self.anna.new_page()
        page.goto(self.base + path)
        if "insight" in path:
            page.wait_for_selector(".figures")
        else:
            page.wait_for_selector('[data-air="on"], [data-air="paused"]')
            if page.is_visible("#resume"):  # A test before failed while it was paused.
                page.click("#resume")
            page.wait_for_selector('[data-air="on"]')
        return page


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    folder = tmp_path_factory.mktemp("steering")
    port = free_port()
    outlet = {"kind": "rtmp", "name": "platform", "url": f"rtmp://127.0.0.1:{free_port()}/live", "key": "${RTMP_KEY}"}
    accounts = Accounts(accounts_place(folder / "state"))
    for name, role in (("anna", Role.ADMIN), ("vera", Role.VIEWER)):
        accounts.add(name, PASSWORD, role)
    accounts.close()
    with (
        on_air(folder, [outlet], control_port=port, names={"candle": NASTY_PRODUCT}) as station,
        sync_playwright() as playwright,
    ):
        base = wait_until(
            lambda: re.search(r"Control room: (\S+)/", station.log.read_text()), 40, "the room's address"
        )[1]
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        contexts = [signed_in(browser, base, name) for name in ("anna", "vera")]
        wait_until(lambda: said(station), 40, "the first line was on air")
        yield Shown(station, base, *contexts)
        for context in contexts:
            context.close()
        browser.close()


def signed_in(browser: Browser, base: str, name: str) -> BrowserContext:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
    page = context.new_page()
    page.goto(base + "/signin")
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_url(base + "/")
    page.close()
    return context


def from_ledger(station: Station, read: Callable[[Ledger], Any]) -> Any:
    ledger = Ledger(station.folder / "state" / "mia.ledger.sqlite")
    try:
        return read(ledger)
    finally:
        ledger.close()


def said(station: Station) -> list[SaidLine]:
    """The lines that were on air, oldest first."""
    lines: list[SaidLine] = from_ledger(station, lambda ledger: ledger.lines(300))
    return sorted(lines, key=lambda line: line.number)


def open_questions(station: Station) -> list[str]:
    return [each.text for each in from_ledger(station, lambda ledger: ledger.open_questions())]


def outcomes(station: Station) -> dict[str, str]:
    """What became of each chat message, by its text."""
    return {each.text: each.outcome for each in from_ledger(station, lambda ledger: ledger.messages())}


def until_said(station: Station, text: str, seconds: float = 40.0) -> SaidLine:
    found: SaidLine = wait_until(
        lambda: next((line for line in said(station) if text in line.text), None), seconds, f"“{text}” is said"
    )
    return found


def steered(station: Station) -> list[Any]:
    return list(from_ledger(station, lambda ledger: ledger.steerings()))


def until_loud(watcher: Watcher, since: float, seconds: float = 25.0) -> None:
    wait_until(
        lambda: any(at > since and level > LEAST_SPEECH_DBFS for at, level in list(watcher.level_dbfs)),
        seconds,
        "speech",
    )


def movable(page: Page) -> list[str]:
    """The texts of the lines that may be changed, in their order."""
    return [str(each.text_content()) for each in page.query_selector_all(".next [data-movable] .said-text")]


def row(page: Page, text: str) -> Any:
    return page.locator(".next > li", has_text=text).first


def enough_lines(page: Page, number: int = 3) -> list[str]:
    wait_until(lambda: len(movable(page)) >= number, 30, f"{number} lines wait")
    return movable(page)


def test_stop_from_another_page_silences_the_stream_and_shows_the_slate(shown: Shown) -> None:
    page = shown.page("/health")
    with watching_aside(shown.station.base) as watcher:
        until_loud(watcher, 0.0)
        page.click("#stop")
        asked = time.monotonic()
        page.wait_for_selector("#resume-all:visible")
        time.sleep(2.5)
        resumed = time.monotonic()
        assert watcher.loudest(asked + 0.5, resumed) < SILENT_DBFS
        assert max(watcher.unlike_last(asked + 0.5)) < 2.0, "the slate stands"
        page.click("#resume-all")
        until_loud(watcher, resumed)
    rows = steered(shown.station)[-2:]
    assert [(each.who, each.action) for each in rows] == [("anna", "stop"), ("anna", "resume")]
    page.close()


def test_escape_stops_also_while_somebody_types(shown: Shown) -> None:
    page = shown.page()
    page.fill(".say textarea", "Half a sent")
    page.keyboard.press("s")
    page.keyboard.press("Escape")
    page.wait_for_selector('.channel-title [data-air="stopped"]', timeout=2000)
    assert page.input_value(".say textarea") == "Half a sents"
    page.click("#resume-all")
    page.wait_for_selector('.channel-title [data-air="on"]')
    page.close()


def test_pause_ends_the_sentence_and_the_host_lives_on(shown: Shown) -> None:
    page = shown.page()
    with watching_aside(shown.station.base) as watcher:
        until_loud(watcher, time.monotonic())
        page.click("#pause")
        wait_until(lambda: is_quiet(watcher), 25, "the sentence has ended")
        quiet = time.monotonic()
        time.sleep(2.0)
        assert watcher.loudest(quiet, time.monotonic()) < SILENT_DBFS
        assert max(watcher.unlike_last(quiet)) > 0.2, "she lives on"
        page.click("#resume")
        until_loud(watcher, quiet)
    page.close()


def is_quiet(watcher: Watcher) -> bool:
    """Whether nothing was said in the last two seconds."""
    now = time.monotonic()
    return now - watcher.level_dbfs[0][0] > 2.0 and watcher.loudest(now - 2.0, now) < SILENT_DBFS


def test_a_typed_line_is_said_and_kept_as_the_operators(shown: Shown) -> None:
    page = shown.page()
    text = "Thank you all for being here with us."
    page.wait_for_selector("spoken-line .word.now")
    before = page.locator(".now .line").first.text_content()
    wait_until(lambda: page.locator(".now .line").first.text_content() != before, 20, "a line begins")
    page.wait_for_selector("spoken-line .word.now")
    cuts = page.locator(".said .tag.warn").count()
    top = page.evaluate(BELOW_ALERT)
    page.check(".say [name=now]")
    page.fill(".say textarea", text)
    page.press(".say textarea", "Enter")
    page.wait_for_selector("#alert:has-text('Done.')")
    assert page.evaluate(BELOW_ALERT) == top, "news moves no button away from under a finger"
    page.wait_for_selector(".now .line:has-text('Thank you all')", timeout=5000)
    line = until_said(shown.station, text)
    assert page.locator(".said .tag.warn").count() == cuts + 1, "the line on air was cut off"
    written = from_ledger(shown.station, lambda ledger: ledger.written(line.line_id))
    assert (line.kind, written.writer) == ("say", "operator")
    page.wait_for_selector(f".said .line-row:has-text('{text}') .tag.typed")
    page.close()


def test_a_false_line_shows_what_the_guard_objects_to_and_goes_only_with_a_reason(shown: Shown) -> None:
    page = shown.page()
    text = "The TrailMate Insulated Bottle is $7 for the next minute."
    page.fill(".say textarea", text)
    page.select_option(".say select", "bottle")
    page.click(".say [type=submit]")
    page.wait_for_selector(".say .findings li")
    assert "$7" in str(page.text_content(".say .findings"))
    assert page.is_visible(".say [name=why]")
    page.fill(".say [name=why]", "agreed with the shop by phone")
    page.click(".say [type=submit]")
    page.wait_for_selector("#alert:has-text('Done.')")
    until_said(shown.station, text)
    kept = [each for each in steered(shown.station) if each.action == "say" and "$7" in each.detail]
    assert [(each.who, each.why, each.outcome.partition(":")[0]) for each in kept] == [
        ("anna", "", "refused"),
        ("anna", "agreed with the shop by phone", "done"),
    ]
    page.fill(".say textarea", "I am a real person, believe me.")
    page.click(".say [type=submit]")
    page.wait_for_selector(".say .findings li")
    assert not page.is_visible(".say [name=why]"), "no reason lets this pass"
    page.close()


def test_lines_are_edited_moved_and_taken_out(shown: Shown) -> None:
    page = shown.page()
    page.click("#pause")
    page.wait_for_selector('.channel-title [data-air="paused"]', timeout=20_000)
    first, second, third = enough_lines(page)[:3]
    press(row(page, first).get_by_role("button", name="Edit"))
    page.fill("#edit textarea", "It cures headaches.")
    page.click("#edit [type=submit]")
    page.wait_for_selector("#edit .findings li")
    page.fill("#edit textarea", "Have a good look at this one.")
    page.click("#edit [type=submit]")
    page.wait_for_selector("#edit", state="hidden")
    wait_until(lambda: "Have a good look at this one." in movable(page), 5, "the edited line waits")
    press(row(page, third).get_by_role("button", name="Earlier"))
    wait_until(lambda: movable(page).index(third) < movable(page).index(second), 5, "it has moved")
    press(row(page, second).get_by_role("button", name="Take out"))
    wait_until(lambda: second not in movable(page), 5, "it is gone")
    page.click("#resume")
    edited = until_said(shown.station, "Have a good look at this one.")
    moved = until_said(shown.station, third)
    assert edited.number < moved.number
    dropped = {
        each.text: each.dropped_why for each in from_ledger(shown.station, lambda ledger: ledger.dropped_lines())
    }
    assert dropped[first] == "edited by the operator"
    assert dropped[second] == "taken out by the operator"
    assert second not in [line.text for line in said(shown.station)[-4:]]
    page.close()


def test_in_approve_mode_only_what_is_approved_is_said(shown: Shown) -> None:
    page = shown.page()
    page.click("#approve-mode")
    page.wait_for_selector("#approve-mode[aria-checked=true]")
    page.wait_for_selector(".next .tag.held")
    with watching_aside(shown.station.base) as watcher:
        wait_until(lambda: is_quiet(watcher), 30, "nothing is said")
        assert max(watcher.unlike_last(time.monotonic() - 2.0)) > 0.2, "she lives on"
        held = [str(each.text_content()) for each in page.query_selector_all(".next > li:has(.tag.held) .said-text")]
        approved = held[1]
        press(row(page, approved).get_by_role("button", name="Approve"))
        line = until_said(shown.station, approved)
    assert held[0] not in [each.text for each in said(shown.station) if each.number >= line.number]
    page.click("#approve-mode")
    page.wait_for_selector("#approve-mode[aria-checked=false]")
    until_said(shown.station, held[0])
    assert {"approval", "approve"} <= {each.action for each in steered(shown.station)}
    page.close()


def test_questions_are_answered_by_typing_let_go_or_taken_first(shown: Shown) -> None:
    page = shown.page()
    page.click("#pause")
    page.wait_for_selector('.channel-title [data-air="paused"]', timeout=20_000)
    asked = (
        ("Ann", "How much is the bottle?"), ("Bea", "How much is the lamp?"), ("Cem", "Is the mug microwave safe?"),
        (NASTY[:20], "What is the blanket made of?"), ("Eve", "How big is the backpack?"),
    )  # fmt: skip
    address = shown.station.base.replace("http", "ws") + "/ws/chat"
    for name, text in asked:
        with connect(address, origin=shown.station.base) as socket:  # type: ignore[arg-type]
            socket.send(json.dumps({"name": name, "text": text}))
            page.wait_for_selector(f".log li:has-text({json.dumps(text)})")
    rows = page.locator(".questions > li")
    wait_until(lambda: rows.count() >= 3, 6, "three questions wait")
    waiting: list[str] = []
    for _ in range(10):  # The host takes the first ones, until enough lines are ready.
        before, waiting = waiting, [str(e.text_content()) for e in page.query_selector_all(".questions .said-text")]
        if before == waiting:
            break
        time.sleep(2.5)
    typed, first, dismissed = waiting[:3]
    press(rows.filter(has_text=typed).get_by_role("button", name="Type the answer"))
    press(rows.filter(has_text=dismissed).get_by_role("button", name="Dismiss"))
    press(rows.filter(has_text=first).get_by_role("button", name="Answer now"))
    assert page.text_content("#answer .asked") == typed
    page.fill("#answer textarea", "Let me look that up for you after the show.")
    page.click("#answer [type=submit]")
    page.wait_for_function(
        "() => !document.querySelector('#answer').open || document.querySelector('#answer form').dataset.refused"
    )
    assert page.is_hidden("#answer"), page.text_content("#answer form")
    page.click("#resume")
    until_said(shown.station, "Let me look that up for you after the show.")
    assert (outcomes(shown.station)[typed], outcomes(shown.station)[dismissed]) == ("spoken", "dismissed")
    wait_until(lambda: outcomes(shown.station).get(first) == "spoken", 20, "the one taken first is answered aloud")
    assert NASTY_PRODUCT in [each.text_content() for each in page.query_selector_all(".product-name, option")]
    assert page.evaluate("window.hacked") is None
    assert page.query_selector("img[onerror]") is None
    page.close()


def test_a_pinned_products_card_is_in_the_picture_with_its_new_price(shown: Shown) -> None:
    page = shown.page()
    product = page.locator(".product", has_text="Lumen Fold Desk Lamp")
    with watching_aside(shown.station.base) as watcher:
        press(product.get_by_role("button", name="Pin", exact=True))
        wait_until(lambda: said(shown.station)[-1].product_id == "lamp", 40, "the lamp is spoken of")
        card = slice(int(1280 / SMALL * 0.82), int(1280 / SMALL * 0.96))
        before = watcher.pictures[-1][1][card].astype(int)
        page.locator(".product", has_text="Lumen Fold Desk Lamp").get_by_text("Price and stock").click()
        page.fill(".product:has-text('Lumen Fold Desk Lamp') [name=price]", "27.50")
        page.press(".product:has-text('Lumen Fold Desk Lamp') [name=price]", "Enter")
        page.wait_for_selector(".product:has-text('$27.50')")
        time.sleep(1.5)
        changed = np.abs(watcher.pictures[-1][1][card].astype(int) - before)
        assert changed.max() > 40, "the price on the card has changed"
    showed = from_ledger(shown.station, lambda ledger: ledger.shown())
    assert [(each.product_id, each.card["price"]) for each in showed][-1] == ("lamp", "$27.50")
    text = "The Lumen Fold Desk Lamp is $27.50 right now."
    page.fill(".say textarea", text)
    page.select_option(".say select", "lamp")
    page.press(".say textarea", "Enter")
    page.wait_for_selector("#alert:has-text('Done.')")
    assert "lamp.price" in until_said(shown.station, text).fact_ids, "the new price is the true one"
    press(page.get_by_role("button", name="Unpin").first)
    page.locator(".product", has_text="Pebble").get_by_text("Price and stock").click()
    page.fill(".product:has-text('Pebble') [name=stock]", "0")
    page.press(".product:has-text('Pebble') [name=stock]", "Enter")
    page.wait_for_selector("#alert:has-text('Done.')")
    actions = [(each.action, each.detail) for each in steered(shown.station)]
    assert ("stock", "product_id: earbuds, stock: 0") in actions
    press(page.get_by_role("button", name="Next product"))
    wait_until(lambda: ("leave", "") in [(each.action, each.detail) for each in steered(shown.station)], 5, "went on")
    page.close()


def test_mood_framing_captions_and_the_labels_corner_are_seen(shown: Shown) -> None:
    page = shown.page()
    with watching_aside(shown.station.base) as watcher:
        page.select_option(".manner [name=framing]", "half")
        page.select_option(".manner [name=mood]", "calm")
        half = in_speech(
            page, shown, watcher, "Thank you all for being here with me, it is lovely to see so many of you."
        )
        page.select_option(".manner [name=framing]", "close")
        close = in_speech(
            page, shown, watcher, "It is lovely to see so many of you, thank you all for being here with me."
        )
        face = np.s_[45:110, 15:75]
        assert np.abs(close[face].astype(int) - half[face]).mean() > 12, "she is nearer"
        assert share_of_ink(close[4:18, 50:86]) > 0.08, "the label is on the right"
        with_captions = roughness(watcher)
        page.click("#captions")
        page.select_option(".manner [name=label]", "left")
        page.wait_for_selector("#captions[aria-checked=false]")
        moved = in_speech(page, shown, watcher, "So many of you are here with me, and it is lovely to see you all.")
        assert share_of_ink(moved[4:18, 4:40]) > 0.08, "the label is on the left"
        assert roughness(watcher) < 0.7 * with_captions, "no letters where captions were"
    page.select_option(".manner [name=framing]", "")
    page.select_option(".manner [name=mood]", "")
    page.click("#captions")
    page.select_option(".manner [name=label]", "right")
    page.wait_for_selector("#captions[aria-checked=true]")
    assert page.query_selector(".manner [name=label] option[value='']") is None, "the label cannot be taken off"
    page.close()


def in_speech(page: Page, shown: Shown, watcher: Watcher, text: str) -> Any:
    """A picture of a line that was made after now: typed, and said at once."""
    page.check(".say [name=now]")
    page.fill(".say textarea", text)
    page.press(".say textarea", "Enter")
    page.wait_for_selector(f".now .line:has-text({json.dumps(text)})", timeout=20_000)
    time.sleep(1.5)
    picture = watcher.pictures[-1][1]
    until_said(shown.station, text)
    return picture


def roughness(watcher: Watcher) -> float:
    """How much neighbouring dots differ where captions are, over the last second."""
    place = np.s_[int(912 / SMALL) : int(1010 / SMALL), 6:84]
    pictures = np.array([picture[place] for _, picture in watcher.pictures[-25:]]).astype(int)
    return float(np.abs(np.diff(pictures, axis=2)).mean())


def share_of_ink(corner: Any) -> float:
    return float((corner > 225).mean())


def test_an_unanswered_question_is_answered_for_the_shop(shown: Shown) -> None:
    question = "Does the bottle fit a bike cage?"
    address = shown.station.base.replace("http", "ws") + "/ws/chat"
    with connect(address, origin=shown.station.base) as socket:  # type: ignore[arg-type]
        socket.send(json.dumps({"name": "Ida", "text": question}))
        wait_until(lambda: question in open_questions(shown.station), 30, "the question waits for the shop")
    page = shown.page("/channels/mia/insight?span=hour")
    press(page.locator(".line-row", has_text=question).get_by_role("button", name="Answer"))
    assert page.input_value("#faq [name=question]") == question
    page.fill("#faq [name=answer]", "It is the best bottle in the world, only $3.")
    page.click("#faq [type=submit]")
    page.wait_for_selector("#faq .findings li")
    page.fill("#faq [name=answer]", "It is not made for a bike cage.")
    page.click("#faq [type=submit]")
    page.wait_for_selector("#faq", state="hidden")
    page.locator(".line-row", has_text=question).wait_for(state="detached")
    faq = wait_until(lambda: from_ledger(shown.station, lambda ledger: ledger.faq()), 5, "the answer is kept")
    assert [(each.question, each.answer) for each in faq] == [(question, "It is not made for a bike cage.")]
    assert question not in open_questions(shown.station)
    for form, begin in (("csv", b"\xef\xbb\xbf"), ("parquet", b"PAR1")):
        with page.expect_download() as told:
            page.locator(f"a[href*='products/download?form={form}']").click()
        assert Path(told.value.path()).read_bytes().startswith(begin)
    page.close()


STEERS = "[data-wish], [data-choose], [data-open], [data-action='stop'], .log-search"
TRY = """async ([method, path, body]) => (await fetch("/api/channels/mia/" + path, {
  method, body: body ?? undefined, headers: { "Content-Type": "application/json" } })).status"""


def test_who_may_only_watch_sees_no_steering(shown: Shown) -> None:
    page = shown.vera.new_page()
    for path in ("/channels/mia", "/channels/mia/insight", "/health", "/"):
        page.goto(shown.base + path)
        page.wait_for_selector("alarm-bell a")
        assert page.query_selector_all(STEERS) == []
    for wish in (
        ["POST", "steer", '{"type": "leave"}'], ["POST", "faq", '{"question": "a", "answer": "b"}'],
        ["POST", "control", '{"action": "stop"}'], ["GET", "log", None], ["GET", "steerings", None],
    ):  # fmt: skip
        assert page.evaluate(TRY, wish) == 403, wish
    page.close()


def test_the_stream_key_is_nowhere(shown: Shown) -> None:
    page = shown.anna.new_page()
    tried = "/api/channels/mia/log?level=DEBUG&limit=1000&text=platform"
    wait_until(lambda: "platform" in api(page, shown, tried), 40, "the outlet has tried")
    texts = []
    for path in ("/", "/channels/mia", "/channels/mia/insight", "/health", "/docs"):
        page.goto(shown.base + path)
        page.wait_for_load_state()
        time.sleep(1.0)
        texts.append(page.content())
    paths = json.loads(api(page, shown, "/openapi.json"))["paths"]
    query = "?level=DEBUG&process=master&figure=fps&limit=1000"
    for path, methods in paths.items():
        if "get" in methods and "{table}" not in path:
            texts.append(api(page, shown, path.replace("{channel_id}", "mia").replace("{name}", "fps") + query))
    for path in ("/metrics", "/healthz", "/api/products"):
        with urllib.request.urlopen(shown.station.base + path) as answer:
            texts.append(answer.read().decode())
    texts.append(shown.station.log.read_text())
    texts += [" ".join(each.info["cmdline"] or ()) for each in psutil.process_iter(["cmdline"])]
    assert len(texts) > 25
    assert not [text[:200] for text in texts if SECRET in text]
    page.close()


def api(page: Page, shown: Shown, path: str) -> str:
    return page.request.get(shown.base + path).text()


def test_an_alarm_is_shown_heard_and_searched_for(shown: Shown) -> None:
    page = shown.page("/health")
    page.click("h1")
    bell = page.locator("alarm-bell")
    wait_until(lambda: int(bell.get_attribute("active") or 0) >= 1, 40, "the platform is not there")
    before = int(bell.get_attribute("data-sounded") or 0)
    stage = shown.station.child("stage")
    assert stage is not None
    stage.kill()
    wait_until(lambda: int(bell.get_attribute("data-sounded") or 0) > before, 20, "the alarm is heard")
    assert "Stage ended" in str(page.text_content(".alarm-list"))
    page.click(".bell-sound")
    assert bell.get_attribute("data-muted") == "yes"
    page.wait_for_selector("time-chart path")
    page.fill(".log-form [name=text]", "stage signal")
    wait_until(lambda: "SIGKILL" in str(page.text_content("log-view")), 10, "the log is searched")
    assert all("stage" in str(each.text_content()).lower() for each in page.query_selector_all("log-view li"))
    page.close()
