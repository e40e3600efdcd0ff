"""Puts the shared packets into a container (FLV, MP4) as they are, with times that begin at zero."""

from __future__ import annotations

import io
from fractions import Fraction

import av
from av.container import OutputContainer

from engine.broadcast.encoder import AAC_BIT_RATE
from engine.flow import SAMPLE_RATE, STREAM_CLOCK, VIDEO_CLOCK_RATE, MediaFormat, Packet, Stream
from engine.outlets.base import OutletError


class Muxer:
    """One open container with an H.264 and an AAC stream.

    Times are rebased so that the first video keyframe is at zero; sound before it is left out. Packets must be those
    of one master clock, so sound and picture keep their distance.
    """

    def __init__(self, container: OutputContainer, media: MediaFormat, first_idr: Packet) -> None:
        self._container = container
        self._base = first_idr.pts
        with av.open(io.BytesIO(first_idr.data), format="h264") as probe:
            video = container.add_stream_from_template(probe.streams.video[0], opaque=True)
        video.time_base = Fraction(1, VIDEO_CLOCK_RATE)
        # The header comes from an AAC encoder with the master's settings, which is opened and never used.
        audio = container.add_stream("aac", rate=SAMPLE_RATE, layout="stereo")
        audio.codec_context.bit_rate = AAC_BIT_RATE
        audio.time_base = Fraction(1, SAMPLE_RATE)
        container.start_encoding()
        if bytes(audio.codec_context.extradata or b"") != media.aac_config:
            raise OutletError("the sound's format is not the one that the master sends", retryable=False)
        self._streams = {Stream.VIDEO: video, Stream.AAC: audio}

    def write(self, packet: Packet) -> None:
        """Mux one packet; Opus packets and sound from before the first picture are passed over."""
        stream = self._streams.get(packet.stream)
        if stream is None:
            return
        clock = STREAM_CLOCK[packet.stream]
        pts = packet.pts - self._base * clock // VIDEO_CLOCK_RATE
        if pts < 0:
            return
        out = av.Packet(packet.data)
        out.stream = stream
        out.time_base = Fraction(1, clock)
        out.pts = out.dts = pts
        out.duration = packet.duration
        out.is_keyframe = packet.is_keyframe
        self._container.mux(out)

    def close(self) -> None:
        """Write the trailer and close."""
        self._container.close()


def translate(error: Exception, what: str) -> OutletError:
    """Our error for one of FFmpeg's, without its text: that may hold the address with its key."""
    reason = getattr(error, "strerror", None) or type(error).__name__
    return OutletError(f"{what}: {reason}")
