"""Messages and packets between processes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.flow import CURVES, Line, LineKind, MediaFormat, Packet, Performance, Question, Stream, Word
from engine.runtime.bus import Broker, Bus
from engine.runtime.feed import GapFilter, PacketReader, PacketWriter
from engine.runtime.messages import Health, Hello, Message, Perform, decode, encode, topic_of


def performance() -> Performance:
    line = Line(
        "1", LineKind.ANSWER, "It holds 750 ml.", ("bottle.capacity",), "bottle", question=Question("q", "Ann", "?")
    )
    pcm = np.linspace(-1, 1, 3840, dtype=np.float32)
    return Performance("p1", line, pcm, np.ones((2, len(CURVES)), np.float32), (Word("It", 0, 100),))


def test_a_performance_survives_the_wire_unchanged() -> None:
    sent = Perform(performance(), urgent=True)
    got = decode(encode(sent))
    assert isinstance(got, Perform)
    assert got.urgent
    assert got.performance.line == sent.performance.line
    assert got.performance.words == sent.performance.words
    np.testing.assert_array_equal(got.performance.pcm_48k, sent.performance.pcm_48k)
    np.testing.assert_array_equal(got.performance.curves, sent.performance.curves)
    assert got.performance.curves.dtype == np.float32


def test_no_topic_is_the_beginning_of_another() -> None:
    topics = [topic_of(t) for t in Message.__args__]  # type: ignore[attr-defined]
    assert len(set(topics)) == len(topics)
    assert not [(a, b) for a in topics for b in topics if a != b and b.startswith(a)]


@pytest.fixture
def run_dir(tmp_path: Path) -> Iterator[Path]:
    broker = Broker(tmp_path)
    broker.start()
    yield tmp_path
    broker.close()
    broker.close()


def wait_for(bus: Bus, kind: type, sender: Bus, message: Message) -> Message:
    """Send until it is heard: a subscription takes a moment to reach the broker."""
    for _ in range(100):
        sender.publish(message)
        got = bus.receive(50)
        if isinstance(got, kind):
            return got
    raise AssertionError("nothing heard")


def test_only_the_topics_asked_for_are_heard(run_dir: Path) -> None:
    listener, sender = Bus(run_dir, (Hello,)), Bus(run_dir, ())
    try:
        assert wait_for(listener, Hello, sender, Hello("a")) == Hello("a")
        sender.publish(Health("a", 1, "ok"))
        sender.publish(Hello("b"))
        heard: list[Message] = []
        until = time.monotonic() + 20
        while Hello("b") not in heard and time.monotonic() < until:
            got = listener.receive(50)
            if got is not None:
                heard.append(got)
        assert {type(m) for m in heard} == {Hello}
    finally:
        for bus in (listener, sender):
            bus.close()
            bus.close()


def video(pts: int, key: bool = False) -> Packet:
    return Packet(Stream.VIDEO, b"x", pts, 3600, key)


def test_after_a_loss_video_waits_for_the_next_idr_and_sound_goes_on() -> None:
    gaps = GapFilter()
    assert not gaps.admit(5, video(0))
    assert gaps.admit(6, video(1, key=True))
    assert gaps.admit(7, video(2))
    assert not gaps.admit(9, video(4))
    assert gaps.lost == 1
    assert gaps.admit(0, Packet(Stream.AAC, b"", 0, 1024))
    assert not gaps.admit(10, video(5))
    assert gaps.admit(11, video(6, key=True))


def test_a_new_master_counts_from_zero_and_its_first_idr_is_taken() -> None:
    gaps = GapFilter()
    gaps.admit(100, video(0, key=True))
    assert not gaps.admit(1, video(9))
    assert gaps.admit(2, video(10, key=True))
    assert gaps.lost == 0


def drain(reader: PacketReader) -> list[Packet]:
    """Everything that is there, until nothing has come for half a second."""
    got: list[Packet] = []
    quiet_since = time.monotonic()
    while time.monotonic() - quiet_since < 0.5:
        item = reader.read(50)
        if item is not None:
            quiet_since = time.monotonic()
        if isinstance(item, Packet):
            got.append(item)
    return got


def test_a_slow_reader_loses_packets_and_never_holds_up_the_writer(tmp_path: Path) -> None:
    writer, reader = PacketWriter(tmp_path), PacketReader(tmp_path, (Stream.VIDEO,))
    try:
        until = time.monotonic() + 20
        while reader.read(20) is None and time.monotonic() < until:
            writer.write_format(MediaFormat(1, 2, 25))
        for n in range(5000):
            writer.write(Packet(Stream.VIDEO, bytes(1000), n, 1, is_keyframe=n % 50 == 0))
        burst = drain(reader)
        assert burst[0].is_keyframe
        assert len(burst) < 5000
        # What was lost shows with the next packet: one that is no IDR is passed over, the IDR after it is taken.
        writer.write(Packet(Stream.VIDEO, b"p", 5000, 1))
        writer.write(Packet(Stream.VIDEO, b"i", 5001, 1, is_keyframe=True))
        after = drain(reader)
        assert [p.pts for p in after] == [5001]
        assert 0 < reader.lost <= 5000 - len(burst)
    finally:
        writer.close()
        reader.close()
