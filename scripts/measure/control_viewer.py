"""A decoding viewer that tells when it grew silent, when the picture stood still, and when a text was heard."""

from __future__ import annotations

import asyncio
import difflib
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import numpy as np
from av import AudioFrame, VideoFrame
from numpy.typing import NDArray
from scipy.signal import resample_poly

from measure.processes import ROOT, MeasureError
from measure.whep_client import Viewer
from measure.words import to_words

SILENT_DBFS = -50.0
LOUD_DBFS = -35.0
STILL = 2.0
"""Mean difference in luma up to which two pictures show the same."""

KEPT_S = 30.0
RATE = 48_000
_GRID = 8


class ControlViewer:
    """What has arrived in the last half minute; times are monotonic seconds of arrival after the jitter buffer."""

    def __init__(self) -> None:
        self._sound: deque[tuple[float, float, NDArray[np.int16]]] = deque()
        self._pictures: deque[tuple[float, NDArray[np.int16]]] = deque()
        self._model: Any = None

    def take(self, _kind: str, frame: object) -> None:
        """Hear one frame."""
        now = time.monotonic()
        if isinstance(frame, AudioFrame):
            pcm = frame.to_ndarray().reshape(-1, len(frame.layout.channels))[:, 0]
            level = 10 * np.log10(float(np.square(pcm / 32768.0).mean()) + 1e-12)
            self._sound.append((now, level, pcm))
        elif isinstance(frame, VideoFrame):
            luma = frame.to_ndarray(format="gray")[_GRID // 2 :: _GRID, _GRID // 2 :: _GRID]
            self._pictures.append((now, luma.astype(np.int16)))
        for kept in (self._sound, self._pictures):
            while kept and kept[0][0] < now - KEPT_S:
                kept.popleft()

    async def until_loud(self, seconds: float = 30.0) -> None:
        """Wait until speech is heard.

        Raises:
            TimeoutError: there is none.
        """
        since = time.monotonic()
        async with asyncio.timeout(seconds):
            while not any(at > since and level > LOUD_DBFS for at, level, _ in list(self._sound)):  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    def silent_since(self, asked: float) -> float:
        """When the last sound above ``SILENT_DBFS`` after ``asked`` was over; infinite while it goes on."""
        after = [(at, level) for at, level, _ in list(self._sound) if at >= asked]
        loud = [i for i, (_, level) in enumerate(after) if level >= SILENT_DBFS]
        last = loud[-1] + 1 if loud else 0
        return after[last][0] if last < len(after) else float("inf")

    def still_since(self, asked: float) -> float:
        """When the first of the pictures arrived that are all like the last one."""
        pictures = [(at, picture) for at, picture in list(self._pictures) if at >= asked]
        last = pictures[-1][1]
        first = pictures[-1][0]
        for at, picture in reversed(pictures):
            if float(np.abs(picture - last).mean()) > STILL:
                break
            first = at
        return first

    def heard(self, asked: float, text: str) -> dict[str, Any]:
        """When Whisper has heard the first word of ``text`` after ``asked``, and how much of it; call it in a thread.

        The word's end counts: before the first word's beginning Whisper often takes the silence in.
        """
        after = [(at, pcm) for at, _, pcm in list(self._sound) if at >= asked]
        sound = np.concatenate([pcm for _, pcm in after]).astype(np.float32) / 32768
        low = resample_poly(sound, 1, RATE // 16_000).astype(np.float32)
        segments, _ = self._whisper().transcribe(low, language="en", beam_size=5, word_timestamps=True)
        words = [(word.end, word.word) for segment in segments for word in segment.words or ()]
        plain = [(at, to_words(word)) for at, word in words]
        flat = [(at, each) for at, several in plain for each in several]
        meant = to_words(text)
        matcher = difflib.SequenceMatcher(None, [word for _, word in flat], meant, autojunk=False)
        blocks = [block for block in matcher.get_matching_blocks() if block.size]
        share = sum(block.size for block in blocks) / len(meant)
        start = next((flat[block.a][0] for block in blocks if block.size > 1 or block.b == 0), None)
        return {"heard_s": None if start is None else round(float(start), 2), "share_of_words": round(share, 3)}

    def _whisper(self) -> Any:
        if self._model is None:
            from faster_whisper import WhisperModel  # noqa: PLC0415 (an extra; loading it takes a second)

            model = ROOT / "var" / "models" / "whisper-base"
            self._model = WhisperModel(
                str(model), device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True
            )
        return self._model


@asynccontextmanager
async def watching(base: str) -> AsyncIterator[ControlViewer]:
    """Watch the channel at ``base`` while the block lasts.

    Raises:
        MeasureError: it does not let viewers in.
    """
    viewer = ControlViewer()
    client = Viewer(viewer.take, only_h264=True)
    async with httpx.AsyncClient() as http:
        if not await client.post(http, f"{base}/whep", await client.offer()):
            raise MeasureError(f"{base} does not let viewers in")
        try:
            yield viewer
        finally:
            await client.leave(http)
