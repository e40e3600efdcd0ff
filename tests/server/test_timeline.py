"""Time of the packets: through restarts of the master, and sound beside its picture."""

from __future__ import annotations

from engine.flow import Packet, Stream
from server.timeline import HELD_SOUND, Timeline, Together


def picture(number: int) -> Packet:
    return Packet(Stream.VIDEO, b"", number * 3600, 3600)


def sound(number: int) -> Packet:
    return Packet(Stream.OPUS, b"", number * 960, 960)


def test_an_unbroken_feed_keeps_its_pts() -> None:
    line = Timeline()
    assert [line.place(picture(n), n * 0.04) for n in range(3)] == [0, 3600, 7200]
    assert [line.place(sound(n), n * 0.02) for n in range(3)] == [0, 960, 1920]
    assert line.restarts == 0


def test_a_master_that_counts_from_zero_again_goes_on_where_time_is() -> None:
    line = Timeline()
    line.place(picture(1000), 40.0)
    line.place(sound(2000), 40.0)
    # One second later pictures start from 0: they belong at 41 s, and so does the sound of the same time.
    assert line.place(picture(0), 41.0) == 41 * 90_000
    assert line.place(sound(0), 41.0) == 41 * 48_000
    assert line.place(picture(1), 41.04) == 41 * 90_000 + 3600
    assert line.restarts == 1


def test_a_long_silence_of_a_running_clock_does_not_stretch_time() -> None:
    line = Timeline()
    line.place(picture(0), 0.0)
    line.place(sound(0), 0.0)
    assert line.place(picture(250), 10.0) == 250 * 3600
    assert line.place(sound(500), 10.0) == 500 * 960


def test_sound_waits_for_its_picture_and_no_longer() -> None:
    both = Together()
    assert both.release(picture(0)) == [picture(0)]
    assert both.release(sound(0)) == [sound(0)]
    assert both.release(sound(1)) == [sound(1)]
    assert both.release(sound(2)) == []
    assert both.release(sound(3)) == []
    assert both.release(picture(1)) == [picture(1), sound(2), sound(3)]


def test_a_stalled_picture_does_not_silence_the_host() -> None:
    both = Together()
    both.release(picture(0))
    released = [packet for n in range(20) for packet in both.release(sound(n))]
    assert released == [sound(n) for n in range(20 - HELD_SOUND)]


def test_sound_flows_before_the_first_picture() -> None:
    assert Together().release(sound(5)) == [sound(5)]
