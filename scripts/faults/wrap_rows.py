"""Time stamps of RTMP over each edge of their counters, with the channel's own packets, through nginx-rtmp."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import SecretStr

from engine.flow import MediaFormat, Packet, Stream
from engine.outlets.rtmp import RtmpOutlet
from engine.runtime.feed import PacketReader
from faults.air import FPS, Air, Row, say

EDGES = {"24 bits (4 h 39 min)": 0xFFFFFF, "31 bits (24.9 days)": 2**31, "32 bits (49.7 days)": 2**32}
BEFORE_MS = 5000
WATCHED_S = 14.0
FREEZE_S = 0.5


def wrap_rows(air: Air) -> list[Row]:
    """An outlet of its own for each edge, begun five seconds before it."""
    return [_wrap(air, name, edge) for name, edge in EDGES.items()]


def _wrap(air: Air, name: str, edge: int) -> Row:
    row = Row(f"RTMP time over {name}")
    say(row.fault)
    key = f"wrap-{edge}"
    # The player waits at nginx for the stream, so that its own start is not among the seconds before the edge.
    air.watch("rtmp", f"{air.rtmp}/{key}", key)
    with _sending(air, key, edge - BEFORE_MS) as began:
        air.wait(lambda: len(air.seen(key, began).pictures), 15, "the player sees")
        first = float(air.seen(key, began).pictures["at"][0])
        time.sleep(max(1.0, began + WATCHED_S - time.monotonic()))
    seen = air.seen(key, first)
    row.figures["joined_ms_before"] = round(BEFORE_MS - 1000 * (first - began))
    row.must("the edge was passed while watched", first < began + BEFORE_MS / 1000 - 1)
    row.at_most("picture_gap_s", seen.longest_gap_s("pictures"), FREEZE_S)
    row.at_most("sound_gap_s", seen.longest_gap_s("sounds"), FREEZE_S)
    row.at_most("times_step_back", seen.steps_back(), 0)
    row.at_most("lost_pictures", seen.lost_pictures(FPS), 0)
    return row


@contextmanager
def _sending(air: Air, key: str, start_ms: int) -> Iterator[float]:
    """The channel's packets to nginx under another key; gives the second at which the first picture was there."""
    ended, began = threading.Event(), threading.Event()
    thread = threading.Thread(target=_send, args=(air, key, start_ms, began, ended), name="wrap")
    thread.start()
    try:
        began.wait(10)
        yield time.monotonic()
    finally:
        ended.set()
        thread.join()


def _send(air: Air, key: str, start_ms: int, began: threading.Event, ended: threading.Event) -> None:
    reader = PacketReader(air.run_dir, (Stream.VIDEO, Stream.AAC))
    media: MediaFormat | None = None
    outlet: RtmpOutlet | None = None
    while not ended.is_set():
        item = reader.read(50)
        if isinstance(item, MediaFormat):
            media = item
        elif isinstance(item, Packet):
            if outlet is None and media is not None and item.is_keyframe and item.stream is Stream.VIDEO:
                outlet = RtmpOutlet(air.rtmp, SecretStr(key), media, start_ms)
                began.set()
            if outlet is not None:
                outlet.write(item)
    reader.close()
    if outlet is not None:
        outlet.close()
