"""An RTMP server that behaves as told: takes a stream and notes every message, or fails in one of many ways."""

from __future__ import annotations

import contextlib
import enum
import os
import select
import socket
import ssl
import struct
import threading
import time
from dataclasses import dataclass, field
from types import TracebackType

from engine.outlets.flash import amf, chunks
from engine.outlets.flash.chunks import Kind, Message

_HANDSHAKE = 1536
SMALL_BUFFER = 32 * 1024
"""Bytes that this machine takes for a peer that reads no more: little, as a distant server's window would be."""


class Manner(enum.Enum):
    """How the peer treats whoever connects, and (``SILENT`` … ``RESETTING`` also) who is connected already."""

    TAKING = "takes the stream"
    MUTE = "accepts and never shakes hands"
    SILENT = "stops reading"
    HOARDING = "stops reading, with room for seconds of the stream"
    RESETTING = "resets every connection"
    BUSY = "says that somebody publishes already"
    GONE = "does not listen"


@dataclass(frozen=True, slots=True)
class Heard:
    """One media message: monotonic seconds of arrival, its time, audio or video, and its body without what follows."""

    at: float
    time_ms: int
    kind: int
    body: bytes

    @property
    def is_picture(self) -> bool:
        """Whether it is a coded picture (not a header)."""
        return self.kind == Kind.VIDEO and len(self.body) > 1 and self.body[1] == 1

    @property
    def is_idr(self) -> bool:
        """Whether it is a picture that a decoder can begin with."""
        return self.is_picture and self.body[0] >> 4 == 1


@dataclass(slots=True)
class Publishing:
    """One connection's story. Times are monotonic seconds; 0.0: never."""

    connected: float
    published: float = 0.0
    ended: float = 0.0
    name: str = ""
    heard: list[Heard] = field(default_factory=list)
    metadata: dict[str, amf.Value] = field(default_factory=dict)


class RtmpPeer:
    """Listens on a port of 127.0.0.1; ``manner`` may be changed at any time. ``with`` starts and ends it."""

    def __init__(self, manner: Manner = Manner.TAKING, tls: ssl.SSLContext | None = None, ack_every: int = 0) -> None:
        """``ack_every`` is the bytes after which it acknowledges (0: what the client asks for)."""
        self.port = 0
        self.publishings: list[Publishing] = []
        self._tls = tls
        self._ack_every = ack_every
        self._manner = manner
        self._connections: list[_Connection] = []
        self._listener: socket.socket | None = None
        self._ended = threading.Event()
        self._drop_asked = threading.Event()
        self._thread = threading.Thread(target=self._run, name="rtmp-peer", daemon=True)

    def __enter__(self) -> RtmpPeer:
        self._listen()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    @property
    def url(self) -> str:
        """The address to publish to, without the key."""
        return f"rtmp{'s' if self._tls else ''}://127.0.0.1:{self.port}/live"

    @property
    def manner(self) -> Manner:
        """How it behaves now."""
        return self._manner

    @manner.setter
    def manner(self, manner: Manner) -> None:
        self._manner = manner

    def drop(self) -> None:
        """Reset the connections that stand; new ones are met as ``manner`` says."""
        self._drop_asked.set()

    def _listen(self) -> None:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if self._manner is not Manner.HOARDING:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(16)
        listener.setblocking(False)
        self.port = listener.getsockname()[1]
        self._listener = listener

    def _run(self) -> None:
        try:
            while not self._ended.is_set():
                self._step()
        finally:
            for connection in self._connections:
                connection.close()
            if self._listener is not None:
                self._listener.close()

    def _step(self) -> None:
        manner = self._manner
        if manner is Manner.GONE and self._listener is not None:
            self._listener.close()
            self._listener = None
        if manner is not Manner.GONE and self._listener is None:
            self._listen()
        if manner in {Manner.GONE, Manner.RESETTING} or self._drop_asked.is_set():
            self._drop_asked.clear()
            for connection in self._connections:
                connection.close(reset=True)
        self._connections = [each for each in self._connections if not each.closed]
        reading = [] if manner in {Manner.SILENT, Manner.HOARDING} else self._connections
        wanted = [each.socket for each in reading if not each.is_mute]
        ready, _, _ = select.select([*wanted, *([self._listener] if self._listener else [])], (), (), 0.02)
        if self._listener in ready:
            self._accept(manner)
        for connection in reading:
            if connection.socket in ready:
                connection.read()

    def _accept(self, manner: Manner) -> None:
        assert self._listener is not None
        with contextlib.suppress(BlockingIOError, ssl.SSLError, ConnectionError):
            accepted, _ = self._listener.accept()
            if self._tls is not None and manner is not Manner.MUTE:
                accepted.settimeout(5.0)
                accepted = self._tls.wrap_socket(accepted, server_side=True)
            accepted.setblocking(False)
            story = Publishing(time.monotonic())
            self.publishings.append(story)
            connection = _Connection(accepted, story, manner, self._ack_every)
            self._connections.append(connection)


class _Connection:
    def __init__(self, accepted: socket.socket, story: Publishing, manner: Manner, ack_every: int) -> None:
        self.socket = accepted
        self.story = story
        self.closed = False
        self.is_mute = manner is Manner.MUTE
        self._is_busy = manner is Manner.BUSY
        self._ack_every = ack_every
        self._window = 0
        self._received = self._acknowledged = 0
        self._shaken = 0
        self._in = bytearray()
        self._reader = chunks.Reader()

    def close(self, reset: bool = False) -> None:
        """Close, or reset the connection (RST instead of FIN)."""
        if self.closed:
            return
        self.closed = True
        self.story.ended = time.monotonic()
        if reset:
            with contextlib.suppress(OSError):
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def read(self) -> None:
        """Take in what came."""
        try:
            while data := self.socket.recv(65536):
                self._received += len(data)
                self._take(data)
        except (BlockingIOError, ssl.SSLWantReadError):
            self._acknowledge()
        except OSError:
            self.close()
        else:
            self.close()

    def _send(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            self.socket.sendall(data)

    def _take(self, data: bytes) -> None:
        if self._shaken < 2:
            self._in += data
            if self._shaken == 0 and len(self._in) >= 1 + _HANDSHAKE:
                self._send(b"\3" + os.urandom(_HANDSHAKE) + bytes(self._in[1 : 1 + _HANDSHAKE]))
                self._shaken = 1
            if self._shaken == 1 and len(self._in) >= 1 + 2 * _HANDSHAKE:
                self._shaken = 2
                data = bytes(self._in[1 + 2 * _HANDSHAKE :])
            else:
                return
        for message in self._reader.feed(data):
            self._handle(message)

    def _acknowledge(self) -> None:
        every = self._ack_every or self._window
        if every and self._received - self._acknowledged >= every:
            self._acknowledged = self._received
            self._say(Kind.ACKNOWLEDGEMENT, self._received.to_bytes(4, "big"), 2)

    def _say(self, kind: Kind, body: bytes, chunk_stream: int = 3) -> None:
        self._send(chunks.write(Message(kind, body), chunk_stream, chunks.DEFAULT_CHUNK))

    def _handle(self, message: Message) -> None:
        if message.kind == Kind.WINDOW_SIZE:
            self._window = int.from_bytes(message.body[:4], "big")
        elif message.kind in {Kind.AUDIO, Kind.VIDEO}:
            self.story.heard.append(Heard(time.monotonic(), message.time_ms, message.kind, message.body))
        elif message.kind == Kind.DATA:
            told = next((each for each in amf.decode(message.body) if isinstance(each, dict)), {})
            self.story.metadata = told
        elif message.kind == Kind.COMMAND:
            self._command(amf.decode(message.body))

    def _command(self, values: list[amf.Value]) -> None:
        name, number = values[0], values[1]
        if name == "connect":
            self._say(Kind.COMMAND, amf.encode("_result", number, {}, {"code": "NetConnection.Connect.Success"}))
        elif name == "createStream":
            self._say(Kind.COMMAND, amf.encode("_result", number, None, 1.0))
        elif name == "publish":
            self.story.name = str(values[3])
            code, level = ("BadName", "error") if self._is_busy else ("Start", "status")
            if not self._is_busy:
                self.story.published = time.monotonic()
            self._say(
                Kind.COMMAND, amf.encode("onStatus", 0.0, None, {"level": level, "code": f"NetStream.Publish.{code}"})
            )
