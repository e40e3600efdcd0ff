"""Memory goes back to the system."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import psutil
import pytest

from engine.runtime import heap


@pytest.mark.skipif(heap._library() is None, reason="not glibc")
def test_what_is_free_between_used_pieces_goes_back() -> None:
    library = ctypes.CDLL(None)
    library.malloc.restype, library.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    library.free.argtypes = [ctypes.c_void_p]
    size = 60_000  # Under the size from which glibc maps each piece by itself.
    pieces = [library.malloc(size) for _ in range(1000)]
    for piece in pieces:
        ctypes.memset(piece, 1, size)
    full = psutil.Process().memory_info().rss
    for i, piece in enumerate(pieces):
        if i % 50:
            library.free(piece)
    kept = psutil.Process().memory_info().rss
    assert heap.trim()
    after = psutil.Process().memory_info().rss
    for piece in pieces[::50]:
        library.free(piece)
    assert full - kept < 20e6, "glibc keeps it"
    assert kept - after > 30e6


APART = """
import ctypes
from engine.runtime.heap import LARGE, keep_large_apart
library = ctypes.CDLL(None)
library.malloc.restype, library.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
library.free.argtypes = [ctypes.c_void_p]
keep_large_apart()
library.free(library.malloc(20_000_000))
def in_heap(size):
    place = library.malloc(size)
    lines = open("/proc/self/maps").read().splitlines()
    first, end = (int(each, 16) for line in lines if "[heap]" in line for each in line.split()[0].split("-"))
    return first <= place < end
print(in_heap(LARGE), in_heap(1000))
"""


@pytest.mark.skipif(heap._library() is None, reason="not glibc")
def test_large_blocks_lie_apart_even_after_one_was_freed() -> None:
    """In a process of its own: the C library's setting is the whole process's."""
    told = subprocess.run([sys.executable, "-c", APART], capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout.split() == ["False", "True"]


def test_it_is_done_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    trims: list[float] = []
    now = [0.0]
    monkeypatch.setattr(heap.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(heap, "trim", lambda: trims.append(now[0]))
    trimmer = heap.HeapTrimmer(20.0)
    for second in range(50):
        now[0] = float(second)
        trimmer.trim_if_due()
    assert trims == [20.0, 40.0]
