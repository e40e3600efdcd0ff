"""A viewer that reports heavy loss gets the small picture, and the master is asked for it while such a viewer is there.

The reports go through the session's own sender, and once over the network of a running server.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiortc import RTCRtpSender, sdp
from aiortc.rtp import RtcpReceiverInfo, RtcpRrPacket, RtcpSenderInfo, RtcpSrPacket

from engine.flow import Stream
from engine.runtime.bus import Bus
from engine.runtime.messages import Health, SmallWanted
from server import sessions as sessions_module
from server.fanout import Fanout, Seat
from server.ladder import FIRST_WAIT_S
from server.offer import read_offer
from server.sessions import Sessions
from tests.server.conftest import running_server, until
from tests.server.test_ladder import give, shown
from tests.server.test_offer import PLAIN
from tests.server.test_whep import Viewer

HEAVY, LIGHT = 0.15, 0.05


def lost(ssrc: int, share: float) -> RtcpReceiverInfo:
    """What a receiver reports of one stream: ``share`` of the packets since its last report never came."""
    return RtcpReceiverInfo(ssrc, round(share * 256), 40, 1000, jitter=0, lsr=0, dlsr=0)


class House:
    """Two sessions as the server opens them, not connected; ``now`` is the clock that the reports are heard by."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        monkeypatch.setattr(sessions_module, "time", SimpleNamespace(monotonic=lambda: self.now))
        self.fanout = Fanout(lambda: None)
        self.sessions = Sessions(self.fanout, 2, lambda: None, lambda: None)
        self.seats: list[Seat] = []
        self.pictures: list[RTCRtpSender] = []
        self.sounds: list[RTCRtpSender] = []

    async def open(self) -> None:
        session_id, _ = await self.sessions.open(read_offer(PLAIN.encode()))
        session = self.sessions._sessions[session_id]
        self.seats.append(session.seat)
        self.fanout.join(session.seat)
        for sender in session.connection.getSenders():
            (self.pictures if sender.kind == "video" else self.sounds).append(sender)

    async def report(self, *shares: float, viewer: int = 0, ssrc: int | None = None) -> None:
        """Receiver reports of the viewer's picture, one a second."""
        sender = self.pictures[viewer]
        for share in shares:
            packet = RtcpRrPacket(ssrc=1, reports=[lost(sender._ssrc if ssrc is None else ssrc, share)])
            await sender._handle_rtcp_packet(packet)
            self.now += 1

    @property
    def wants(self) -> list[Stream]:
        return [seat.wants for seat in self.seats]


@pytest.fixture
async def house(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    made = House(monkeypatch)
    await made.open()
    await made.open()
    yield made
    await made.sessions.aclose()


async def test_a_viewer_that_loses_much_is_moved_to_the_small_picture_and_the_other_is_not(house: House) -> None:
    give(house.fanout, 10, 13, small_from=99)
    await house.report(HEAVY)
    await house.report(0.0, viewer=1)
    assert house.fanout.small == 0
    await house.report(HEAVY)
    await house.report(0.0, viewer=1)
    assert house.wants == [Stream.SMALL, Stream.VIDEO]
    assert house.fanout.small == 1
    give(house.fanout, 14, 34, small_from=15)
    assert await shown(house.seats[0]) == [(n, n >= 20) for n in range(10, 35)]
    assert await shown(house.seats[1]) == [(n, False) for n in range(10, 35)]


async def test_it_is_moved_back_after_a_good_while(house: House) -> None:
    await house.report(HEAVY, HEAVY, *[0.0] * int(FIRST_WAIT_S))
    assert house.wants == [Stream.SMALL, Stream.VIDEO]
    await house.report(0.0)
    assert house.wants == [Stream.VIDEO, Stream.VIDEO]
    assert house.fanout.small == 0


async def test_loss_that_repeats_make_good_moves_nobody(house: House) -> None:
    await house.report(*[LIGHT] * 10)
    assert house.wants == [Stream.VIDEO, Stream.VIDEO]


async def test_only_reports_of_the_own_picture_count(house: House) -> None:
    for ssrc in (house.pictures[1]._ssrc, house.sounds[0]._ssrc, house.pictures[0]._rtx_ssrc):
        await house.report(HEAVY, HEAVY, HEAVY, ssrc=ssrc)
    await house.sounds[0]._handle_rtcp_packet(RtcpRrPacket(ssrc=1, reports=[lost(house.sounds[0]._ssrc, HEAVY)] * 3))
    assert house.wants == [Stream.VIDEO, Stream.VIDEO]


async def test_what_a_client_that_sends_too_reports_counts_as_well(house: House) -> None:
    told = [lost(house.sounds[1]._ssrc, 0.0), lost(house.pictures[1]._ssrc, HEAVY)]
    for _ in range(2):
        await house.pictures[1]._handle_rtcp_packet(RtcpSrPacket(1, RtcpSenderInfo(0, 0, 0, 0), told))
    assert house.wants == [Stream.VIDEO, Stream.SMALL]


async def test_a_viewer_that_leaves_needs_no_small_picture(house: House) -> None:
    await house.report(HEAVY, HEAVY)
    assert house.fanout.small == 1
    await house.sessions.close(next(iter(house.sessions._sessions)))
    assert house.fanout.small == 0


async def test_the_report_is_passed_on_to_the_sender(house: House) -> None:
    await house.report(HEAVY)
    (heard,) = [each for each in (await house.pictures[0].getStats()).values() if each.type == "remote-inbound-rtp"]
    assert (heard.packetsLost, heard.fractionLost) == (40, 38)


class Listener:
    """Stands where the master listens: ``heard`` is each wish, and ``viewers_small`` of each Health of the server."""

    def __init__(self, run_dir: Path) -> None:
        self._bus = Bus(run_dir, (Health, SmallWanted))
        self.heard: list[SmallWanted | float] = []

    def last_are(self, *expected: SmallWanted | float) -> bool:
        """Whether this came last, with nothing in between."""
        while (message := self._bus.receive()) is not None:
            if isinstance(message, SmallWanted):
                self.heard.append(message)
            elif isinstance(message, Health) and message.process == "server":
                self.heard.append(message.figures["viewers_small"])
        return self.heard[-len(expected) :] == list(expected)

    def close(self) -> None:
        self._bus.close()


async def test_the_master_is_asked_for_the_small_picture_until_the_viewer_leaves(tmp_path: Path) -> None:
    viewer = Viewer()
    async with running_server(tmp_path) as server:
        master = Listener(tmp_path / "run")
        try:
            assert await viewer.watch(server) == 201
            await until(lambda: bool(viewer.pictures))
            await until(lambda: master.last_are(0.0))
            assert SmallWanted(1) not in master.heard
            picture = next(m for m in sdp.SessionDescription.parse(viewer.answer).media if m.kind == "video")
            report = bytes(RtcpRrPacket(ssrc=1, reports=[lost(picture.ssrc[0].ssrc, HEAVY)]))
            # Both in one datagram: none of the client's own reports, which are good, comes between them.
            await viewer.connection.getReceivers()[0].transport._send_rtp(report + report)
            await until(lambda: master.last_are(SmallWanted(1), 1.0))
            assert (await server.http.delete(viewer.location)).status_code == 200
            await until(lambda: master.last_are(0.0, 0.0))
        finally:
            await viewer.close()
            master.close()
