"""Reads a channel's file anew in a thread of its own: a slow disk or address must not hold up who watches processes."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from engine.settings import Channel, SettingsError, load_channel

log = logging.getLogger(__name__)


class Reload:
    """One reading, which begins at once. When it ``is_done``, there is a ``channel``, or else ``trouble`` in words."""

    def __init__(self, file: Path, user: str) -> None:
        self.user = user
        self.channel: Channel | None = None
        self.trouble = ""
        self._file = file
        self._thread = threading.Thread(target=self._read, name="reload", daemon=True)
        self._thread.start()

    @property
    def is_done(self) -> bool:
        """Whether it was read, or cannot be."""
        return not self._thread.is_alive()

    def _read(self) -> None:
        try:
            self.channel = load_channel(self._file)
        except SettingsError as error:
            self.trouble = str(error)
        except Exception as error:  # what is on air stays there, whatever a file makes of us
            log.exception("%s cannot be read", self._file)
            self.trouble = f"{error!r}"
