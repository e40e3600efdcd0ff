"""Removes what the ledger has kept long enough: once a day, a few rows at a time, beside the show."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.records.errors import LedgerError
from engine.records.ledger import ledger_place, open_store, time_text
from engine.records.store import Store
from engine.settings import Channel, Retention
from engine.settings.believed import believed_now, uptime_s

log = logging.getLogger(__name__)

EVIDENCE = ("lines", "written", "shown", "steerings", "viewer_counts", "clicks")
"""Tables of what was said and shown, and why; kept for ``keep_days``."""

CHAT = ("messages", "questions", "open_questions")
"""Tables of what viewers wrote, with their names; kept for ``chat_days``."""

FIRST_AFTER_S = 600.0
EVERY_S = 86_400.0
AGAIN_AFTER_S = 3600.0
"""Seconds until a ledger that was away is tried again."""

BATCH_ROWS = 200
PAUSE_S = 0.5
"""Between two batches, so that nobody who writes waits longer than for one of them."""

MOST_AT_ONCE = timedelta(days=7)
"""No more than the oldest week goes in a day, so that a clock that is years ahead costs little until it is seen."""


class Pruner:
    """Prunes the ledger that ``open_ledger`` opens, in a thread of its own and by a connection of its own."""

    def __init__(
        self,
        open_ledger: Callable[[], Store],
        keep: Retention,
        wall: Callable[[], float] = time.time,
        uptime: Callable[[], float] = uptime_s,
        pause_s: float = PAUSE_S,
    ) -> None:
        self._open = open_ledger
        self._keep = keep
        self._wall, self._uptime, self._pause_s = wall, uptime, pause_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pruning", daemon=True)

    def start(self) -> None:
        """Begin; the first time is some minutes later, when the show has begun."""
        self._thread.start()

    def close(self) -> None:
        """Stop after the batch that is being removed; may be called before ``start``, and twice."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(1.0)

    def prune(self, store: Store) -> int:
        """Remove what is too old now, up to ``MOST_AT_ONCE``; the number of rows that went.

        Raises:
            LedgerError: the database is away; the rest stays for the next time.
        """
        now = self._now(store)
        removed = 0
        for tables, days in ((EVIDENCE, self._keep.keep_days), (CHAT, self._keep.chat_days)):
            for table in tables if days else ():
                removed += self._prune_table(store, table, now - timedelta(days=days))
        return removed

    def _run(self) -> None:
        pause = FIRST_AFTER_S
        while not self._stop.wait(pause):
            pause = EVERY_S
            try:
                store = self._open()
                try:
                    removed = self.prune(store)
                finally:
                    store.close()
            except LedgerError as error:
                log.warning("what is too old could not be removed from the ledger: %s", error)
                pause = AGAIN_AFTER_S
            else:
                if removed:
                    log.info("%d rows of the ledger were too old and are removed", removed)

    def _now(self, store: Store) -> datetime:
        """The time, if the ledger makes it believable; see ``believed_now``."""
        wall, uptime = self._wall(), self._uptime()
        started = time_text(datetime.fromtimestamp(wall - uptime, UTC))
        (row,) = store.read("SELECT max(at) AS at FROM lines WHERE at < ?", (started,))
        known = [datetime.fromisoformat(str(row["at"])).timestamp()] if row["at"] else []
        return datetime.fromtimestamp(believed_now(known, wall, uptime), UTC)

    def _prune_table(self, store: Store, table: str, before: datetime) -> int:
        """Removes what is old wherever it lies: a clock that was ahead has left rows of the future before it.

        It is found by the index of times: where nothing is old, nothing else is read.
        """
        removed, limit = 0, time_text(before)
        (oldest,) = store.read(f"SELECT min(at) AS at FROM {table}", ())
        if not oldest["at"] or str(oldest["at"]) >= limit:
            return 0
        # What was written first, and not what is oldest: a clock that begins with 1970 leaves a row of then each time.
        first = store.read(f"SELECT at FROM {table} WHERE at < ? ORDER BY number LIMIT 1", (limit,))
        if not first:
            # Another process that shares the ledger has just removed it.
            return 0
        limit = min(limit, _week_after(str(first[0]["at"])))
        old = f"SELECT number FROM {table} WHERE at < ? ORDER BY at, number LIMIT ?"
        while not self._stop.is_set():
            gone = store.read(f"DELETE FROM {table} WHERE number IN ({old}) RETURNING number", (limit, BATCH_ROWS))
            removed += len(gone)
            if len(gone) < BATCH_ROWS:
                break
            self._stop.wait(self._pause_s)
        return removed


def pruner_of(channel: Channel, state: Path) -> Pruner:
    """What keeps a channel's ledger as long as its settings say."""
    place = ledger_place(channel, state)
    return Pruner(lambda: open_store(place, channel.file.stem), channel.ledger)


def _week_after(at: str) -> str:
    return time_text(datetime.fromisoformat(at) + MOST_AT_ONCE)
