"""Time of the packets on their way to viewers: one unbroken line through restarts, sound and picture together.

Pure state, no I/O and no clock of its own.
"""

from __future__ import annotations

from collections import deque

from engine.flow import SAMPLE_RATE, STREAM_CLOCK, Packet, Stream

BACK_LIMIT = SAMPLE_RATE // 2
"""Samples that a packet may lie before its stream's last one without being taken for a restart of the master."""

FORWARD_LIMIT = 5 * SAMPLE_RATE
"""Samples that a packet may lie after its stream's last one without being taken for a restart of the master."""

HELD_SOUND = 6
"""Opus packets (20 ms each) that wait for their picture at most; so a stalled picture does not silence the host."""


def in_samples(packet: Packet) -> int:
    """``packet.pts`` in samples at ``SAMPLE_RATE``, rounded down."""
    return packet.pts * SAMPLE_RATE // STREAM_CLOCK[packet.stream]


class Timeline:
    """Keeps pts running on when a restarted master counts from another origin.

    A viewer's decoder takes a pts that jumps back for a stale packet and freezes, so after a jump both streams get
    the same shift, which places the first new packet where the time that went by says.
    """

    def __init__(self) -> None:
        self._shift = 0
        self._last: dict[Stream, int] = {}
        self._last_seconds = 0.0
        self.restarts = 0

    def place(self, packet: Packet, now: float) -> int:
        """The pts (in the stream's own clock) under which to send ``packet``, heard at monotonic second ``now``."""
        if packet.stream is Stream.SMALL:
            # It comes with the full picture of the same time, whose place it shares.
            return packet.pts + self._shift * STREAM_CLOCK[packet.stream] // SAMPLE_RATE
        at = in_samples(packet) + self._shift
        last = self._last.get(packet.stream)
        if last is not None and not -BACK_LIMIT <= at - last <= FORWARD_LIMIT:
            newest = max(self._last.values())
            self._shift += newest + max(0, round((now - self._last_seconds) * SAMPLE_RATE)) - at
            self._last.clear()
            self.restarts += 1
            at = in_samples(packet) + self._shift
        self._last[packet.stream] = at
        self._last_seconds = now
        return packet.pts + self._shift * STREAM_CLOCK[packet.stream] // SAMPLE_RATE


class Together:
    """Holds sound back until the picture of the same time is there.

    RTCP sender reports pair a stream's last RTP time with the moment it was sent; only when both streams are sent
    at the same distance from their pts does a browser line them up right.
    """

    def __init__(self) -> None:
        self._picture_end: int | None = None
        self._held: deque[Packet] = deque()

    def release(self, packet: Packet) -> list[Packet]:
        """The packets that may go out now that ``packet`` has come, in sending order."""
        if packet.stream is Stream.SMALL:
            return [packet]
        if packet.stream is Stream.VIDEO:
            self._picture_end = (packet.pts + packet.duration) * SAMPLE_RATE // STREAM_CLOCK[Stream.VIDEO]
            return [packet, *self._due()]
        if self._held and packet.pts < self._held[-1].pts:
            self._held.clear()
            self._picture_end = None
        self._held.append(packet)
        return self._due()

    def _due(self) -> list[Packet]:
        due: list[Packet] = []
        while self._held:
            early = self._picture_end is not None and self._held[0].pts >= self._picture_end
            if early and len(self._held) <= HELD_SOUND:
                break
            due.append(self._held.popleft())
        return due
