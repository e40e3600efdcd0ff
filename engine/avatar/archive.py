"""Zip files from strangers: no names that lead outside, no more in them than they say, nothing that grows endlessly."""

from __future__ import annotations

import io
import math
import struct
import warnings
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Any

import cv2
import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray
from PIL import Image as Pictures

from engine.avatar.errors import BodyError
from engine.settings.plain import plain

MOST_BYTES = 256 * 1024 * 1024
"""Of a file, and of all that a package or a model consists of together."""

MOST_ENTRIES = 4000
MOST_RATIO, RATIO_FROM = 200, 1024 * 1024
"""A packed file of more than ``RATIO_FROM`` bytes may be so many times as large as what it is packed in."""

MOST_SHOWN = 80
"""Letters of a stranger's name that a message shows."""

DAMAGE: tuple[type[Exception], ...] = (
    zipfile.BadZipFile, zlib.error, struct.error, cv2.error, Pictures.DecompressionBombError, ArithmeticError,
    AttributeError, EOFError, LookupError, MemoryError, OSError, RuntimeError, TypeError, ValueError,
)  # fmt: skip
"""What reading a file may raise that was damaged, or made by somebody to do harm."""

PACKINGS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""Ways of packing that are read: others may ask for gigabytes to unpack a few bytes."""

_NUMBERS = "uif"
"""Kinds of an array's numbers: whole ones without and with a sign, and floats."""


def check_archive(file: Path, archive: zipfile.ZipFile, ratio_from: int = RATIO_FROM) -> None:
    """Refuses a zip with names that lead outside, too many files, or more in it than the bounds allow.

    Raises:
        BodyError: with what is wrong.
    """
    entries = archive.infolist()
    for entry in entries[:MOST_ENTRIES]:
        stay_inside(file, entry.filename)
        if entry.compress_type not in PACKINGS:
            raise BodyError(
                f"{file}: “{_shown(entry.filename)}” is packed in a way that is not read; zip it again in the usual way"
            )
        unpacked, packed = entry.file_size, max(entry.compress_size, 1)
        if unpacked > ratio_from and unpacked / packed > MOST_RATIO:
            raise BodyError(
                f"{file}: “{_shown(entry.filename)}” would grow {unpacked // packed} times when unpacked, as a zip "
                "bomb does; it is not opened"
            )
    if wrong := why_too_large(len(entries), sum(entry.file_size for entry in entries)):
        raise BodyError(f"{file}: {wrong}")


def why_too_large(files: int, unpacked: int) -> str:
    """Why a package of so many files, with so many bytes when unpacked, is not opened; "" where it is."""
    if files > MOST_ENTRIES:
        return f"a package of {files} files; at most {MOST_ENTRIES}"
    if unpacked > MOST_BYTES:
        return f"{unpacked / 1e6:.0f} MB when unpacked; at most {MOST_BYTES / 1e6:.0f} MB"
    return ""


def read_entry(file: Path, archive: zipfile.ZipFile, name: str) -> bytes:
    """An entry's bytes, not one more than its directory says.

    Raises:
        BodyError: the entry is larger than it says, or cannot be unpacked.
        KeyError: there is no such entry.
    """
    entry = archive.getinfo(name)
    try:
        with archive.open(entry) as stream:
            content = stream.read(entry.file_size + 1)
    except DAMAGE as error:
        raise BodyError(f"{file}: “{_shown(name)}” cannot be unpacked ({error})") from error
    if len(content) > entry.file_size:
        raise BodyError(f"{file}: “{_shown(name)}” is larger than the package says, as in a zip bomb; it is not opened")
    return content


def array_of(content: bytes) -> NDArray[Any]:
    """The numbers in an ``.npy`` file, which may claim no more of them than it holds.

    Raises:
        ValueError: it is no such file, or claims another size; it holds something else than numbers.
    """
    stream = io.BytesIO(content)
    read = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}.get(npy.read_magic(stream))
    if read is None:
        raise ValueError("an array of an unknown version")
    shape, _, dtype = read(stream)
    if dtype.kind not in _NUMBERS:
        raise ValueError(f"an array that holds no numbers, but {dtype.kind!r}")
    held = len(content) - stream.tell()
    if math.prod(shape) * dtype.itemsize != held or max(shape, default=0) > len(content):
        raise ValueError(f"an array that claims to be {shape} and holds {held} bytes")
    return np.asarray(np.load(io.BytesIO(content), allow_pickle=False))


def picture_size(content: bytes) -> tuple[int, int]:
    """Width and height that a PNG or JPEG says it has, before anything of it is decoded.

    Raises:
        ValueError: it is neither, or says that it is larger than any picture.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Pictures.DecompressionBombWarning)
            with Pictures.open(io.BytesIO(content), formats=("PNG", "JPEG")) as opened:
                return opened.size
    except (Pictures.DecompressionBombError, OSError, SyntaxError) as error:
        raise ValueError(f"no picture that can be read: {error}") from error


def picture_of(content: bytes, flag: int, most_side: int) -> NDArray[np.uint8]:
    """A PNG or JPEG decoded as ``flag`` of OpenCV says, of at most ``most_side`` pixels either way.

    Raises:
        ValueError: it is neither, larger, or damaged.
    """
    width, height = picture_size(content)
    if max(width, height) > most_side:
        raise ValueError(f"a picture of {width}x{height} pixels")
    decoded = cv2.imdecode(np.frombuffer(content, np.uint8), flag)
    if decoded is None:
        raise ValueError("a picture that cannot be decoded")
    return np.asarray(decoded, np.uint8)


def stay_inside(file: Path, name: str) -> None:
    """Raises BodyError for a name that leads out of the folder or package that ``file`` is."""
    path = PurePosixPath(name)
    if "\\" in name or "\0" in name or path.is_absolute() or ".." in path.parts or (len(name) > 1 and name[1] == ":"):
        raise BodyError(f"{file}: it names “{_shown(name)}”, a file outside its own folder, which is never read")


def _shown(name: str) -> str:
    return plain(name)[:MOST_SHOWN]
