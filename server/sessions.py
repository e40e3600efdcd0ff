"""WHEP sessions: one peer connection a viewer, opened by an offer, closed by anything that ends it."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable

from aiortc import (
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpSender,
    RTCRtpTransceiver,
    RTCSessionDescription,
    sdp,
)
from aiortc.exceptions import InternalError, InvalidAccessError, InvalidStateError, OperationError
from aiortc.rtp import AnyRtcpPacket, RtcpRrPacket, RtcpSrPacket

from engine.flow import Stream
from engine.outlets.reports import SharedTime, report_exactly
from server.errors import BadOfferError, CrowdError, HouseFullError, NoSuchSessionError
from server.fanout import Fanout, Seat
from server.ladder import Ladder
from server.offer import SDP_ERRORS, Offer
from server.tasks import TaskSet
from server.tracks import PacketTrack

logger = logging.getLogger(__name__)

HALF_OPEN_S = 15.0
"""Seconds in which a session must be connected."""

MOST_HALF_OPEN = 50
"""Sessions that may be on their way at once: each holds half a megabyte though nobody may stand behind it."""

CLOSE_S = 3.0
"""Seconds that closing one session may take."""

MOST_STAFF = 30
"""Sessions of operators. They have places of their own, also in a full house, and are no viewers."""

PROFILES = ("42e01f", "42001f")
"""H.264 profile-level-ids answered, best first: constrained baseline is what the master encodes, and every baseline
decoder plays it (RFC 6184, section 8.1)."""


class Session:
    """One viewer's connection and seat; ``is_staff`` is an operator's."""

    def __init__(self, connection: RTCPeerConnection, seat: Seat, *, is_staff: bool) -> None:
        self.session_id = secrets.token_urlsafe(16)
        self.connection = connection
        self.seat = seat
        self.is_staff = is_staff
        self.connected = False
        self.timer: asyncio.TimerHandle | None = None


class Sessions:
    """All WHEP sessions. ``on_change`` is called when the number of connected viewers changes."""

    def __init__(
        self,
        fanout: Fanout,
        max_viewers: int,
        ask_keyframe: Callable[[], None],
        on_change: Callable[[], None],
        half_open_s: float = HALF_OPEN_S,
    ) -> None:
        self._fanout = fanout
        self._max_viewers = max_viewers
        self._ask_keyframe = ask_keyframe
        self._on_change = on_change
        self._half_open_s = half_open_s
        self._sessions: dict[str, Session] = {}
        self._opening = {False: 0, True: 0}
        self.refused = 0
        self._tasks = TaskSet()
        self._time = SharedTime()
        self._closed = False

    @property
    def connected(self) -> int:
        """Viewers whose connection stands, operators not counted."""
        return sum(session.connected and not session.is_staff for session in self._sessions.values())

    @property
    def open_count(self) -> int:
        """Sessions of any state, half-open ones and those of operators too."""
        return len(self._sessions) + sum(self._opening.values())

    @property
    def half_open(self) -> int:
        """Sessions that are not connected yet."""
        return self.open_count - sum(session.connected for session in self._sessions.values())

    async def open(self, offer: Offer, *, is_staff: bool = False) -> tuple[str, str]:
        """Answer an offer; returns the session's id and the SDP answer.

        Raises:
            HouseFullError: ``max_viewers`` are watching.
            CrowdError: so many sessions are open, but some are not connected yet; ``MOST_HALF_OPEN`` are on their way;
                or the server is closing.
            BadOfferError: no H.264 baseline (packetization-mode 1) or no Opus in common.
        """
        places = MOST_STAFF if is_staff else self._max_viewers
        others = [each for each in self._sessions.values() if each.is_staff == is_staff]
        if self._closed or len(others) + self._opening[is_staff] >= places:
            self.refused += 1
            if sum(each.connected for each in others) < places:
                raise CrowdError
            raise HouseFullError(f"all {places} places are taken; try again soon")
        if self.half_open >= MOST_HALF_OPEN and not is_staff:
            self.refused += 1
            raise CrowdError
        self._opening[is_staff] += 1
        try:
            session, answer = await self._answer(offer, is_staff=is_staff)
        finally:
            self._opening[is_staff] -= 1
        self._sessions[session.session_id] = session
        loop = asyncio.get_running_loop()
        session.timer = loop.call_later(self._half_open_s, self._drop, session, "not connected in time")
        session.connection.on("connectionstatechange", lambda: self._state_changed(session))
        if self._closed or session.connection.connectionState != "new":
            self._state_changed(session)
        return session.session_id, answer

    async def close(self, session_id: str) -> None:
        """End a session.

        Raises:
            NoSuchSessionError: it has ended or never was.
        """
        session = self._sessions.get(session_id)
        if session is None:
            raise NoSuchSessionError("this session has ended")
        await self._end(session)

    async def aclose(self) -> None:
        """End all sessions and take no more; may be called twice."""
        self._closed = True
        await asyncio.gather(*(self._end(session) for session in list(self._sessions.values())))
        await self._tasks.aclose()

    async def _answer(self, offer: Offer, *, is_staff: bool) -> tuple[Session, str]:
        seat = Seat(offer.picture, offer.sound)
        connection = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        try:
            if offer.picture:
                self._add_picture(connection, seat)
            if offer.sound:
                self._add_sound(connection, seat)
            await connection.setRemoteDescription(RTCSessionDescription(sdp=offer.text, type="offer"))
            await connection.setLocalDescription(await connection.createAnswer())
            answer: str = connection.localDescription.sdp
            _check_answer(answer)
        except (InternalError, InvalidAccessError, InvalidStateError, OperationError, *SDP_ERRORS) as error:
            await connection.close()
            raise BadOfferError("the offer has no H.264 baseline or no Opus that this server can send") from error
        except BaseException:
            await connection.close()
            raise
        return Session(connection, seat, is_staff=is_staff), answer

    def _add_picture(self, connection: RTCPeerConnection, seat: Seat) -> None:
        track = PacketTrack("video", self._fanout, seat)
        transceiver: RTCRtpTransceiver = connection.addTransceiver(track, direction="sendonly")
        offered = RTCRtpSender.getCapabilities("video").codecs
        h264 = [
            codec
            for profile in PROFILES
            for codec in offered
            if codec.mimeType == "video/H264" and codec.parameters.get("profile-level-id") == profile
        ]
        rtx = [codec for codec in offered if codec.mimeType == "video/rtx"]
        transceiver.setCodecPreferences(h264 + rtx)
        transceiver.sender._send_keyframe = self._ask_keyframe  # type: ignore[method-assign]
        report_exactly(transceiver.sender, track, self._time)
        _follow(transceiver.sender, seat)

    def _add_sound(self, connection: RTCPeerConnection, seat: Seat) -> None:
        track = PacketTrack("audio", self._fanout, seat)
        transceiver: RTCRtpTransceiver = connection.addTransceiver(track, direction="sendonly")
        offered = RTCRtpSender.getCapabilities("audio").codecs
        transceiver.setCodecPreferences([codec for codec in offered if codec.mimeType == "audio/opus"])
        report_exactly(transceiver.sender, track, self._time)

    def _state_changed(self, session: Session) -> None:
        state = session.connection.connectionState
        if state == "connected" and not session.connected:
            session.connected = True
            if session.timer is not None:
                session.timer.cancel()
            self._on_change()
        elif state in ("failed", "closed"):
            self._drop(session, f"connection {state}")

    def _drop(self, session: Session, why: str) -> None:
        if session.session_id in self._sessions:
            logger.info("viewer %s left: %s", session.session_id[:6], why)
            self._tasks.spawn(self._end(session), f"end-{session.session_id[:6]}")

    async def _end(self, session: Session) -> None:
        if self._sessions.pop(session.session_id, None) is None:
            return
        if session.timer is not None:
            session.timer.cancel()
        self._fanout.leave(session.seat)
        was_connected, session.connected = session.connected, False
        if was_connected:
            self._on_change()
        try:
            async with asyncio.timeout(CLOSE_S):
                await session.connection.close()
        except TimeoutError:
            logger.warning("viewer %s did not close in %.0f s", session.session_id[:6], CLOSE_S)


def _follow(sender: RTCRtpSender, seat: Seat) -> None:
    """Choose the seat's picture by what its receiver reports."""
    handle, ladder = sender._handle_rtcp_packet, Ladder()

    async def hear(packet: AnyRtcpPacket) -> None:
        if isinstance(packet, (RtcpRrPacket, RtcpSrPacket)):
            for report in packet.reports:
                if report.ssrc == sender._ssrc:
                    ladder.hear(time.monotonic(), report.fraction_lost / 256)
                    seat.wants = Stream.SMALL if ladder.low else Stream.VIDEO
        await handle(packet)

    sender._handle_rtcp_packet = hear  # type: ignore[method-assign]


def _check_answer(answer: str) -> None:
    """Make sure that aiortc did not choose a codec that the packets are not in.

    Raises:
        BadOfferError: the first codec of a section is not the one that the master encodes.
    """
    for media in sdp.SessionDescription.parse(answer).media:
        first = media.rtp.codecs[0]
        wanted = "video/H264" if media.kind == "video" else "audio/opus"
        if first.mimeType.lower() != wanted.lower():
            raise BadOfferError(f"the {media.kind} codec in common is {first.mimeType}, this server sends {wanted}")
