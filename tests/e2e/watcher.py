"""A WebRTC viewer that decodes: how loud it is and what the picture looks like, each with the time of its arrival."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Iterator

import httpx
import numpy as np
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av import AudioFrame, VideoFrame
from numpy.typing import NDArray

SMALL = 8
"""Pictures are kept in a grid of this many pixels by one."""


class Watcher:
    """What has arrived so far, as ``(monotonic seconds, value)``."""

    def __init__(self) -> None:
        self.level_dbfs: list[tuple[float, float]] = []
        self.pictures: list[tuple[float, NDArray[np.uint8]]] = []
        """Luma, (height / SMALL, width / SMALL)."""

    async def take(self, track: MediaStreamTrack) -> None:
        """Until the track ends."""
        with contextlib.suppress(MediaStreamError):
            while True:
                frame = await track.recv()
                now = time.monotonic()
                if isinstance(frame, AudioFrame):
                    pcm = frame.to_ndarray().astype(np.float64) / 32768
                    level = 10 * np.log10(float(np.square(pcm).mean()) + 1e-12)
                    self.level_dbfs.append((now, level))
                elif isinstance(frame, VideoFrame):
                    luma = frame.to_ndarray(format="gray")
                    self.pictures.append((now, luma[SMALL // 2 :: SMALL, SMALL // 2 :: SMALL].copy()))

    def loudest(self, begin: float, end: float) -> float:
        """The loudest 20 ms between two times, in dBFS."""
        return max(level for at, level in self.level_dbfs if begin <= at < end)

    def unlike_last(self, begin: float) -> list[float]:
        """Mean difference in luma of each picture from ``begin`` on to the last one."""
        last = self.pictures[-1][1].astype(np.int16)
        return [float(np.abs(picture - last).mean()) for at, picture in self.pictures if at >= begin]


@contextlib.asynccontextmanager
async def watching(base: str) -> AsyncIterator[Watcher]:
    """Watch the channel at ``base`` while the block lasts."""
    watcher = Watcher()
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    tasks: list[asyncio.Task[None]] = []
    connection.on("track", lambda track: tasks.append(asyncio.create_task(watcher.take(track), name="take")))
    for kind in ("video", "audio"):
        connection.addTransceiver(kind, direction="recvonly")
    async with httpx.AsyncClient(base_url=base) as http:
        await connection.setLocalDescription(await connection.createOffer())
        offer = connection.localDescription.sdp
        answer = await http.post("/whep", content=offer, headers={"Content-Type": "application/sdp"})
        answer.raise_for_status()
        await connection.setRemoteDescription(RTCSessionDescription(answer.text, "answer"))
        try:
            async with asyncio.timeout(20):
                while not (watcher.pictures and watcher.level_dbfs):  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
            yield watcher
        finally:
            await http.delete(answer.headers["Location"])
            await connection.close()
            await asyncio.gather(*tasks)


@contextlib.contextmanager
def watching_aside(base: str) -> Iterator[Watcher]:
    """The same for a test that has no event loop of its own."""
    ready, over = threading.Event(), threading.Event()
    found: list[Watcher] = []

    async def watch() -> None:
        async with watching(base) as watcher:
            found.append(watcher)
            ready.set()
            await asyncio.to_thread(over.wait)

    def run() -> None:
        try:
            asyncio.run(watch())
        finally:
            ready.set()

    thread = threading.Thread(target=run, name="watcher")
    thread.start()
    try:
        ready.wait(30)
        yield found[0]
    finally:
        over.set()
        thread.join()
