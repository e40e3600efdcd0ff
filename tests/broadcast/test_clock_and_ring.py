"""Time by counting, and pictures over shared memory."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import numpy as np
import pytest

from engine.broadcast.clock import Clock
from engine.broadcast.ring import AHEAD, SLOTS, PictureRing, RingError, ring_bytes
from engine.settings import Canvas


def test_the_clock_counts_samples_of_the_monotonic_clock() -> None:
    now = [5_000_000_000]
    clock = Clock(epoch_ns=4_000_000_000, monotonic_ns=lambda: now[0])
    assert clock.sample() == 48_000
    assert clock.seconds_until(96_000) == 1.0
    now[0] += 86_400 * 10**9
    assert clock.sample() == 48_000 * 86_401
    assert clock.seconds_until(0) == -86_401.0


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ring"
    PictureRing.create(path, 64, 32, 25, epoch_ns=123)
    return path


def test_a_picture_written_by_one_is_read_by_another(file: Path) -> None:
    writer, reader = PictureRing(file), PictureRing(file)
    assert (reader.width, reader.height, reader.fps, reader.epoch_ns) == (64, 32, 25, 123)
    assert reader.get(7) is None
    writer.begin(7)[:] = 9
    assert reader.get(7) is None
    writer.commit(7)
    got = reader.get(7)
    assert got is not None
    assert got.shape == (48, 64)
    assert int(got.min()) == int(got.max()) == 9
    assert reader.get(7 + SLOTS) is None
    for ring in (writer, reader):
        ring.close()


def test_a_slot_is_not_rewritten_while_it_may_be_read(file: Path) -> None:
    # The stage draws n + AHEAD while n is on air; the slots of n and of the two before it must stay.
    assert AHEAD < SLOTS - 2
    ring = PictureRing(file)
    for picture in range(20):
        ring.begin(picture)[:] = picture
        ring.commit(picture)
    assert [p for p in range(20) if ring.get(p) is not None] == list(range(20 - SLOTS, 20))
    ring.close()


def test_the_slate_is_kept_apart(file: Path) -> None:
    ring = PictureRing(file)
    assert not ring.slate_ready
    ring.slate[:] = 77
    ring.commit_slate()
    ring.begin(SLOTS - 1)[:] = 1
    assert ring.slate_ready
    assert np.all(ring.slate == 77)
    ring.close()
    ring.close()


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ring"
    path.write_bytes(bytes(8192))
    with pytest.raises(RingError, match="not a picture ring"):
        PictureRing(path)


def test_a_ring_of_another_canvas_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ring"
    PictureRing.create(path, 720, 1280, 25, epoch_ns=0)
    PictureRing(path, Canvas()).close()
    for other in (Canvas(width=1280, height=720), Canvas(fps=30)):
        with pytest.raises(RingError, match="is for 720x1280 at 25 fps, not for"):
            PictureRing(path, other)


def test_its_room_is_taken_when_it_is_made(tmp_path: Path) -> None:
    """A file with holes would kill who writes into it (SIGBUS), once the folder is full."""
    PictureRing.create(tmp_path / "ring", 720, 1280, 25, epoch_ns=0)
    found = (tmp_path / "ring").stat()
    assert found.st_size == ring_bytes(720, 1280)
    assert found.st_blocks * 512 >= found.st_size


def test_without_room_it_is_not_made_and_says_how_much_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(RingError, match=r"^29 MB for pictures cannot be had in .*: No space left on device$"):
        PictureRing.create(tmp_path / "ring", 720, 1280, 25, epoch_ns=0)


def test_a_file_system_that_promises_nothing_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cannot(*_: int) -> None:
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    monkeypatch.setattr(os, "posix_fallocate", cannot)
    PictureRing.create(tmp_path / "ring", 64, 32, 25, epoch_ns=7)
    ring = PictureRing(tmp_path / "ring")
    assert ring.epoch_ns == 7
    ring.close()
