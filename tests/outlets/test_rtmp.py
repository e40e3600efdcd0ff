"""RTMP against a peer that behaves as told: what it gets, and how soon each failure is seen."""

from __future__ import annotations

import itertools
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import av
import pytest
from pydantic import SecretStr

from engine.outlets.base import OutletError
from engine.outlets.flash import flv
from engine.outlets.flash.chunks import Kind
from engine.outlets.flash.publisher import BusyError, Place
from engine.outlets.rtmp import OPEN_S, STALL_S, RtmpOutlet
from tests.outlets.media import packets

sys.path.insert(1, str(Path(__file__).resolve().parents[2] / "scripts"))

from faults.rtmp_peer import Manner, Publishing, RtmpPeer

KEY = SecretStr("s3cr3t")
ALL = list(packets(150))
MEDIA = ALL[0][0]


class Fast:
    """A clock that can be put forward, so that ten seconds need not be waited for."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead


def until(what: Callable[[], bool], outlet: RtmpOutlet, seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        outlet.work()
        time.sleep(0.005)


def send(peer: RtmpPeer, start_ms: int = 0, count: int = 100) -> Publishing:
    """The story of a session of ``count`` pictures from an IDR on."""
    outlet = RtmpOutlet(peer.url, KEY, MEDIA, start_ms)
    pictures = 0
    for _, packet in ALL:
        outlet.write(packet)
        pictures += packet.stream == "video"
        if pictures == count:
            break
    until(lambda: bool(peer.publishings) and pictures_of(peer.publishings[-1]) >= count, outlet)
    outlet.close()
    outlet.close()
    return peer.publishings[-1]


def pictures_of(story: Publishing) -> int:
    return sum(each.is_picture for each in story.heard)


def test_the_peer_gets_every_picture_from_an_idr_on_with_times_from_zero() -> None:
    with RtmpPeer() as peer:
        story = send(peer)
    assert story.name == "s3cr3t"
    pictures = [each for each in story.heard if each.is_picture]
    assert pictures[0].is_idr
    assert [each.time_ms for each in pictures] == [40 * n for n in range(100)]
    sounds = [each.time_ms for each in story.heard if each.kind == Kind.AUDIO and each.body[1] == 1]
    assert sounds[0] < 64 / 3
    steps = {b - a for a, b in itertools.pairwise(sounds)}
    assert steps == {21, 22}
    assert story.metadata["width"] == 180.0
    assert "AI-generated" in str(story.metadata["comment"])


def test_what_arrives_decodes_to_the_same_pictures() -> None:
    with RtmpPeer() as peer:
        story = send(peer)
    header = next(each.body[5:] for each in story.heard if each.kind == Kind.VIDEO and each.body[1] == 0)
    decoder = av.CodecContext.create("h264", "r")
    decoder.extradata = header
    frames = [f for each in story.heard if each.is_picture for f in decoder.decode(av.Packet(each.body[5:]))]
    frames += decoder.decode(None)
    assert [(f.width, f.height) for f in frames] == [(180, 320)] * 100
    levels = [float(f.to_ndarray()[:320].mean()) for f in frames]
    assert max(abs(level - 16 - n) for n, level in enumerate(levels)) < 3


@pytest.mark.parametrize("edge", [0xFFFFFF, 2**31, 2**32])
def test_times_go_on_over_each_edge_of_the_counter(edge: int) -> None:
    with RtmpPeer() as peer:
        story = send(peer, start_ms=edge - 2000)
    times = [each.time_ms for each in story.heard if each.is_picture]
    assert times == [(edge - 2000 + 40 * n) % 2**32 for n in range(100)]


def fails(outlet: RtmpOutlet, seconds: float) -> OutletError:
    """The error with which it fails while packets go on coming."""
    end = time.monotonic() + seconds
    for _, packet in itertools.cycle(ALL):
        try:
            outlet.write(packet)
        except OutletError as error:
            return error
        time.sleep(0.002)
        assert time.monotonic() < end
    raise AssertionError


def test_a_peer_that_never_shakes_hands_has_failed_in_time() -> None:
    clock = Fast()
    with RtmpPeer(Manner.MUTE) as peer:
        outlet = RtmpOutlet(peer.url, KEY, MEDIA, clock=clock)
        until(lambda: bool(peer.publishings), outlet)
        clock.ahead = OPEN_S - 1
        outlet.work()
        clock.ahead = OPEN_S + 0.1
        assert "no answer in 8 s (handshake)" in str(fails(outlet, 3))
        outlet.close()


@pytest.mark.parametrize("manner", [Manner.SILENT, Manner.HOARDING])
def test_a_peer_that_stops_reading_has_failed_in_time_and_what_waits_is_bounded(manner: Manner) -> None:
    """A ``HOARDING`` one has room for megabytes: only its missing acknowledgements give it away."""
    clock = Fast()
    start = Manner.HOARDING if manner is Manner.HOARDING else Manner.TAKING
    with RtmpPeer(start, ack_every=20_000) as peer:
        peer.manner = Manner.TAKING
        outlet = RtmpOutlet(peer.url, KEY, MEDIA, clock=clock)
        outlet.write(ALL[0][1])
        until(lambda: outlet.live, outlet)
        for _, packet in ALL:
            outlet.write(packet)
            time.sleep(0.001)
        peer.manner = manner
        time.sleep(0.1)
        big = [packet for _, packet in itertools.islice(itertools.cycle(ALL), 6000)]
        for packet in big:
            outlet.write(packet)
        assert outlet.figures["waiting_seconds"] <= 5
        clock.ahead = STALL_S + 1
        assert "has taken nothing for 8 s" in str(fails(outlet, 5))
        outlet.close()


def test_a_reset_is_seen_at_once() -> None:
    with RtmpPeer() as peer:
        outlet = RtmpOutlet(peer.url, KEY, MEDIA)
        outlet.write(ALL[0][1])
        until(lambda: outlet.live, outlet)
        peer.manner = Manner.RESETTING
        assert any(word in str(fails(outlet, 2)) for word in ("reset", "closed", "Broken pipe"))
        outlet.close()


def test_a_busy_peer_is_told_apart_and_no_error_holds_the_key() -> None:
    with RtmpPeer(Manner.BUSY) as peer:
        outlet = RtmpOutlet(peer.url, KEY, MEDIA)
        error = fails(outlet, 3)
        outlet.close()
    assert isinstance(error, BusyError)
    assert "BadName" in str(error)
    assert "s3cr3t" not in str(error)


def test_a_peer_that_does_not_listen_and_a_name_that_is_none_are_plain_errors() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        outlet = RtmpOutlet(f"rtmp://127.0.0.1:{probe.getsockname()[1]}/live", KEY, MEDIA)
        assert str(fails(outlet, 3)) == "127.0.0.1: Connection refused"
        outlet.close()
    outlet = RtmpOutlet("rtmp://no-such-host.invalid/live", KEY, MEDIA)
    assert "no-such-host.invalid" in str(fails(outlet, 20))
    outlet.close()


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 and its key."""
    chain, key = folder / "chain.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(chain)]
    subprocess.run(command, check=True, capture_output=True)
    return chain, key


def test_rtmps_goes_to_a_good_certificate_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chain, key = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    with RtmpPeer(tls=context) as peer:
        outlet = RtmpOutlet(peer.url, KEY, MEDIA)
        assert "certificate is not good" in str(fails(outlet, 5))
        outlet.close()
        monkeypatch.setenv("SSL_CERT_FILE", str(chain))
        story = send(peer)
    assert pictures_of(story) == 100


@pytest.mark.parametrize(
    ("url", "key", "app", "name", "address"),
    [
        ("rtmp://a.rtmp.youtube.com/live2", "k-1", "live2", "k-1", "rtmp://a.rtmp.youtube.com/live2"),
        ("rtmps://live.example.com:443/rtmp/", "k?x=1", "rtmp", "k?x=1", "rtmps://live.example.com/rtmp"),
        ("rtmp://host:1936/app/inst/k", "", "app/inst", "k", "rtmp://host:1936/app/inst"),
        ("rtmp://host/app?auth=1", "k", "app?auth=1", "k", "rtmp://host/app?auth=1"),
        ("rtmp://[::1]/live", "k", "live", "k", "rtmp://[::1]/live"),
    ],
)
def test_addresses_as_platforms_give_them(url: str, key: str, app: str, name: str, address: str) -> None:
    place = Place.of(url, key)
    assert (place.app, place.name, place.address) == (app, name, address)


def test_a_picture_is_cut_into_units_whatever_its_start_codes() -> None:
    data = b"\0\0\0\1\x67abc\0\0\1\x68de\0\0\0\1\x65\0\0\2fgh"
    assert list(flv.units(data)) == [b"\x67abc", b"\x68de", b"\x65\0\0\2fgh"]
    assert flv.picture(data) == b"\x17\1\0\0\0" + b"\0\0\0\7" + b"\x65\0\0\2fgh"
