"""WHIP (RFC 9725): sends to an SFU by WebRTC, with the packets of the one encode."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Literal

import av
import httpx
from aiortc import RTCConfiguration, RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from pydantic import SecretStr

from engine.flow import STREAM_CLOCK, Packet, Stream
from engine.outlets.base import OutletError
from engine.outlets.reports import SharedTime, report_exactly
from engine.outlets.rtmp import public_address

log = logging.getLogger(__name__)

OPEN_S = 8.0
"""From the offer to a connection that stands."""

DEAF_S = 8.0
"""A server that has sent no receiver report for this long takes nothing any more."""

LONGEST_S = 2.0
"""Seconds of packets that may wait; then pictures wait for the next IDR."""

CLOSE_S = 1.0
PROFILE = "42e01f"
_LOOK_S = 0.25
_MOST_REDIRECTS = 3


class _Track(MediaStreamTrack):
    """Yields packets encoded elsewhere; aiortc only cuts them into RTP payloads. For the event loop's thread."""

    def __init__(self, kind: Literal["video", "audio"], stream: Stream) -> None:
        super().__init__()
        self.kind = kind
        self._rate = STREAM_CLOCK[stream]
        self._packets: deque[Packet] = deque()
        self._ready = asyncio.Event()
        self._needs_idr = kind == "video"
        self.dropped = 0
        self.last: tuple[int, int] | None = None

    def put(self, packet: Packet) -> None:
        """Let a packet wait for the sender."""
        if self._needs_idr and not packet.is_keyframe:
            return
        self._needs_idr = False
        if self._packets and packet.pts - self._packets[0].pts > LONGEST_S * self._rate:
            self.dropped += len(self._packets)
            self._packets.clear()
            self._needs_idr = self.kind == "video" and not packet.is_keyframe
            if self._needs_idr:
                return
        self._packets.append(packet)
        self._ready.set()

    async def recv(self) -> av.Packet[Any]:
        """The next packet.

        Raises:
            MediaStreamError: the track was stopped.
        """
        while not self._packets:
            if self.readyState != "live":
                raise MediaStreamError
            self._ready.clear()
            await self._ready.wait()
        packet = self._packets.popleft()
        media = av.Packet(packet.data)
        media.pts = media.dts = packet.pts
        media.time_base = Fraction(1, self._rate)
        self.last = packet.pts, self._rate
        return media

    def stop(self) -> None:
        """End the track and whoever waits for it."""
        super().stop()
        self._ready.set()


class WhipOutlet:
    """One session, whose WebRTC runs in a thread of its own. It is ended by a failure, and never restarted: a new
    session makes a new offer, which is how ICE is begun anew here.

    ``ask_keyframe`` is called from ``work``, in the caller's thread.
    """

    def __init__(self, url: str, token: SecretStr, ask_keyframe: Callable[[], None]) -> None:
        self._url = url
        self._address = public_address(url)
        self._token = token
        self._ask_keyframe = ask_keyframe
        self._wants_keyframe = threading.Event()
        self._live = threading.Event()
        self._ended = threading.Event()
        self._trouble = ""
        self._location = ""
        self._loop = asyncio.new_event_loop()
        self._tracks: dict[Stream, _Track] = {}
        self._task: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._run, name="whip", daemon=True)
        self._thread.start()

    @property
    def live(self) -> bool:
        """Whether the connection stands."""
        return self._live.is_set() and not self._ended.is_set()

    @property
    def figures(self) -> dict[str, float]:
        """For Health: packets left out because the sender was too slow."""
        return {"dropped_packets": float(sum(track.dropped for track in self._tracks.values()))}

    def write(self, packet: Packet) -> None:
        """Let one packet wait for the sender.

        Raises:
            OutletError: the session has failed.
        """
        self.work()
        if packet.stream is not Stream.AAC:
            with contextlib.suppress(RuntimeError):  # The loop has just ended: the next call says why.
                self._loop.call_soon_threadsafe(self._put, packet)

    def work(self) -> None:
        """Pass a wish for a keyframe on.

        Raises:
            OutletError: the session has failed.
        """
        if self._wants_keyframe.is_set():
            self._wants_keyframe.clear()
            self._ask_keyframe()
        if self._ended.is_set():
            raise OutletError(f"{self._address}: {self._trouble or 'the session has ended'}")

    def close(self) -> None:
        """Delete the session and end the thread; may be called twice."""
        if self._thread.is_alive():
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._cancel)
            self._thread.join(2 * CLOSE_S + 1)

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _put(self, packet: Packet) -> None:
        track = self._tracks.get(packet.stream)
        if track is not None:
            track.put(packet)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._task = self._loop.create_task(self._session(), name="whip-session")
            self._loop.run_until_complete(self._task)
        except asyncio.CancelledError:
            pass
        except (OutletError, httpx.HTTPError, OSError) as error:
            self._trouble = str(error) if isinstance(error, OutletError) else type(error).__name__
        except Exception as error:
            # aiortc and httpx have no common error for what a server answers (no codec of ours, half an SDP, …).
            log.warning("%s", type(error).__name__, exc_info=error)
            self._trouble = f"the server's answer cannot be used ({type(error).__name__}: {error})"
        finally:
            self._ended.set()
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    async def _session(self) -> None:
        connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._tracks = {Stream.VIDEO: _Track("video", Stream.VIDEO), Stream.OPUS: _Track("audio", Stream.OPUS)}
        headers = {"Content-Type": "application/sdp"}
        if self._token.get_secret_value():
            headers["Authorization"] = f"Bearer {self._token.get_secret_value()}"
        async with httpx.AsyncClient(timeout=OPEN_S) as http:
            try:
                async with asyncio.timeout(OPEN_S):
                    await self._open(connection, http, headers)
                self._live.set()
                await self._stand(connection)
            except TimeoutError as error:
                raise OutletError(f"no connection in {OPEN_S:.0f} s") from error
            finally:
                await self._end(connection, http, headers)

    async def _open(self, connection: RTCPeerConnection, http: httpx.AsyncClient, headers: dict[str, str]) -> None:
        time_shared = SharedTime()
        for track, wanted in ((self._tracks[Stream.VIDEO], "video/H264"), (self._tracks[Stream.OPUS], "audio/opus")):
            transceiver = connection.addTransceiver(track, direction="sendonly")
            known = RTCRtpSender.getCapabilities(track.kind).codecs
            ours = [
                c for c in known if c.mimeType == wanted and c.parameters.get("profile-level-id", PROFILE) == PROFILE
            ]
            transceiver.setCodecPreferences(ours + [c for c in known if c.mimeType.endswith("/rtx")])
            transceiver.sender._send_keyframe = self._wants_keyframe.set  # type: ignore[method-assign]
            report_exactly(transceiver.sender, track, time_shared)
        await connection.setLocalDescription(await connection.createOffer())
        answer = await self._post(http, connection.localDescription.sdp, headers)
        await connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        while connection.connectionState != "connected":
            if connection.connectionState in {"failed", "closed"}:
                raise OutletError(f"the connection has {connection.connectionState}")
            await asyncio.sleep(0.02)

    async def _post(self, http: httpx.AsyncClient, offer: str, headers: dict[str, str]) -> str:
        """The answer; redirects keep the token only on the same host (RFC 9725, section 4.5)."""
        url = httpx.URL(self._url)
        for _ in range(_MOST_REDIRECTS):
            answer = await http.post(url, content=offer, headers=headers)
            if answer.status_code not in {307, 308}:
                break
            before, url = url, url.join(answer.headers.get("location", ""))
            if (url.scheme, url.host) != (before.scheme, before.host):
                raise OutletError("it redirects to another host, which would get the token")
        if answer.status_code != 201:
            raise OutletError(f"the server refuses the offer ({answer.status_code})")
        self._location = str(url.join(answer.headers.get("location", "")))
        return answer.text

    async def _stand(self, connection: RTCPeerConnection) -> None:
        """Return never; raise when the session has failed."""
        heard, heard_at = None, time.monotonic()
        while True:
            if connection.connectionState in {"failed", "closed"}:
                raise OutletError(f"the connection has {connection.connectionState}")
            told = await _last_reports(connection)
            if told != heard:
                heard, heard_at = told, time.monotonic()
            if time.monotonic() - heard_at > DEAF_S:
                raise OutletError(f"the server has told nothing for {DEAF_S:.0f} s")
            await asyncio.sleep(_LOOK_S)

    async def _end(self, connection: RTCPeerConnection, http: httpx.AsyncClient, headers: dict[str, str]) -> None:
        with contextlib.suppress(TimeoutError, httpx.HTTPError, OSError):
            async with asyncio.timeout(CLOSE_S):
                if self._location:
                    await http.delete(self._location, headers={k: v for k, v in headers.items() if k != "Content-Type"})
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_S):
                await connection.close()


async def _last_reports(connection: RTCPeerConnection) -> tuple[Any, ...]:
    """Something that changes with each receiver report."""
    reports = [await sender.getStats() for sender in connection.getSenders()]
    return tuple(
        (stat.timestamp, stat.packetsLost)
        for report in reports
        for stat in report.values()
        if stat.type == "remote-inbound-rtp"
    )
