"""Sender reports that tell every viewer the same, exact relation between the times of picture and sound.

aiortc pairs the RTP time of the packet sent last with the moment at which it was sent, which wanders by the jitter of
the sending loop; a browser lines sound and picture up by these pairs (RFC 3550, section 6.4.1). Here the pair is
computed from the packet's own time on the master clock, so it lies on one straight line for both streams.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from aiortc import RTCRtpSender, clock
from aiortc.rtp import RtcpSrPacket


class Timed(Protocol):
    """A track that knows the time of the packet it gave last: pts and its ticks a second."""

    last: tuple[int, int] | None


_NTP_SECOND = 1 << 32


class SharedTime:
    """NTP time of every instant of the master clock; fixed by the first packet asked about, then by counting."""

    def __init__(self) -> None:
        self._base: int | None = None

    def ntp(self, pts: int, rate: int) -> int:
        """NTP time stamp (32.32 fixed point) of ``pts`` in ticks of ``1 / rate`` seconds."""
        media = pts * _NTP_SECOND // rate
        if self._base is None:
            self._base = clock.current_ntp_time() - media
        return (self._base + media) & 0xFFFFFFFFFFFFFFFF


def report_exactly(sender: RTCRtpSender, track: Timed, shared: SharedTime) -> None:
    """Make ``sender``'s reports carry ``shared`` time for the last packet that ``track`` gave it."""
    send = sender._send_rtcp

    async def send_exactly(packets: Sequence[Any]) -> None:
        for packet in packets:
            if isinstance(packet, RtcpSrPacket) and track.last is not None:
                packet.sender_info.ntp_timestamp = shared.ntp(*track.last)
        await send(list(packets))

    sender._send_rtcp = send_exactly  # type: ignore[method-assign]
