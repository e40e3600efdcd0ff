"""A stock aiortc sender that encodes for each viewer: ``python -m measure.stock RECORDING PORT``.

Real pictures and sound of a recording at 25 fps, everything else as the aiortc examples do it: the yardstick for what
a viewer costs. Pictures are decoded before the first viewer, so that only sending is counted. The codec is the
viewer's first choice. Prints ``ready``.
"""

from __future__ import annotations

import asyncio
import fractions
import sys
import time
from pathlib import Path

import av
import numpy as np
import uvicorn
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamTrack
from fastapi import FastAPI, Request, Response

PICTURES = 75
FPS = 25
SOUND_FRAME = 960
SOUND_RATE = 48_000


class _Paced(MediaStreamTrack):
    """Gives item *n* at *n* periods after the first."""

    def __init__(self, period_s: float) -> None:
        super().__init__()
        self._period_s = period_s
        self._began = 0.0
        self.count = 0

    async def wait(self) -> int:
        """The number of the item that is due."""
        if not self._began:
            self._began = time.monotonic()
        number, self.count = self.count, self.count + 1
        await asyncio.sleep(max(0.0, self._began + number * self._period_s - time.monotonic()))
        return number


class Pictures(_Paced):
    """Decoded pictures to and fro, so that there is no cut."""

    kind = "video"

    def __init__(self, frames: list[av.VideoFrame]) -> None:
        super().__init__(1 / FPS)
        self._frames = frames + frames[-2:0:-1]

    async def recv(self) -> av.VideoFrame:
        """The next picture."""
        number = await self.wait()
        frame = self._frames[number % len(self._frames)]
        frame.pts, frame.time_base = number * 90_000 // FPS, fractions.Fraction(1, 90_000)
        return frame


class Sound(_Paced):
    """The recording's sound in a loop."""

    kind = "audio"

    def __init__(self, pcm: np.ndarray[tuple[int], np.dtype[np.int16]]) -> None:
        super().__init__(SOUND_FRAME / SOUND_RATE)
        self._pcm = pcm

    async def recv(self) -> av.AudioFrame:
        """The next 20 ms."""
        number = await self.wait()
        at = number * SOUND_FRAME % (len(self._pcm) - SOUND_FRAME)
        frame = av.AudioFrame.from_ndarray(self._pcm[None, at : at + SOUND_FRAME].copy(), "s16", "mono")
        frame.sample_rate = SOUND_RATE
        frame.pts, frame.time_base = number * SOUND_FRAME, fractions.Fraction(1, SOUND_RATE)
        return frame


def load(recording: Path) -> tuple[list[av.VideoFrame], np.ndarray[tuple[int], np.dtype[np.int16]]]:
    """The first pictures after two seconds, and the first ten seconds of sound."""
    frames: list[av.VideoFrame] = []
    with av.open(str(recording)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number >= 2 * FPS:
                frames.append(frame)
            if len(frames) == PICTURES:
                break
    resampler = av.AudioResampler("s16", "mono", SOUND_RATE)
    parts: list[np.ndarray[tuple[int], np.dtype[np.int16]]] = []
    with av.open(str(recording)) as container:
        for sound in container.decode(audio=0):
            parts += [out.to_ndarray()[0] for out in resampler.resample(sound)]
            if len(parts) > 500:
                break
    return frames, np.concatenate(parts)


def make_app(recording: Path) -> FastAPI:
    """WHEP as in aiortc's examples: a track of its own for every viewer."""
    frames, pcm = load(recording)
    app = FastAPI()
    connections: set[RTCPeerConnection] = set()

    @app.post("/whep")
    async def whep(request: Request) -> Response:
        connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        connections.add(connection)
        await connection.setRemoteDescription(RTCSessionDescription((await request.body()).decode(), "offer"))
        connection.addTrack(Pictures(frames))
        connection.addTrack(Sound(pcm))
        await connection.setLocalDescription(await connection.createAnswer())
        return Response(connection.localDescription.sdp, status_code=201, headers={"Location": "/whep/1"})

    @app.delete("/whep/{number}")
    async def leave(number: str) -> Response:
        return Response(status_code=200)

    return app


if __name__ == "__main__":
    application = make_app(Path(sys.argv[1]))
    print("ready", flush=True)
    uvicorn.run(application, host="127.0.0.1", port=int(sys.argv[2]), log_level="error")
