"""The bodies of FLV's audio, video and data messages (Adobe, "Video File Format Specification", 10.1, annex E)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from engine.broadcast.encoder import AAC_BIT_RATE, video_bit_rate
from engine.flow import SAMPLE_RATE, MediaFormat
from engine.outlets.flash import amf

_SPS, _PPS, _DELIMITER, _IDR = 7, 8, 9, 5
_AVC = 7
_KEY, _INTER = 1, 2
_AAC_STEREO = 0xAF
"""AAC, and the values that the specification fixes for it: 44 kHz, 16 bit, stereo, whatever the sound is."""


def units(annex_b: bytes) -> Iterator[bytes]:
    """The NAL units of an access unit in Annex B form, without their start codes."""
    at = annex_b.find(b"\0\0\1")
    while at >= 0:
        begin = at + 3
        at = annex_b.find(b"\0\0\1", begin)
        unit = annex_b[begin:] if at < 0 else annex_b[begin:at]
        # A zero before a start code belongs to it (four-byte form), and a unit never ends in one.
        unit = unit.rstrip(b"\0")
        if unit:
            yield unit


def picture(annex_b: bytes) -> bytes:
    """An AVC picture: units with their lengths; parameter sets are left to ``picture_header``."""
    kept = [unit for unit in units(annex_b) if unit[0] & 0x1F not in {_SPS, _PPS, _DELIMITER}]
    key = any(unit[0] & 0x1F == _IDR for unit in kept)
    body = b"".join(struct.pack(">I", len(unit)) + unit for unit in kept)
    return bytes(((_KEY if key else _INTER) << 4 | _AVC, 1, 0, 0, 0)) + body


def picture_header(annex_b: bytes) -> bytes:
    """The AVC sequence header from the parameter sets before an IDR (AVCDecoderConfigurationRecord, ISO 14496-15).

    Raises:
        ValueError: the access unit holds no parameter sets.
    """
    by_kind = {unit[0] & 0x1F: unit for unit in units(annex_b)}
    sps, pps = by_kind.get(_SPS), by_kind.get(_PPS)
    if sps is None or pps is None:
        raise ValueError("the picture has no parameter sets")
    record = bytes((1, sps[1], sps[2], sps[3], 0xFF, 0xE1)) + struct.pack(">H", len(sps)) + sps
    record += b"\1" + struct.pack(">H", len(pps)) + pps
    return bytes((_KEY << 4 | _AVC, 0, 0, 0, 0)) + record


def sound(aac: bytes) -> bytes:
    """A raw AAC frame."""
    return bytes((_AAC_STEREO, 1)) + aac


def sound_header(aac_config: bytes) -> bytes:
    """The AAC sequence header."""
    return bytes((_AAC_STEREO, 0)) + aac_config


def metadata(media: MediaFormat) -> bytes:
    """``onMetaData``, as a publisher sends it. ``comment`` marks the stream as made by AI (EU AI Act, article 50)."""
    told = amf.EcmaArray({
        "width": float(media.width),
        "height": float(media.height),
        "framerate": float(media.fps),
        "videocodecid": float(_AVC),
        "videodatarate": video_bit_rate(media.width, media.height, media.fps) / 1000,
        "audiocodecid": 10.0,
        "audiodatarate": AAC_BIT_RATE / 1000,
        "audiosamplerate": float(SAMPLE_RATE),
        "audiosamplesize": 16.0,
        "stereo": True,
        "encoder": "Everhost",
        "comment": "AI-generated: digital host (AIGC)",
    })  # fmt: skip
    return amf.encode("@setDataFrame", "onMetaData", told)
