"""Sender reports lie on one line for both streams."""

from __future__ import annotations

from typing import Any

from aiortc.rtp import RtcpSenderInfo, RtcpSrPacket

from engine.outlets.reports import SharedTime, report_exactly


class Sender:
    """Takes the place of the network's end: keeps what would be sent."""

    def __init__(self) -> None:
        self.sent: list[Any] = []

    async def _send_rtcp(self, packets: list[Any]) -> None:
        self.sent += packets


class Track:
    last: tuple[int, int] | None = None


def report(ntp: int = 7) -> RtcpSrPacket:
    info = RtcpSenderInfo(ntp_timestamp=ntp, rtp_timestamp=1, packet_count=1, octet_count=1)
    return RtcpSrPacket(ssrc=1, sender_info=info)


def test_the_same_instant_has_the_same_time_in_both_streams() -> None:
    shared = SharedTime()
    hour = 3600
    assert shared.ntp(90_000 * hour, 90_000) == shared.ntp(48_000 * hour, 48_000)
    assert shared.ntp(90_000 * hour + 3600, 90_000) - shared.ntp(90_000 * hour, 90_000) == (1 << 32) // 25


async def test_reports_follow_the_packets_not_the_moment_of_sending() -> None:
    shared, times = SharedTime(), []
    for last in ((90_000, 90_000), (96_000, 48_000), (270_000, 90_000)):
        sender, track = Sender(), Track()
        track.last = last
        report_exactly(sender, track, shared)  # type: ignore[arg-type]
        await sender._send_rtcp([report()])
        times.append(sender.sent[0].sender_info.ntp_timestamp)
    assert [t - times[0] for t in times] == [0, 1 << 32, 2 << 32]


async def test_before_the_first_packet_the_report_stays_as_it_is() -> None:
    sender = Sender()
    report_exactly(sender, Track(), SharedTime())  # type: ignore[arg-type]
    await sender._send_rtcp([report(7)])
    assert sender.sent[0].sender_info.ntp_timestamp == 7
