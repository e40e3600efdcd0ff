"""One destination's process: takes the shared packets from the feed and tries again for ever when the peer is gone."""

from __future__ import annotations

import logging
import random
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import av.logging

from engine.flow import STREAM_CLOCK, MediaFormat, Packet, Stream
from engine.outlets.base import Outlet, OutletError
from engine.outlets.recording import RecordingOutlet
from engine.outlets.rtmp import RtmpOutlet, public_address
from engine.runtime.bus import Bus
from engine.runtime.child import begin
from engine.runtime.feed import PacketReader
from engine.runtime.heart import Heart
from engine.runtime.messages import Hello
from engine.settings import Channel, Recording, Rtmp

log = logging.getLogger(__name__)

FIRST_PAUSE_S, PAUSE_FACTOR, LONGEST_PAUSE_S, JITTER = 2.0, 1.5, 60.0, 0.05
GOOD_AFTER_S = 60.0
"""A session that held this long makes the next pause short again."""

_POLL_MS = 100


def next_pause(pause: float) -> float:
    """The pause after ``pause`` seconds without success."""
    return min(pause * PAUSE_FACTOR, LONGEST_PAUSE_S)


class Sent:
    """What was sent to one destination."""

    def __init__(self) -> None:
        self._sessions = self._packets = self._bytes = 0
        self._ends_s: dict[Stream, float] = {}

    def session(self) -> None:
        """A connection or file has begun."""
        self._sessions += 1
        self._ends_s.clear()

    def packet(self, packet: Packet) -> None:
        """A packet was sent."""
        self._packets += 1
        self._bytes += len(packet.data)
        self._ends_s[packet.stream] = (packet.pts + packet.duration) / STREAM_CLOCK[packet.stream]

    def figures(self) -> dict[str, float]:
        """For Health. ``av_offset_ms``: how much further the sent picture reaches than the sent sound, by their pts."""
        counts = {
            "packets": float(self._packets),
            "bytes": float(self._bytes),
            "sessions": float(self._sessions),
            "reconnects": float(max(0, self._sessions - 1)),
        }
        if len(self._ends_s) == 2:
            counts["av_offset_ms"] = round(1000 * (self._ends_s[Stream.VIDEO] - self._ends_s[Stream.AAC]), 1)
        return counts


class OutletProcess:
    """Runs one output of a channel."""

    def __init__(self, channel: Channel, run_dir: Path, output: Recording | Rtmp) -> None:
        # FFmpeg's own log lines hold the whole address, key included.
        av.logging.set_level(av.logging.PANIC)
        self._channel = channel
        self._run_dir = run_dir
        self._output = output
        self._bus = Bus(run_dir, ())
        self._heart = Heart(self._bus, f"outlet:{output.name}")
        self._sent = Sent()

    def run(self, stop: threading.Event) -> None:
        """Send until ``stop``."""
        pause = FIRST_PAUSE_S
        self._bus.publish(Hello(f"outlet:{self._output.name}"))
        try:
            while not stop.is_set():
                began = time.monotonic()
                try:
                    self._session(stop)
                except OutletError as error:
                    if time.monotonic() - began > GOOD_AFTER_S:
                        pause = FIRST_PAUSE_S
                    log.warning("%s; again in %.0f s", error, pause)
                    self._rest(stop, pause, str(error))
                    pause = next_pause(pause)
        finally:
            self._bus.close()

    def _rest(self, stop: threading.Event, pause: float, why: str) -> None:
        until = time.monotonic() + pause * random.uniform(1 - JITTER, 1 + JITTER)
        while time.monotonic() < until and not stop.is_set():
            self._beat("waiting", why)
            stop.wait(min(0.5, max(0.0, until - time.monotonic())))

    def _beat(self, state: str, detail: str = "") -> None:
        if self._heart.due():
            self._heart.beat(state, detail, self._sent.figures())

    def _session(self, stop: threading.Event) -> None:
        """One connection or file, from an IDR on until it fails or ``stop``."""
        reader = PacketReader(self._run_dir, (Stream.VIDEO, Stream.AAC))
        outlet: Outlet | None = None
        media: MediaFormat | None = None
        try:
            while not stop.is_set():
                self._beat("sending" if outlet else "connecting", self._where())
                item = reader.read(_POLL_MS)
                if isinstance(item, MediaFormat):
                    media = item
                elif isinstance(item, Packet):
                    if outlet is None and media is not None and item.is_keyframe and item.stream is Stream.VIDEO:
                        outlet = self._open(media, item)
                        self._sent.session()
                    if outlet is not None:
                        outlet.write(item)
                        self._sent.packet(item)
        finally:
            reader.close()
            if outlet is not None:
                outlet.close()

    def _where(self) -> str:
        if isinstance(self._output, Rtmp):
            return public_address(self._output.url)
        return str(self._output.folder)

    def _open(self, media: MediaFormat, first_idr: Packet) -> Outlet:
        if isinstance(self._output, Rtmp):
            self._heart.beat("connecting", self._where(), self._sent.figures())
            return RtmpOutlet(self._output.url, self._output.key, media, first_idr)
        name = f"{self._channel.name.lower()}-{datetime.now(UTC):%Y%m%d-%H%M%S}.mp4"
        return RecordingOutlet(self._output.folder / name, media, first_idr)


def main() -> None:
    """Send until SIGTERM."""
    job = begin()
    name = job.role.removeprefix("outlet:")
    output = next(o for o in job.channel.outputs if o.name == name)
    OutletProcess(job.channel, job.run_dir, output).run(job.stop)


if __name__ == "__main__":
    main()
