"""Many WebRTC viewers that decode nothing: ``python -m measure.light_viewers WHEP COUNT LOSS THIN THIN_LOSS``.

Each is a whole connection (ICE, DTLS, SRTP) that counts packets, loses some on purpose, asks for them again (NACK) and
reports the loss, as a browser would. ``THIN`` of them lose ``THIN_LOSS``. Prints ``joined`` when all are connected and
a JSON line when its standard input closes. A hundred take about one core.
"""

from __future__ import annotations

import asyncio
import json
import random
import struct
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import httpx
import numpy as np
from aiortc import RTCConfiguration, RTCPeerConnection, RTCRtpReceiver, RTCSessionDescription, sdp
from aiortc.rtp import RtcpReceiverInfo, RtcpRrPacket, RtcpRtpfbPacket

REPORT_S = 1.0
ASK_AGAIN_S = 0.1
GIVE_UP_S = 0.6
_NACK = 1


@dataclass(slots=True)
class Stream:
    """One received stream."""

    ssrc: int
    highest: int
    received: int = 0
    dropped: int = 0
    expected_before: int = 0
    received_before: int = 0
    first: int = 0
    missing: dict[int, tuple[float, float]] = field(default_factory=dict)
    """Sequence number: when it was missed, and when it was asked for last."""


class LightViewer:
    """One connection. ``loss`` is the share of packets that it lets go."""

    def __init__(self, loss: float, seed: int) -> None:
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._loss = loss
        self._random = random.Random(seed)
        self._rtx: int | None = None
        self._picture: int | None = None
        self.streams: dict[int, Stream] = {}
        self.made_good_s: list[float] = []
        self.never = 0
        self.times: dict[int, float] = {}
        """RTP time of each picture: when its first packet came."""
        self.sizes = 0
        for kind in ("video", "audio"):
            transceiver = self.connection.addTransceiver(kind, direction="recvonly")
            if kind == "video":
                known = RTCRtpReceiver.getCapabilities("video").codecs
                transceiver.setCodecPreferences([c for c in known if c.mimeType in {"video/H264", "video/rtx"}])

    async def join(self, http: httpx.AsyncClient, whep: str) -> None:
        """Open the session and stand in the way of its packets."""
        await self.connection.setLocalDescription(await self.connection.createOffer())
        offer = self.connection.localDescription.sdp
        answer = await http.post(whep, content=offer, headers={"Content-Type": "application/sdp"})
        answer.raise_for_status()
        for media in sdp.SessionDescription.parse(answer.text).media:
            if media.kind == "video":
                self._picture = media.rtp.codecs[0].payloadType
                self._rtx = next((c.payloadType for c in media.rtp.codecs if c.mimeType == "video/rtx"), None)
        transport: Any = self.connection.getReceivers()[0].transport
        transport._handle_rtp_data = self._take
        self._transport = transport
        await self.connection.setRemoteDescription(RTCSessionDescription(answer.text, "answer"))

    async def _take(self, data: bytes, arrival_time_ms: int) -> None:
        payload_type, sequence, timestamp, ssrc = struct.unpack_from("!xBHLL", data)
        payload_type &= 0x7F
        if payload_type == self._rtx:
            # It bears the time of the picture that it belongs to, which may have come in this packet alone.
            self.times.setdefault(timestamp, time.monotonic())
            self._made_good(_original(data))
            return
        stream = self.streams.get(ssrc)
        if stream is None:
            stream = self.streams[ssrc] = Stream(ssrc, sequence - 1, first=sequence)
        if self._random.random() < self._loss:
            stream.dropped += 1
            return
        stream.received += 1
        self.sizes += len(data)
        if payload_type == self._picture:
            self.times.setdefault(timestamp, time.monotonic())
        ahead = (sequence - stream.highest) & 0xFFFF
        if 0 < ahead < 0x8000:
            now = time.monotonic()
            if ahead > 1 and payload_type == self._picture:
                lost = [(stream.highest + n) & 0xFFFF for n in range(1, ahead)]
                stream.missing |= dict.fromkeys(lost, (now, now))
                await self._ask(stream, lost)
            stream.highest += ahead

    def _made_good(self, sequence: int) -> None:
        for stream in self.streams.values():
            missed = stream.missing.pop(sequence, None)
            if missed is not None:
                self.made_good_s.append(time.monotonic() - missed[0])

    async def _ask(self, stream: Stream, lost: list[int]) -> None:
        await self._transport._send_rtp(bytes(RtcpRtpfbPacket(fmt=_NACK, ssrc=1, media_ssrc=stream.ssrc, lost=lost)))

    async def look(self) -> None:
        """Ask again for what is still missing; called some ten times a second."""
        now = time.monotonic()
        for stream in self.streams.values():
            gone = [n for n, (missed, _) in stream.missing.items() if now - missed > GIVE_UP_S]
            for sequence in gone:
                del stream.missing[sequence]
            self.never += len(gone)
            again = [n for n, (_, asked) in stream.missing.items() if now - asked > ASK_AGAIN_S]
            if again:
                stream.missing |= {n: (stream.missing[n][0], now) for n in again}
                await self._ask(stream, sorted(again))

    async def report(self) -> None:
        """Send a receiver report."""
        for stream in self.streams.values():
            expected = stream.highest - stream.first + 1
            lately = expected - stream.expected_before
            lost = max(0, lately - (stream.received - stream.received_before))
            stream.expected_before, stream.received_before = expected, stream.received
            share = min(255, lost * 256 // lately) if lately > 0 else 0
            info = RtcpReceiverInfo(stream.ssrc, share, max(0, expected - stream.received), stream.highest, 0, 0, 0)
            await self._transport._send_rtp(bytes(RtcpRrPacket(ssrc=1, reports=[info])))


def _original(rtx: bytes) -> int:
    """The sequence number that a repeat stands for (RFC 4588): the first two bytes of its payload."""
    at = 12 + 4 * (rtx[0] & 0x0F)
    if rtx[0] & 0x10:
        at += 4 + 4 * struct.unpack_from("!H", rtx, at + 2)[0]
    return int(struct.unpack_from("!H", rtx, at)[0])


async def _work(viewers: list[LightViewer]) -> None:
    due = time.monotonic()
    while True:
        await asyncio.sleep(0.05)
        for viewer in viewers:
            await viewer.look()
        if time.monotonic() >= due:
            due += REPORT_S
            for viewer in viewers:
                await viewer.report()


async def _until_told() -> None:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while await reader.read(1024):
        pass


async def watch(whep: str, count: int, loss: float, thin: int, thin_loss: float) -> None:
    """Join all, watch until told to end, and say what came."""
    viewers = [LightViewer(thin_loss if n < thin else loss, n) for n in range(count)]
    async with httpx.AsyncClient(timeout=20.0) as http:
        for viewer in viewers:
            await viewer.join(http, whep)
        while any(viewer.connection.connectionState != "connected" for viewer in viewers):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    print("joined", flush=True)
    working = asyncio.create_task(_work(viewers), name="work")
    await asyncio.sleep(3)
    for viewer in viewers:
        viewer.times.clear()
        viewer.never, viewer.sizes = 0, 0
        viewer.made_good_s.clear()
    began = time.monotonic()
    await _until_told()
    working.cancel()
    print(json.dumps(_told(viewers, time.monotonic() - began, thin)), flush=True)
    await asyncio.gather(*(viewer.connection.close() for viewer in viewers))


def _told(viewers: list[LightViewer], seconds: float, thin: int) -> dict[str, Any]:
    good = [second for viewer in viewers[thin:] for second in viewer.made_good_s]
    gaps = [np.diff(sorted(viewer.times.values())) for viewer in viewers[thin:]]
    return {
        "seconds": round(seconds, 1),
        "pictures_a_second": _least_and_most(viewers[thin:], seconds),
        "thin_pictures_a_second": _least_and_most(viewers[:thin], seconds),
        "largest_gap_s": round(max(float(each.max()) for each in gaps if len(each)), 3),
        "made_good": len(good),
        "never_made_good": sum(viewer.never for viewer in viewers[thin:]),
        "made_good_ms": [round(1000 * float(x), 1) for x in np.percentile(good, [50, 95])] if good else [],
        "kbit_a_second": round(sum(v.sizes for v in viewers[thin:]) * 8 / seconds / 1000 / max(1, len(viewers) - thin)),
        "thin_kbit_a_second": round(sum(v.sizes for v in viewers[:thin]) * 8 / seconds / 1000 / thin) if thin else None,
    }  # fmt: skip


def _least_and_most(viewers: list[LightViewer], seconds: float) -> list[float]:
    """Pictures a second of those who got the fewest, and the most."""
    rates = [round(len(viewer.times) / seconds, 2) for viewer in viewers]
    return [min(rates), max(rates)] if rates else []


if __name__ == "__main__":
    asyncio.run(watch(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5])))
