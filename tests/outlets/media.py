"""Encoded packets for outlets under test: real H.264 and AAC, small pictures."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.broadcast.encoder import AudioEncoder, VideoEncoder
from engine.flow import MediaFormat, Packet, Stream

WIDTH, HEIGHT, FPS = 180, 320, 25


def packets(pictures: int, first: int = 5000) -> Iterator[tuple[MediaFormat, Packet]]:
    """``pictures`` pictures with their sound, in the order in which the master sends them."""
    video, sound = VideoEncoder(WIDTH, HEIGHT, FPS), AudioEncoder(Stream.AAC)
    media = MediaFormat(WIDTH, HEIGHT, FPS, sound.config)
    picture = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
    for n in range(first, first + pictures):
        picture[:HEIGHT] = 16 + n % 200
        yield media, video.encode(picture, n)
        for k in (0, 960):
            for piece in sound.encode(np.zeros(960, np.float32), n * 1920 + k):
                yield media, piece
