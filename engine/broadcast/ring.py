"""Pictures from the stage to the master over shared memory.

One file in memory, mapped by both. The supervisor makes and removes it, so it outlives each of them. Slot *n* mod
``SLOTS`` holds picture *n* when its number says so; the stage writes at most ``AHEAD`` pictures ahead of the
clock, so a slot is never rewritten while the master may read it.
"""

from __future__ import annotations

import contextlib
import errno
import mmap
import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.settings import Canvas

RING = "ring"
"""Its name in a run's folder."""

SLOTS = 20
AHEAD = 10
"""Pictures that the stage may draw ahead of the clock: 400 ms at 25 fps, what a stall of the stage may last.

``SLOTS - AHEAD`` slots stay untouched behind the clock.
"""

_MAGIC = 0x45564852
_HEADER_BYTES = 4096
_MAGIC_AT, _WIDTH_AT, _HEIGHT_AT, _FPS_AT, _EPOCH_AT, _SLATE_AT = range(6)
_NUMBERS_AT = 16


_NO_PROMISES = frozenset({errno.EINVAL, errno.EOPNOTSUPP})
"""What a file system says that cannot promise room."""


class RingError(Exception):
    """The shared file is not a picture ring, or not one of this canvas, or there is no room for it."""


def ring_bytes(width: int, height: int) -> int:
    """Size of the file for pictures of that size."""
    return _HEADER_BYTES + (SLOTS + 1) * width * height * 3 // 2


class PictureRing:
    """The mapped ring. All arrays are views into shared memory.

    ``canvas`` is what the caller draws or shows.

    Raises:
        RingError: ``file`` is no picture ring, or one of another canvas.
    """

    def __init__(self, file: Path, canvas: Canvas | None = None) -> None:
        self._file = file.open("r+b")
        self._map = mmap.mmap(self._file.fileno(), 0)
        self._header = np.frombuffer(self._map, np.int64, _HEADER_BYTES // 8)
        if int(self._header[_MAGIC_AT]) != _MAGIC:
            self.close()
            raise RingError(f"{file} is not a picture ring")
        self.width, self.height = int(self._header[_WIDTH_AT]), int(self._header[_HEIGHT_AT])
        self.fps, self.epoch_ns = int(self._header[_FPS_AT]), int(self._header[_EPOCH_AT])
        if canvas is not None and (canvas.width, canvas.height, canvas.fps) != (self.width, self.height, self.fps):
            own = f"{self.width}x{self.height} at {self.fps} fps"
            self.close()
            raise RingError(f"{file} is for {own}, not for {canvas.width}x{canvas.height} at {canvas.fps} fps")
        shape = (SLOTS + 1, self.height * 3 // 2, self.width)
        self._pictures = np.frombuffer(self._map, np.uint8, offset=_HEADER_BYTES).reshape(shape)
        self._numbers = self._header[_NUMBERS_AT : _NUMBERS_AT + SLOTS]

    @classmethod
    def create(cls, file: Path, width: int, height: int, fps: int, epoch_ns: int) -> None:
        """Make the file: all slots empty, no slate. ``epoch_ns`` is the monotonic time of sample 0.

        All of it is taken at once: who writes into a mapped file for which there is no room is killed (SIGBUS).

        Raises:
            RingError: there is no room for it.
        """
        header = np.zeros(_HEADER_BYTES // 8, np.int64)
        header[:5] = (_MAGIC, width, height, fps, epoch_ns)
        header[_NUMBERS_AT : _NUMBERS_AT + SLOTS] = -1
        size = ring_bytes(width, height)
        try:
            with file.open("wb") as out:
                out.write(header.tobytes())
                out.truncate(size)
                _take_room(out.fileno(), size)
        except OSError as error:
            why = f"{size / 1e6:.0f} MB for pictures cannot be had in {file.parent}: {error.strerror}"
            raise RingError(why) from error

    def begin(self, picture: int) -> NDArray[np.uint8]:
        """The I420 array to draw ``picture`` into; the slot is empty for readers until ``commit``."""
        slot = picture % SLOTS
        self._numbers[slot] = -1
        view: NDArray[np.uint8] = self._pictures[slot]
        return view

    def commit(self, picture: int) -> None:
        """``picture`` is drawn."""
        self._numbers[picture % SLOTS] = picture

    def get(self, picture: int) -> NDArray[np.uint8] | None:
        """The I420 array of ``picture``, or None when the stage has not drawn it."""
        slot = picture % SLOTS
        if int(self._numbers[slot]) != picture:
            return None
        view: NDArray[np.uint8] = self._pictures[slot]
        return view

    @property
    def slate(self) -> NDArray[np.uint8]:
        """The slate's I420 array; drawn when ``slate_ready``."""
        view: NDArray[np.uint8] = self._pictures[SLOTS]
        return view

    @property
    def slate_ready(self) -> bool:
        """Whether the stage has drawn the slate."""
        return bool(self._header[_SLATE_AT])

    def commit_slate(self) -> None:
        """The slate is drawn."""
        self._header[_SLATE_AT] = 1

    def close(self) -> None:
        """Forget the views. The mapping itself goes when the last array into it is gone."""
        for name in ("_header", "_numbers", "_pictures"):
            if hasattr(self, name):
                delattr(self, name)
        # BufferError: an array handed out is still alive, and the map is freed with it.
        with contextlib.suppress(BufferError):
            self._map.close()
        self._file.close()


def _take_room(descriptor: int, size: int) -> None:
    try:
        os.posix_fallocate(descriptor, 0, size)
    except OSError as error:
        if error.errno not in _NO_PROMISES:
            raise
