"""Long work in a thread of its own, so that whoever waits for it can say meanwhile that it lives."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

Result = TypeVar("Result")

PATIENCE_S = 0.5
"""How often whoever waits may do something else."""

LONGEST_S = 60.0
"""What takes longer hangs: from then on nobody says that it lives."""


class Apart:
    """Does one thing at a time. One thread may use it."""

    def __init__(self) -> None:
        self._thread: ThreadPoolExecutor | None = None
        self.patience: Callable[[], None] = lambda: None
        """Called now and then while something is waited for."""

    def do(
        self, work: Callable[[], Result], longest_s: float = LONGEST_S, hangs: Callable[[], None] = lambda: None
    ) -> Result:
        """The result of ``work``; raises what it raises. ``hangs`` is called once where it takes ``longest_s``."""
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="apart")
        began, doing, told = time.monotonic(), self._thread.submit(work), False
        while not wait([doing], PATIENCE_S).done:
            if time.monotonic() - began < longest_s:
                self.patience()
            elif not told:
                told = True
                hangs()
        return doing.result()

    def close(self) -> None:
        """End the thread; may be called twice."""
        if self._thread is not None:
            self._thread.shutdown()
            self._thread = None
