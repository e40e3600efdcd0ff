"""The one encode: what every joiner and every platform relies on."""

from __future__ import annotations

import io
import itertools

import av
import numpy as np
import pytest

from engine.broadcast.encoder import AudioEncoder, SmallEncoder, VideoEncoder, video_bit_rate
from engine.flow import Packet, Stream

SIZE = (180, 320)


def pictures(count: int, force: frozenset[int] = frozenset(), first: int = 0) -> list[Packet]:
    encoder = VideoEncoder(*SIZE, 25)
    picture = np.full((SIZE[1] * 3 // 2, SIZE[0]), 128, np.uint8)
    packets = []
    for n in range(first, first + count):
        picture[: SIZE[1]] = (np.arange(SIZE[0]) + 3 * n) % 220 + 16
        packets.append(encoder.encode(picture, n, n in force))
    return packets


def nal_types(data: bytes) -> list[int]:
    return [piece[0] & 31 for piece in data.split(b"\x00\x00\x01")[1:] if piece]


def test_an_idr_every_two_seconds_and_where_asked_each_with_its_parameter_sets() -> None:
    packets = pictures(110, frozenset({30}))
    assert [i for i, p in enumerate(packets) if p.is_keyframe] == [0, 30, 50, 100]
    for i in (0, 30, 50, 100):
        assert {7, 8, 5} <= set(nal_types(packets[i].data))
    assert {1} == set(nal_types(packets[1].data)) - {6, 9}


def test_pts_follow_the_picture_number_from_any_start() -> None:
    packets = pictures(3, first=10**7)
    assert [p.pts for p in packets] == [3600 * (10**7 + i) for i in range(3)]
    assert {p.duration for p in packets} == {3600}


def test_the_profile_is_baseline_without_b_frames_and_the_colours_are_tagged() -> None:
    data = b"".join(p.data for p in pictures(60))
    with av.open(io.BytesIO(data), format="h264") as container:
        stream = container.streams.video[0]
        assert "Baseline" in (stream.profile or "")
        kinds = {frame.pict_type for frame in container.decode(stream)}
        assert av.video.frame.PictureType.B not in kinds
        context = stream.codec_context
        assert (context.width, context.height, context.colorspace) == (*SIZE, 6)


def test_the_bit_rate_of_the_default_canvas_suits_a_phone() -> None:
    assert video_bit_rate(720, 1280, 25) == 2_304_000


@pytest.mark.parametrize(("stream", "frame", "delay"), [(Stream.OPUS, 960, 312), (Stream.AAC, 1024, 1024)])
def test_sound_pts_count_samples_without_a_gap(stream: Stream, frame: int, delay: int) -> None:
    encoder = AudioEncoder(stream)
    start = 48_000 * 1000
    packets = []
    for tick in range(200):
        packets += encoder.encode(np.zeros(960, np.float32), start + tick * 960)
    assert packets[0].pts == start - delay
    assert {b.pts - a.pts for a, b in itertools.pairwise(packets)} == {frame}
    assert {p.duration for p in packets} == {frame}


def test_after_a_jump_the_sound_goes_on_at_the_new_time() -> None:
    encoder = AudioEncoder(Stream.AAC)
    for tick in range(10):
        encoder.encode(np.zeros(960, np.float32), tick * 960)
    encoder.restart()
    later = 48_000 * 60
    packets = []
    for tick in range(10):
        packets += encoder.encode(np.zeros(960, np.float32), later + tick * 960)
    assert next(p.pts for p in packets if p.pts >= later) == later


def test_sound_sits_where_its_pts_says() -> None:
    encoder = AudioEncoder(Stream.AAC)
    pcm = np.zeros(48_000, np.float32)
    pcm[24_000:24_480] = np.sin(np.arange(480) * 0.4) * 0.8
    packets = [p for k in range(50) for p in encoder.encode(pcm[k * 960 : (k + 1) * 960], k * 960)]
    decoder = av.CodecContext.create("aac", "r")
    decoder.extradata = encoder.config
    out = np.zeros(60_000)
    for packet in packets:
        for frame in decoder.decode(av.Packet(packet.data)):
            begin = max(packet.pts, 0)
            if packet.pts >= 0:
                out[begin : begin + frame.samples] = frame.to_ndarray()[0]
    loud = np.flatnonzero(np.abs(out) > 0.3)
    assert abs(int(loud[0]) - 24_000) < 64
    assert abs(int(loud[-1]) - 24_480) < 64


def test_the_small_picture_is_half_as_wide_and_high_and_has_its_own_stream() -> None:
    small = SmallEncoder(360, 640, 25)
    rng = np.random.default_rng(1)
    packets = [small.encode(rng.integers(16, 235, (960, 360), np.uint8), n, force_idr=n == 7) for n in range(10)]
    assert {packet.stream for packet in packets} == {Stream.SMALL}
    assert [n for n, packet in enumerate(packets) if packet.is_keyframe] == [0, 7]
    decoder = av.CodecContext.create("h264", "r")
    frames = [frame for packet in packets for frame in decoder.decode(av.Packet(packet.data))] + decoder.decode(None)
    assert [(frame.width, frame.height) for frame in frames] == [(180, 320)] * 10
