"""Encoded units that a viewer kept, with the time each arrived: written while watching, decoded afterwards.

Decoding afterwards keeps the measurement off the two cores that are being measured; the bytes are the same.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import av
import numpy as np
from numpy.typing import NDArray

from measure.stillness import Luma

_HEADER = struct.Struct("<dqI")

OPUS_RATE = 48_000
VIDEO_RATE = 90_000


@dataclass(slots=True)
class Kept:
    """Encoded units in order: RTP time from the first one on, and the monotonic second of arrival."""

    pts: list[int] = field(default_factory=list)
    arrived: list[float] = field(default_factory=list)
    data: list[bytes] = field(default_factory=list)


def write_unit(file: BinaryIO, pts: int, arrived: float, data: bytes) -> None:
    """Append one unit."""
    file.write(_HEADER.pack(arrived, pts, len(data)) + data)


def read_units(path: Path) -> Kept:
    """All whole units of a file."""
    kept = Kept()
    with path.open("rb") as file:
        while len(header := file.read(_HEADER.size)) == _HEADER.size:
            arrived, pts, size = _HEADER.unpack(header)
            data = file.read(size)
            if len(data) < size:
                break
            kept.pts.append(pts)
            kept.arrived.append(arrived)
            kept.data.append(data)
    return kept


def decode_opus(kept: Kept) -> tuple[NDArray[np.float32], int]:
    """Mono sound placed by its RTP times, and the RTP time of its first sample. Missing units are silent."""
    if not kept.pts:
        return np.zeros(0, np.float32), 0
    decoder = av.CodecContext.create("libopus", "r")
    decoder.sample_rate = OPUS_RATE
    first, last = kept.pts[0], max(kept.pts)
    sound = np.zeros(last - first + 6 * OPUS_RATE // 50, np.float32)
    for pts, data in zip(kept.pts, kept.data, strict=True):
        packet = av.Packet(data)
        for frame in decoder.decode(packet):
            samples = _mono(frame)
            at = pts - first
            if at >= 0:
                room = len(sound) - at
                sound[at : at + len(samples)] = samples[:room]
    return sound, first


def _mono(frame: av.AudioFrame) -> NDArray[np.float32]:
    samples = frame.to_ndarray().astype(np.float32)
    if frame.format.name.startswith("s16"):
        samples /= 32768.0
    channels = frame.layout.nb_channels
    spread = samples if frame.format.is_planar else samples.reshape(-1, channels).T
    mono: NDArray[np.float32] = spread.mean(axis=0).astype(np.float32)
    return mono


@dataclass(frozen=True, slots=True)
class Decoded:
    """One decoded picture of a kept stream."""

    pts: int
    arrived: float
    keyframe: bool
    frame: av.VideoFrame

    @property
    def luma(self) -> Luma:
        """The Y plane."""
        return luma(self.frame)


def luma(frame: av.VideoFrame) -> Luma:
    """The Y plane of a planar YUV frame, shape (height, width)."""
    plane = frame.planes[0]
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
    picture: Luma = rows[:, : plane.width]
    return picture


def decode_h264(kept: Kept) -> Iterator[Decoded]:
    """Every picture that decodes, in order (no B-frames: one unit, one picture)."""
    decoder = av.CodecContext.create("h264", "r")
    arrivals = dict(zip(kept.pts, kept.arrived, strict=True))
    for pts, data in zip(kept.pts, kept.data, strict=True):
        packet = av.Packet(data)
        packet.pts = packet.dts = pts
        try:
            frames = decoder.decode(packet)
        except av.error.InvalidDataError:
            continue
        for frame in frames:
            at = pts if frame.pts is None else frame.pts
            yield Decoded(at, arrivals[at], bool(frame.key_frame), frame)


@dataclass(frozen=True, slots=True)
class Watched:
    """What one run of ``measure.viewers`` left in its folder."""

    folder: Path
    told: dict[str, Any]

    @classmethod
    def load(cls, folder: Path) -> Watched:
        """Read ``viewers.json`` of ``folder``."""
        return cls(folder, json.loads((folder / "viewers.json").read_text()))

    def arrivals(self, viewer: int, kind: str) -> NDArray[np.float64]:
        """Monotonic seconds at which units of ``kind`` (video, audio) arrived at a viewer."""
        with np.load(self.folder / "arrivals.npz") as arrays:
            return np.asarray(arrays[f"{kind}{viewer}"], np.float64)

    def units(self, kind: str) -> Kept:
        """The kept units of viewer 0."""
        return read_units(self.folder / f"{kind}.units")

    def ntp_offset_s(self, kind: str, began: float, ended: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """From the sender reports that viewer 0 got between two times: arrival seconds, and NTP seconds minus RTP
        seconds at each.
        """
        clock = VIDEO_RATE if kind == "video" else OPUS_RATE
        origin = self.told["origins"][kind]
        # A report that is sent before the first packet has no times.
        reports = [r for r in self.told["sender_reports"] if r["kind"] == kind and r["ntp"] > 0 and r["rtp"]]
        rtp = np.array([(r["rtp"] - origin + 2**31) % 2**32 - 2**31 for r in reports], np.float64)
        span = np.array([r["arrived"] - reports[0]["arrived"] for r in reports], np.float64)
        rtp += np.round((span * clock - (rtp - rtp[0])) / 2**32) * 2**32 if len(rtp) else 0
        ntp = np.array([r["ntp"] for r in reports], np.float64)
        arrived = np.array([r["arrived"] for r in reports], np.float64)
        inside = (arrived >= began) & (arrived <= ended)
        return arrived[inside], (ntp - rtp / clock)[inside]
