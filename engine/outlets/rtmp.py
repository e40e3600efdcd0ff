"""RTMP and RTMPS push with the packets of the one encode."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from pydantic import SecretStr

from engine.flow import MediaFormat, Packet
from engine.outlets.backlog import Backlog
from engine.outlets.base import OutletError
from engine.outlets.flash.publisher import ASKED_WINDOW, Place, Publisher, Step
from engine.outlets.wire import Wire

OPEN_S = 8.0
"""From the first byte to "publish" accepted; a peer that takes longer has failed."""

STALL_S = 8.0
"""A peer that takes nothing of what waits for it for this long has failed."""

FINISH_S = 0.5


def public_address(url: str) -> str:
    """Scheme, host and port of an address: all of it that may be shown."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname or ''}{port}"


class Progress:
    """Whether the peer takes what is sent: by TCP, and by its own acknowledgements once their rhythm is known.

    A peer's machine may take seconds of a stream although the program behind it hangs; only the program sends
    acknowledgements. They count modulo 2^32, and some servers' count begins anew before that: nginx-rtmp's at
    0xF0000000 bytes, which is after some four hours. Pure state, no I/O.
    """

    def __init__(self, now: float) -> None:
        self._moved = self._acknowledged_at = now
        self._taken = -1
        self._acknowledged: int | None = None
        self._zero = 0
        """Bytes that were sent when the peer's count was 0."""
        self._interval = 0

    def look(self, now: float, taken: int, sent: int, waiting: int, acknowledged: int | None) -> float:
        """Seconds without progress although something waits."""
        if taken != self._taken or not waiting:
            self._taken, self._moved = taken, now
        if acknowledged != self._acknowledged and acknowledged is not None:
            self._acknowledged_at = now
            self._count(sent, acknowledged)
        if not self._interval or self._unread(sent) < 2 * self._interval + ASKED_WINDOW:
            self._acknowledged_at = now
        return now - min(self._moved, self._acknowledged_at)

    def _count(self, sent: int, acknowledged: int) -> None:
        """Take in another count of the peer's."""
        unread, before, self._acknowledged = self._unread(sent), self._acknowledged, acknowledged
        if self._unread(sent) > unread:
            # By the same count it would have read more than was sent.
            self._zero = sent - acknowledged
        elif before is not None:
            self._interval = max(self._interval, (acknowledged - before) % 2**32)

    def _unread(self, sent: int) -> int:
        """Bytes that the peer has not said to have read."""
        return (sent - self._zero - (self._acknowledged or 0)) % 2**32


class RtmpOutlet:
    """One publishing session, which never blocks: ``work`` carries it on, and packets wait in a bounded queue.

    The first packet written is an IDR. ``start_ms`` is the first picture's time on the wire.
    """

    def __init__(
        self,
        url: str,
        key: SecretStr,
        media: MediaFormat,
        start_ms: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        place = Place.of(url, key.get_secret_value())
        self._address = public_address(url)
        self._clock = clock
        self._publisher = Publisher(place, media, start_ms)
        self._wire = Wire(place.host, place.port, place.scheme == "rtmps")
        self._backlog = Backlog()
        self._began = clock()
        self._progress = Progress(self._began)
        self._closed = False

    @property
    def live(self) -> bool:
        """Whether the peer has accepted the stream."""
        return self._publisher.step is Step.LIVE

    @property
    def figures(self) -> dict[str, float]:
        """For Health: what waits, and the pictures left out because the peer was too slow."""
        return {
            "waiting_seconds": round(self._backlog.seconds, 2),
            "waiting_bytes": float(self._wire.waiting),
            "dropped_pictures": float(self._backlog.dropped),
        }

    def write(self, packet: Packet) -> None:
        """Let one packet wait for the peer and go on.

        Raises:
            OutletError: the peer is gone, refuses, or takes nothing.
        """
        self._backlog.put(packet)
        self.work()

    def work(self) -> None:
        """Go on as far as it goes without waiting.

        Raises:
            OutletError: see ``write``.
        """
        self._drain()
        self._judge(self._clock())

    def _drain(self) -> None:
        self._publisher.hear(self._wire.work())
        while self.live and not self._wire.clogged and (packet := self._backlog.take()) is not None:
            self._publisher.send(packet)
            self._flush()
        self._flush()

    def _flush(self) -> None:
        self._wire.push(self._publisher.take())
        self._publisher.hear(self._wire.work())

    def _judge(self, now: float) -> None:
        if not self.live:
            if now - self._began > OPEN_S:
                raise OutletError(f"{self._address}: no answer in {OPEN_S:.0f} s ({self._publisher.step.value})")
            return
        wire = self._wire
        still = self._progress.look(now, wire.taken, wire.sent, wire.waiting, self._publisher.acknowledged)
        if still > STALL_S:
            raise OutletError(f"{self._address}: the peer has taken nothing for {STALL_S:.0f} s")

    def close(self) -> None:
        """Send what waits, for a short while, say that the stream ends, and close; may be called twice."""
        if self._closed:
            return
        self._closed = True
        until = self._clock() + FINISH_S
        try:
            self._drain()
            while self.live and len(self._backlog) and self._clock() < until:
                time.sleep(0.01)
                self._drain()
            self._publisher.finish()
            self._flush()
            while self.live and self._wire.waiting and self._clock() < until:
                time.sleep(0.01)
                self._flush()
        except OutletError:
            pass
        finally:
            self._wire.close()
