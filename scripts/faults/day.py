"""A day in an hour: the real master with a clock that the test turns, packet for packet, without waiting.

Everything from the running order to the encoders, and the times that RTMP and WebRTC would carry, is what goes on
air; only nobody sleeps, and the pictures are small.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.broadcast.clock import NANOSECONDS, Clock
from engine.broadcast.encoder import OPUS_FRAME
from engine.broadcast.ring import PictureRing
from engine.flow import SAMPLE_RATE, STREAM_CLOCK, MediaFormat, Packet, Performance, Stream, picture_at
from engine.outlets.flash.publisher import elapsed_ms
from engine.records import Ledger
from engine.runtime.bus import Broker
from engine.runtime.company import Company
from engine.runtime.feed import PacketWriter
from engine.runtime.master import Master
from engine.settings import load_channel
from faults.air import Row, say
from server.timeline import Timeline

WIDTH, HEIGHT = 90, 160
LINES = 24
"""Different lines, spoken for real once; the day goes through them over and over."""

LOOK_S = 60
"""Media between two looks at how far sound and picture reach."""

_WRAP = 2**32


@dataclass(slots=True)
class Line:
    """What was seen of one stream: its next pts if nothing is missing, and what did not fit."""

    next_pts: int | None = None
    packets: int = 0
    gaps: int = 0
    ends: int = 0
    rtp: int | None = None
    rtp_steps: set[int] = field(default_factory=set)
    rtp_wraps: int = 0
    rtmp_ms: int = -1
    """The last time on the wire; sound from before the first picture is not sent."""
    rtmp_back: int = 0


class Counter:
    """Stands where the packet feed stands and holds every packet against the one before."""

    def __init__(self) -> None:
        self.lines = {stream: Line() for stream in Stream}
        self.offsets: list[tuple[float, int]] = []
        self._timeline = Timeline()
        self._first: int | None = None
        self.now = 0.0

    def write(self, packet: Packet) -> None:
        """Count a packet."""
        line = self.lines[packet.stream]
        if line.next_pts is not None and packet.pts != line.next_pts:
            line.gaps += 1
        line.next_pts = packet.pts + packet.duration
        line.packets += 1
        line.ends = line.next_pts * SAMPLE_RATE // STREAM_CLOCK[packet.stream]
        self._carry(packet, line)

    def write_format(self, media: MediaFormat) -> None:
        """Nothing to count."""

    def close(self) -> None:
        """Nothing to free."""

    def _carry(self, packet: Packet, line: Line) -> None:
        """The times that a viewer (RTP, 32 bits) and a platform (RTMP, milliseconds) would get."""
        if packet.stream is not Stream.AAC:
            rtp = self._timeline.place(packet, self.now) % _WRAP
            if line.rtp is not None:
                line.rtp_steps.add((rtp - line.rtp) % _WRAP)
                line.rtp_wraps += rtp < line.rtp
            line.rtp = rtp
        if packet.stream is Stream.VIDEO and self._first is None:
            self._first = packet.pts
        if packet.stream is not Stream.OPUS and self._first is not None:
            at = elapsed_ms(packet, self._first)
            if at >= 0:
                line.rtmp_back += at <= line.rtmp_ms
                line.rtmp_ms = at

    def look(self) -> None:
        """Note by how many samples the sound reaches beyond the picture."""
        self.offsets.append((self.now, self.lines[Stream.OPUS].ends - self.lines[Stream.VIDEO].ends))


def day_row(folder: Path, hours: float, first_s: float = 0.0) -> Row:
    """``hours`` of media, beginning ``first_s`` seconds after sample 0."""
    row = Row(f"{hours:g} h of media by a virtual clock")
    source = Path(__file__).resolve().parents[2] / "avatars" / "mia.yaml"
    channel = load_channel(source, check_files=False)
    canvas = channel.canvas.model_copy(update={"width": WIDTH, "height": HEIGHT})
    channel = channel.model_copy(update={"canvas": canvas})
    folder.mkdir(parents=True, exist_ok=True)
    ledger = Ledger(folder / "day.sqlite")
    company = Company(channel, ledger, None)
    performances = [company.next_performance() for _ in range(LINES)]
    ledger.close()
    broker = Broker(folder)
    PictureRing.create(folder / "ring", WIDTH, HEIGHT, canvas.fps, 0)
    broker.start()
    try:
        _run(row, Master(channel, folder), performances, canvas.fps, hours, first_s)
    finally:
        broker.close()
    return row


def _run(row: Row, master: Master, performances: list[Performance], fps: int, hours: float, first_s: float) -> None:
    virtual = [round(first_s * NANOSECONDS)]
    master._clock = Clock(0, lambda: virtual[0])
    counter = Counter()
    real, master._feed = master._feed, counter  # type: ignore[assignment]
    assert isinstance(real, PacketWriter)
    real.close()
    began, cpu = time.monotonic(), time.process_time()
    sample = master._next_boundary()
    end = sample + round(hours * 3600 * SAMPLE_RATE)
    drawn, said, told = picture_at(sample, fps) - 1, 0, 0.0
    still = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
    memory = _memory_mb()
    while sample < end:
        virtual[0] = sample * NANOSECONDS // SAMPLE_RATE
        counter.now = sample / SAMPLE_RATE
        picture = picture_at(sample, fps)
        if picture > drawn:
            drawn = picture
            np.copyto(master._ring.begin(picture), still)
            master._ring.begin(picture)[picture % HEIGHT] = 235
            master._ring.commit(picture)
        if len(master._programme.upcoming()) < 3:
            next_line = replace(performances[said % LINES], performance_id=f"day-{said}")
            master._programme.enqueue(next_line, urgent=False)
            said += 1
        # The wall's clock would have half a million words on what is on air said in a minute.
        master._on_air_due = master._heart._due = float("inf")
        master._tick(sample)
        sample += OPUS_FRAME
        if counter.now - told >= LOOK_S:
            told = counter.now
            counter.look()
            if told % 3600 < LOOK_S:
                say(f"{told / 3600:.0f} h of media in {(time.monotonic() - began) / 60:.1f} min")
    master._bus.close()
    master._ring.close()
    _judge(row, counter, hours, said)
    row.figures["minutes_taken"] = round((time.monotonic() - began) / 60, 2)
    row.figures["cpu_minutes"] = round((time.process_time() - cpu) / 60, 2)
    row.figures["memory_growth_mb"] = round(_memory_mb() - memory, 1)


def _memory_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _judge(row: Row, counter: Counter, hours: float, said: int) -> None:
    lines: dict[str, Any] = {stream.value: line for stream, line in counter.lines.items() if line.packets}
    row.figures["lines_said"] = said
    row.figures["packets"] = {name: line.packets for name, line in lines.items()}
    row.figures["rtp_wraps"] = {name: line.rtp_wraps for name, line in lines.items() if line.rtp is not None}
    offsets = {offset for _, offset in counter.offsets}
    row.figures["sound_beyond_picture_samples"] = sorted(offsets)
    row.must("sound and picture do not drift by a single sample", len(offsets) == 1)
    for name, line in lines.items():
        row.must(f"{name}: {line.gaps} packets do not begin where the one before ends", line.gaps == 0)
        row.must(f"{name}: RTMP time goes back {line.rtmp_back} times", line.rtmp_back == 0)
        row.must(f"{name}: RTP steps {sorted(line.rtp_steps)}", len(line.rtp_steps) <= 1)
    row.must("all of it was made", counter.lines[Stream.OPUS].packets == round(hours * 3600 * 50))
