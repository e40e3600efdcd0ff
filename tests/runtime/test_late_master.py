"""A master that gets too little of the processor: the sound stays whole, pictures go as far as they go."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from engine.broadcast.clock import NANOSECONDS, Clock
from engine.broadcast.encoder import GOP_SECONDS, OPUS_FRAME
from engine.broadcast.ring import PictureRing
from engine.flow import SAMPLE_RATE, VIDEO_CLOCK_RATE, Packet, Stream
from engine.runtime.bus import Broker
from engine.runtime.master import LATE, Master
from engine.settings import Channel
from engine.settings.channel import Canvas

FPS = 25


class Desk:
    """A master without a stage, whose clock stands where the test says."""

    def __init__(self, channel: Channel, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        canvas = Canvas(width=360, height=360, fps=FPS)
        PictureRing.create(folder / "ring", canvas.width, canvas.height, FPS, 0)
        self.master = Master(channel.model_copy(update={"canvas": canvas}), folder)
        self.now_s = 10.0
        self.master._clock = Clock(0, lambda: round(self.now_s * NANOSECONDS))
        self.packets: list[Packet] = []
        monkeypatch.setattr(self.master._feed, "write", self.packets.append)
        self.master._last = np.full_like(self.master._last, 90)
        self.master._any = True
        self.sample = self.master._next_boundary()

    def live(self, seconds: float, late_s: float = 0.0) -> None:
        """The master does so much, ``late_s`` behind the clock."""
        for _ in range(round(seconds * SAMPLE_RATE) // OPUS_FRAME):
            self.now_s = self.sample / SAMPLE_RATE + late_s
            self.master._tick(self.sample)
            self.sample += OPUS_FRAME

    def of(self, stream: Stream) -> list[Packet]:
        return [packet for packet in self.packets if packet.stream is stream]

    def close(self) -> None:
        self.master._feed.close()
        self.master._bus.close()
        self.master._ring.close()


@pytest.fixture
def desk(channel: Channel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    broker = Broker(tmp_path)
    broker.start()
    made = Desk(channel, tmp_path, monkeypatch)
    yield made
    made.close()
    broker.close()


def test_a_short_stall_costs_no_picture(desk: Desk) -> None:
    desk.live(1.0)
    desk.live(1.0, late_s=LATE / FPS - 0.04)
    assert len(desk.of(Stream.VIDEO)) == 2 * FPS
    assert desk.master._figures["left_out"] == 0


def test_a_late_master_leaves_pictures_out_and_no_sound(desk: Desk) -> None:
    desk.live(0.4)
    before = len(desk.of(Stream.VIDEO))
    desk.live(1.0, late_s=1.0)
    assert len(desk.of(Stream.VIDEO)) == before
    desk.live(1.0)
    pictures, sounds = desk.of(Stream.VIDEO), desk.of(Stream.OPUS)
    assert len(pictures) == before + FPS
    assert desk.master._figures["left_out"] == FPS
    assert {b.pts - a.pts for a, b in pairwise(sounds)} == {OPUS_FRAME}
    longest = max(b.pts - a.pts for a, b in pairwise(pictures))
    assert longest == (FPS + 1) * VIDEO_CLOCK_RATE // FPS


def test_the_group_that_was_to_begin_begins_with_the_next_picture(desk: Desk) -> None:
    to_the_group = -desk.master._picture % (FPS * GOP_SECONDS)
    desk.live(to_the_group / FPS - 0.2)
    desk.live(0.4, late_s=1.0)
    seen = len(desk.of(Stream.VIDEO))
    desk.live(0.4)
    assert [packet.is_keyframe for packet in desk.of(Stream.VIDEO)[seen:]] == [True] + [False] * 9


def test_who_is_seconds_late_goes_on_from_now_and_says_what_is_missing(desk: Desk) -> None:
    desk.live(0.4)
    desk.now_s = desk.sample / SAMPLE_RATE + 3.0
    begin = desk.master._jump()
    assert begin >= desk.now_s * SAMPLE_RATE
    assert desk.master._figures["jumps"] == 1
    assert desk.master._figures["left_out"] == pytest.approx(3 * FPS, abs=2)
