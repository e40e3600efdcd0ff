"""The sessions of an RTMP outlet: renewed as planned without a picture lost, and at the address whose turn it is."""

from __future__ import annotations

import contextlib
import gc
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from pydantic import SecretStr

from engine.flow import SAMPLE_RATE, MediaFormat, Packet, Stream, picture_pts, picture_sample
from engine.outlets.rtmp import RtmpOutlet
from engine.runtime.bus import Broker
from engine.runtime.feed import PacketWriter
from engine.runtime.outlet import OutletProcess
from engine.settings import Channel, Rtmp

sys.path.insert(1, str(Path(__file__).resolve().parents[2] / "scripts"))

from faults.rtmp_peer import Heard, Manner, Publishing, RtmpPeer

FPS = 25
GROUP = 10
"""Pictures from one IDR to the next."""

PATIENCE_S = 30.0
MEDIA = MediaFormat(180, 320, FPS, b"\x11\x90")
HEADERS = b"\0\0\0\1\x67\x42\xc0\x1f\0\0\0\1\x68\xce\x38\x80"
"""An SPS and a PPS."""

SOON_S = 1e-9
"""A session that is live has lasted this long."""


def numbered(n: int) -> Packet:
    """Picture ``n``: its number in place of coded data, with as many bytes as a coded picture has."""
    is_idr = n % GROUP == 0
    text = str(n).encode().ljust(8000, b".")
    data = HEADERS + b"\0\0\0\1\x65" + text if is_idr else b"\0\0\0\1\x41" + text
    return Packet(Stream.VIDEO, data, picture_pts(n, FPS), picture_pts(1, FPS), is_idr)


class Feed:
    """Pictures and their sound, one after the other, as the master publishes them."""

    def __init__(self, run_dir: Path) -> None:
        self._writer = PacketWriter(run_dir)
        self._next = 12_345

    @property
    def newest(self) -> int:
        """The number of the last picture."""
        return self._next - 1

    def put(self, count: int = 1) -> None:
        """The next pictures."""
        for n in range(self._next, self._next + count):
            sound = Packet(Stream.AAC, b"sound", picture_sample(n, FPS), SAMPLE_RATE // FPS)
            self._writer.write(sound)
            if n % GROUP == 0:
                self._writer.write_format(MEDIA)
            self._writer.write(numbered(n))
        self._next += count

    def until(self, what: Callable[[], object]) -> None:
        """One picture after the other until it is so."""
        end = time.monotonic() + PATIENCE_S
        while not what():
            assert time.monotonic() < end
            self.put()
            time.sleep(0.01)

    def group(self) -> list[int]:
        """The rest of the group that has begun, if there is one, and the whole next one; returns their numbers."""
        first = self._next
        self.put(-first % GROUP + GROUP)
        return list(range(first, self._next))

    def close(self) -> None:
        self._writer.close()


Start = Callable[[Rtmp], AbstractContextManager[OutletProcess]]


@pytest.fixture
def feed(tmp_path: Path) -> Iterator[Feed]:
    made = Feed(tmp_path)
    yield made
    made.close()


@pytest.fixture
def start(channel: Channel, tmp_path: Path) -> Iterator[Start]:
    """Runs an outlet in a thread of its own as long as a ``with`` lasts."""

    @contextlib.contextmanager
    def run(output: Rtmp) -> Iterator[OutletProcess]:
        process, stop = OutletProcess(channel, tmp_path, output), threading.Event()
        thread = threading.Thread(target=process.run, args=(stop,), name="outlet")
        thread.start()
        try:
            yield process
        finally:
            stop.set()
            thread.join()
            # An outlet has its process for itself and freezes what there is.
            gc.unfreeze()

    broker = Broker(tmp_path)
    broker.start()
    yield run
    broker.close()


def output(url: str, key: str = "", backup_url: str | None = None, backup_key: str = "") -> Rtmp:
    keys = {"key": SecretStr(key), "backup_key": SecretStr(backup_key)}
    return Rtmp(kind="rtmp", url=url, backup_url=backup_url, **keys)


def published(peer: RtmpPeer) -> list[Publishing]:
    """The sessions that it has accepted."""
    return [story for story in peer.publishings if story.published]


def pictures(story: Publishing) -> list[Heard]:
    return [each for each in story.heard if each.is_picture]


def numbers(story: Publishing) -> list[int]:
    """Which pictures it got: what is behind FLV's five bytes, a length and the unit's first byte."""
    return [int(each.body[10:].rstrip(b".")) for each in pictures(story)]


def has_picture(peer: RtmpPeer, session: int = 0) -> bool:
    return len(published(peer)) > session and bool(pictures(published(peer)[session]))


def listens(peer: RtmpPeer) -> bool:
    with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", peer.port)):
        return True
    return False


def wait_for(what: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < end
        time.sleep(0.01)


def begins_anew(story: Publishing) -> bool:
    """Whether it begins with an IDR, at time 0, and goes on picture by picture."""
    got = pictures(story)
    step = 1000 // FPS
    return got[0].is_idr and [each.time_ms for each in got] == [step * n for n in range(len(got))]


def test_a_renewed_session_begins_at_an_idr_at_time_zero_and_no_picture_is_missing_between(
    feed: Feed, start: Start
) -> None:
    with RtmpPeer() as peer:
        with start(output(peer.url, "k3y")) as outlet:
            feed.until(lambda: has_picture(peer))
            wait_for(lambda: numbers(peer.publishings[0])[-1] == feed.newest)
            outlet._renew_s = SOON_S
            sent = feed.group()
            wait_for(lambda: peer.publishings[0].ended and has_picture(peer, session=1))
            wait_for(lambda: numbers(peer.publishings[-1])[-1] == feed.newest)
        first, second = peer.publishings
    assert begins_anew(first)
    assert begins_anew(second)
    assert [first.name, second.name] == ["k3y", "k3y"]
    assert numbers(second) == sent[-GROUP:]
    assert numbers(first) + numbers(second) == list(range(numbers(first)[0], sent[-1] + 1))
    assert outlet._sent.figures()["sessions"] == 2
    assert outlet._failures == 0


def test_a_session_that_is_not_due_goes_on_over_an_idr(feed: Feed, start: Start) -> None:
    with RtmpPeer() as peer:
        with start(output(peer.url, "k3y")):
            feed.until(lambda: has_picture(peer))
            sent = feed.group()
            wait_for(lambda: sent[-1] in numbers(peer.publishings[0]))
        (only,) = peer.publishings
    assert begins_anew(only)
    assert numbers(only) == list(range(numbers(only)[0], sent[-1] + 1))


@pytest.mark.parametrize(
    ("key", "backup_key", "name"),
    [("k3y", "b4ckup", "b4ckup"), ("k3y", "", "k3y"), ("", "b4ckup", "b4ckup"), ("", "", "live")],
    ids=["each its own", "one for both", "only the backup has one", "none: the stream's name is in the address"],
)
def test_while_the_first_address_is_gone_the_backup_gets_the_show_with_its_key(
    feed: Feed, start: Start, key: str, backup_key: str, name: str
) -> None:
    with RtmpPeer(Manner.GONE) as primary, RtmpPeer() as backup:
        address = backup.url if key or backup_key else backup.url.replace("/live", "/app/live")
        with start(output(primary.url, key, address, backup_key)) as outlet:
            feed.until(lambda: has_picture(backup))
        (story,) = published(backup)
        assert primary.publishings == []
    assert story.name == name
    assert begins_anew(story)
    assert outlet._failures == 1


def test_the_backup_takes_over_from_the_first_address_and_gives_back_with_the_planned_renewal(
    feed: Feed, start: Start
) -> None:
    with RtmpPeer() as primary, RtmpPeer() as backup:
        with start(output(primary.url, "k3y", backup.url, "b4ckup")) as outlet:
            feed.until(lambda: has_picture(primary))
            assert backup.publishings == []
            primary.manner = Manner.GONE
            feed.until(lambda: has_picture(backup))
            primary.manner = Manner.TAKING
            wait_for(lambda: listens(primary))
            outlet._renew_s = SOON_S
            feed.until(lambda: has_picture(primary, session=1))
        stood_in = published(backup)[0]
        wait_for(lambda: stood_in.ended)
        returned = published(primary)[1]
    assert [story.name for story in (published(primary)[0], stood_in, returned)] == ["k3y", "b4ckup", "k3y"]
    assert begins_anew(stood_in)
    assert begins_anew(returned)
    assert numbers(returned)[0] == numbers(stood_in)[-1] + 1
    assert outlet._failures == 1


def test_what_waits_for_a_slow_peer_is_sent_before_the_end_of_its_session() -> None:
    with RtmpPeer() as peer:
        outlet = RtmpOutlet(peer.url, SecretStr("k"), MEDIA)
        outlet.write(numbered(0))
        end = time.monotonic() + PATIENCE_S
        while not outlet.live:
            assert time.monotonic() < end
            outlet.work()
            time.sleep(0.01)
        peer.manner = Manner.SILENT
        time.sleep(0.1)
        for n in range(1, 100):
            outlet.write(numbered(n))
        assert outlet.figures["waiting_seconds"] > 0
        peer.manner = Manner.TAKING
        outlet.close()
        (story,) = published(peer)
        while not story.ended:
            assert time.monotonic() < end
            time.sleep(0.01)
        assert numbers(story) == list(range(100))
