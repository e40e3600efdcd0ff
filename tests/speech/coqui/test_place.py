"""``make coqui`` over an environment that is whole, broken, interrupted or half installed, with a program in Python's
place that only notes how it is called; and what is believed of such environments.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from engine.speech.coqui import place

ROOT = Path(__file__).resolve().parents[3]

PYTHON = """#!/bin/sh
echo "$*" >> "{log}"
case "$*" in
  *"-m venv"*)
    case "$*" in *"--clear"*) rm -rf var/coqui ;; esac
    mkdir -p var/coqui/bin
    cp "{own}" var/coqui/bin/python
    touch var/coqui/pip ;;
  *"-m pip install"*)
    [ -e var/coqui/pip ] || exit 1
    [ ! -e var/coqui/.everhost ] || exit 1
    [ ! -e "{refuses}" ] || exit 1
    touch var/coqui/TTS var/coqui/torch ;;
  *find_spec*) shift 2; for name; do [ -e "var/coqui/$name" ] || exit 1; done ;;
esac
exit 0
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "everhost"
    (folder / "scripts").mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "setup_coqui.sh", folder / "scripts")
    own = tmp_path / "python"
    own.write_text(PYTHON.format(log=tmp_path / "log", own=own, refuses=tmp_path / "refuses"))
    own.chmod(0o755)
    return folder


def set_up(checkout: Path) -> tuple[int, int]:
    """How often an environment was made and packages were installed."""
    log = checkout.parent / "log"
    log.write_text("")
    environment = {**os.environ, "PYTHON": str(checkout.parent / "python")}
    command = ["bash", "scripts/setup_coqui.sh"]
    done = subprocess.run(command, cwd=checkout, env=environment, check=False, capture_output=True, text=True)
    assert ("is ready" in done.stdout) is (done.returncode == 0)
    called = log.read_text().splitlines()
    return sum("-m venv" in call for call in called), sum("-m pip install" in call for call in called)


def test_it_is_quick_where_there_is_nothing_to_do(checkout: Path) -> None:
    assert set_up(checkout) == (1, 1)
    assert set_up(checkout) == (0, 0)


def test_one_whose_python_is_gone_is_made_anew(checkout: Path) -> None:
    set_up(checkout)
    python = checkout / "var" / "coqui" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3")
    assert set_up(checkout) == (1, 1)
    assert set_up(checkout) == (0, 0)


def test_one_that_was_interrupted_before_pip_was_there_is_made_anew(checkout: Path) -> None:
    set_up(checkout)
    for name in ("pip", "TTS", "torch", ".everhost"):
        (checkout / "var" / "coqui" / name).unlink()
    assert set_up(checkout) == (1, 1)


def test_packages_that_are_gone_are_installed_again(checkout: Path) -> None:
    set_up(checkout)
    (checkout / "var" / "coqui" / "TTS").unlink()
    assert set_up(checkout) == (0, 1)
    assert set_up(checkout) == (0, 0)


def test_where_installing_fails_nothing_says_that_it_is_there(checkout: Path) -> None:
    set_up(checkout)
    (checkout / "var" / "coqui" / "TTS").unlink()
    refuses = checkout.parent / "refuses"
    refuses.touch()
    assert set_up(checkout) == (0, 1)
    assert not (checkout / "var" / "coqui" / ".everhost").exists()
    refuses.unlink()
    assert set_up(checkout) == (0, 1)


def test_half_an_environment_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "PYTHON", tmp_path / "bin" / "python")
    monkeypatch.setattr(place, "STAMP", tmp_path / ".everhost", raising=False)
    told = "backend 'coqui' is not installed: run `make coqui` (5.5 GB)"
    assert place.missing() == told
    (tmp_path / "bin").mkdir()
    place.PYTHON.touch()
    assert place.missing() == told
    place.STAMP.touch()
    assert place.missing() == ""
    place.PYTHON.unlink()
    place.PYTHON.symlink_to("/nowhere/python3")
    assert place.missing() == told
