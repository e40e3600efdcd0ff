"""Memory that the C library keeps."""

from __future__ import annotations

import ctypes
import time
from functools import cache

LARGE = 200 * 1024
_M_MMAP_THRESHOLD = -3


class HeapTrimmer:
    """Gives free memory back to the system now and then.

    Sound of ever other lengths leaves glibc's heap in pieces: over a hundred minutes of show that is 70 MB in the
    studio and 25 in the stage. ``malloc_trim`` gives it back in five to ten milliseconds.
    """

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._due = time.monotonic() + every_s

    def trim_if_due(self) -> None:
        """Give memory back where the last time is ``every_s`` ago."""
        if time.monotonic() >= self._due:
            trim()
            self._due = time.monotonic() + self._every_s


def keep_large_apart() -> None:
    """From now on blocks of ``LARGE`` bytes and more are mapped apart from the heap, and unmapped when they are freed.

    Left alone, glibc takes them from the heap as soon as one was freed; small ones settle in what they leave, and the
    heap grows by megabytes an hour with nothing more in it. Each is paged in anew: not for what is made 25 times a
    second, which has rooms of its own.
    """
    library = _library()
    if library is not None:
        library.mallopt(_M_MMAP_THRESHOLD, LARGE)


def trim() -> bool:
    """Give free memory back; False where there was none, or the C library cannot (musl)."""
    library = _library()
    return library is not None and bool(library.malloc_trim(0))


@cache
def _library() -> ctypes.CDLL | None:
    library = ctypes.CDLL(None)
    return library if hasattr(library, "malloc_trim") else None
