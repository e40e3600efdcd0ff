"""The one encode: H.264, Opus and AAC, each made once for everybody."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.audio.fifo import AudioFifo
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType
from numpy.typing import NDArray

from engine.flow import SAMPLE_RATE, VIDEO_CLOCK_RATE, Floats, Packet, Stream, picture_pts

GOP_SECONDS = 2
OPUS_FRAME = SAMPLE_RATE // 50
"""20 ms: the master's tick."""

AAC_BIT_RATE = 128_000
OPUS_BIT_RATE = 64_000
_BITS_PER_PIXEL = 0.1
"""At 720x1280 and 25 fps: 2.3 Mbit/s."""


def video_bit_rate(width: int, height: int, fps: int) -> int:
    """Bits a second of the picture stream for a canvas."""
    return int(width * height * fps * _BITS_PER_PIXEL)


class VideoEncoder:
    """H.264 for every decoder there is: Baseline, no B-frames, an IDR every 2 s by picture number, CBR-like.

    SPS and PPS come in band before each IDR, so a joiner needs nothing else.
    """

    def __init__(self, width: int, height: int, fps: int, stream: Stream = Stream.VIDEO) -> None:
        rate = video_bit_rate(width, height, fps)
        codec = av.CodecContext.create("libx264", "w")
        assert isinstance(codec, VideoCodecContext)
        codec.width, codec.height, codec.pix_fmt = width, height, "yuv420p"
        codec.framerate = Fraction(fps)
        codec.time_base = Fraction(1, VIDEO_CLOCK_RATE)
        codec.bit_rate = rate
        codec.gop_size = fps * GOP_SECONDS * 5
        codec.max_b_frames = 0
        codec.thread_count = 1
        # cv2's RGB to I420 is BT.601 limited range (matrix 6); the colours themselves are sRGB's, which H.264 calls 1.
        codec.color_primaries = codec.color_trc = 1
        codec.colorspace, codec.color_range = 6, 1
        codec.options = {
            "preset": "superfast",
            "tune": "zerolatency",
            "profile": "baseline",
            "forced-idr": "1",
            "x264-params": f"scenecut=0:vbv-maxrate={rate // 1000}:vbv-bufsize={rate // 1000}:ref=1:open-gop=0",
        }
        codec.open()
        self._codec = codec
        self._fps = fps
        self._stream = stream

    def encode(self, i420: NDArray[np.uint8], number: int, force_idr: bool = False) -> Packet:
        """Encode picture ``number`` from an I420 array ``(height * 3 // 2, width)``; one access unit comes out."""
        return self.encode_frame(av.VideoFrame.from_numpy_buffer(i420, format="yuv420p"), number, force_idr)

    def encode_frame(self, frame: av.VideoFrame, number: int, force_idr: bool = False) -> Packet:
        """Like ``encode``, from a frame of the encoder's own size."""
        frame.pts = picture_pts(number, self._fps)
        frame.time_base = self._codec.time_base
        if force_idr or number % (self._fps * GOP_SECONDS) == 0:
            frame.pict_type = PictureType.I
        (packet,) = self._codec.encode(frame)
        duration = picture_pts(number + 1, self._fps) - frame.pts
        return Packet(self._stream, bytes(packet), frame.pts, duration, packet.is_keyframe)


class SmallEncoder:
    """The same picture with half its width and height, for viewers whose line is too thin: a quarter of the bits."""

    def __init__(self, width: int, height: int, fps: int) -> None:
        self._width, self._height = width // 4 * 2, height // 4 * 2
        self._encoder = VideoEncoder(self._width, self._height, fps, Stream.SMALL)

    def encode(self, i420: NDArray[np.uint8], number: int, force_idr: bool = False) -> Packet:
        """See ``VideoEncoder.encode``; ``i420`` is the full picture."""
        whole = av.VideoFrame.from_numpy_buffer(i420, format="yuv420p")
        small = whole.reformat(width=self._width, height=self._height, interpolation="AREA")
        return self._encoder.encode_frame(small, number, force_idr)


class AudioEncoder:
    """Mono 48 kHz float32 to one audio stream. pts of a packet is the first sample that it decodes to."""

    def __init__(self, stream: Stream) -> None:
        name, layout, rate = {
            Stream.OPUS: ("libopus", "mono", OPUS_BIT_RATE),
            Stream.AAC: ("aac", "stereo", AAC_BIT_RATE),
        }[stream]
        codec = av.CodecContext.create(name, "w")
        assert isinstance(codec, AudioCodecContext)
        codec.sample_rate = SAMPLE_RATE
        codec.layout = layout
        codec.format = "flt" if stream is Stream.OPUS else "fltp"
        codec.bit_rate = rate
        codec.time_base = Fraction(1, SAMPLE_RATE)
        if stream is Stream.OPUS:
            codec.options = {"application": "audio", "frame_duration": "20", "vbr": "constrained"}
        else:
            codec.flags |= av.codec.context.Flags.global_header
        codec.open()
        self._stream = stream
        self._codec = codec
        self._form = (codec.format.name, codec.layout.name)
        self._time_base = codec.time_base
        # AudioFifo counts from zero.
        self._fifo = AudioFifo()
        self._first: int | None = None

    @property
    def config(self) -> bytes:
        """The codec's global header: AAC's AudioSpecificConfig, Opus's OpusHead."""
        return self._codec.extradata or b""

    def encode(self, pcm: Floats, sample: int) -> list[Packet]:
        """Encode ``pcm``, whose first sample is ``sample`` and follows the last call's; packets as they come out."""
        sound_format, layout = self._form
        frame = av.AudioFrame(format=sound_format, layout=layout, samples=len(pcm))
        samples = pcm.tobytes()
        for plane in frame.planes:
            plane.update(samples)
        frame.sample_rate, frame.time_base = SAMPLE_RATE, self._time_base
        if self._first is None and len(pcm) == self._codec.frame_size:
            # Opus takes what a tick makes as it is.
            frame.pts = sample
            return [self._packet(packet) for packet in self._codec.encode(frame)]
        self._first = sample if self._first is None else self._first
        frame.pts = sample - self._first
        self._fifo.write(frame)
        packets: list[Packet] = []
        for piece in self._fifo.read_many(self._codec.frame_size):
            piece.pts = (piece.pts or 0) + self._first
            packets.extend(self._packet(p) for p in self._codec.encode(piece))
        return packets

    def _packet(self, packet: av.Packet[Any]) -> Packet:
        assert packet.pts is not None
        return Packet(self._stream, bytes(packet), packet.pts, self._codec.frame_size, True)

    def restart(self) -> None:
        """Forget what is half collected, before time jumps."""
        self._fifo, self._first = AudioFifo(), None
