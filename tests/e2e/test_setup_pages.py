"""Set-up and users as a merchant meets them, in Chromium, beside a channel that is on air."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from engine.records import Accounts, Role, accounts_place
from engine.settings import load_channel
from tests.e2e.station import CHROMIUM_FLAGS, ROOT, SMALL, Station, free_port, on_air, wait_until

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not Path("/usr/bin/chromium").exists(), reason="needs Debian's chromium"),
]

PASSWORD = "a long password"
CANARY = "canary-key-5b1f"

CATALOGUE = """Name,Price,Stock,Material,Capacity,Zorblax,Description
Lake Mug,12.50,40,stoneware,300 ml,77,"The best mug in the world. It is dishwasher safe."
Pine Tray,24.00,8,pine wood,,12,"Made for breakfast. Everybody loves it!"
"""


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    with on_air(tmp_path_factory.mktemp("setup"), [], control_port=free_port(), size=SMALL) as running:
        yield running


@pytest.fixture(scope="module")
def base(station: Station) -> str:
    found = wait_until(lambda: re.search(r"Control room.*: (http://[^/\s]+)/", station.log.read_text()), 30, "the room")
    return str(found[1])


@pytest.fixture(scope="module")
def accounts(station: Station) -> Iterator[Accounts]:
    made = Accounts(accounts_place(station.folder / "state"))
    made.add("anna", PASSWORD, Role.ADMIN)
    yield made
    made.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


def signed_in(browser: Browser, accounts: Accounts, base: str, name: str = "anna", **given: Any) -> BrowserContext:
    given = {"viewport": {"width": 1440, "height": 900}, "locale": "en-US"} | given
    context = browser.new_context(**given)
    cookie = f"everhost_session_{base.rpartition(':')[2]}"
    context.add_cookies([{"name": cookie, "value": accounts.new_session(name), "url": base}])
    return context


@pytest.fixture
def page(browser: Browser, accounts: Accounts, base: str) -> Iterator[Page]:
    """A page of an admin, which must not complain."""
    context = signed_in(browser, accounts, base)
    opened = context.new_page()
    said: list[str] = []
    # A refusal that a test asks for is told by the browser too.
    opened.on("console", lambda m: said.append(m.text) if m.type == "error" and "status of 4" not in m.text else None)
    opened.on("pageerror", lambda error: said.append(str(error)))
    yield opened
    context.close()
    assert said == []


def open_form(page: Page, base: str, section: str = "host") -> None:
    page.goto(f"{base}/setup/mia")
    page.wait_for_selector("setup-form[data-checked]", timeout=180_000)
    page.click(f".tab[data-section={section}]")


def checked(page: Page) -> None:
    """Wait until the room has checked what the form holds now."""
    page.wait_for_timeout(900)
    now = "(({ dataset, checks }) => dataset.checked === String(checks))(document.querySelector('setup-form'))"
    wait_until(lambda: page.evaluate(now), 180, "the form is checked")


def test_a_channel_is_made_from_nothing(page: Page, station: Station, base: str) -> None:
    page.goto(f"{base}/setup")
    page.click("text=New channel")
    page.fill("[data-key=name] input", "Anna")
    assert page.input_value("[data-key=id] input") == "anna"
    page.click(".host:has-text('leo')")
    page.click(".begin .go")
    page.wait_for_selector("setup-form[data-checked]", timeout=180_000)
    assert page.is_visible("#panel-goods")
    page.wait_for_selector("[data-key=catalogue] .mistake")
    approve_goods(page)
    try_platform(page)
    choose_rules(page)
    page.click(".tab[data-section=show]")
    page.wait_for_selector(".weight:has-text('Pine Tray')")
    page.focus(".weight:has-text('Pine Tray') input")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    checked(page)
    page.click("text=Review and save")
    page.wait_for_selector(".sheet .diff")
    assert "name: Anna" in str(page.text_content(".diff"))
    assert CANARY not in page.content()
    page.click(".sheet .go")
    page.wait_for_selector(".toast", timeout=180_000)
    assert page.url.endswith("/setup/anna")
    assert CANARY not in page.content()
    assert_goes_on_air(station)


def approve_goods(page: Page) -> None:
    """Hand in a catalogue, take one fact out, and approve the rest."""
    page.fill("[data-key=shop] input", "Lake House")
    page.fill("[data-key=currency] input", "EUR")
    goods = {"name": "goods.csv", "mimeType": "text/csv", "buffer": CATALOGUE.encode()}
    page.set_input_files("[data-key=catalogue] input[type=file]", files=[goods])
    page.wait_for_selector(".fact.understood", timeout=120_000)
    facts = [text.strip() for text in page.locator(".fact .says").all_text_contents()]
    odd = page.locator(".odd").all_text_contents()
    assert "it holds 300 ml" in facts
    assert any("stoneware" in fact for fact in facts)
    assert any("Zorblax" in row for row in odd)
    assert any("best mug in the world" in row for row in odd)
    assert not any("best" in fact for fact in facts)
    page.uncheck(".fact.understood:has-text('holds 300 ml') input")
    page.click(".approve button")
    page.wait_for_selector(".goods .tried.good", timeout=120_000)


def try_platform(page: Page) -> None:
    """Add a platform that nobody answers for, with a key, and try it."""
    page.click(".tab[data-section=outputs]")
    page.click("text=Add a platform")
    page.fill("[data-part=url]", "rtmp://127.0.0.1:9/live")
    page.fill("[data-part=new_key]", CANARY)
    page.click("text=Test the connection")
    page.wait_for_selector(".tried.bad", timeout=20_000)
    assert "Nobody answers there" in str(page.text_content(".tried.bad"))
    assert "own network" in str(page.text_content(".tried.bad"))


def choose_rules(page: Page) -> None:
    """Choose a platform's rules that this station cannot keep, and then others."""
    page.click(".tab[data-section=rules]")
    page.select_option("[data-key='policy.platform'] select", "tiktok_shop_us")
    page.wait_for_selector("[data-key='policy.platform'] .mistake", timeout=120_000)
    assert "does not allow AI-made voices" in str(page.text_content("[data-key='policy.platform'] .mistake"))
    wait_until(lambda: page.text_content(".tab[data-section=rules] .dot") == "1", 60, "the section tells of it")
    page.select_option("[data-key='policy.platform'] select", "youtube")
    page.wait_for_selector("[data-key='policy.platform'] .mistake", state="detached", timeout=120_000)


def assert_goes_on_air(station: Station) -> None:
    """The file that was saved passes ``everhost check``, says what was chosen, and holds no secret."""
    file = station.folder / "anna.yaml"
    text = file.read_text()
    assert CANARY not in text
    assert 'key: "${ANNA_PLATFORM_KEY}"' in text
    assert "# what is sold: the only things that the host may say" in text
    assert json.loads((station.folder / "state" / "secrets.json").read_text()) == {"ANNA_PLATFORM_KEY": CANARY}
    environment = os.environ | {"EVERHOST_STATE_DIR": str(station.folder / "state")}
    done = subprocess.run(
        [sys.executable, "-m", "engine.cli", "check", str(file)],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert CANARY not in station.log.read_text()
    channel = load_channel(file, environment={"ANNA_PLATFORM_KEY": "x"})
    mug, tray = channel.items.products
    assert (channel.items.shop, mug.currency, channel.show.weights) == ("Lake House", "EUR", {tray.id: 8})
    assert "holds 300 ml" not in [fact.text for fact in mug.facts]
    assert channel.body == ROOT / "avatars" / "bodies" / "leo.ehb"


def picture_of(page: Page) -> NDArray[np.uint8]:
    """The portrait's pixels."""
    jpeg = page.evaluate(
        """async () => {
          const bytes = new Uint8Array(await (await fetch(document.querySelector('.portrait img').src)).arrayBuffer());
          return btoa(Array.from(bytes, (each) => String.fromCharCode(each)).join(''));
        }"""
    )
    return np.asarray(cv2.imdecode(np.frombuffer(base64.b64decode(jpeg), np.uint8), cv2.IMREAD_COLOR))


def test_a_slider_changes_the_portrait(browser: Browser, accounts: Accounts, base: str) -> None:
    # The policy of the pages allows no script to fetch a picture's data, so this test goes around it.
    context = signed_in(browser, accounts, base, bypass_csp=True)
    page = context.new_page()
    open_form(page, base, "looks")
    page.wait_for_selector(".portrait[data-state=ready]", timeout=240_000)
    before = picture_of(page)
    page.click("[data-group=eyes] summary")
    page.focus("[data-key='face.eye_size'] input")
    began = time.monotonic()
    page.keyboard.press("End")
    page.wait_for_selector(".portrait[data-state=drawing]")
    page.wait_for_selector(".portrait[data-state=ready], .portrait[data-state=finer]", timeout=240_000)
    print(f"portrait after {time.monotonic() - began:.1f} s")
    after = picture_of(page)
    assert before.shape == after.shape == (800, 450, 3)
    moved = np.abs(before.astype(np.int16) - after).max(2) > 40
    eyes, backdrop = moved[260:380, 120:330], moved[:120]
    assert eyes.mean() > 0.03, "the eyes are larger"
    assert backdrop.mean() < 0.001, "the room behind stays"
    assert "1 change" in str(page.text_content(".save-bar"))
    page.dblclick("[data-key='face.eye_size'] input")
    page.wait_for_selector(".save-bar", state="hidden")
    context.close()


def test_a_wrong_value_shows_its_error_beside_the_field(
    page: Page, browser: Browser, accounts: Accounts, base: str
) -> None:
    open_form(page, base, "show")
    page.fill("[data-key='show.gap_ms'] input", "5")
    page.wait_for_selector("[data-key='show.gap_ms'] .mistake")
    told = str(page.text_content("[data-key='show.gap_ms'] .mistake"))
    assert re.fullmatch(r"“5” is not allowed → must be at least 80mia\.yaml:\d+ show\.gap_ms", told)
    assert page.get_attribute("[data-key='show.gap_ms'] input", "aria-invalid") == "true"
    page.click("text=Review and save")
    page.wait_for_selector(".sheet .jump")
    page.click(".sheet .jump")
    assert page.evaluate("document.activeElement.closest('.set-field').dataset.key") == "show.gap_ms"
    page.fill("[data-key='show.gap_ms'] input", "320")
    page.wait_for_selector("[data-key='show.gap_ms'] .mistake", state="detached")
    page.wait_for_selector(".save-bar", state="hidden")
    chinese = signed_in(browser, accounts, base, locale="zh-CN")
    other = chinese.new_page()
    open_form(other, base, "show")
    other.fill("[data-key='show.gap_ms'] input", "5")
    other.wait_for_selector("[data-key='show.gap_ms'] .mistake")
    assert str(other.text_content("[data-key='show.gap_ms'] .mistake")).startswith("不能是“5” → 至少为 80mia.yaml:")
    chinese.close()


def test_what_is_typed_while_the_room_checks_stays_under_the_hands(page: Page, base: str) -> None:
    held: list[Route] = []
    is_held = True

    def hold(route: Route) -> None:
        if is_held:
            held.append(route)
        else:
            route.continue_()

    page.route("**/check", hold)
    with page.expect_request("**/check"):
        page.goto(f"{base}/setup/mia")
    page.click(".tab[data-section=show]")
    page.click("[data-key='show.campaigns'] .cards > .button")
    text = page.locator("[data-key='show.campaigns'] .entry > .part input").last
    text.press_sequentially("Half a ")
    is_held = False
    for each in held:
        each.continue_()
    page.wait_for_selector("setup-form[data-checked]", timeout=180_000)
    page.keyboard.type("sentence")
    assert text.input_value() == "Half a sentence"
    page.wait_for_timeout(500)
    assert page.request.get(f"{base}/api/channels/mia").json()["air"] == "on"
    page.click(".tab[data-section=host]")
    page.click(".tab[data-section=show]")
    page.wait_for_selector(".weight:has-text('Lumen Fold Desk Lamp')")
    assert text.input_value() == "Half a sentence"


def test_what_somebody_else_saved_meanwhile_is_not_lost(page: Page, station: Station, base: str) -> None:
    file = station.folder / "mia.yaml"
    original = file.read_text()
    open_form(page, base, "voice")
    file.write_text(original.replace("introduction: ''", "introduction: Hello there!"))
    assert "Hello there" in file.read_text()
    page.focus("[data-key='voice.speed'] input")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("dialog.meanwhile")
    assert "Hello there!" in str(page.text_content("dialog.meanwhile .diff"))
    page.click(".meanwhile .go")
    page.wait_for_selector("dialog.meanwhile", state="detached")
    checked(page)
    page.click("text=Review and save")
    page.wait_for_selector(".sheet .diff")
    assert "After a restart of the channel: Speed" in str(page.text_content(".sheet .effects"))
    page.click(".sheet .go")
    page.wait_for_selector(".toast", timeout=180_000)
    channel = load_channel(file)
    assert (channel.voice.speed, channel.persona.introduction) == (1.05, "Hello there!")
    page.click(".toast .button:has-text('Close')")
    page.click("text=Earlier versions")
    page.click(".versions summary")
    page.click("text=Put this version back")
    page.wait_for_selector(".toast", timeout=180_000)
    assert load_channel(file).voice.speed == 1.0
    file.write_text(original)


def test_a_voice_is_heard(page: Page, base: str) -> None:
    open_form(page, base, "voice")
    page.evaluate(
        "void (window.heard = new Promise((done) => document.querySelector('.voices audio')"
        ".addEventListener('playing', (event) => done(event.target.duration))))"
    )
    page.click(".voice[data-voice=heart] .listen")
    assert 2 < page.evaluate("window.heard") < 12


def test_a_restart_takes_what_was_saved_on_air(page: Page, station: Station, base: str) -> None:
    open_form(page, base)
    page.fill("[data-key=name] input", "Maria")
    checked(page)
    page.click("text=Review and save")
    page.wait_for_selector(".sheet .diff")
    page.click(".sheet .go")
    page.wait_for_selector(".toast >> text=Restart now", timeout=180_000)
    master = station.child("engine.runtime.master")
    assert master is not None
    page.click(".toast >> text=Restart now")
    page.click(".sheet .stop")
    # The room checks the whole file first, by a helper that gives way to the channel on air.
    wait_until(lambda: not master.is_running(), 70, "the processes end")
    wait_until(lambda: page.request.get(f"{base}/api/channels/mia").json()["air"] == "on", 180, "on air again")
    assert page.request.get(f"{base}/api/channels/mia").json()["name"] == "Maria"
    wait_until(lambda: station.health().get("status") == "ok", 180, "all is well")


def test_users_tokens_and_invitations(page: Page, browser: Browser, accounts: Accounts, base: str) -> None:
    page.goto(f"{base}/users")
    page.click("button:has-text('Add a user')")
    page.fill(".asking input >> nth=0", "<b>olga</b>")
    page.click(".asking [type=submit]")
    page.wait_for_selector(".asking .mistake:not(:empty)")
    page.fill(".asking input >> nth=0", "olga")
    page.click(".asking [type=submit]")
    page.wait_for_selector(".once")
    address = page.input_value(".once")
    assert address.startswith(f"{base}/join#")
    page.click(".sheet .go")
    context = browser.new_context(locale="en-US")
    guest = context.new_page()
    guest.goto(address)
    assert guest.url == f"{base}/join"
    for name in ("password", "again"):
        guest.fill(f"[name={name}]", PASSWORD)
    guest.click("[type=submit]")
    guest.wait_for_url(f"{base}/", wait_until="commit", timeout=180_000)
    assert guest.request.get(f"{base}/api/users").status == 403
    assert guest.query_selector("nav a[href='/users']") is None
    for path in ("/users", "/setup", "/setup/mia"):
        answer = guest.request.get(base + path, max_redirects=0)
        assert (answer.status, answer.headers["location"]) == (303, "/"), path
    again = browser.new_context()
    late = again.new_page()
    late.goto(address)
    for name in ("password", "again"):
        late.fill(f"[name={name}]", PASSWORD)
    late.click("[type=submit]")
    late.wait_for_selector(".alert:not(:empty)")
    assert "used up" in str(late.text_content(".alert"))
    again.close()

    page.reload()
    page.wait_for_selector("[data-user=olga]")
    page.select_option("[data-user=olga] select", "admin")
    page.wait_for_selector("[data-user=olga]:has-text('not signed in')")
    assert [(each.name, each.role) for each in accounts.all()][-1] == ("olga", Role.ADMIN)
    page.click("[data-user=olga] >> text=Disable")
    page.wait_for_selector("[data-user=olga].off")
    assert accounts.signed_in("olga", PASSWORD) is None
    page.click("[data-user=olga] .icon-button")
    page.click(".sheet .stop")
    page.wait_for_selector("[data-user=olga]", state="detached")
    context.close()

    page.click("button:has-text('Add a token')")
    page.fill(".asking input >> nth=0", "robot")
    page.click(".asking [type=submit]")
    page.wait_for_selector(".once")
    token = page.input_value(".once")
    account = accounts.of_token(token)
    assert account is not None
    assert account.role == Role.OPERATOR
    page.click(".sheet .go")
    page.reload()
    page.wait_for_selector("[data-token=robot]")
    assert token not in page.content()


SECTIONS = ("host", "looks", "voice", "goods", "show", "outputs", "rules", "picture", "more")

OUTSIDE = """
() => [...document.querySelectorAll('main *, header *')].filter((each) => {
  if (!each.checkVisibility()) return false;
  if (each.closest('nav, .for-ears, .set-tabs, .diff, svg, a.skip-link, option')) return false;
  const box = each.getBoundingClientRect(), style = getComputedStyle(each);
  const shows = each.matches('input, textarea, select, img') || style.overflowX === 'auto'
    || style.display === 'inline';
  const cut = !shows && each.clientWidth > 1 && each.scrollWidth > each.clientWidth + 1;
  return box.right > innerWidth + 1 || box.left < -1 || cut;
}).map((each) => each.outerHTML.slice(0, 120))
"""

OVERLAPS = """
() => {
  const kinds = 'main :is(button, .input, .label, .set-hint, .slider, .told, h2, h3)';
  const floats = (each) => each && (['fixed', 'sticky'].includes(getComputedStyle(each).position)
    || floats(each.parentElement));  // lies over what scrolls under it
  const parts = [...document.querySelectorAll(kinds)].filter((each) => each.checkVisibility() && !floats(each));
  const boxes = parts.map((each) => each.getBoundingClientRect());
  const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
  const after = (i) => parts.slice(i + 1).map((other, k) => [parts[i], other, boxes[i], boxes[i + 1 + k]]);
  const pairs = parts.flatMap((_, i) => after(i));
  return pairs.filter(([one, other, a, b]) => !one.contains(other) && !other.contains(one) && over(a, b))
    .map(([one, other]) => [one.outerHTML.slice(0, 80), other.outerHTML.slice(0, 80)]);
}
"""


@pytest.mark.parametrize(
    ("width", "height", "locale", "scheme"),
    [
        (1440, 900, "en-US", "light"),
        (1440, 900, "zh-CN", "dark"),
        (390, 844, "zh-CN", "light"),
        (390, 844, "en-US", "dark"),
    ],
)
def test_nothing_is_cut_or_lies_over_another(
    browser: Browser, accounts: Accounts, base: str, width: int, height: int, locale: str, scheme: Any
) -> None:
    context = signed_in(
        browser, accounts, base, viewport={"width": width, "height": height}, locale=locale, color_scheme=scheme
    )
    page = context.new_page()
    for path, ready in (("/setup", ".files"), ("/users", ".people li"), ("/setup/new", ".begin .host img")):
        page.goto(base + path)
        page.wait_for_selector(ready)
        assert page.evaluate(OUTSIDE) == [], path
        assert page.evaluate(OVERLAPS) == [], path
    open_form(page, base)
    for section in SECTIONS:
        page.click(f".tab[data-section={section}]")
        if section == "looks":
            page.eval_on_selector_all(".group", "(all) => all.forEach((each) => { each.open = true; })")
        if section == "show":
            page.click("[data-key='show.campaigns'] .cards > .button")
            page.click("[data-key='show.hours'] .cards > .button")
        if section == "outputs":
            page.click(".adders .button >> nth=0")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(OUTSIDE) == [], section
        assert page.evaluate(OVERLAPS) == [], section
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme").strip() in ("light dark", scheme)
    context.close()
