"""The small picture is encoded while somebody needs it and no longer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.broadcast.encoder import SmallEncoder
from engine.flow import Packet, Stream, picture_pts
from engine.runtime import master as master_module
from engine.runtime.bus import Broker, Bus
from engine.runtime.master import SMALL_FOR_S
from engine.runtime.messages import SmallWanted
from engine.settings import Channel
from tests.runtime.test_late_master import FPS, Desk

SMALL_FOR = round(SMALL_FOR_S * FPS)
"""Pictures."""


class Wished(Desk):
    """A desk that is told by a server over the bus. ``encoders`` is how many small encoders it has made."""

    def __init__(self, channel: Channel, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(channel, folder, monkeypatch)
        self.encoders = 0
        self._server = Bus(folder, ())
        monkeypatch.setattr(master_module, "SmallEncoder", self._encoder)

    def _encoder(self, width: int, height: int, fps: int) -> SmallEncoder:
        self.encoders += 1
        return SmallEncoder(width, height, fps)

    def wish(self) -> int:
        """The server asks once; returns the number of the first picture after that."""
        until = self.master._picture + SMALL_FOR
        for _ in range(200):
            # What is sent before the broker knows both ends is lost.
            self._server.publish(SmallWanted(1))
            self.master._drain(20)
            if self.master._small_until == until:
                return self.master._picture
        pytest.fail("the wish does not reach the master")

    def close(self) -> None:
        self._server.close()
        super().close()


@pytest.fixture
def desk(channel: Channel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wished]:
    broker = Broker(tmp_path)
    broker.start()
    made = Wished(channel, tmp_path, monkeypatch)
    yield made
    made.close()
    broker.close()


def numbers(packets: list[Packet]) -> list[int]:
    """Numbers of the pictures in ``packets``."""
    return [packet.pts // picture_pts(1, FPS) for packet in packets]


def test_nobody_asks_and_nothing_small_is_made(desk: Wished) -> None:
    desk.live(1.0)
    assert len(desk.of(Stream.VIDEO)) == FPS
    assert desk.of(Stream.SMALL) == []
    assert (desk.master._small, desk.master._figures["small_pictures"]) == (None, 0)


def test_it_begins_with_the_next_picture_and_ends_three_seconds_after_the_last_wish(desk: Wished) -> None:
    desk.live(0.4)
    first = desk.wish()
    desk.live(1.0)
    desk.wish()
    # The server asks once a second, and one of its wishes may be lost.
    desk.live(2.0)
    last = desk.wish()
    desk.live(SMALL_FOR_S)
    assert desk.master._small is not None
    desk.live(1.0)
    assert numbers(desk.of(Stream.SMALL)) == list(range(first, last + SMALL_FOR))
    assert numbers(desk.of(Stream.VIDEO)) == list(range(first - 10, last + SMALL_FOR + FPS))
    assert desk.master._small is None
    assert (desk.encoders, desk.master._figures["small_pictures"]) == (1, last - first + SMALL_FOR)


def test_it_begins_anew_when_it_is_wanted_again(desk: Wished) -> None:
    desk.wish()
    desk.live(SMALL_FOR_S + 0.4)
    seen = len(desk.of(Stream.SMALL))
    assert seen == SMALL_FOR
    again = desk.wish()
    desk.live(0.4)
    later = desk.of(Stream.SMALL)[seen:]
    assert numbers(later) == list(range(again, again + 10))
    assert later[0].is_keyframe
    assert desk.encoders == 2


def test_seats_can_change_soon_and_wherever_the_full_picture_begins_a_group(desk: Wished) -> None:
    desk.live(0.6)
    before = len(desk.packets)
    first = desk.wish()
    desk.live(SMALL_FOR_S)
    pictures = [packet for packet in desk.packets[before:] if packet.stream in (Stream.SMALL, Stream.VIDEO)]
    assert [packet.stream for packet in pictures] == [Stream.SMALL, Stream.VIDEO] * SMALL_FOR
    small = numbers([packet for packet in pictures if packet.stream is Stream.SMALL and packet.is_keyframe])
    full = numbers([packet for packet in pictures if packet.stream is Stream.VIDEO and packet.is_keyframe])
    assert small[0] == first
    assert full[0] - first <= FPS // 2
    assert set(full) <= set(small)
    assert any(number % (2 * FPS) == 0 for number in full)
