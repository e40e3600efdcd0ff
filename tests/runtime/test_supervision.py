"""Pauses before restarts, and run folders."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.runtime import place
from engine.runtime.children import pause_before_restart


def test_the_first_restart_is_at_once_and_the_pause_is_bounded() -> None:
    assert [pause_before_restart(n) for n in (1, 2, 3, 4, 5, 20)] == [0, 1, 2, 4, 8, 30]


def test_folders_of_dead_processes_are_removed_and_those_of_living_ones_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "_root", lambda: tmp_path)
    mine = place.make_run_dir()
    dead = tmp_path / "everhost-dead"
    dead.mkdir()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (dead / "pid").write_text(str(ended.pid))
    assert place.remove_left_behind() == [dead]
    assert mine.is_dir()
    assert oct(mine.stat().st_mode)[-3:] == "700"
