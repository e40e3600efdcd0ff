"""How much room is left where recordings are kept, and how much of it is for others."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

LEAST_FREE_BYTES = 2e9
LEAST_FREE_SHARE = 0.02
MOST_RESERVED_SHARE = 0.1
"""Of a small disk the reserve is no more than this."""

BEGIN_AGAIN = 1.25
"""A recording begins only with so many times the reserve free, so that it does not end again within a minute."""


@dataclass(frozen=True, slots=True)
class Room:
    """A disk's ``size`` and what is ``free`` of it for this user, in bytes."""

    size: int
    free: int

    @property
    def reserve(self) -> float:
        """What recordings leave free: the ledger, prices and everything else of the machine need room as well."""
        return min(max(LEAST_FREE_BYTES, LEAST_FREE_SHARE * self.size), MOST_RESERVED_SHARE * self.size)


def room_at(folder: Path) -> Room:
    """The room on the disk of ``folder``, which need not be there yet.

    Raises:
        OSError: the disk does not answer.
    """
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    return Room(usage.total, usage.free)
