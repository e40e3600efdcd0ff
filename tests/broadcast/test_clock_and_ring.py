"""Time by counting, and pictures over shared memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.broadcast.clock import Clock
from engine.broadcast.ring import AHEAD, SLOTS, PictureRing, RingError


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
