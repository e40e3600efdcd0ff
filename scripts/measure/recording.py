"""Decodes a recording or any video file: sound as one array, pictures one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
import pyloudnorm
from numpy.typing import NDArray

from measure.kept import luma
from measure.place import Sound
from measure.stillness import STILL, Stillness, block_motion, repeats, stillness
from measure.timing import cadence, percentiles, steps_back

RATE = 48_000


@dataclass(frozen=True, slots=True)
class SoundTrack:
    """Mono sound; ``begins_s`` is the time of its first sample on the file's own time line."""

    pcm: Sound
    begins_s: float

    def seconds(self, sample: float) -> float:
        """File time of a sample."""
        return self.begins_s + sample / RATE


def read_sound(file: Path) -> SoundTrack:
    """All sound of ``file`` at 48 kHz, each frame at its own time, so that a hole stays a hole. Mono is the mean."""
    resampler = av.AudioResampler("fltp", rate=RATE)
    pieces: list[tuple[int, Sound]] = []
    with av.open(str(file)) as container:
        for frame in container.decode(audio=0):
            at = round(float(frame.time or 0.0) * RATE)
            for out in resampler.resample(frame):
                pieces.append((at, out.to_ndarray().mean(axis=0).astype(np.float32)))
    if not pieces:
        return SoundTrack(np.zeros(0, np.float32), 0.0)
    first = pieces[0][0]
    pcm = np.zeros(max(at + len(p) for at, p in pieces) - first, np.float32)
    for at, piece in pieces:
        pcm[at - first : at - first + len(piece)] = piece
    return SoundTrack(pcm, first / RATE)


def integrated_loudness(file: Path, first_s: float, last_s: float) -> tuple[float, int]:
    """Loudness in LUFS between two times of ``file`` with all its channels (ITU-R BS.1770-4), and their number."""
    pieces: list[NDArray[np.float32]] = []
    resampler = av.AudioResampler("fltp", rate=RATE)
    with av.open(str(file)) as container:
        for frame in container.decode(audio=0):
            if first_s <= float(frame.time or 0.0) <= last_s:
                pieces += [out.to_ndarray().astype(np.float32) for out in resampler.resample(frame)]
    if not pieces:
        return float("-inf"), 0
    sound = np.concatenate(pieces, axis=1)
    return float(pyloudnorm.Meter(RATE).integrated_loudness(sound.T)), len(sound)


@dataclass(frozen=True, slots=True)
class FilePicture:
    """One decoded picture with its time in the file."""

    number: int
    time_s: float
    keyframe: bool
    frame: av.VideoFrame


def pictures(file: Path) -> Iterator[FilePicture]:
    """Every picture of ``file`` in order."""
    with av.open(str(file)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            yield FilePicture(number, float(frame.time or 0.0), bool(frame.key_frame), frame)


@dataclass(slots=True)
class Motion:
    """What is gathered from each picture of a stream: its time, its change against the one before, keyframes.

    ``moved`` is its change against the last that had moved on: what drifts slowly changes little from one to the next
    and yet does not stand still.
    """

    times_s: list[float]
    motion: list[float]
    moved: list[float]
    keyframes: list[bool]
    _before: NDArray[np.uint8] | None = None
    _moved_on: NDArray[np.uint8] | None = None

    @classmethod
    def new(cls) -> Motion:
        """Nothing yet."""
        return cls([], [], [], [])

    def take(self, time_s: float, keyframe: bool, frame: av.VideoFrame) -> None:
        """The next picture."""
        now = luma(frame).copy()
        self.motion.append(block_motion(self._before, now) if self._before is not None else 0.0)
        self.moved.append(block_motion(self._moved_on, now) if self._moved_on is not None else 0.0)
        if self._moved_on is None or max(self.motion[-1], self.moved[-1]) > STILL:
            self._moved_on = now
        self.times_s.append(time_s)
        self.keyframes.append(keyframe)
        self._before = now

    def still(self) -> Stillness:
        """Pictures like the one before, and runs of them."""
        return stillness(repeats(self.motion, self.keyframes))

    def frozen(self) -> Stillness:
        """The same of what does not drift either."""
        return stillness(repeats(np.maximum(self.motion, self.moved), self.keyframes))

    def plain(self) -> dict[str, Any]:
        """For JSON: cadence, repeats, freezes, and the distribution of motion that the repeat threshold is held to."""
        still, frozen = self.still(), self.frozen()
        return {
            "cadence": cadence(self.times_s).plain(),
            "times_step_back": steps_back(self.times_s),
            "repeated": still.repeated,
            "repeated_share": round(still.repeated_share, 5),
            "longest_repeat_run": still.longest_run,
            "slow_over_200ms": still.freezes,
            "longest_freeze": frozen.longest_run,
            "freezes_over_200ms": frozen.freezes,
            "motion": percentiles(self.motion[1:]),
            "motion_near_threshold": int(sum(STILL < m < 1.5 * STILL for m in self.motion[1:])),
        }


def packet_times(file: Path) -> tuple[list[float], list[float]]:
    """Times of the video and audio packets of ``file`` in file order, in seconds."""
    video: list[float] = []
    audio: list[float] = []
    with av.open(str(file)) as container:
        for packet in container.demux():
            if packet.pts is None or packet.time_base is None:
                continue
            (video if packet.stream.type == "video" else audio).append(float(packet.pts * packet.time_base))
    return video, audio
