"""Room for credentials in a recording: a ``free`` box behind the first box, which becomes the credentials' own box.

So signing writes a few kilobytes and moves nothing, however long the file is. ``free`` boxes and the credentials are
no part of what is signed (``binding.py``). Until the last eight bytes of ``fill_room`` are written the room is still a
``free`` box, which players skip: a kill leaves the file unsigned, never broken.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import BinaryIO

from engine.outlets.credentials.boxes import HEADER_BYTES, Box, complete_boxes, header
from engine.outlets.credentials.errors import CredentialsError

ROOM_BYTES = 32_768
"""Credentials take 3 to 4 kB, and 1 to 2 kB more for each certificate of a longer chain."""

BOX_ID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
"""The extended type of C2PA's ``uuid`` box (C2PA 2.2, A.4)."""

_BEFORE_MANIFEST = BOX_ID + bytes(4) + b"manifest\0" + bytes(8)
"""Extended type, version and flags, the box's purpose, and the place of a first Merkle box: none."""


class FileWithRoom:
    """What libav writes a recording into. It is locked until it is closed: nobody signs a file that still grows."""

    def __init__(self, path: Path) -> None:
        """Make the file.

        Raises:
            OSError: it cannot be made, or is there already.
        """
        self._file = path.open("xb", buffering=0)
        # A file system without locks has no signed recordings, but recordings.
        _try_lock(self._file)
        self._first_box = b""
        self._has_room = False

    def write(self, data: bytes) -> int:
        """Write all of ``data``; the room comes behind the first box.

        Raises:
            OSError: the disk is full or gone.
        """
        if self._has_room:
            self._write(data)
            return len(data)
        self._first_box += data
        size = int.from_bytes(self._first_box[:4], "big")
        if len(self._first_box) >= max(size, HEADER_BYTES):
            self._has_room = True
            room = header(b"free", ROOM_BYTES) + bytes(ROOM_BYTES - HEADER_BYTES)
            self._write(self._first_box[:size] + room + self._first_box[size:])
        return len(data)

    def close(self) -> None:
        """Close the file and unlock it; may be called twice."""
        self._file.close()

    def _write(self, data: bytes) -> None:
        left = memoryview(data)
        while left:
            left = left[self._file.write(left) :]


def has_empty_room(path: Path) -> bool:
    """Whether a file waits for its credentials: it has room for them, and nobody writes it.

    A file that is gone, or of another make, does not.
    """
    try:
        with path.open("rb") as file:
            room = _second_box(file)
            return room is not None and _is_empty(room) and _try_lock(file)
    except OSError:
        return False


def is_locked(path: Path) -> bool:
    """Whether somebody writes or signs a file now; never where the file system has no locks."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def is_done_with(path: Path) -> bool:
    """Whether a file can be read, and nobody writes or signs it now; never where the file system has no locks."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def is_sealed(path: Path) -> bool:
    """Whether a recording's room holds credentials.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        room = _second_box(file)
        return room is not None and room.kind == b"uuid"


@contextmanager
def finished(path: Path) -> Iterator[BinaryIO]:
    """A recording to sign, locked against others. What a kill left behind its last complete box is cut off.

    Its time of change stays: by that the shelf knows which recording is the oldest.

    Raises:
        CredentialsError: it is being written, or has no empty room.
        OSError: it is gone.
    """
    with path.open("r+b") as file:
        if not _try_lock(file):
            raise CredentialsError("it is still being written")
        boxes = list(complete_boxes(file))
        if len(boxes) < 2 or not _is_empty(boxes[1]):
            raise CredentialsError("it has no room for credentials")
        found = os.fstat(file.fileno())
        if boxes[-1].end < found.st_size:
            file.truncate(boxes[-1].end)
        try:
            yield file
        finally:
            os.utime(file.fileno(), ns=(found.st_atime_ns, found.st_mtime_ns))


def fill_room(file: BinaryIO, manifest: bytes) -> None:
    """Put the credentials into the empty room of ``file``.

    Raises:
        CredentialsError: they take more than the room.
        OSError: the disk is gone.
    """
    room = _second_box(file)
    assert room is not None
    body = _BEFORE_MANIFEST + manifest
    left = ROOM_BYTES - HEADER_BYTES - len(body)
    if left < HEADER_BYTES:
        raise CredentialsError(f"its credentials take {len(body)} bytes, more than there is room for")
    file.seek(room.start + HEADER_BYTES)
    file.write(body + header(b"free", left))
    _to_disk(file)
    file.seek(room.start)
    file.write(header(b"uuid", HEADER_BYTES + len(body)))
    _to_disk(file)


def _to_disk(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _second_box(file: BinaryIO) -> Box | None:
    boxes = complete_boxes(file)
    return next(boxes, None) and next(boxes, None)


def _is_empty(room: Box) -> bool:
    return room.kind == b"free" and room.size == ROOM_BYTES


def _try_lock(file: BinaryIO | FileIO) -> bool:
    """Lock ``file`` for as long as it is open, unless another has."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
