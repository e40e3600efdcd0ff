"""An RTMP client that publishes one stream (Adobe, "Real-Time Messaging Protocol", 1.0): bytes in, bytes out.

No socket and no clock: ``hear`` takes what came, ``take`` gives what must be sent.
"""

from __future__ import annotations

import enum
import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from engine.flow import STREAM_CLOCK, MediaFormat, Packet, Stream
from engine.outlets.base import OutletError
from engine.outlets.flash import amf, chunks, flv
from engine.outlets.flash.chunks import Kind, Message

VERSION = 3
_HANDSHAKE = 1536
CHUNK_SIZE = 4096
ASKED_WINDOW = 262_144
"""Bytes after which the peer is asked to acknowledge: about a second of a live stream."""

_CONTROL, _COMMAND, _SOUND, _PICTURE = 2, 3, 4, 6

BUSY_CODES = frozenset({"NetStream.Publish.BadName", "NetStream.Publish.Denied"})


class BusyError(OutletError):
    """Somebody publishes with this key already; right after a drop that is the session before (a matter of seconds)."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to publish. ``app`` is the path of the address, ``name`` the stream's name, which is the key."""

    scheme: str
    host: str
    port: int
    app: str
    name: str

    @classmethod
    def of(cls, url: str, key: str) -> Place:
        """From an address as platforms give it; without a key, the last part of the path is the stream's name."""
        parts = urlsplit(url)
        path = parts.path.strip("/")
        app, name = (path, key) if key else (path.rpartition("/")[0], path.rpartition("/")[2])
        if parts.query:
            app, name = (f"{app}?{parts.query}", name) if key else (app, f"{name}?{parts.query}")
        port = parts.port or (443 if parts.scheme == "rtmps" else 1935)
        return cls(parts.scheme, parts.hostname or "", port, app, name)

    @property
    def address(self) -> str:
        """``tcUrl``: the address without the key."""
        usual = 443 if self.scheme == "rtmps" else 1935
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == usual else f":{self.port}"
        return f"{self.scheme}://{host}{port}/{self.app}"


class Step(enum.Enum):
    """How far the peer has come with us."""

    HANDSHAKE = "handshake"
    CONNECT = "connect"
    STREAM = "stream"
    PUBLISH = "publish"
    LIVE = "live"


class Publisher:
    """One publishing session. The first picture sent is an IDR, whose time is ``start_ms`` on the wire."""

    def __init__(self, place: Place, media: MediaFormat, start_ms: int = 0) -> None:
        self._place = place
        self._media = media
        self._base: int | None = None
        self._start_ms = start_ms
        self._out = bytearray(bytes((VERSION,)) + bytes(8) + os.urandom(_HANDSHAKE - 8))
        self._in = bytearray()
        self._reader = chunks.Reader()
        self._stream = 0
        self._header = b""
        self.step = Step.HANDSHAKE
        self.acknowledged: int | None = None
        """Bytes that the peer says it has read; None: it has never said."""

    def take(self) -> bytes:
        """What must be sent now."""
        out, self._out = bytes(self._out), bytearray()
        return out

    def hear(self, data: bytes) -> None:
        """Take in what the peer sent.

        Raises:
            OutletError: it refuses, or speaks no RTMP.
        """
        if self.step is Step.HANDSHAKE:
            self._in += data
            # S0, S1 and S2; S2 is our own C1 again, which need not be looked at.
            if len(self._in) < 1 + 2 * _HANDSHAKE:
                return
            if self._in[0] != VERSION:
                raise OutletError(f"{self._place.host} speaks no RTMP")
            self._out += self._in[1 : 1 + _HANDSHAKE]
            data = bytes(self._in[1 + 2 * _HANDSHAKE :])
            self._in.clear()
            self._connect()
        try:
            for message in self._reader.feed(data):
                self._handle(message)
        except (chunks.ChunkError, amf.AmfError) as error:
            raise OutletError(f"{self._place.host} speaks no RTMP: {error}") from error

    def _say(self, kind: Kind, body: bytes, chunk_stream: int = _COMMAND, time_ms: int = 0, stream: int = 0) -> None:
        self._out += chunks.write(Message(kind, body, time_ms, stream), chunk_stream, CHUNK_SIZE)

    def _connect(self) -> None:
        self.step = Step.CONNECT
        told: dict[str, amf.Value] = {
            "app": self._place.app,
            "type": "nonprivate",
            "flashVer": "FMLE/3.0 (compatible; Everhost)",
            "tcUrl": self._place.address,
        }
        self._say(Kind.SET_CHUNK_SIZE, CHUNK_SIZE.to_bytes(4, "big"), _CONTROL)
        self._say(Kind.WINDOW_SIZE, ASKED_WINDOW.to_bytes(4, "big"), _CONTROL)
        self._say(Kind.COMMAND, amf.encode("connect", 1.0, told))

    def _handle(self, message: Message) -> None:
        match message.kind:
            case Kind.ACKNOWLEDGEMENT if len(message.body) >= 4:
                self.acknowledged = int.from_bytes(message.body[:4], "big")
            case Kind.USER_CONTROL if message.body[:2] == b"\0\6":
                self._say(Kind.USER_CONTROL, b"\0\7" + message.body[2:6], _CONTROL)
            case Kind.COMMAND:
                self._command(amf.decode(message.body))
            case _:
                pass

    def _command(self, values: list[amf.Value]) -> None:
        name, number, rest = values[0], values[1] if len(values) > 1 else None, values[2:]
        if name == "_error" and number in {1.0, 4.0}:
            self._refuse(rest)
        if name == "_result" and number == 1.0 and self.step is Step.CONNECT:
            self.step = Step.STREAM
            self._say(Kind.COMMAND, amf.encode("releaseStream", 2.0, None, self._place.name))
            self._say(Kind.COMMAND, amf.encode("FCPublish", 3.0, None, self._place.name))
            self._say(Kind.COMMAND, amf.encode("createStream", 4.0, None))
        elif name == "_result" and number == 4.0 and self.step is Step.STREAM:
            given = rest[1] if len(rest) > 1 else None
            self._stream = int(given) if isinstance(given, float) else 1
            self.step = Step.PUBLISH
            self._say(Kind.COMMAND, amf.encode("publish", 5.0, None, self._place.name, "live"), stream=self._stream)
        elif name == "onStatus":
            self._status(rest)

    def _status(self, rest: list[amf.Value]) -> None:
        told = next((each for each in rest if isinstance(each, dict)), {})
        if told.get("level") == "error":
            self._refuse(rest)
        if told.get("code") == "NetStream.Publish.Start" and self.step is Step.PUBLISH:
            self.step = Step.LIVE
            self._say(Kind.DATA, flv.metadata(self._media), _SOUND, self._start_ms, self._stream)
            self._say(Kind.AUDIO, flv.sound_header(self._media.aac_config), _SOUND, self._start_ms, self._stream)

    def _refuse(self, rest: list[amf.Value]) -> None:
        told = next((each for each in rest if isinstance(each, dict)), {})
        # Only the code: the description of some servers holds the stream's name, which is the key.
        code = told.get("code")
        code = code if isinstance(code, str) and self._place.name not in code else "no reason given"
        if code in BUSY_CODES:
            raise BusyError(f"{self._place.host} is busy with this key ({code})")
        raise OutletError(f"{self._place.host} refuses ({code})")

    def send(self, packet: Packet) -> None:
        """Add a packet to what must be sent; for ``Step.LIVE``. Opus and sound before the first picture is left out."""
        if self._base is None and packet.is_keyframe and packet.stream is Stream.VIDEO:
            self._base = packet.pts
        if self._base is None or packet.stream is Stream.OPUS:
            return
        time_ms = self._start_ms + elapsed_ms(packet, self._base)
        if packet.stream is Stream.AAC:
            if time_ms >= self._start_ms:
                self._say(Kind.AUDIO, flv.sound(packet.data), _SOUND, time_ms, self._stream)
            return
        if packet.is_keyframe:
            header = flv.picture_header(packet.data)
            if header != self._header:
                self._header = header
                self._say(Kind.VIDEO, header, _PICTURE, time_ms, self._stream)
        self._say(Kind.VIDEO, flv.picture(packet.data), _PICTURE, time_ms, self._stream)

    def finish(self) -> None:
        """Say that the stream ends."""
        if self.step is Step.LIVE:
            self._say(Kind.COMMAND, amf.encode("FCUnpublish", 6.0, None, self._place.name))
            self._say(Kind.COMMAND, amf.encode("deleteStream", 7.0, None, float(self._stream)))


def elapsed_ms(packet: Packet, first_picture_pts: int) -> int:
    """Milliseconds from the first picture to ``packet``, rounded down, by integers alone."""
    video, clock = STREAM_CLOCK[Stream.VIDEO], STREAM_CLOCK[packet.stream]
    return (packet.pts * video - first_picture_pts * clock) * 1000 // (clock * video)
