"""The whole path in one process with a virtual clock: the same rooms, as fast as the machine can."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from engine.avatar import open_body
from engine.broadcast.encoder import AudioEncoder, VideoEncoder
from engine.broadcast.programme import Programme
from engine.flow import Floats, Line, LineKind, MediaFormat, Packet, Performance, Stream, picture_sample
from engine.outlets.base import OutletError
from engine.outlets.mux import Muxer
from engine.outlets.recording import ai_labels
from engine.records import Ledger
from engine.runtime.company import Company
from engine.settings import Channel
from engine.show import VirtualClock
from engine.stage import Stage

log = logging.getLogger(__name__)

LOADING_S = float("inf")
"""Whoever makes a file waits for a voice that is being loaded; one that cannot be says so itself."""

AHEAD_PICTURES = 75
"""Performances that the offline studio keeps waiting, in pictures (the live one works in seconds)."""

_OPTIONS = {"movflags": "faststart+use_metadata_tags"}
_TAIL_PICTURES = 12
_BUFFERS = 4

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class _Job:
    picture: int
    i420: NDArray[np.uint8]
    pcm: Floats


class _FileWriter:
    """Encodes and muxes in a thread beside the drawing. At most ``_BUFFERS`` pictures are on their way."""

    def __init__(self, channel: Channel, out: Path) -> None:
        canvas = channel.canvas
        self._canvas = canvas
        self._out = out
        shape = (canvas.height * 3 // 2, canvas.width)
        self._free: queue.Queue[NDArray[np.uint8]] = queue.Queue()
        for _ in range(_BUFFERS):
            self._free.put(np.zeros(shape, np.uint8))
        self._jobs: queue.Queue[_Job | None] = queue.Queue(_BUFFERS)
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._work, name="file-writer")
        self._thread.start()

    def buffer(self) -> NDArray[np.uint8]:
        """An I420 array to draw the next picture into.

        Raises:
            OutletError: the file cannot be written.
        """
        while self._error is None:
            with contextlib.suppress(queue.Empty):
                return self._free.get(timeout=0.5)
        raise self._failure()

    def put(self, picture: int, i420: NDArray[np.uint8], pcm: Floats) -> None:
        """Hand over a drawn picture with its sound."""
        self._jobs.put(_Job(picture, i420, pcm))

    def close(self) -> None:
        """Finish the file.

        Raises:
            OutletError: the file could not be written.
        """
        self._jobs.put(None)
        self._thread.join()
        if self._error is not None:
            raise self._failure()

    def _failure(self) -> OutletError:
        reason = getattr(self._error, "strerror", None) or str(self._error)
        return OutletError(f"cannot write {self._out}: {reason}", retryable=False)

    def _work(self) -> None:
        try:
            self._encode_all()
        except Exception as error:  # whatever it is, who draws must hear of it, and find somebody who takes the rest
            log.info("%s cannot be written", self._out, exc_info=True)
            self._error = error
            while self._jobs.get() is not None:
                pass

    def _encode_all(self) -> None:
        canvas = self._canvas
        video = VideoEncoder(canvas.width, canvas.height, canvas.fps)
        sound = AudioEncoder(Stream.AAC)
        media = MediaFormat(canvas.width, canvas.height, canvas.fps, sound.config)
        muxer: Muxer | None = None
        with av.open(str(self._out), "w", format="mp4", options=_OPTIONS) as container:
            container.metadata.update(ai_labels())
            while (job := self._jobs.get()) is not None:
                packets: list[Packet] = [video.encode(job.i420, job.picture)]
                self._free.put(job.i420)
                muxer = muxer or Muxer(container, media, packets[0])
                packets += sound.encode(job.pcm, picture_sample(job.picture, canvas.fps))
                for packet in packets:
                    muxer.write(packet)


class OfflineShow:
    """Draws and mixes picture after picture; where Performances come from is the caller's."""

    def __init__(self, channel: Channel, out: Path) -> None:
        self._fps = channel.canvas.fps
        self._programme = Programme(self._fps, channel.show.gap_ms, lead=2)
        self._body = open_body(channel.body, channel.canvas, channel.body_rights)
        self._stage = Stage(channel, self._body)
        self._writer = _FileWriter(channel, out)

    @property
    def stage(self) -> Stage:
        """The stage, to give it the cards."""
        return self._stage

    def enqueue(self, performance: Performance) -> None:
        """Let a Performance wait."""
        self._programme.enqueue(performance, urgent=False)
        self._stage.add(performance)

    def waiting_pictures(self, picture: int) -> int:
        """Pictures of Performances still to come after ``picture``."""
        return self._programme.waiting_pictures(picture)

    def step(self, picture: int) -> list[tuple[Performance, int]]:
        """Make one picture and its sound; returns the Performances whose start was decided."""
        self._programme.finish(picture)
        decided = self._programme.schedule(picture)
        for slot in decided:
            self._stage.schedule(slot.performance.performance_id, slot.start)
        i420 = self._writer.buffer()
        self._stage.draw(picture, i420)
        first = picture_sample(picture, self._fps)
        pcm = self._programme.sound(first, picture_sample(picture + 1, self._fps) - first)
        self._writer.put(picture, i420, pcm)
        return [(slot.performance, slot.start) for slot in decided]

    def close(self) -> None:
        """Finish the file and free the body."""
        try:
            self._writer.close()
        finally:
            self._body.close()


def render(
    channel: Channel, seconds: float, out: Path, ledger: Ledger, cache: Path, progress: Progress, begin: datetime
) -> None:
    """Render the first ``seconds`` of a show that begins at ``begin`` as MP4.

    The ledger gets every line with its start sample.
    """
    fps = channel.canvas.fps
    clock = VirtualClock(begin)
    company = Company(channel, ledger, cache, clock)
    company.voice.waits_s = LOADING_S
    show = OfflineShow(channel, out)
    try:
        show.stage.set_cards(company.director.cards())
        total = round(seconds * fps)
        for picture in range(total):
            clock.set(picture / fps)
            while show.waiting_pictures(picture) < AHEAD_PICTURES:
                show.enqueue(company.next_performance())
            for performance, start in show.step(picture):
                first, over = (picture_sample(n, fps) for n in (start, start + performance.pictures))
                ledger.said(performance.line, performance.performance_id, first, over)
            progress(picture + 1, total)
    finally:
        show.close()
        company.voice.close()


def say(channel: Channel, text: str, out: Path, ledger: Ledger, cache: Path, progress: Progress) -> None:
    """Render one sentence as MP4."""
    company = Company(channel, ledger, cache)
    company.voice.waits_s = LOADING_S
    performance = company.perform(Line("say", LineKind.SAY, text))
    show = OfflineShow(channel, out)
    try:
        show.stage.set_cards(company.director.cards())
        show.enqueue(performance)
        total = performance.pictures + 2 * _TAIL_PICTURES
        for picture in range(total):
            show.step(picture)
            progress(picture + 1, total)
    finally:
        show.close()
        company.voice.close()
