"""Follows the catalogue in a thread of its own, so that a slow server or a large table never holds up the show."""

from __future__ import annotations

import logging
import threading

from engine.settings import Catalogue, Follower

log = logging.getLogger(__name__)

LOOK_S = 0.5


class CatalogueWatch:
    """Looks every ``LOOK_S`` seconds; the newest good version waits until it is taken.

    ``known`` is the version that the show begins with: the one at hand may be another by now.
    """

    def __init__(self, follower: Follower, known: Catalogue) -> None:
        self._follower = follower
        self._known = known
        self._lock = threading.Lock()
        self._newest: Catalogue | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def trouble(self) -> str:
        """What is wrong with the catalogue now; "" when all is well."""
        return self._follower.trouble

    def start(self) -> None:
        """Begin to look."""
        if self._thread is None and not self._stop.is_set():
            self._thread = threading.Thread(target=self._run, name="catalogue-watch", daemon=True)
            self._thread.start()

    def take(self) -> Catalogue | None:
        """A version that differs from the one known and the last one taken, if there is one."""
        with self._lock:
            newest, self._newest = self._newest, None
        return newest

    def close(self) -> None:
        """Stop looking; a second time does nothing. A request that is under way is left to its own time limit."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(2.0)

    def _run(self) -> None:
        told = ""
        newest = self._follower.at_hand()
        while True:
            if newest is not None and newest != self._known:
                self._known = newest
                with self._lock:
                    self._newest = newest
            if self._follower.trouble != told:
                told = self._follower.trouble
                if told:
                    log.warning("%s", told)
            if self._stop.wait(LOOK_S):
                return
            newest = self._follower.look()
