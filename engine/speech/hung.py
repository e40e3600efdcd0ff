"""Voices that hung, kept for the process that is started when the one that waits for them was killed."""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec

log = logging.getLogger(__name__)


class HungVoices:
    """How often each voice hung since it last spoke, by its name; in ``file`` where one is given."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._times: dict[str, int] = {}
        if file is None:
            return
        try:
            self._times = msgspec.json.decode(file.read_bytes(), type=dict[str, int])
        except FileNotFoundError:
            pass
        except (OSError, msgspec.DecodeError) as error:
            log.warning("%s cannot be read, so every voice is taken to be well: %s", file, error)

    def times(self, name: str) -> int:
        """How often a voice hung since it last spoke."""
        return self._times.get(name, 0)

    def add(self, name: str) -> None:
        """A voice hangs; may be called while it does."""
        log.error("the voice %s hangs", name)
        self._times[name] = self.times(name) + 1
        self._write()

    def forget(self, name: str) -> None:
        """A voice spoke."""
        if self._times.pop(name, None) is not None:
            self._write()

    def _write(self) -> None:
        if self._file is None:
            return
        fresh = self._file.with_suffix(".new")
        try:
            fresh.write_bytes(msgspec.json.encode(self._times))
            fresh.replace(self._file)
        except OSError as error:
            log.warning("%s cannot be written: %s", self._file, error)
