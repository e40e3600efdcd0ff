"""Pictures of the control room for docs/gallery, taken of a real run: ``gallery_room.py --out docs/gallery``.

Every page at 1440×900 and 390×844; languages and looks alternate, or all of them with ``--all``.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parent.parent))

import httpx
from measure.browser import CHROMIUM, FLAGS
from measure.room_run import PASSWORD, RoomRun, room_run
from playwright.sync_api import Browser, Page, sync_playwright

PAGES = {
    "wall": ("/", 'live-player[data-state="playing"]'),
    "channel": ("/channels/mia", 'live-player[data-state="playing"]'),
    "insight": ("/channels/mia/insight?span=hour", "main h2"),
    "health": ("/health", "time-chart svg"),
    "setup": ("/setup", ".files"),
    "setup-form": ("/setup/mia", ".tab[data-section=looks]"),
    "users": ("/users", ".people li"),
}
"""Each page's address, and what stands on it when it is filled."""

SIZES = {"": (1440, 900), "-phone": (390, 844)}
LANGUAGES = {"en": "en-US", "zh": "zh-CN"}
LOOKS = ("light", "dark")
QUESTIONS = (
    ("Ana", "How much is the bottle?"),
    ("小林", "Can I put the bottle in the dishwasher?"),
    ("Marcus", "Is the lamp good for reading at night?"),
    ("Ana", "Do you ship to Norway by sea?"),
    ("Joy", "Does the mug fit under an espresso machine?"),
)


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture."""

    page: str
    size: str
    language: str
    look: str

    @property
    def name(self) -> str:
        """As its file is called: what is usual is left out."""
        parts = ["room", self.page + self.size]
        parts += [part for part in (self.look, self.language) if part not in {"light", "en"}]
        return "-".join(parts)


def shots(everything: bool) -> Iterator[Shot]:
    kinds = list(itertools.product(LANGUAGES, LOOKS))
    for page, size in itertools.product(PAGES, SIZES):
        # On a desk light English and dark Chinese, on a phone the other two.
        chosen = kinds if everything else [kinds[0], kinds[3]] if not size else [kinds[1], kinds[2]]
        for language, look in chosen:
            yield Shot(page, size, language, look)


def ask(run: RoomRun, page: Page) -> None:
    """Questions from viewers, and a link that one of them opens."""
    page.goto(run.channels["mia"] + "/")
    page.wait_for_selector('html[data-state="playing"]')
    for viewer, text in QUESTIONS:
        if page.is_visible("#name"):
            page.fill("#name", viewer)
        page.fill("#text", text)
        page.press("#text", "Enter")
        time.sleep(1.0)


def steer(run: RoomRun, **wish: object) -> None:
    headers = {"Authorization": f"Bearer {run.token}"}
    httpx.post(f"{run.base}/api/channels/mia/steer", json=wish, headers=headers, timeout=10).raise_for_status()


def take(browser: Browser, run: RoomRun, shot: Shot, out: Path, kind: str, whole: bool) -> None:
    width, height = SIZES[shot.size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale=LANGUAGES[shot.language], color_scheme=shot.look,
        device_scale_factor=1,
    )  # fmt: skip
    page = context.new_page()
    page.goto(f"{run.base}/signin")
    page.fill("[name=name]", "anna")
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")
    address, filled = PAGES[shot.page]
    page.goto(run.base + address)
    page.wait_for_selector(filled)
    if shot.page == "channel":
        page.wait_for_selector(".lines.next .line-row")
    if shot.page == "setup-form":
        page.click(filled)
        page.wait_for_selector('.portrait[data-state="ready"]', timeout=60_000)
    time.sleep(3)
    quality = {} if kind == "png" else {"quality": 84}
    page.screenshot(path=out / f"{shot.name}.{kind}", type=kind, full_page=whole, **quality)
    context.close()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--out", type=Path, default=Path("docs/gallery"))
    arguments.add_argument("--all", action="store_true", help="every language in both looks")
    arguments.add_argument("--png", action="store_true")
    arguments.add_argument("--whole", action="store_true", help="the page to its end, not the window")
    arguments.add_argument("--only", default="", help="pages, by name, with commas")
    arguments.add_argument("--channels", type=int, default=2, choices=(1, 2))
    arguments.add_argument("--settle", type=float, default=60.0, help="seconds on air before the first picture")
    chosen = arguments.parse_args()
    wanted = set(chosen.only.split(",")) if chosen.only else set(PAGES)
    hosts = dict(itertools.islice({"mia": "Mia", "leo": "Leo"}.items(), chosen.channels))
    chosen.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, room_run(Path(folder), hosts) as run, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        time.sleep(chosen.settle / 2)
        viewer = browser.new_page(viewport={"width": 390, "height": 844})
        ask(run, viewer)
        time.sleep(chosen.settle / 2)
        steer(run, type="approval", on=True)
        steer(run, type="say", text="Thank you all for being here with us.")
        for shot in shots(chosen.all):
            if shot.page in wanted:
                take(browser, run, shot, chosen.out, "png" if chosen.png else "jpeg", chosen.whole)
                print(shot.name, flush=True)
        browser.close()


if __name__ == "__main__":
    main()
