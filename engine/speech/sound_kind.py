"""What bytes are that came as sound: a file format, or a text that tells of an error.

Bare samples may begin with any bytes, so a format without a name of its own at its beginning (MP3, AAC) is told by two
of its frames: the second stands where the first one says that it ends.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable

NAMES = ((b"ID3", "MP3"), (b"OggS", "Ogg"), (b"fLaC", "FLAC"), (b"RIFF", "WAV"))

_MPEG_1_KBITS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MPEG_2_KBITS = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_MPEG_RATES = (44_100, 48_000, 32_000)
_ADTS_RATES = 13

_TEXT_BYTES = 200


def kind_of(data: bytes) -> str:
    """The name of what ``data`` is, for people; "" where it may be bare samples."""
    for head, name in NAMES:
        if data.startswith(head):
            return name
    if _are_frames(data, _mp3_frame):
        return "MP3"
    if _are_frames(data, _adts_frame):
        return "AAC"
    return _kind_of_text(data[:_TEXT_BYTES].lstrip())


def _are_frames(data: bytes, length_of: Callable[[bytes], int]) -> bool:
    length = length_of(data[:8])
    return length > 0 and (len(data) <= length or length_of(data[length : length + 8]) > 0)


def _mp3_frame(head: bytes) -> int:
    """Bytes of the MPEG frame of layer III that begins with ``head`` (ISO 11172-3, 2.4.2.3); 0 where none does."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return 0
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    kbits, rate, padding = head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if version == 1 or layer != 1 or kbits not in range(1, 15) or rate == 3:
        return 0
    if version == 3:
        return 144_000 * _MPEG_1_KBITS[kbits] // _MPEG_RATES[rate] + padding
    return 72_000 * _MPEG_2_KBITS[kbits] // (_MPEG_RATES[rate] // (2 if version == 2 else 4)) + padding


def _adts_frame(head: bytes) -> int:
    """Bytes of the AAC frame that begins with ``head`` (ISO 13818-7, 6.2); 0 where none does."""
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0 or head[2] >> 2 & 15 >= _ADTS_RATES:
        return 0
    length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    return length if length >= 7 else 0


def _kind_of_text(head: bytes) -> str:
    kind = {b"{": "JSON", b"<": "a web page"}.get(head[:1], "")
    if not kind or b"\0" in head:
        return ""
    try:
        # The last character may be cut.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return ""
    return kind
