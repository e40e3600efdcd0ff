"""The operators' last stop, pause or resume, kept for a master that takes over."""

from __future__ import annotations

import logging
from pathlib import Path

log = logging.getLogger(__name__)

STANDING = frozenset({"stop", "pause", "resume"})
"""Orders that hold until the next of them; others are done with once they are carried out."""


class StandingOrder:
    """``now`` lies in a file of the run's folder: a host that was stopped stays silent whatever dies meanwhile."""

    def __init__(self, run_dir: Path) -> None:
        self._file = run_dir / "order"
        self.now = "resume"
        try:
            kept = self._file.read_text()
        except FileNotFoundError:
            return
        except (OSError, UnicodeDecodeError) as error:
            log.warning("%s cannot be read: %s", self._file, error)
            return
        if kept in STANDING:
            self.now = kept

    @property
    def stopped(self) -> bool:
        """Whether the slate is on air, without a sound."""
        return self.now == "stop"

    @property
    def paused(self) -> bool:
        """Whether no other line begins."""
        return self.now == "pause"

    def give(self, order: str) -> None:
        """Obey ``order``, one of ``STANDING``, from now on; also where it cannot be kept."""
        self.now = order
        fresh = self._file.with_suffix(".new")
        try:
            fresh.write_text(order)
            fresh.replace(self._file)
        except OSError as error:
            log.warning("a master that takes over would not know of the order %r: %s", order, error)
