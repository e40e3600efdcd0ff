"""When a viewer gets the small picture, and how it changes without a broken one."""

from __future__ import annotations

from engine.flow import Packet, Stream
from server.fanout import Fanout, Seat
from server.ladder import FIRST_WAIT_S, LONGEST_WAIT_S, Ladder
from server.timeline import Timeline, Together
from tests.server.test_fanout import taken


def after(ladder: Ladder, now: float, *lost: float) -> float:
    for share in lost:
        ladder.hear(now, share)
        now += 1
    return now


def test_one_bad_report_is_no_thin_line_and_two_are() -> None:
    ladder = Ladder()
    now = after(ladder, 0.0, 0.3, 0.01, 0.3)
    assert not ladder.low
    after(ladder, now, 0.09)
    assert ladder.low


def test_the_full_picture_comes_back_after_a_good_while_only() -> None:
    ladder = Ladder()
    now = after(ladder, 0.0, 0.2, 0.2)
    now = after(ladder, now, *[0.0] * 15, 0.05, *[0.0] * int(FIRST_WAIT_S))
    assert ladder.low
    after(ladder, now, 0.0)
    assert not ladder.low


def test_each_try_that_fails_doubles_the_wait_up_to_five_minutes() -> None:
    ladder, now, waits = Ladder(), 0.0, []
    for _ in range(7):
        now = after(ladder, now, 0.2, 0.2)
        down = now
        while ladder.low:
            now = after(ladder, now, 0.0)
        waits.append(round(now - down - 1))
    assert waits == [20, 40, 80, 160, 300, 300, 300]
    assert max(waits) == LONGEST_WAIT_S


def give(fanout: Fanout, first: int, last: int, small_from: int) -> None:
    """Pictures as the master sends them: the small one before the full one, IDRs of both at the same numbers."""
    for number in range(first, last + 1):
        key = number % 10 == 0
        if number >= small_from:
            fanout.give(Packet(Stream.SMALL, b"small", number * 3600, 3600, key))
        fanout.give(Packet(Stream.VIDEO, b"full", number * 3600, 3600, key))


async def shown(seat: Seat) -> list[tuple[int, bool]]:
    """Number of each picture that waits, and whether it is the small one."""
    found = []
    while not seat.picture.empty:
        unit = await seat.picture.get()
        found.append((unit.at // 1920, bytes(unit.media) == b"small"))
    return found


async def test_a_seat_changes_at_an_idr_both_ways_and_gets_every_picture_once() -> None:
    fanout, seat = Fanout(lambda: None), Seat(True, False)
    fanout.join(seat)
    give(fanout, 10, 13, small_from=99)
    seat.wants = Stream.SMALL
    assert fanout.small == 1
    give(fanout, 14, 34, small_from=15)
    seat.wants = Stream.VIDEO
    give(fanout, 35, 44, small_from=15)
    assert await shown(seat) == [(n, 20 <= n < 40) for n in range(10, 45)]


async def test_without_a_small_picture_the_full_one_goes_on() -> None:
    fanout, seat = Fanout(lambda: None), Seat(True, False)
    fanout.join(seat)
    seat.wants = Stream.SMALL
    give(fanout, 10, 29, small_from=99)
    assert await shown(seat) == [(n, False) for n in range(10, 30)]


async def test_a_joiner_begins_with_the_full_picture_while_others_have_the_small_one() -> None:
    fanout, thin, joiner = Fanout(lambda: None), Seat(True, False), Seat(True, False)
    fanout.join(thin)
    thin.wants = Stream.SMALL
    give(fanout, 10, 22, small_from=10)
    fanout.join(joiner)
    give(fanout, 23, 24, small_from=10)
    pictures, _ = await taken(joiner)
    assert pictures == [20, 21, 22, 23, 24]


def test_the_small_picture_has_the_place_of_the_full_one_and_moves_no_time() -> None:
    line, together = Timeline(), Together()
    line.place(Packet(Stream.VIDEO, b"", 1000 * 3600, 3600), 40.0)
    line.place(Packet(Stream.VIDEO, b"", 0, 3600), 41.0)
    small = Packet(Stream.SMALL, b"", 3600, 3600)
    assert line.place(small, 41.04) == line.place(Packet(Stream.VIDEO, b"", 3600, 3600), 41.04)
    assert line.restarts == 1
    assert together.release(small) == [small]


async def test_a_seat_goes_on_with_the_full_picture_where_the_small_one_stops() -> None:
    fanout, seat = Fanout(lambda: None), Seat(True, False)
    fanout.join(seat)
    give(fanout, 10, 13, small_from=99)
    seat.wants = Stream.SMALL
    give(fanout, 14, 24, small_from=15)
    give(fanout, 25, 33, small_from=99)
    assert [number for number, _ in await shown(seat)] == [*range(10, 25), *range(30, 34)]
    # It still wants the small one, and gets it from its next IDR on.
    give(fanout, 34, 42, small_from=35)
    assert await shown(seat) == [(n, n >= 40) for n in range(34, 43)]
