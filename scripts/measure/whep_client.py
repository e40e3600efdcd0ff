"""A WHEP viewer on aiortc, which can keep encoded units instead of decoding them."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx
from aiortc import RTCConfiguration, RTCPeerConnection, RTCRtpReceiver, RTCSessionDescription, rtcrtpreceiver
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack

JOIN_LIMIT_S = 10.0


@dataclass(frozen=True, slots=True)
class Unit:
    """One encoded access unit or Opus packet, complete after the jitter buffer. ``arrived`` is monotonic seconds."""

    data: bytes
    timestamp: int
    arrived: float


class _Keeper:
    """Stands where aiortc's decoder stands and passes the encoded unit on."""

    def decode(self, encoded: object) -> list[Unit]:
        """Called by aiortc's decoder thread with a ``JitterFrame``."""
        return [Unit(bytes(encoded.data), int(encoded.timestamp), time.monotonic())]  # type: ignore[attr-defined]


def keep_encoded() -> None:
    """From now on, viewers of this process get ``Unit`` from their tracks instead of decoded frames.

    For a process of its own: aiortc chooses decoders in one function for all its receivers.
    """
    setattr(rtcrtpreceiver, "get_decoder", lambda codec: _Keeper())  # noqa: B010


class Viewer:
    """One viewer. ``on_item(kind, item)`` hears every frame or ``Unit`` of its tracks.

    ``only_h264`` leaves the other picture codecs out of the offer, for a server that would choose another one.
    """

    def __init__(self, on_item: Callable[[str, object], None], only_h264: bool = False) -> None:
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._on_item = on_item
        self._tasks: list[asyncio.Task[None]] = []
        for kind in ("video", "audio"):
            transceiver = self.connection.addTransceiver(kind, direction="recvonly")
            if only_h264 and kind == "video":
                known = RTCRtpReceiver.getCapabilities("video")
                codecs = known.codecs if known else []
                transceiver.setCodecPreferences([c for c in codecs if c.mimeType in {"video/H264", "video/rtx"}])
        self.connection.on("track", self._start)
        self._location = ""

    def _start(self, track: MediaStreamTrack) -> None:
        self._tasks.append(asyncio.create_task(self._take(track), name=f"take-{track.kind}"))

    async def _take(self, track: MediaStreamTrack) -> None:
        try:
            while True:
                self._on_item(track.kind, await track.recv())
        except MediaStreamError:
            return

    async def offer(self) -> str:
        """The SDP offer, complete with candidates."""
        await self.connection.setLocalDescription(await self.connection.createOffer())
        return str(self.connection.localDescription.sdp)

    async def post(self, http: httpx.AsyncClient, whep: str, offer: str) -> bool:
        """POST the offer and apply the answer; False when the server is not ready."""
        try:
            answer = await http.post(whep, content=offer, headers={"Content-Type": "application/sdp"})
        except httpx.TransportError:
            return False
        if answer.status_code != 201:
            return False
        self._location = str(httpx.URL(whep).join(answer.headers.get("location", "")))
        await self.connection.setRemoteDescription(RTCSessionDescription(answer.text, "answer"))
        return True

    async def leave(self, http: httpx.AsyncClient) -> None:
        """DELETE the session and close."""
        if self._location:
            with contextlib.suppress(httpx.TransportError):
                await http.delete(self._location)
        await self.connection.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
