"""One reading of the packet feed for all viewers: each viewer has a seat with bounded queues.

Nothing here waits for a viewer. A seat that falls ``SLOW_PICTURES`` behind is emptied and waits for the next IDR.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av

from engine.flow import PICTURES, SAMPLE_RATE, STREAM_CLOCK, Packet, Stream
from server.timeline import Timeline, Together

CATCH_UP = SAMPLE_RATE // 5
"""Samples (200 ms): a joiner gets the pictures since an IDR that is no older, instead of asking for a new one."""

SLOW_PICTURES = 50
SLOW_SOUNDS = 100
"""Packets (2 s) a seat may be behind."""

_TIME_BASES = {stream: Fraction(1, rate) for stream, rate in STREAM_CLOCK.items()}


@dataclass(frozen=True, slots=True)
class Unit:
    """A packet ready for every sender. ``at`` is its time in samples, ``heard`` the monotonic second it came."""

    media: av.Packet[Any]
    at: int
    keyframe: bool
    heard: float


class Lane:
    """One stream of one seat: a bounded queue with one consumer."""

    def __init__(self, limit: int) -> None:
        self._units: deque[Unit] = deque()
        self._ready = asyncio.Event()
        self._limit = limit

    @property
    def empty(self) -> bool:
        """Whether nothing waits."""
        return not self._units

    @property
    def full(self) -> bool:
        """Whether one more unit would pass the limit."""
        return len(self._units) >= self._limit

    def put(self, unit: Unit) -> None:
        """Add a unit; when full, the oldest goes."""
        if self.full:
            self._units.popleft()
        self._units.append(unit)
        self._ready.set()

    def clear(self) -> None:
        """Drop what waits."""
        self._units.clear()
        self._ready.clear()

    async def get(self) -> Unit:
        """The oldest unit, as soon as there is one."""
        while not self._units:
            self._ready.clear()
            await self._ready.wait()
        return self._units.popleft()


class Seat:
    """A viewer's place. ``waiting`` is true until the IDR that its picture begins with.

    ``on`` is the picture stream that it gets, ``wants`` the one that it is to get from the next IDR on.
    """

    def __init__(self, with_picture: bool, with_sound: bool) -> None:
        self.picture = Lane(SLOW_PICTURES)
        self.sound = Lane(SLOW_SOUNDS)
        self.with_picture = with_picture
        self.with_sound = with_sound
        self.waiting = with_picture
        self.on = self.wants = Stream.VIDEO
        self.sound_from = 0
        self.skips = 0
        self.left = False


class Fanout:
    """Gives every packet of the feed to all seats. ``ask_keyframe`` is called when a seat waits for an IDR."""

    def __init__(self, ask_keyframe: Callable[[], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._ask_keyframe = ask_keyframe
        self._clock = clock
        self._timeline = Timeline()
        self._together = Together()
        self._seats: set[Seat] = set()
        self._group: list[Unit] = []
        self._sounds: deque[Unit] = deque(maxlen=30)
        self._lag_s = 0.0
        self._small_at = -1
        self.pictures = 0

    @property
    def someone_waits(self) -> bool:
        """Whether a seat has no IDR to begin with yet."""
        return any(seat.waiting for seat in self._seats)

    @property
    def small(self) -> int:
        """Seats that get the small picture, or will from the next IDR on."""
        return sum(seat.wants is Stream.SMALL for seat in self._seats)

    @property
    def skips(self) -> int:
        """How often a seat now taken was too slow and lost a stretch of picture."""
        return sum(seat.skips for seat in self._seats)

    @property
    def timeline_restarts(self) -> int:
        """How often the feed's time began anew (the master was restarted)."""
        return self._timeline.restarts

    def worst_lag_s(self) -> float:
        """Longest time between hearing a packet and giving it to a sender since the last call, in seconds."""
        lag, self._lag_s = self._lag_s, 0.0
        return lag

    def taken(self, unit: Unit) -> av.Packet[Any]:
        """Note that a sender took ``unit`` and return its packet."""
        self._lag_s = max(self._lag_s, self._clock() - unit.heard)
        return unit.media

    def join(self, seat: Seat) -> None:
        """Seat a viewer whose connection stands: gives the fresh start of a group, or asks for an IDR.

        A session may end in the moment in which it connects: who has left is not seated any more.
        """
        if seat.left:
            return
        self._seats.add(seat)
        if not seat.with_picture:
            return
        if self._group:
            self._begin(seat)
            for unit in self._group[1:]:
                seat.picture.put(unit)
        else:
            self._ask_keyframe()

    def leave(self, seat: Seat) -> None:
        """Free the seat for good; harmless when it is not taken."""
        seat.left = True
        self._seats.discard(seat)

    def give(self, packet: Packet) -> None:
        """Pass on one packet of the feed."""
        for ready in self._together.release(packet):
            self._pass_on(ready)

    def _pass_on(self, packet: Packet) -> None:
        unit = self._unit(packet)
        if packet.stream in PICTURES:
            if packet.stream is Stream.VIDEO:
                self.pictures += 1
                self._keep(unit)
            else:
                self._small_at = unit.at
            for seat in self._seats:
                if seat.with_picture:
                    self._show(seat, unit, packet.stream)
        elif packet.stream is Stream.OPUS:
            self._sounds.append(unit)
            for seat in self._seats:
                if seat.with_sound and not seat.waiting and unit.at >= seat.sound_from:
                    seat.sound.put(unit)

    def _unit(self, packet: Packet) -> Unit:
        now = self._clock()
        media = av.Packet(packet.data)
        media.pts = media.dts = self._timeline.place(packet, now)
        media.time_base = _TIME_BASES[packet.stream]
        at = media.pts * SAMPLE_RATE // STREAM_CLOCK[packet.stream]
        return Unit(media, at, packet.is_keyframe, now)

    def _keep(self, unit: Unit) -> None:
        if unit.keyframe:
            self._group = [unit]
        elif self._group:
            if unit.at - self._group[0].at <= CATCH_UP:
                self._group.append(unit)
            else:
                self._group = []

    def _show(self, seat: Seat, unit: Unit, stream: Stream) -> None:
        if seat.waiting:
            # Whoever begins, begins with the full picture: its group is the one that is kept.
            if unit.keyframe and stream is Stream.VIDEO:
                seat.on = stream
                self._begin(seat)
            return
        if stream is not seat.on:
            # The small picture comes first: where it did not, it has stopped (a new master), and the full one goes on.
            stopped = stream is Stream.VIDEO and self._small_at != unit.at
            if not unit.keyframe or (stream is not seat.wants and not stopped):
                return
            seat.on = stream
        elif unit.keyframe and stream is Stream.SMALL and seat.wants is Stream.VIDEO:
            # The full picture of the same time comes next, and the seat changes to it.
            return
        if seat.picture.full:
            seat.picture.clear()
            seat.skips += 1
            seat.waiting = True
            self._ask_keyframe()
            return
        seat.picture.put(unit)

    def _begin(self, seat: Seat) -> None:
        """Start ``seat`` with the IDR at the head of the group, its sound at the same time."""
        first = self._group[0]
        seat.waiting = False
        seat.sound_from = first.at
        seat.picture.put(first)
        if seat.with_sound:
            for unit in self._sounds:
                if unit.at >= first.at:
                    seat.sound.put(unit)
