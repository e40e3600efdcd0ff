"""The service file of the docs is one that systemd takes, and asks for what ``everhost run`` says."""

from __future__ import annotations

import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

from engine.commands.run import ALIVE_EVERY_S

SERVICE = Path(__file__).parents[2] / "docs" / "everhost.service"


def settings() -> ConfigParser:
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(SERVICE, "utf-8")
    return parser


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_finds_nothing_wrong_with_it(tmp_path: Path) -> None:
    text = SERVICE.read_text("utf-8")
    assert text.count("/opt/everhost/.venv/bin/everhost") == 1
    copy = tmp_path / SERVICE.name
    copy.write_text(text.replace("/opt/everhost/.venv/bin/everhost", sys.executable), "utf-8")
    found = subprocess.run(["systemd-analyze", "verify", copy], check=False, capture_output=True, text=True)
    about_ours = [line for line in found.stderr.splitlines() if SERVICE.name in line]
    assert (found.returncode, about_ours) == (0, [])


def test_it_waits_for_the_right_time() -> None:
    assert "time-sync.target" in settings()["Unit"]["After"].split()


def test_a_sign_of_life_comes_well_within_the_watchdog_s_time() -> None:
    service = settings()["Service"]
    assert (service["Type"], service["NotifyAccess"]) == ("notify", "main")
    assert float(service["WatchdogSec"]) >= 3 * ALIVE_EVERY_S
