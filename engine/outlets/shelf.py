"""The folder of a channel's recordings: their names, for how long they are kept, and how much disk they may take."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

log = logging.getLogger(__name__)

DAY_S = 86_400.0


class Shelf:
    """Recordings named ``STEM-YYYYMMDD-HHMMSS.mp4`` in ``folder``; other files there are not touched.

    ``keep_days`` and ``budget_bytes`` are what may be kept (None: everything). The oldest go first.
    """

    def __init__(
        self,
        folder: Path,
        stem: str,
        keep_days: float | None = None,
        budget_bytes: float | None = None,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._folder = folder
        self._stem = stem
        self._keep_days = keep_days
        self._budget_bytes = budget_bytes
        self._wall = wall
        self.bytes = 0
        """Size of all recordings at the last ``tidy``."""
        self.removed = 0

    def next_file(self, now: datetime) -> Path:
        """A path that is not taken yet, also when the clock was put back."""
        name = f"{self._stem}-{now:%Y%m%d-%H%M%S}"
        path, number = self._folder / f"{name}.mp4", 2
        while path.exists():
            path, number = self._folder / f"{name}-{number}.mp4", number + 1
        return path

    def tidy(self, in_use: Path | None = None) -> None:
        """Remove what is too old or too much; never ``in_use``."""
        held = []
        for path in self._folder.glob(f"{self._stem}-[0-9]*.mp4"):
            with suppress(FileNotFoundError):
                found = path.stat()
                held.append((found.st_mtime, path, found.st_size))
        held.sort()
        self.bytes = sum(size for _, _, size in held)
        for changed, path, size in held:
            too_old = self._keep_days is not None and self._wall() - changed > self._keep_days * DAY_S
            too_much = self._budget_bytes is not None and self.bytes > self._budget_bytes
            if path == in_use or not (too_old or too_much):
                continue
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                log.warning("%s could not be removed: %s", path, error.strerror)
                continue
            self.bytes -= size
            self.removed += 1
            log.info("%s removed: %s", path, "too old" if too_old else "over the disk budget")
