"""The packet feed: the master publishes each encoded packet once, outlets and the server take what they need.

Every packet carries a count within its stream. A reader that was too slow sees the count jump, and its video waits
for the next IDR instead of showing a broken picture.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import zmq
import zmq.asyncio

from engine.flow import PICTURES, MediaFormat, Packet, Stream

FEED_HIGH_WATER = 400
"""Packets a reader may be behind (about 4 s of video and sound) before it loses some."""

FORMAT_TOPIC = b"format"

_packet_encoder = msgspec.msgpack.Encoder()
_packet_decoder = msgspec.msgpack.Decoder(Packet)
_format_decoder = msgspec.msgpack.Decoder(MediaFormat)


def _address(run_dir: Path) -> str:
    return f"ipc://{run_dir / 'packets'}"


class PacketWriter:
    """The master's end. Never waits: a reader that is ``FEED_HIGH_WATER`` behind loses packets, others do not."""

    def __init__(self, run_dir: Path) -> None:
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._socket = self._context.socket(zmq.PUB)
        self._socket.set_hwm(FEED_HIGH_WATER)
        self._socket.linger = 0
        self._socket.bind(_address(run_dir))
        self._counts = dict.fromkeys(Stream, 0)

    def write(self, packet: Packet) -> None:
        """Publish one packet."""
        count = self._counts[packet.stream]
        self._counts[packet.stream] = count + 1
        frames = [packet.stream.value.encode(), count.to_bytes(8, "big"), _packet_encoder.encode(packet)]
        self._socket.send_multipart(frames, flags=zmq.NOBLOCK)

    def write_format(self, media: MediaFormat) -> None:
        """Publish what a joiner must know; done before each IDR."""
        self._socket.send_multipart([FORMAT_TOPIC, bytes(8), _packet_encoder.encode(media)], flags=zmq.NOBLOCK)

    def close(self) -> None:
        """Free the socket; may be called twice."""
        self._socket.close()
        self._context.term()


class GapFilter:
    """Decides which packets a reader may use: after a loss, video waits for an IDR. Pure state, no I/O."""

    def __init__(self) -> None:
        self._next: dict[Stream, int] = {}
        self._needs_idr = dict.fromkeys(PICTURES, True)
        self.lost = 0

    def admit(self, count: int, packet: Packet) -> bool:
        """Whether ``packet``, the ``count``-th of its stream, may be used."""
        expected = self._next.get(packet.stream)
        self._next[packet.stream] = count + 1
        if expected is not None and count != expected:
            if count > expected:
                self.lost += count - expected
            if packet.stream in PICTURES:
                self._needs_idr[packet.stream] = True
        if packet.stream not in PICTURES:
            return True
        if packet.is_keyframe:
            self._needs_idr[packet.stream] = False
        return not self._needs_idr[packet.stream]


def _subscribe(socket: zmq.Socket[Any], run_dir: Path, streams: tuple[Stream, ...]) -> None:
    socket.set_hwm(FEED_HIGH_WATER)
    socket.linger = 0
    socket.setsockopt(zmq.SUBSCRIBE, FORMAT_TOPIC)
    for stream in streams:
        socket.setsockopt(zmq.SUBSCRIBE, stream.value.encode())
    socket.connect(_address(run_dir))


def _parse(frames: list[bytes], gaps: GapFilter) -> Packet | MediaFormat | None:
    if frames[0] == FORMAT_TOPIC:
        return _format_decoder.decode(frames[2])
    packet = _packet_decoder.decode(frames[2])
    return packet if gaps.admit(int.from_bytes(frames[1], "big"), packet) else None


class PacketReader:
    """A reader's end for loops that poll; the first video packet it gives is an IDR."""

    def __init__(self, run_dir: Path, streams: tuple[Stream, ...]) -> None:
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._socket = self._context.socket(zmq.SUB)
        _subscribe(self._socket, run_dir, streams)
        self._gaps = GapFilter()

    @property
    def lost(self) -> int:
        """Packets lost so far because this reader was too slow."""
        return self._gaps.lost

    def read(self, timeout_ms: int) -> Packet | MediaFormat | None:
        """The next usable packet or format, or None when ``timeout_ms`` went by or a packet had to be skipped."""
        if self._socket.poll(timeout_ms) == 0:
            return None
        return _parse(self._socket.recv_multipart(), self._gaps)

    def close(self) -> None:
        """Free the socket; may be called twice."""
        self._socket.close()
        self._context.term()


class AsyncPacketReader:
    """A reader's end for asyncio; the first video packet it gives is an IDR."""

    def __init__(self, run_dir: Path, streams: tuple[Stream, ...]) -> None:
        self._context = zmq.asyncio.Context()
        self._socket: Any = self._context.socket(zmq.SUB)
        _subscribe(self._socket, run_dir, streams)
        self._gaps = GapFilter()

    @property
    def lost(self) -> int:
        """Packets lost so far because this reader was too slow."""
        return self._gaps.lost

    async def read(self) -> Packet | MediaFormat:
        """The next usable packet or format."""
        while True:
            frames: list[bytes] = await self._socket.recv_multipart()
            item = _parse(frames, self._gaps)
            if item is not None:
                return item

    def close(self) -> None:
        """Free the socket; may be called twice."""
        self._socket.close()
        self._context.term()
