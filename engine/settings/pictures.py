"""What of a picture may be decoded, and whether bytes are one; and files that are written whole."""

from __future__ import annotations

import io
import os
import struct
import time
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np
from PIL import ExifTags, Image, UnidentifiedImageError

MAX_PIXELS = 40_000_000
LEAST_SIDE = 16

ENDINGS = {"PNG": ".png", "JPEG": ".jpg", "WEBP": ".webp"}

FORMATS = (*ENDINGS, "GIF", "BMP", "TIFF", "AVIF")
"""Of pictures in files. Others are rare, and some (EPS) would be given to another program to draw."""

BROKEN: tuple[type[Exception], ...] = (
    OSError, ValueError, SyntaxError, EOFError, LookupError, TypeError, AttributeError, ArithmeticError, RuntimeError,
    MemoryError, struct.error, zlib.error,
)  # fmt: skip
"""What Pillow raises for broken and strange pictures."""

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip
"""What sets a picture upright, by its orientation (EXIF 2.32, tag 0x0112)."""


class PictureError(Exception):
    """A picture cannot be used; the text says why."""


class TooLargeError(PictureError):
    """A picture has more pixels than are decoded."""


def checked_format(content: bytes) -> str:
    """The format of a picture, which is decoded whole to be sure.

    Raises:
        PictureError: it is no picture, not one of PNG, JPEG and WebP, or too large.
    """
    with opened_picture(io.BytesIO(content), tuple(ENDINGS)) as image:
        width, height = image.size
        if min(width, height) < LEAST_SIDE:
            raise PictureError(f"it has {width} × {height} pixels, which is too small to show")
        image.load()
        # A JPEG of a phone may hold further pictures behind the first.
        return "JPEG" if image.format == "MPO" else str(image.format)


@contextmanager
def opened_picture(source: Path | IO[bytes], formats: tuple[str, ...] = FORMATS) -> Iterator[Image.Image]:
    """A picture within the bounds, of which only the head was read; whoever needs its pixels decodes them in the block.

    Raises:
        PictureError: it is no picture, broken (in the block, too), or too large.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(source, formats=formats) as image:
                width, height = image.size
                if width * height > MAX_PIXELS:
                    raise TooLargeError(f"it has {width} × {height} pixels, more than {MAX_PIXELS / 1e6:g} million")
                yield image
    except Image.DecompressionBombError as error:
        raise TooLargeError(f"it has far more than {MAX_PIXELS / 1e6:g} million pixels") from error
    except UnidentifiedImageError as error:
        raise PictureError("it is not a PNG, JPEG or WebP picture") from error
    except BROKEN as error:
        raise PictureError(f"it is a broken picture: {error}") from error


def upright(image: Image.Image) -> Image.Image:
    """A picture as cameras mean it to be seen, of 8 bits a colour.

    Only the pixels are turned: what the camera wrote beside them is left as it is, however odd.
    """
    # A TIFF is turned, and loses its orientation, while it is decoded; a PNG may have its own behind the pixels.
    image.load()
    turn = _TURNS.get(_orientation(image))
    return of_8_bits(image if turn is None else image.transpose(turn))


def of_8_bits(image: Image.Image) -> Image.Image:
    """A picture of 8 bits a colour: of 16 grey ones Pillow would make most white."""
    if not image.mode.startswith("I"):
        return image
    return Image.fromarray(np.clip(np.asarray(image, np.int32) >> 8, 0, 255).astype(np.uint8))


def _orientation(image: Image.Image) -> int:
    """The orientation that a camera wrote; 1, which is upright, where none can be read."""
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except BROKEN:
        return 1


def why_too_large(file: Path) -> str:
    """Why a picture has more pixels than are shown, by its head alone; "" where it has not, or is none."""
    try:
        with opened_picture(file):
            return ""
    except TooLargeError as error:
        return str(error)
    except PictureError:
        return ""


def write_whole(path: Path, content: bytes) -> None:
    """Write a whole file or none: other processes may read it at the same time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{time.monotonic_ns()}")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
