"""What waits to be sent to one destination: bounded, and where it must drop, it drops to an IDR."""

from __future__ import annotations

from collections import deque

from engine.flow import STREAM_CLOCK, Packet, Stream

LONGEST_S = 5.0
"""Seconds of media that may wait; a peer that is further behind loses pictures instead of coming later and later."""


class Backlog:
    """Packets in order. Pure state, no I/O."""

    def __init__(self, longest_s: float = LONGEST_S) -> None:
        self._longest_s = longest_s
        self._packets: deque[Packet] = deque()
        self._needs_idr = False
        self.dropped = 0
        """Pictures left out so far."""

    def __len__(self) -> int:
        return len(self._packets)

    @property
    def seconds(self) -> float:
        """Seconds of media between the oldest and the newest packet."""
        return _at(self._packets[-1]) - _at(self._packets[0]) if self._packets else 0.0

    def put(self, packet: Packet) -> None:
        """Let a packet wait. Where it would be too much, everything before the newest IDR goes, or all of it."""
        if packet.stream is Stream.VIDEO:
            if self._needs_idr and not packet.is_keyframe:
                self.dropped += 1
                return
            self._needs_idr = False
        self._packets.append(packet)
        if self.seconds > self._longest_s:
            self._drop()

    def take(self) -> Packet | None:
        """The oldest packet."""
        return self._packets.popleft() if self._packets else None

    def _drop(self) -> None:
        newest = max((i for i, p in enumerate(self._packets) if p.stream is Stream.VIDEO and p.is_keyframe), default=0)
        gone = newest or len(self._packets)
        for _ in range(gone):
            self.dropped += self._packets.popleft().stream is Stream.VIDEO
        self._needs_idr = not self._packets


def _at(packet: Packet) -> float:
    return packet.pts / STREAM_CLOCK[packet.stream]
