"""The ledger as an event loop uses it: one thread does the work in order, and the loop never waits for a disk."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from engine.records import Ledger, LedgerError

logger = logging.getLogger(__name__)

MOST_WAITING = 1000
"""Writes that wait for the thread; what comes beyond is lost, and counted."""

OPEN_AGAIN_S = 10.0
"""Seconds after which a ledger that could not be opened is tried again."""

Result = TypeVar("Result")


class Books:
    """One channel's ledger, opened by ``open_ledger`` when it is first needed.

    A ledger that is away never stops the caller: writes are lost and counted in ``lost``, reads raise.
    """

    def __init__(self, open_ledger: Callable[[], Ledger], clock: Callable[[], float] = time.monotonic) -> None:
        self._open = open_ledger
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="books")
        self._ledger: Ledger | None = None
        self._try_at = 0.0
        self._trouble = ""
        self._closed = False
        self._waiting = 0
        self._lost = 0

    @property
    def lost(self) -> int:
        """What will never be written."""
        return self._lost + (self._ledger.lost if self._ledger is not None else 0)

    def write(self, job: Callable[[Ledger], None]) -> None:
        """Have ``job`` write something soon, after what was given before; call it from the event loop."""
        if self._closed or self._waiting >= MOST_WAITING:
            self._lost += 1
            return
        self._waiting += 1
        done = asyncio.get_running_loop().run_in_executor(self._thread, self._write, job)
        done.add_done_callback(self._wrote)

    async def read(self, job: Callable[[Ledger], Result]) -> Result:
        """What ``job`` reads, after all that was written before.

        Raises:
            LedgerError: the ledger cannot be used, or the books are closed.
        """
        if self._closed:
            raise LedgerError("the ledger is closed")
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: job(self._opened()))

    async def aclose(self) -> None:
        """Write what waits, and close the ledger; may be called twice."""
        if self._closed:
            return
        self._closed = True
        await asyncio.to_thread(self._thread.shutdown)
        if self._ledger is not None:
            self._ledger.close()

    def _wrote(self, done: asyncio.Future[bool]) -> None:
        self._waiting -= 1
        self._lost += not done.result()

    def _write(self, job: Callable[[Ledger], None]) -> bool:
        """In the thread: whether it was written."""
        try:
            job(self._opened())
        except LedgerError as error:
            if str(error) != self._trouble:
                self._trouble = str(error)
                logger.warning("%s", error)
            return False
        self._trouble = ""
        return True

    def _opened(self) -> Ledger:
        if self._ledger is None:
            if self._clock() < self._try_at:
                raise LedgerError("the ledger could not be opened; it is tried again soon")
            try:
                self._ledger = self._open()
            except LedgerError:
                self._try_at = self._clock() + OPEN_AGAIN_S
                raise
        return self._ledger
