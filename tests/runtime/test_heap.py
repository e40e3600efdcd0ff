"""Memory goes back to the system."""

from __future__ import annotations

import ctypes

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
