"""Seats: where a joiner begins, and what becomes of a slow viewer."""

from __future__ import annotations

import asyncio

from engine.flow import Packet, Stream
from server.fanout import SLOW_PICTURES, SLOW_SOUNDS, Fanout, Seat


class Feed:
    """A fan-out with a hand-turned clock and a count of the keyframes asked for."""

    def __init__(self) -> None:
        self.asked = 0
        self.now = 0.0
        self.fanout = Fanout(self._ask, lambda: self.now)

    def _ask(self) -> None:
        self.asked += 1

    def send(self, first: int, last: int, idr: int = -1) -> None:
        """Pictures ``first`` to ``last`` with their sound, in the master's order."""
        for number in range(first, last + 1):
            self.now = number * 0.04
            self.fanout.give(Packet(Stream.OPUS, b"s", number * 1920, 960))
            self.fanout.give(Packet(Stream.VIDEO, b"p", number * 3600, 3600, number == idr))
            self.fanout.give(Packet(Stream.OPUS, b"s", number * 1920 + 960, 960))


async def taken(seat: Seat) -> tuple[list[int], list[int]]:
    """The numbers of the pictures and sounds that wait in the seat."""
    await asyncio.sleep(0)
    pictures, sounds = [], []
    while not seat.picture.empty:
        pictures.append((await seat.picture.get()).at // 1920)
    while not seat.sound.empty:
        sounds.append((await seat.sound.get()).at // 960)
    return pictures, sounds


async def test_a_joiner_soon_after_an_idr_gets_the_group_so_far() -> None:
    feed, seat = Feed(), Seat(True, True)
    feed.send(0, 13, idr=10)
    feed.fanout.join(seat)
    feed.send(14, 14)
    assert await taken(seat) == ([10, 11, 12, 13, 14], list(range(20, 30)))
    assert feed.asked == 0


async def test_a_later_joiner_asks_for_an_idr_and_begins_there() -> None:
    feed, seat = Feed(), Seat(True, True)
    feed.send(0, 20, idr=10)
    feed.fanout.join(seat)
    assert (feed.asked, feed.fanout.someone_waits) == (1, True)
    feed.send(21, 23, idr=22)
    assert await taken(seat) == ([22, 23], [44, 45, 46, 47])
    assert not feed.fanout.someone_waits


async def test_a_slow_viewer_loses_a_stretch_and_goes_on_at_an_idr() -> None:
    feed, slow, quick = Feed(), Seat(True, True), Seat(True, False)
    feed.send(0, 0, idr=0)
    feed.fanout.join(slow)
    feed.fanout.join(quick)
    for number in range(1, SLOW_PICTURES + 5):
        feed.send(number, number)
        await quick.picture.get()
    assert (slow.skips, quick.skips, feed.asked) == (1, 0, 1)
    assert slow.picture.empty
    feed.send(80, 82, idr=81)
    pictures, sounds = await taken(slow)
    assert pictures == [81, 82]
    assert len(sounds) <= SLOW_SOUNDS
    assert sounds[-1] == 165


async def test_a_seat_without_picture_hears_at_once() -> None:
    feed, seat = Feed(), Seat(False, True)
    feed.send(0, 4, idr=0)
    feed.fanout.join(seat)
    feed.send(5, 5)
    assert await taken(seat) == ([], [10, 11])


async def test_who_left_gets_nothing_more() -> None:
    feed, seat = Feed(), Seat(True, True)
    feed.send(0, 1, idr=0)
    feed.fanout.join(seat)
    feed.fanout.leave(seat)
    feed.fanout.leave(seat)
    feed.send(2, 9)
    assert (await taken(seat))[0] == [0, 1]


async def test_the_lag_is_the_longest_wait_since_it_was_last_read() -> None:
    feed, seat = Feed(), Seat(True, False)
    feed.send(0, 0, idr=0)
    feed.fanout.join(seat)
    feed.now += 0.25
    media = feed.fanout.taken(await seat.picture.get())
    assert media.pts == 0
    assert feed.fanout.worst_lag_s() == 0.25
    assert feed.fanout.worst_lag_s() == 0.0
