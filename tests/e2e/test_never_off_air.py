"""The short form of scripts/chaos.py: one fault of each kind on a real channel, seen in decoded pictures and sound."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.e2e.station import CHROMIUM_FLAGS, tools_missing

sys.path.insert(1, str(Path(__file__).resolve().parents[2] / "scripts"))

from faults.air import OTHER_SETTINGS, Air, Row
from faults.process_rows import hit
from faults.rtmp_peer import Manner
from faults.rtmp_rows import fault

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(240),
    pytest.mark.skipif(bool(tools_missing()), reason=f"make setup-test installs {tools_missing()}"),
]

MACHINE = ("_s ",)
"""Seconds are for a quiet machine, which scripts/chaos.py measures; here only what must hold however slow it is."""


@pytest.fixture(scope="module")
def air(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Air]:
    with Air(tmp_path_factory.mktemp("air") / "channel") as running:
        # Saved and not restarted: whoever is started again goes by the channel on air.
        running.save(OTHER_SETTINGS)
        yield running


def holds(row: Row) -> None:
    missed = [what for what in row.missed if not any(mark in what for mark in MACHINE)]
    assert not missed, row.plain()


def test_a_peer_that_resets_gets_the_stream_again_from_an_idr_and_nobody_else_loses_a_picture(air: Air) -> None:
    holds(fault(air, Manner.RESETTING, "resets", hold_s=1.0, declared=True))


def test_a_killed_studio_goes_on_with_the_show(air: Air) -> None:
    air.wait(lambda: any(kind == "pitch" for kind, _ in air.said()), 90, "a product is told of")
    holds(hit(air, "studio", signal.SIGKILL, 1))


def test_a_stage_that_hangs_is_replaced_and_nobody_loses_a_picture(air: Air) -> None:
    holds(hit(air, "stage", signal.SIGSTOP, 1))


def test_after_a_killed_server_the_page_plays_again_by_itself(air: Air) -> None:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        page = chromium.new_page(viewport={"width": 390, "height": 844})
        page.goto(air.base)
        page.wait_for_selector("html[data-state=playing]", timeout=20_000)
        server = air.wait(lambda: air.child("server"), 5, "the server lives")
        began = time.monotonic()
        server.kill()
        page.wait_for_selector("html[data-state=reconnecting]", timeout=10_000)
        page.wait_for_selector("html[data-state=playing]", timeout=20_000)
        away = time.monotonic() - began
        chromium.close()
    assert away < 15, "three seconds on a quiet machine"


def test_a_killed_master_is_back_everywhere_with_its_time_line_unbroken(air: Air) -> None:
    holds(hit(air, "master", signal.SIGKILL, 1))
    platform = air.seen("platform", 0.0)
    assert platform.steps_back() == 0
