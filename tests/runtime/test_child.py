"""What a child process does first."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from engine.runtime.child import NICENESS

CODE = "import os, sys; from engine.runtime.child import _go_first; _go_first(sys.argv[1]); print(os.getpriority(0, 0))"


def niceness(role: str, *before: str) -> int:
    done = subprocess.run([*before, sys.executable, "-c", CODE, role], capture_output=True, text=True, check=True)
    return int(done.stdout)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may go before others")
def test_what_viewers_see_goes_first() -> None:
    assert niceness("master") == NICENESS["master"]
    assert niceness("outlet:recording") == NICENESS["outlet"]
    assert niceness("studio") == os.getpriority(os.PRIO_PROCESS, 0)


@pytest.mark.skipif(os.geteuid() != 0, reason="another user is needed")
def test_who_may_not_go_first_goes_on_as_before() -> None:
    assert niceness("master", "setpriv", "--bounding-set", "-sys_nice", "--inh-caps", "-sys_nice") == 0
