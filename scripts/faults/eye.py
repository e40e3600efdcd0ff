"""Eyes on what comes out of a channel: a WebRTC viewer or an RTMP player, decoding, in a process of its own.

``python -m faults.eye whep URL FILE`` and ``python -m faults.eye rtmp URL FILE``. Joins again by itself whenever the
stream ends or stands still, as the page does. Each decoded picture and each piece of sound is one record in FILE.
Ends when its standard input closes.
"""

from __future__ import annotations

import asyncio
import contextlib
import struct
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import av
import httpx
import numpy as np
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av import AudioFrame, VideoFrame
from measure.kept import luma
from measure.processes import note_in_time
from measure.stillness import STILL, block_change
from numpy.typing import NDArray

RECORD = struct.Struct("<cIdddd?")
"""Kind (v, a, or j for a join), number of the session, monotonic second of arrival, seconds of media time, motion
against the picture before (or loudness in dBFS), motion since the picture ``SPAN`` before, keyframe."""

SPAN = 5
"""Pictures in 200 ms."""

STILL_S = 2.0
"""Without a picture for this long, join again."""

JOIN_PAUSE_S = 0.25


class Diary:
    """Writes records; one writer a thread is enough for the order."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._before: NDArray[np.uint8] | None = None
        self._changes: deque[NDArray[np.float32]] = deque(maxlen=SPAN)
        self.session = 0
        self.last_picture = time.monotonic()

    def join(self) -> None:
        """A session begins."""
        self.session += 1
        self._before = None
        self._changes.clear()
        self.last_picture = time.monotonic()
        self._write(b"j", self.last_picture)

    def picture(self, frame: VideoFrame) -> None:
        """A decoded picture."""
        now, plane = time.monotonic(), luma(frame).copy()
        if self._before is not None and self._before.shape != plane.shape:
            # A viewer with a thin line is given the small picture.
            self._before = None
            self._changes.clear()
        changed = block_change(self._before if self._before is not None else plane, plane)
        self._before = plane
        moved = float(np.abs(changed).max())
        # A keyframe is coded afresh: what differs between it and the picture before need not be motion.
        self._changes.append(np.zeros_like(changed) if frame.key_frame else changed)
        # What moves at once is no calm moment: the longer look is for those alone.
        calm = moved <= STILL or frame.key_frame
        over = float(np.abs(np.sum(self._changes, axis=0)).max()) if calm else moved
        self.last_picture = now
        self._write(b"v", now, float(frame.time or 0.0), moved, over, bool(frame.key_frame))

    def sound(self, frame: AudioFrame) -> None:
        """Decoded sound."""
        pcm = frame.to_ndarray().astype(np.float64)
        if frame.format.name.startswith("s16"):
            pcm /= 32768
        level = 10 * np.log10(float(np.square(pcm).mean()) + 1e-12)
        self._write(b"a", time.monotonic(), float(frame.time or 0.0), level)

    def _write(
        self, kind: bytes, now: float, media: float = 0.0, value: float = 0.0, over: float = 0.0, key: bool = False
    ) -> None:
        with self._lock:
            self._file.write(RECORD.pack(kind, self.session, now, media, value, over, key))
            self._file.flush()


async def _take(track: MediaStreamTrack, diary: Diary) -> None:
    with contextlib.suppress(MediaStreamError):
        while True:
            frame = await track.recv()
            if isinstance(frame, VideoFrame):
                await asyncio.to_thread(diary.picture, frame)
            elif isinstance(frame, AudioFrame):
                diary.sound(frame)


async def _watch_once(http: httpx.AsyncClient, whep: str, diary: Diary) -> None:
    """One WHEP session, until it fails or stands still."""
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    tasks: list[asyncio.Task[None]] = []
    connection.on("track", lambda track: tasks.append(asyncio.create_task(_take(track, diary), name="take")))
    for kind in ("video", "audio"):
        connection.addTransceiver(kind, direction="recvonly")
    location = ""
    try:
        await connection.setLocalDescription(await connection.createOffer())
        offer = connection.localDescription.sdp
        answer = await http.post(whep, content=offer, headers={"Content-Type": "application/sdp"})
        if answer.status_code != 201:
            return
        location = answer.headers["location"]
        await connection.setRemoteDescription(RTCSessionDescription(answer.text, "answer"))
        diary.join()
        while connection.connectionState not in {"failed", "closed"}:
            if time.monotonic() - diary.last_picture > STILL_S:
                return
            await asyncio.sleep(0.1)
    except httpx.TransportError:
        return
    finally:
        if location:
            with contextlib.suppress(httpx.TransportError):
                await http.delete(httpx.URL(whep).join(location))
        await connection.close()
        await asyncio.gather(*tasks)


async def _whep(url: str, diary: Diary) -> None:
    async with httpx.AsyncClient(timeout=2.0) as http:
        while True:
            await _watch_once(http, url, diary)
            await asyncio.sleep(JOIN_PAUSE_S)


def _rtmp(url: str, diary: Diary) -> None:
    while True:
        with contextlib.suppress(av.error.FFmpegError, OSError):
            options = {"rtmp_live": "live", "fflags": "nobuffer", "analyzeduration": "3000000"}
            with av.open(url, timeout=(10.0, 3600.0), options=options) as container:
                streams = (*container.streams.video[:1], *container.streams.audio[:1])
                if len(streams) < 2:
                    continue
                diary.join()
                for frame in container.decode(*streams):
                    if isinstance(frame, VideoFrame):
                        diary.picture(frame)
                    elif isinstance(frame, AudioFrame):
                        diary.sound(frame)
        time.sleep(JOIN_PAUSE_S)


def _until_told(then: Callable[[], Any]) -> None:
    while sys.stdin.buffer.read(1024):
        pass
    then()


def main() -> None:
    """Watch until told to end."""
    kind, url, path = sys.argv[1:4]
    note_in_time()
    av.logging.set_level(av.logging.PANIC)
    with Path(path).open("wb") as file:
        diary = Diary(file)
        print("ready", flush=True)
        if kind == "rtmp":
            threading.Thread(target=_rtmp, args=(url, diary), daemon=True).start()
            _until_told(lambda: None)
            return
        loop = asyncio.new_event_loop()
        task = loop.create_task(_whep(url, diary))
        threading.Thread(
            target=_until_told, args=(lambda: loop.call_soon_threadsafe(task.cancel),), daemon=True
        ).start()
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(task)


if __name__ == "__main__":
    main()
