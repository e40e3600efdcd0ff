"""Small files of the run's folder, written whole or not at all; also where that folder is full for a while."""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from pathlib import Path

log = logging.getLogger(__name__)


def write_whole(file: Path, content: bytes) -> None:
    """Put ``content`` in the place of ``file`` at once, readable by its user only.

    Raises:
        OSError: it cannot be written; what was there before stays, and nothing half written takes room.
    """
    part = file.with_name(f"{file.name}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(content)
        part.replace(file)
    except OSError:
        with suppress(OSError):
            part.unlink()
        raise


class RunFile:
    """A file that a process started later reads. What cannot be written now waits here, the newest only."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._waiting: bytes | None = None
        self._trouble = ""

    def put(self, content: bytes) -> None:
        """Write ``content``, now or as soon as that goes."""
        self._waiting = content
        self.catch_up()

    def catch_up(self) -> None:
        """Write what waits, as far as that goes now; asked at each heartbeat."""
        if self._waiting is None:
            return
        try:
            write_whole(self._file, self._waiting)
        except OSError as error:
            why = error.strerror or type(error).__name__
            if why != self._trouble:
                log.warning("%s cannot be written yet: %s", self._file, why)
            self._trouble = why
        else:
            self._waiting, self._trouble = None, ""
