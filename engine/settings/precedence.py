"""Which of our processes goes before others, and that none outlives its parent (prctl(2), sched(7)). Linux only."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from pathlib import Path

PARENT_VARIABLE = "EVERHOST_PARENT"
"""The process that starts a child, so that the child knows whether it has lost it."""

_PR_SET_PDEATHSIG = 1
_SHARE = Path("/proc/self/autogroup")
_SHARE_PAUSE_S, _SHARE_TRIES = 0.11, 20
"""Without CAP_SYS_ADMIN Linux takes one change in a tenth of a second from the whole machine."""


def end_with_parent() -> None:
    """Ask Linux for SIGKILL when the parent dies, however it dies (prctl(2))."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def leave_if_orphan() -> None:
    """End this process when the one that ``PARENT_VARIABLE`` names is not its parent any more.

    A parent that was killed before ``end_with_parent`` sends no signal. The variable is not handed on: children of this
    process have another parent.
    """
    parent = os.environ.pop(PARENT_VARIABLE, "")
    if parent and os.getppid() != int(parent):
        sys.exit("the process that started this one is gone")


def go_first(niceness: int) -> None:
    """Take a nice value, and the same for the session if it is this process's own.

    Linux shares the cores out by session first where it groups by it (sched(7), "The autogroup feature"), and a nice
    value then counts within its session only. Where a lower value is not allowed, all stays as it was.
    """
    try:
        os.setpriority(os.PRIO_PROCESS, 0, niceness)
        if os.getsid(0) == os.getpid():
            _take_share(niceness)
    except OSError:
        return


def give_way(niceness: int) -> None:
    """Like ``go_first``, for a value above 0; one that is higher already stays."""
    go_first(max(niceness, os.getpriority(os.PRIO_PROCESS, 0)))


def _take_share(niceness: int) -> None:
    for _ in range(_SHARE_TRIES):
        try:
            _SHARE.write_text(f"{niceness}", "ascii")
        except BlockingIOError:
            time.sleep(_SHARE_PAUSE_S)
        else:
            return
