"""A database that nobody waits for: a thread opens it when it can be, writes in order, and reads within a deadline."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import chain, islice

from engine.records.errors import LedgerError
from engine.records.journal import Journal
from engine.records.store import Row, Store, Value

log = logging.getLogger(__name__)

READ_S = 3.0
"""Who reads waits for this long at most: less than what the supervisor takes for a hang of the studio."""

OPEN_AGAIN_S = 5.0
"""A database that could not be opened is tried again after this long."""

LATE_S = 2.0
"""Rows that have waited for this long for the thread do not just pass through."""

MOST_WAITING = 10_000
"""Rows that wait for the thread, an hour of a show or more; what comes beyond is lost. The store itself keeps more."""

CLOSE_S = 1.0
"""What waits is written for this long at most: less than a process has to end."""


@dataclass(frozen=True, slots=True)
class _Write:
    at: float
    sql: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    sql: str
    values: tuple[Value, ...]
    answer: Future[list[Row]] = field(default_factory=Future)


class PatientStore:
    """What ``open_store`` opens, behind a thread of its own.

    ``write`` never waits and never raises, ``read`` waits for ``READ_S`` at most. ``kept`` and ``lost`` tell of a
    database that is away, locked or slow. With a ``journal`` what waits for long outlives this process.
    """

    def __init__(self, open_store: Callable[[], Store], journal: Journal | None = None) -> None:
        self._open_store = open_store
        self._journal = journal
        self._store: Store | None = None
        self._changed = threading.Condition()
        self._handed: deque[_Write] = deque()
        """What the store was given and has not written yet."""
        self._writes: deque[_Write] = deque()
        if journal is not None:
            self._writes.extend(_Write(float("-inf"), *row) for row in journal.rows)
        self._reads: deque[_Read] = deque()
        self._overdue: _Read | None = None
        self._open_at = float("-inf")
        self._trouble = ""
        self._lost = 0
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)
        self._thread.start()

    @property
    def name(self) -> str:
        """See ``Store``."""
        return self._store.name if self._store is not None else "that is not open yet"

    @property
    def kept(self) -> int:
        """See ``Store``."""
        with self._changed:
            is_late = bool(self._writes) and time.monotonic() - self._writes[0].at > LATE_S
            waiting = len(self._writes) if is_late else 0
        return waiting + (self._store.kept if self._store is not None else 0)

    @property
    def lost(self) -> int:
        """See ``Store``."""
        return self._lost + (self._store.lost if self._store is not None else 0)

    def write(self, sql: str, values: Sequence[Value]) -> None:
        """See ``Store``. Once it is closed, rows are lost."""
        with self._changed:
            if self._closed or len(self._writes) >= MOST_WAITING:
                if not self._lost:
                    log.error("rows of the ledger are lost: %d wait already", len(self._writes))
                self._lost += 1
                return
            self._writes.append(_Write(time.monotonic(), sql, tuple(values)))
            self._keep_what_is_late()
            self._changed.notify()

    def read(self, sql: str, values: Sequence[Value]) -> list[Row]:
        """See ``Store``; after all that was written before."""
        asked = _Read(sql, tuple(values))
        with self._changed:
            if self._closed:
                raise LedgerError("the ledger cannot be read: it is closed")
            if self._overdue is not None:
                raise LedgerError("the ledger cannot be read: it is still busy with what it was asked before")
            self._reads.append(asked)
            self._changed.notify()
        try:
            return asked.answer.result(READ_S)
        except TimeoutError:
            with self._changed:
                if not asked.answer.done():
                    self._overdue = asked
            raise LedgerError(f"the ledger cannot be read: no answer in {READ_S:.0f} s") from None

    def close(self) -> None:
        """See ``Store``. Writes what waits, if it can within ``CLOSE_S``."""
        with self._changed:
            if self._closed:
                return
            self._closed = True
            self._changed.notify()
        self._thread.join(CLOSE_S)
        with self._changed:
            self._keep_what_is_late(whatever=True)
            left, is_on_disk = len(self._handed) + len(self._writes), False
            if self._journal is not None:
                is_on_disk = self._journal.is_on_disk
                self._journal.close()
        if left:
            log.error("%d rows of the ledger %s", left, "wait for the next start" if is_on_disk else "are lost")

    def _keep_what_is_late(self, *, whatever: bool = False) -> None:
        """Put what has waited for long (or ``whatever`` waits) into the journal, and all that waits behind it."""
        if self._journal is None:
            return
        kept = len(self._journal)
        oldest = next(chain(self._handed, self._writes), None)
        if kept or (oldest is not None and (whatever or time.monotonic() - oldest.at >= LATE_S)):
            waiting = chain(self._handed, self._writes)
            self._journal.add((each.sql, each.values) for each in islice(waiting, kept, None))

    def _follow(self) -> None:
        """See what the store has written of what it was given."""
        with self._changed:
            written = len(self._handed) - (self._store.kept if self._store is not None else 0)
            for _ in range(written):
                self._handed.popleft()
            if self._journal is not None:
                self._journal.done(max(0, written))

    # In the thread.

    def _run(self) -> None:
        while self._wait():
            self._go_on()
        if self._writes or self._reads:
            self._go_on()
        if self._store is not None:
            self._store.close()
            self._follow()

    def _wait(self) -> bool:
        """Wait for something that can be done; False once it is closed."""
        with self._changed:
            while not self._closed:
                rest = self._open_at - time.monotonic()
                if self._reads or (self._writes and rest <= 0):
                    return True
                self._changed.wait(rest if self._writes else None)
            return False

    def _go_on(self) -> None:
        """Write what waits, then read what is asked."""
        try:
            store = self._opened()
        except LedgerError as error:
            while self._reads:
                self._answer(error)
            return
        while self._writes:
            store.write(self._writes[0].sql, self._writes[0].values)
            with self._changed:
                self._handed.append(self._writes.popleft())
            self._follow()
        while self._reads:
            try:
                self._answer(store.read(self._reads[0].sql, self._reads[0].values))
            except LedgerError as error:
                self._answer(error)
            self._follow()

    def _answer(self, found: list[Row] | LedgerError) -> None:
        """Give the oldest reader what was found."""
        with self._changed:
            asked = self._reads.popleft()
            if isinstance(found, LedgerError):
                asked.answer.set_exception(found)
            else:
                asked.answer.set_result(found)
            if self._overdue is asked:
                self._overdue = None

    def _opened(self) -> Store:
        if self._store is None:
            if time.monotonic() < self._open_at:
                raise LedgerError(self._trouble)
            try:
                self._store = self._open_store()
            except LedgerError as error:
                self._open_at = time.monotonic() + OPEN_AGAIN_S
                if str(error) != self._trouble:
                    self._trouble = str(error)
                    log.warning("%s; the show goes on without it", error)
                raise
            if self._trouble:
                log.info("the ledger %s is open", self._store.name)
        return self._store
