"""Body files and photo packages with something in them changed, as damage or malice would."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

Change = Callable[[dict[str, bytes]], object]


def altered(source: Path, out: Path, change: Change, packing: int = zipfile.ZIP_DEFLATED) -> Path:
    """A zip with other entries."""
    with zipfile.ZipFile(source) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    change(entries)
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out


def with_broken_block(file: Path, name: str) -> Path:
    """The file with the first packed byte of an entry saying that its block is of no kind that there is."""
    with zipfile.ZipFile(file) as archive:
        entry = archive.getinfo(name)
        assert entry.compress_type == zipfile.ZIP_DEFLATED
    content = bytearray(file.read_bytes())
    lengths = struct.unpack_from("<HH", content, entry.header_offset + 26)
    content[entry.header_offset + 30 + sum(lengths)] = 0x07
    file.write_bytes(content)
    return file


def claiming(shape: tuple[int, ...], descr: str = "<f4") -> bytes:
    """An ``.npy`` whose header says that much more comes than does."""
    out = io.BytesIO()
    np.lib.format.write_array_header_1_0(out, {"descr": descr, "fortran_order": False, "shape": shape})
    return out.getvalue() + bytes(12)


def npy(values: object) -> bytes:
    out = io.BytesIO()
    np.save(out, np.asarray(values), allow_pickle=False)
    return out.getvalue()


def png_that_says(width: int, height: int) -> bytes:
    """A grey PNG of a few bytes that asks for so many pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(8))) + chunk(b"IEND", b"")
