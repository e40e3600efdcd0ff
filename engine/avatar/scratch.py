"""Memory for what is made anew for each picture."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

HEADROOM = 1.25
"""A room that was too small is made this much larger than needed, so that it seldom is again."""


class Scratch:
    """One room for each use, as large as its largest so far.

    Windows of a head have ever other sizes. Layers taken from the C library and freed 25 times a second leave its heap
    in ever smaller pieces: that was 12 MB an hour, with nothing kept.
    """

    def __init__(self) -> None:
        self._rooms: dict[str, NDArray[np.uint8]] = {}

    def take(self, use: str, *shape: int, dtype: DTypeLike = np.uint8) -> NDArray[Any]:
        """An array with anything in it, valid until the same use is taken again."""
        needed = math.prod(shape) * np.dtype(dtype).itemsize
        room = self._rooms.get(use)
        if room is None or len(room) < needed:
            room = self._rooms[use] = np.empty(round(needed * HEADROOM), np.uint8)
        return room[:needed].view(dtype).reshape(shape)
