"""The boxes that a fragmented MP4 file is made of (ISO/IEC 14496-12, 4.2), at the top level."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

HEADER_BYTES = 8
_LARGE_HEADER_BYTES = 16


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its type, its first byte in the file, and its size with the header, in bytes."""

    kind: bytes
    start: int
    size: int

    @property
    def end(self) -> int:
        """The first byte behind it."""
        return self.start + self.size


def header(kind: bytes, size: int) -> bytes:
    """The header of a box of ``size`` bytes in all."""
    return size.to_bytes(4, "big") + kind


def complete_boxes(file: BinaryIO) -> Iterator[Box]:
    """The boxes from the beginning on, up to the first that a kill has left incomplete."""
    length = os.fstat(file.fileno()).st_size
    start = 0
    while start + HEADER_BYTES <= length:
        file.seek(start)
        head = file.read(_LARGE_HEADER_BYTES)
        size, least = int.from_bytes(head[:4], "big"), HEADER_BYTES
        if size == 1:
            size, least = int.from_bytes(head[8:], "big"), _LARGE_HEADER_BYTES
        elif size == 0:
            size = length - start
        if size < least or start + size > length:
            return
        yield Box(head[4:8], start, size)
        start += size
