"""A packet that was lost comes again when the viewer asks for it (NACK, RFC 4585), as a repeat (RTX, RFC 4588)."""

from __future__ import annotations

import struct
from itertools import pairwise
from typing import Any

from aiortc import sdp
from aiortc.rtp import RtcpRtpfbPacket, RtpPacket

from tests.server.conftest import Running, until
from tests.server.test_whep import Viewer

NACK = 1
AFTER = 20
"""Packets of the picture that come before the one that is lost."""


class LosesOne:
    """Stands in the way of a viewer's picture: one packet is lost, and what is asked for and comes again is kept.

    What comes goes on to the viewer's own receiver, which asks again and puts the picture together.
    """

    def __init__(self, viewer: Viewer) -> None:
        self._receiver: Any
        (self._receiver,) = [each for each in viewer.connection.getReceivers() if each.track.kind == "video"]
        media = next(m for m in sdp.SessionDescription.parse(viewer.answer).media if m.kind == "video")
        self.ssrc = media.ssrc[0].ssrc
        self.picture = media.rtp.codecs[0].payloadType
        rtx = [codec for codec in media.rtp.codecs if codec.parameters.get("apt") == self.picture]
        assert rtx, "the answer agrees on no repeats"
        self.repeat = rtx[0].payloadType
        self.got: list[int] = []
        self.lost: dict[int, bytes] = {}
        self.asked: list[int] = []
        self.repeats: dict[int, bytes] = {}
        self._take, self._ask = self._receiver._handle_rtp_packet, self._receiver._send_rtcp_nack
        self._receiver._handle_rtp_packet = self._hear
        self._receiver._send_rtcp_nack = self._note

    async def ask(self, sequence: int) -> None:
        """Say that a packet is missing, whether or not it is."""
        packet = RtcpRtpfbPacket(fmt=NACK, ssrc=1, media_ssrc=self.ssrc, lost=[sequence])
        await self._receiver.transport._send_rtp(bytes(packet))

    async def _hear(self, packet: RtpPacket, **when: Any) -> None:
        if packet.payload_type == self.repeat:
            (sequence,) = struct.unpack("!H", packet.payload[:2])
            self.repeats[sequence] = packet.payload[2:]
        elif packet.payload_type == self.picture:
            if len(self.got) == AFTER and not self.lost:
                self.lost[packet.sequence_number] = packet.payload
                return
            self.got.append(packet.sequence_number)
        await self._take(packet, **when)

    async def _note(self, media_ssrc: int, lost: list[int]) -> None:
        assert media_ssrc == self.ssrc
        self.asked += lost
        await self._ask(media_ssrc, lost)


async def test_a_lost_packet_comes_again_because_it_was_asked_for_and_no_picture_is_missing(server: Running) -> None:
    viewer = Viewer()
    try:
        assert await viewer.watch(server) == 201
        line = LosesOne(viewer)
        await until(lambda: bool(line.lost.keys() & line.repeats.keys()))
        ((missing, payload),) = line.lost.items()
        assert missing in line.asked
        assert line.repeats[missing] == payload
        begun = len(viewer.pictures)
        await until(lambda: len(viewer.pictures) >= begun + 25)
        assert {(b.pts or 0) - (a.pts or 0) for a, b in pairwise(viewer.pictures)} == {3600}
    finally:
        await viewer.close()


async def test_a_packet_comes_again_for_whoever_asks_and_one_that_never_was_does_not(server: Running) -> None:
    viewer = Viewer()
    try:
        assert await viewer.watch(server) == 201
        line = LosesOne(viewer)
        await until(lambda: len(line.got) > AFTER)
        wanted = line.got[-1]
        await line.ask((wanted + 20_000) & 0xFFFF)
        await line.ask(wanted)
        await until(lambda: wanted in line.repeats)
        assert set(line.repeats) <= {wanted, *line.asked}
    finally:
        await viewer.close()
