"""What a child process does first: who goes before others."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.runtime.child import NICENESS
from engine.settings.precedence import PARENT_VARIABLE

CODE = """
import os, sys
from pathlib import Path
from engine.runtime.child import set_up
from engine.settings.precedence import give_way
give_way(int(sys.argv[2])) if sys.argv[1] == "nobody" else set_up(sys.argv[1])
share = Path("/proc/self/autogroup")
said = share.read_text().split() if share.is_file() else []
print(os.getpriority(0, 0), said[-1] if said else "none")
"""
GROUPS = Path("/proc/sys/kernel/sched_autogroup_enabled")
IS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root may go before others")
NO_NICE = ("setpriv", "--bounding-set", "-sys_nice,-sys_admin", "--inh-caps", "-sys_nice,-sys_admin")


@pytest.fixture(autouse=True)
def own_state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EVERHOST_STATE_DIR", str(tmp_path))


def priority(*what: str, before: tuple[str, ...] = (), own_session: bool = True) -> tuple[int, str]:
    """The nice values of a child and of its session."""
    command = [*before, sys.executable, "-c", CODE, *what]
    done = subprocess.run(command, capture_output=True, text=True, check=True, start_new_session=own_session)
    niceness, share = done.stdout.split()
    return int(niceness), share


@IS_ROOT
def test_what_viewers_see_goes_first() -> None:
    assert priority("master")[0] == NICENESS["master"]
    assert priority("outlet:recording")[0] == NICENESS["outlet"]
    assert priority("studio")[0] == os.getpriority(os.PRIO_PROCESS, 0)


@IS_ROOT
@pytest.mark.skipif(not GROUPS.is_file() or GROUPS.read_text().strip() != "1", reason="Linux does not group sessions")
def test_the_session_of_a_process_goes_first_with_it_and_gives_way_with_it() -> None:
    assert priority("master")[1] == str(NICENESS["master"])
    assert priority("studio")[1] == "0"
    assert priority("nobody", "19") == (19, "19")


@IS_ROOT
def test_a_session_of_others_is_left_alone() -> None:
    before = priority("nobody", "0", own_session=False)
    niceness, share = priority("nobody", "7", own_session=False)
    assert (niceness, share) == (max(7, before[0]), before[1])


@IS_ROOT
def test_who_may_not_go_first_goes_on_as_before() -> None:
    assert priority("master", before=NO_NICE)[0] == os.getpriority(os.PRIO_PROCESS, 0)


@pytest.mark.parametrize("parent", ["own", "another's"])
def test_a_child_whose_supervisor_was_killed_before_it_could_ask_to_die_with_it_ends(parent: str) -> None:
    code = (
        "import os; from engine.runtime.child import set_up; set_up('studio');"
        f"print('lives', {PARENT_VARIABLE!r} in os.environ)"
    )
    number = os.getpid() if parent == "own" else 1 if os.getpid() != 1 else 2
    environment = {**os.environ, PARENT_VARIABLE: str(number)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment)
    assert done.stdout.strip() == ("lives False" if parent == "own" else "")
    assert (done.returncode == 0) is (parent == "own")


def test_who_gives_way_already_stays_there() -> None:
    assert priority("nobody", "3", before=("nice", "-n", "5"))[0] >= 5


def test_no_log_holds_the_addresses_that_are_asked() -> None:
    code = (
        "import logging; from engine.runtime.child import set_up; set_up('studio');"
        "logging.getLogger('httpx').info('HTTP Request: POST https://sfu/k3y/publish');"
        "logging.getLogger('httpcore.connection').info('k3y'); logging.getLogger('ours').info('told')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "told" in done.stderr
    assert "k3y" not in done.stderr
