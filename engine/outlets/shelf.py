"""The folder of a channel's recordings: their names, for how long they are kept, and how much disk they may take.

A full disk and a wrong clock are what it guards against: a reserve stays free for the ledger and everything else, and
no clock makes it remove much at once.
"""

from __future__ import annotations

import logging
import re
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from engine.outlets.base import OutletError
from engine.outlets.credentials import is_locked
from engine.outlets.disk import BEGIN_AGAIN, Room, room_at
from engine.settings.believed import DAY_S, believed_now, uptime_s

log = logging.getLogger(__name__)

MOST_OF_BUDGET = 0.125
"""A recording that takes so much of the budget ends, and the next begins: only whole ones can go, and with an hour that
takes all of the budget all would go at once, and what is written meanwhile would be beyond it."""

_Held = tuple[float, Path, int]
"""Time of the last change, path and size of a recording."""


class Shelf:
    """Recordings named ``STEM-YYYYMMDD-HHMMSS.mp4`` in ``folder``; other files there are not touched.

    A second one of the same second has "-2" behind that. ``stem`` is a channel's (``stem_of``). ``keep_days`` and
    ``budget_bytes`` are what may be kept (None: everything). The oldest go first. ``wall``, ``uptime`` and ``room``
    say the time, for how long the machine runs, and what a folder's disk has left.
    """

    def __init__(
        self,
        folder: Path,
        stem: str,
        keep_days: float | None = None,
        budget_bytes: float | None = None,
        wall: Callable[[], float] = time.time,
        uptime: Callable[[], float] = uptime_s,
        room: Callable[[Path], Room] = room_at,
    ) -> None:
        self.folder = folder
        self._stem = stem
        self._own = re.compile(rf"{re.escape(stem)}-\d{{8}}-\d{{6}}(-\d+)?\.mp4")
        self._keep_days = keep_days
        self._budget_bytes = budget_bytes
        self._wall, self._uptime, self._room = wall, uptime, room
        self.bytes = 0
        """Size of all recordings at the last ``tidy``."""
        self.removed = 0

    def next_file(self, now: datetime) -> Path:
        """A path that is not taken yet, also when the clock was put back."""
        name = f"{self._stem}-{now:%Y%m%d-%H%M%S}"
        path, number = self.folder / f"{name}.mp4", 2
        while path.exists():
            path, number = self.folder / f"{name}-{number}.mp4", number + 1
        return path

    def recordings(self) -> list[Path]:
        """Those that are there, in no order."""
        return [path for path in self.folder.glob("*.mp4") if self._own.fullmatch(path.name)]

    def tidy(self, in_use: Path | None = None) -> None:
        """Remove what is too old or too much; never ``in_use``, nor what another process writes or signs now.

        For its age only the oldest goes each time, which is oftener than one is made: a clock that is years ahead
        costs one recording a minute and not all at once.

        Raises:
            OutletError: the disk has no room but its reserve, so nothing may be written now.
        """
        held = self._held()
        self.bytes = sum(size for _, _, size in held)
        if self._keep_days is not None:
            now = believed_now((changed for changed, _, _ in held), self._wall(), self._uptime())
            if _may_go(held, in_use) and now - held[0][0] > self._keep_days * DAY_S:
                self._remove(held.popleft(), "too old")
        if self._budget_bytes is not None:
            while self.bytes > self._budget_bytes and _may_go(held, in_use):
                self._remove(held.popleft(), "over the disk budget")
        self._keep_reserve(held, in_use)

    def is_too_large(self, path: Path) -> bool:
        """Whether a recording takes so much of the budget that another one should begin."""
        if self._budget_bytes is None:
            return False
        try:
            return path.stat().st_size >= MOST_OF_BUDGET * self._budget_bytes
        except FileNotFoundError:
            return False

    def _held(self) -> deque[_Held]:
        """What is there, oldest first."""
        held = []
        for path in self.recordings():
            with suppress(FileNotFoundError):
                found = path.stat()
                held.append((found.st_mtime, path, found.st_size))
        return deque(sorted(held))

    def _keep_reserve(self, held: deque[_Held], in_use: Path | None) -> None:
        """Leave the disk's reserve free: with a budget the oldest go for it, without one nothing is written.

        One goes each time: what another program fills the disk with must not cost all of them.

        Raises:
            OutletError: there is too little room.
        """
        try:
            room = self._room(self.folder)
            needed = room.reserve * (BEGIN_AGAIN if in_use is None else 1.0)
            if self._budget_bytes is not None and room.free < needed and _may_go(held, in_use):
                self._remove(held.popleft(), "the disk is nearly full")
                room = self._room(self.folder)
        except OSError as error:
            raise OutletError(f"recording to {self.folder}: {error.strerror}") from error
        if room.free < needed:
            raise OutletError(
                f"recording to {self.folder}: only {room.free / 1e9:.1f} GB of the disk are free, and"
                f" {needed / 1e9:.1f} GB are left for everything else; it goes on when there is room"
            )

    def _remove(self, held: _Held, why: str) -> None:
        _, path, size = held
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            log.warning("%s could not be removed: %s", path, error.strerror)
            return
        self.bytes -= size
        self.removed += 1
        log.info("%s removed: %s", path, why)


def _may_go(held: deque[_Held], in_use: Path | None) -> bool:
    """Whether there is one that may be removed; it is the first then, and those before it that may not are left out."""
    while held and (held[0][1] == in_use or is_locked(held[0][1])):
        held.popleft()
    return bool(held)


def stem_of(name: str) -> str:
    """What the recordings of a channel begin with: its name in small letters, without what no file name may have."""
    return re.sub(r"[/\x00-\x1f]", "_", name.lower())
