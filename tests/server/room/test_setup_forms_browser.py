"""The set-up's form in a real Chromium, over files that say what nobody knows; and the logo and the right to a body."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page, sync_playwright

from engine.avatar.body_file import write_body
from engine.avatar.gltf import import_model
from engine.avatar.human import Looks
from engine.avatar.human.template import host_file
from engine.records import Accounts, Role, accounts_place
from engine.runtime.messages import OnAir
from engine.settings.edit import data_of
from engine.settings.state import STATE_DIR_VARIABLE
from scripts.bodies.mascot import write_mascot
from tests.e2e.station import CHROMIUM_FLAGS, ROOT, free_port, listens, wait_until
from tests.e2e.test_setup_pages import OUTSIDE, OVERLAPS
from tests.server.conftest import CARDS, NOW
from tests.server.room.test_setup_forms import RIGHT, picture
from tests.server.source import Source

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium"),
    pytest.mark.timeout(300),
]

GOODS = f"catalogue: {ROOT}/assets/catalogue/demo.yaml\n"

REFUSED = f"""\
name: Odd
language: fr
persona: {{manner: loud}}
body: bodies/ann.ehb
{GOODS}voice: {{speed: 3}}
canvas: {{label: middle, fps: 24, width: 361}}
show: {{rotation: backwards, hours: soon, weights: much}}
chat: {{enabled: maybe}}
outputs:
  - {{kind: rtmp, name: tube, platform: tube, url: rtmp://live.example.com/app, key: abcdef}}
server: {{port: 8124}}
"""
"""Values that the settings refuse by themselves."""

UNKNOWN = f"""\
name: Odd
body: bodies/ann.ehb
{GOODS}voice: {{backend: kokoro, name: nobody}}
canvas: {{backdrop: sudio}}
policy: {{platform: nowhere, packs: [us, mars]}}
server: {{port: 8125}}
"""
"""Names of what is not there."""


@dataclass
class Shop:
    """A room over the channel files of ``folder``."""

    base: str
    folder: Path
    browser: Browser
    accounts: Accounts

    def page(self, **given: Any) -> Page:
        context = self.browser.new_context(**{"viewport": {"width": 1440, "height": 900}, "locale": "en-US"} | given)
        name = f"everhost_session_{self.base.rpartition(':')[2]}"
        cookie = {"name": name, "value": self.accounts.new_session("anna"), "url": self.base}
        context.add_cookies([cookie])  # type: ignore[list-item]
        return context.new_page()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder, port = tmp_path_factory.mktemp("shop"), free_port()
    for name in ("state", "run", "looks", "bodies"):
        (folder / name).mkdir()
    for name in ("ann", "eve"):
        (folder / f"looks/{name}.yaml").write_text(host_file(Looks(name=name), f"{name}.yaml"))
        shutil.copyfile(ROOT / "avatars/bodies/mia.ehb", folder / f"bodies/{name}.ehb")
    write_mascot(folder / "momo.vrm", 0.3, commercial=False)
    write_body(folder / "momo.ehb", import_model(folder / "momo.vrm", RIGHT, lambda *_: None, draft=True)[0])
    (folder / "momo.yaml").write_text(f"name: Momo\nbody: momo.ehb\n{GOODS}")
    (folder / "gone.yaml").write_text(f"name: Gone\nbody: old/leo.ehb\n{GOODS}")
    (folder / "refused.yaml").write_text(REFUSED)
    (folder / "unknown.yaml").write_text(UNKNOWN)
    file = folder / "mia.yaml"
    server = f"server: {{port: {free_port()}, control_port: {port}}}\n"
    file.write_text(f"name: Mia\nbody: bodies/eve.ehb\n{GOODS}{server}")
    accounts = Accounts(accounts_place(folder / "state"))
    accounts.add("anna", "a long password", Role.ADMIN)
    source = Source(folder / "run", (CARDS, OnAir(100, stopped=False, slate=False, now=NOW, upcoming=())))
    source.picture_alive = source.sound_alive = False
    environment = os.environ | {STATE_DIR_VARIABLE: str(folder / "state")}
    command = [sys.executable, "-m", "server.room", "room", str(file), str(folder / "run")]
    with source, sync_playwright() as playwright:
        room = subprocess.Popen(command, cwd=ROOT, env=environment)
        try:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
            wait_until(lambda: listens(port), 60, "the room listens")
            yield Shop(f"http://127.0.0.1:{port}", folder, browser, accounts)
            browser.close()
        finally:
            room.terminate()
            room.wait(15)
            accounts.close()


@pytest.fixture
def page(shop: Shop) -> Iterator[Page]:
    """A page of an admin, of which no script may break."""
    opened = shop.page()
    said: list[str] = []
    opened.on("pageerror", lambda error: said.append(str(error)))
    yield opened
    opened.context.close()
    assert said == []


def open_form(page: Page, shop: Shop, channel: str, section: str = "host") -> None:
    page.goto(f"{shop.base}/setup/{channel}")
    page.wait_for_selector("setup-form[data-checked]", timeout=120_000)
    page.click(f".tab[data-section={section}]")


def shown(page: Page, key: str) -> str:
    """The words of the choice that a field shows."""
    field = f"[data-key='{key}']"
    if page.query_selector(f"{field} select"):
        return str(page.eval_on_selector(f"{field} select", "(select) => select.selectedOptions[0].textContent"))
    return str(page.text_content(f"{field} label:has(input:checked)"))


def mistake(page: Page, key: str) -> str:
    return str(page.text_content(f"[data-key='{key}'] .mistake"))


def wish(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("document.querySelector('setup-form').wish")
    return found


def test_a_refused_value_is_shown_with_its_error_and_may_be_taken_back(page: Page, shop: Shop) -> None:
    open_form(page, shop, "refused")
    for section, key, value in (
        ("host", "language", "fr"), ("host", "persona.manner", "loud"), ("show", "show.rotation", "backwards"),
        ("picture", "canvas.label", "middle"), ("picture", "canvas.fps", "24"),
    ):  # fmt: skip
        page.click(f".tab[data-section={section}]")
        assert shown(page, key) == f"{value} (in the file)"
        assert mistake(page, key).startswith(f"“{value}” is not allowed")
        # Another choice, and back to what the file says.
        page.locator(f"[data-key='{key}'] label:has(input)").first.click()
        assert list(wish(page)["changes"]) == [key]
        page.click(f"[data-key='{key}'] label:has-text('in the file')")
        assert wish(page)["changes"] == {}
    assert "361" in shown(page, "canvas.size")
    page.select_option("[data-key='canvas.size'] select", index=1)
    assert wish(page)["changes"] == {"canvas.width": 1080, "canvas.height": 1920}
    page.select_option("[data-key='canvas.size'] select", index=4)
    assert wish(page)["changes"] == {}
    page.click(".tab[data-section=voice]")
    assert page.text_content("[data-key='voice.speed'] output") == "3"
    page.click(".tab[data-section=more]")
    assert "maybe (in the file)" in str(page.text_content("[data-key='chat.enabled']"))
    page.click(".tab[data-section=outputs]")
    platform = "[data-part=platform]"
    assert page.eval_on_selector(platform, "(e) => e.selectedOptions[0].textContent") == "tube (in the file)"
    assert "“tube” is not allowed" in str(page.text_content(".output .mistake"))
    page.select_option(platform, "twitch")
    page.select_option(platform, "tube")
    page.wait_for_selector(".save-bar", state="hidden")
    page.click(".tab[data-section=show]")
    for key in ("show.hours", "show.weights"):
        assert mistake(page, key)


def test_names_that_nobody_knows_are_shown_and_kept(page: Page, shop: Shop) -> None:
    open_form(page, shop, "unknown", "rules")
    assert shown(page, "policy.platform") == "nowhere (in the file)"
    assert "there is no platform “nowhere”" in mistake(page, "policy.platform")
    assert "there is no policy pack “mars”" in mistake(page, "policy.packs")
    assert page.is_checked(".set-tick:has-text('mars (in the file)') input")
    page.check(".set-tick:has-text('European Union') input")
    assert wish(page)["changes"] == {"policy.packs": ["eu", "us", "mars"]}
    page.select_option("[data-key='policy.platform'] select", "")
    assert shown(page, "policy.platform") == "No particular platform"
    page.click(".tab[data-section=picture]")
    assert shown(page, "canvas.backdrop") == "sudio (in the file)"
    assert "there is no backdrop “sudio”" in mistake(page, "canvas.backdrop")
    page.click(".tab[data-section=voice]")
    assert "from the channel's file" in str(page.text_content(".voice:has(input:checked)"))
    assert "there is no voice “nobody”" in mistake(page, "voice")


def test_a_body_that_is_gone_is_not_shown_as_another_host(page: Page, shop: Shop) -> None:
    open_form(page, shop, "gone")
    assert page.get_attribute(".host:has(input:checked)", "data-host") == ""
    assert page.text_content(".host:has(input:checked)") == "leofrom the channel's file"
    assert "the body file is missing" in mistake(page, "body")
    page.click(".host[data-host=hana]")
    page.wait_for_selector("[data-key=body] .mistake", state="detached")
    assert wish(page)["host"] == "hana"
    page.click(".host[data-host='']")
    page.wait_for_selector(".save-bar", state="hidden")
    assert wish(page)["host"] == ""


def test_the_host_that_a_new_channel_begins_with_is_marked(page: Page, shop: Shop) -> None:
    page.goto(f"{shop.base}/setup/new")
    page.fill("[data-key=name] input", "Ravi's")
    page.click(".host[data-host=ravi]")
    page.click(".begin .go")
    page.wait_for_selector("setup-form[data-checked]", timeout=120_000)
    page.click(".tab[data-section=host]")
    assert page.get_attribute(".host:has(input:checked)", "data-host") == "ravi"


def test_the_right_to_a_body_is_taken_over_from_its_import(page: Page, shop: Shop) -> None:
    open_form(page, shop, "mia")
    assert page.is_hidden("[data-key=body_rights]")
    open_form(page, shop, "momo")
    told = mistake(page, "body_rights")
    assert told.startswith("the body's licence does not allow selling with it: it does not allow commercial use")
    page.click(".stated button")
    page.wait_for_selector("[data-key=body_rights] .mistake", state="detached")
    assert page.input_value("[data-key=body_rights] textarea") == RIGHT
    page.click("text=Review and save")
    page.click(".sheet .go")
    page.wait_for_selector(".toast", timeout=60_000)
    assert data_of((shop.folder / "momo.yaml").read_text())["body_rights"] == RIGHT
    page.click(".tab[data-section=host]")
    page.click(".host[data-host=mia]")
    # What was stated stays in the file, and in sight.
    assert page.input_value("[data-key=body_rights] textarea") == RIGHT


def test_a_logo_is_chosen_seen_and_removed(page: Page, shop: Shop) -> None:
    open_form(page, shop, "mia", "looks")
    page.click("[data-group=outfit] summary")
    logo = "[data-key='outfit.logo']"
    assert page.text_content(f"{logo} .none") == "There is no picture yet."
    assert page.is_hidden(f"{logo} button")
    page.set_input_files(f"{logo} input[type=file]", files=FilePayload(name="x.gif", mimeType="", buffer=b"GIF89a"))
    page.wait_for_selector(f"{logo} .tried.bad")
    assert "not a whole PNG, JPEG or WebP picture" in str(page.text_content(f"{logo} .tried"))
    good = FilePayload(name="Our sign.png", mimeType="image/png", buffer=picture())
    page.set_input_files(f"{logo} input[type=file]", files=good)
    page.wait_for_selector(f"{logo} img[alt='Logo: Our sign.png']")
    wait_until(lambda: page.eval_on_selector(f"{logo} img", "(image) => image.naturalWidth") == 300, 20, "it is seen")
    # Asked for at once, while the form has yet to be checked by itself.
    page.click("text=Review and save")
    page.wait_for_selector(".sheet .diff", timeout=90_000)
    page.click(".sheet button:has-text('Close')")
    page.wait_for_selector(".portrait:is([data-state=ready], [data-state=finer])", state="attached", timeout=120_000)
    page.click("text=Review and save")
    page.wait_for_selector(".sheet .diff", timeout=90_000)
    assert "logo: logos/logo-" in str(page.text_content(".sheet .diff .plus"))
    page.click(".sheet button:has-text('Close')")
    page.click(f"{logo} button")
    assert page.text_content(f"{logo} .none") == "There is no picture yet."
    page.wait_for_selector(".save-bar", state="hidden")


@pytest.mark.parametrize(("width", "locale"), [(1440, "en-US"), (390, "zh-CN"), (390, "en-US")])
def test_nothing_is_cut_where_values_are_unknown(shop: Shop, width: int, locale: str) -> None:
    page = shop.page(viewport={"width": width, "height": 844}, locale=locale)
    for channel in ("refused", "unknown", "momo"):
        open_form(page, shop, channel)
        for section in ("host", "looks", "voice", "show", "outputs", "rules", "picture", "more"):
            page.click(f".tab[data-section={section}]")
            assert page.evaluate(OUTSIDE) == [], (channel, section)
            assert page.evaluate(OVERLAPS) == [], (channel, section)
    page.context.close()
