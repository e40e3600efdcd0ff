"""Pictures as cameras write them, with tags of any kind."""

from __future__ import annotations

import struct

Tag = tuple[int, int, int, bytes]


def short_tag(tag: int, value: int) -> Tag:
    """A number of 16 bits."""
    return tag, 3, 1, struct.pack("<HH", value, 0)


def text_tag(tag: int, text: bytes) -> Tag:
    """Up to four letters."""
    return tag, 2, len(text), text.ljust(4, b"\0")


def exif(*tags: Tag) -> bytes:
    """An EXIF block with one directory (TIFF 6.0, section 2)."""
    entries = b"".join(struct.pack("<HHI", *tag[:3]) + tag[3] for tag in sorted(tags))
    return b"Exif\0\0II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4)
