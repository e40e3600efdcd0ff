"""The bus of one channel: every process publishes to a broker in the supervisor and hears the topics it named.

The broker stays when any other process dies, so a restarted process only connects again and says Hello. All queues
are bounded: a slow listener loses messages after ``HIGH_WATER`` of them, a publisher never waits.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import zmq
import zmq.asyncio

from engine.runtime.messages import Message, decode, encode, topic_of

HIGH_WATER = 500
"""Messages a queue of the bus holds before it drops."""


def _address(run_dir: Path, side: str) -> str:
    return f"ipc://{run_dir / side}"


class Broker:
    """Joins all publishers to all listeners. Runs in a thread of its own, in C, without the GIL."""

    def __init__(self, run_dir: Path) -> None:
        self._run_dir = run_dir
        self._context: zmq.Context[zmq.Socket[bytes]] | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Bind both sides and start to forward."""
        self._context = zmq.Context()
        inward, outward = self._context.socket(zmq.XSUB), self._context.socket(zmq.XPUB)
        for socket, side in ((inward, "bus.in"), (outward, "bus.out")):
            socket.set_hwm(HIGH_WATER)
            socket.linger = 0
            socket.bind(_address(self._run_dir, side))
        self._thread = threading.Thread(target=self._forward, args=(inward, outward), name="bus-broker", daemon=True)
        self._thread.start()

    @staticmethod
    def _forward(inward: zmq.Socket[bytes], outward: zmq.Socket[bytes]) -> None:
        try:
            zmq.proxy(inward, outward)
        except zmq.ContextTerminated:
            pass
        finally:
            inward.close()
            outward.close()

    def close(self) -> None:
        """End the thread and free the sockets; may be called twice or before start."""
        if self._context is not None and self._thread is not None:
            self._context.term()
            self._thread.join()
            self._context = self._thread = None


def _connect(
    context: zmq.Context[Any] | zmq.asyncio.Context, run_dir: Path, listens: tuple[type[Message], ...]
) -> tuple[Any, Any]:
    out, inn = context.socket(zmq.PUB), context.socket(zmq.SUB)
    for socket in (out, inn):
        socket.set_hwm(HIGH_WATER)
        socket.linger = 200
    for message_type in listens:
        inn.setsockopt(zmq.SUBSCRIBE, topic_of(message_type))
    out.connect(_address(run_dir, "bus.in"))
    inn.connect(_address(run_dir, "bus.out"))
    return out, inn


class Bus:
    """A process's place on the bus, for loops that poll. Not for use from several threads."""

    def __init__(self, run_dir: Path, listens: tuple[type[Message], ...]) -> None:
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._out, self._in = _connect(self._context, run_dir, listens)
        self._closed = False

    def publish(self, message: Message) -> None:
        """Send to whoever listens; drops when the broker is more than ``HIGH_WATER`` messages behind."""
        self._out.send_multipart(encode(message), flags=zmq.NOBLOCK)

    def receive(self, timeout_ms: int = 0) -> Message | None:
        """The next message, or None after ``timeout_ms`` without one."""
        if self._in.poll(timeout_ms) == 0:
            return None
        return decode(self._in.recv_multipart())

    def close(self) -> None:
        """Leave the bus; may be called twice."""
        if not self._closed:
            self._closed = True
            self._out.close()
            self._in.close()
            self._context.term()


class AsyncBus:
    """A process's place on the bus, for asyncio."""

    def __init__(self, run_dir: Path, listens: tuple[type[Message], ...]) -> None:
        self._context = zmq.asyncio.Context()
        self._out, self._in = _connect(self._context, run_dir, listens)
        self._closed = False

    async def publish(self, message: Message) -> None:
        """Send to whoever listens; never waits for a listener."""
        await self._out.send_multipart(encode(message))

    async def messages(self) -> AsyncIterator[Message]:
        """Every message of the types listened to, until the task is cancelled."""
        while True:
            frames: list[bytes] = await self._in.recv_multipart()
            try:
                yield decode(frames)
            except msgspec.DecodeError:
                continue

    def close(self) -> None:
        """Leave the bus; may be called twice."""
        if not self._closed:
            self._closed = True
            self._out.close()
            self._in.close()
            self._context.term()
