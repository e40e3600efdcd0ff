"""Every test leaves nothing behind: no thread, no child process, no asyncio task."""

from __future__ import annotations

import contextlib
import gc
import threading
import time
from collections.abc import Iterator

import psutil
import pytest

_PATIENCE_S = 3.0


def _threads() -> set[threading.Thread]:
    return {
        t
        for t in threading.enumerate()
        if t.is_alive() and not t.name.startswith(("asyncio_", "AnyIO", "ThreadPoolExecutor"))
    }


def _children(known: frozenset[int] = frozenset()) -> frozenset[int]:
    """Living descendants, without those that a process in ``known`` started: a browser or a supervisor that a
    wider fixture owns may start and end processes of its own.
    """
    found: set[int] = set()
    waiting = [psutil.Process()]
    while waiting:
        with contextlib.suppress(psutil.NoSuchProcess):
            for child in waiting.pop().children():
                if child.pid not in known and child.status() != psutil.STATUS_ZOMBIE:
                    found.add(child.pid)
                    waiting.append(child)
    return frozenset(found)


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Fail the test that leaks a thread or a process."""
    threads, children = _threads(), _children()
    yield
    until = time.monotonic() + _PATIENCE_S
    while (_threads() - threads or _children(children)) and time.monotonic() < until:
        gc.collect()
        time.sleep(0.05)
    leaked = [t.name for t in _threads() - threads]
    assert not leaked, f"threads left behind: {leaked}"
    processes = [psutil.Process(pid).name() for pid in _children(children) if psutil.pid_exists(pid)]
    assert not processes, f"processes left behind: {processes}"
