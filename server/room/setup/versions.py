"""Earlier versions of settings files, kept when a form changes one."""

from __future__ import annotations

import re
import time
from pathlib import Path

from server.room.setup.errors import NoSuchFileError
from server.room.setup.text import read_text, revision_of

KEPT = 50
"""Versions of a file; the oldest go."""

_NAME = re.compile(r"\d{8}-\d{6}-[0-9a-f]{8}\.yaml")


class Versions:
    """Versions in ``folder``, one folder a file, readable by their user only: they may hold a key."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, file: Path, text: str) -> None:
        """Keep the text that a file had, unless the newest version is the same."""
        if not text:
            return
        place = self._place(file)
        known = self.names(file)
        name = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{revision_of(text)[:8]}.yaml"
        if known and known[0].endswith(name[15:]):
            return
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = place / name
        kept.touch(mode=0o600)
        kept.write_bytes(text.encode("utf-8", errors="surrogateescape"))
        for old in known[KEPT - 1 :]:
            (place / old).unlink(missing_ok=True)

    def names(self, file: Path) -> list[str]:
        """The versions of a file, newest first. A name begins with the time (UTC) at which it was replaced."""
        place = self._place(file)
        return sorted((each.name for each in place.glob("*.yaml") if _NAME.fullmatch(each.name)), reverse=True)

    def text(self, file: Path, name: str) -> str:
        """The text of a version.

        Raises:
            NoSuchFileError: there is none of that name.
        """
        if name not in self.names(file):
            raise NoSuchFileError(f"there is no version “{name}”")
        return read_text(self._place(file) / name)

    def _place(self, file: Path) -> Path:
        return self._folder / f"{file.stem}-{revision_of(str(file.absolute()))[:8]}"
