"""RTMP's chunk stream (Adobe, "Real-Time Messaging Protocol", 1.0, section 5.3): messages to bytes and back."""

from __future__ import annotations

import enum
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

DEFAULT_CHUNK = 128
EXTENDED = 0xFFFFFF
"""From this time stamp on (4 h 39 min in milliseconds) it has four bytes of its own."""

LARGEST_MESSAGE = 8 * 1024 * 1024
_FORMAT_3 = 0xC0
_FORM_BYTES = (11, 7, 3, 0)


class Kind(enum.IntEnum):
    """Message types that are used here."""

    SET_CHUNK_SIZE = 1
    ABORT = 2
    ACKNOWLEDGEMENT = 3
    USER_CONTROL = 4
    WINDOW_SIZE = 5
    PEER_BANDWIDTH = 6
    AUDIO = 8
    VIDEO = 9
    DATA = 18
    COMMAND = 20


class ChunkError(ValueError):
    """The bytes are not a chunk stream."""


@dataclass(frozen=True, slots=True)
class Message:
    """One RTMP message. ``time_ms`` counts modulo 2^32; ``stream`` is the message stream id."""

    kind: int
    body: bytes
    time_ms: int = 0
    stream: int = 0


def write(message: Message, chunk_stream: int, chunk_size: int) -> bytes:
    """The message as chunks, the first with a full header (type 0), so that nothing depends on what went before."""
    time_ms = message.time_ms & 0xFFFFFFFF
    short = min(time_ms, EXTENDED)
    extended = struct.pack(">I", time_ms) if short == EXTENDED else b""
    head = bytes((chunk_stream,)) + short.to_bytes(3, "big") + len(message.body).to_bytes(3, "big")
    head += bytes((message.kind,)) + message.stream.to_bytes(4, "little") + extended
    out = bytearray(head + message.body[:chunk_size])
    for at in range(chunk_size, len(message.body), chunk_size):
        # The extended time is repeated in each chunk: so do FFmpeg and OBS, and servers expect it.
        out += bytes((_FORMAT_3 | chunk_stream,)) + extended + message.body[at : at + chunk_size]
    return bytes(out)


@dataclass(slots=True)
class _Part:
    """What is known of one chunk stream."""

    time_ms: int = 0
    delta: int = 0
    length: int = 0
    kind: int = 0
    stream: int = 0
    extended: bool = False
    body: bytearray = field(default_factory=bytearray)

    def begin(self, form: int, header: bytes, extended: int, short: int) -> None:
        """A message begins with a header of type ``form`` (section 5.3.1.2)."""
        if form < 3:
            self.extended = short == EXTENDED
            self.delta = extended if self.extended else short
        if form < 2:
            self.length, self.kind = int.from_bytes(header[3:6], "big"), header[6]
        if form == 0:
            self.stream = int.from_bytes(header[7:11], "little")
            self.time_ms, self.delta = self.delta, 0
        else:
            self.time_ms = (self.time_ms + self.delta) & 0xFFFFFFFF


class Reader:
    """Collects bytes and gives whole messages."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._parts: dict[int, _Part] = {}
        self.chunk_size = DEFAULT_CHUNK
        self.received = 0

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages that are whole now; SET_CHUNK_SIZE has been obeyed already.

        Raises:
            ChunkError: not a chunk stream.
        """
        self._buffer += data
        self.received += len(data)
        while True:
            taken, message = self._chunk()
            if not taken:
                return
            del self._buffer[:taken]
            if message is None:
                continue
            if message.kind == Kind.SET_CHUNK_SIZE and len(message.body) >= 4:
                self.chunk_size = max(1, int.from_bytes(message.body[:4], "big") & 0x7FFFFFFF)
            yield message

    def _chunk(self) -> tuple[int, Message | None]:
        """Bytes of the first chunk in the buffer (0: not whole yet) and the message that it ends."""
        head = _head(self._buffer)
        if head is None:
            return 0, None
        form, number, at = head
        part = self._parts.get(number)
        if part is None:
            if form != 0:
                raise ChunkError("a chunk refers to one that never came")
            part = _Part()
        size = _FORM_BYTES[form]
        data = self._buffer
        if len(data) < at + size:
            return 0, None
        short = int.from_bytes(data[at : at + 3], "big") if form < 3 else EXTENDED if part.extended else part.delta
        length = int.from_bytes(data[at + 3 : at + 6], "big") if form < 2 else part.length
        if length > LARGEST_MESSAGE:
            raise ChunkError("a message is larger than any real one")
        body_at = at + size + (4 if short == EXTENDED else 0)
        rest = min(self.chunk_size, length - len(part.body))
        if len(data) < body_at + rest:
            return 0, None
        if not part.body:
            part.begin(form, bytes(data[at : at + size]), int.from_bytes(data[at + size : body_at], "big"), short)
        self._parts[number] = part
        part.body += data[body_at : body_at + rest]
        if len(part.body) < part.length:
            return body_at + rest, None
        message = Message(part.kind, bytes(part.body), part.time_ms, part.stream)
        part.body.clear()
        return body_at + rest, message


def _head(data: bytearray) -> tuple[int, int, int] | None:
    """Format, chunk stream and length of the basic header (section 5.3.1.1); None: not whole yet."""
    if not data or len(data) < (2, 3, 1)[min(data[0] & 0x3F, 2)]:
        return None
    form, number = data[0] >> 6, data[0] & 0x3F
    if number == 0:
        return form, 64 + data[1], 2
    if number == 1:
        return form, 64 + data[1] + 256 * data[2], 3
    return form, number, 1
