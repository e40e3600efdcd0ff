"""The photo package (``.ehp``): one person's picture and all that makes it speak, in one zip that is safe to open.

The zip holds ``header.json`` and four files named in ``ENTRIES``, nothing else. The header has the SHA-256 of each.
Nothing is ever unpacked to disk, no entry's name is used as a path, sizes are checked before and while reading, and
arrays are read without pickle.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pictures
from pydantic import BaseModel, ConfigDict, ValidationError

from engine.avatar.body_file import ENTRY_DATE
from engine.avatar.photo.errors import PhotoError
from engine.flow import Floats
from engine.settings.consent import Consent

Image = NDArray[np.uint8]
Background = Literal["keep", "blur", "replace"]

SUFFIX = ".ehp"
FORMAT, VERSION = "everhost-photo", 1
HEADER = "header.json"
ENTRIES = ("picture.jpg", "matte.png", "backdrop.jpg", "points.npy")
POINTS = 478
LARGEST_ENTRY = 24_000_000
"""Bytes of one entry, unpacked; ours have under six million."""

LARGEST_SIDE = 6000
QUALITY = 94
AGAIN = "make it again: everhost avatar photo"


class Header(BaseModel):
    """What a package says of itself. ``shapes`` are the face curves that mediapipe reads from the photo itself."""

    model_config = ConfigDict(extra="forbid")

    format: str
    version: int
    name: str
    background: Background
    shapes: dict[str, float]
    consent: Consent
    sha256: dict[str, str]


@dataclass(frozen=True)
class PhotoData:
    """One person's picture.

    ``picture`` (height, width, 3) is BGR; where ``matte`` (height, width) is neither 0 nor 255 it is the person's own
    colour, without the background's share. ``backdrop`` (height, width, 3) is the picture without the person.
    ``points`` (478, 3) are mediapipe's: pixels right and down, and pixels towards the viewer.
    """

    name: str
    background: Background
    shapes: dict[str, float]
    consent: Consent
    picture: Image
    matte: Image
    backdrop: Image
    points: Floats


def write_photo(file: Path, photo: PhotoData) -> None:
    """Writes the file, replacing one that is there only when all is written. The same photo gives the same bytes."""
    entries = {
        "picture.jpg": _packed(".jpg", photo.picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY]),
        "matte.png": _packed(".png", photo.matte, []),
        "backdrop.jpg": _packed(".jpg", photo.backdrop, [cv2.IMWRITE_JPEG_QUALITY, QUALITY]),
        "points.npy": _npy(photo.points),
    }
    header = Header(
        format=FORMAT,
        version=VERSION,
        name=photo.name,
        background=photo.background,
        shapes=photo.shapes,
        consent=photo.consent,
        sha256={name: hashlib.sha256(content).hexdigest() for name, content in entries.items()},
    )
    partial = file.with_suffix(".partial")
    with zipfile.ZipFile(partial, "w") as archive:
        for name, content in {HEADER: header.model_dump_json(indent=1).encode(), **entries}.items():
            archive.writestr(zipfile.ZipInfo(name, ENTRY_DATE), content)
    partial.replace(file)


def read_photo(file: Path) -> PhotoData:
    """Reads a package. Raises PhotoError when it is missing, unsafe, damaged, changed, or of another version."""
    try:
        with zipfile.ZipFile(file) as archive:
            _check_names(file, archive)
            header = _header(file, _bounded(file, archive, HEADER))
            content = {name: _bounded(file, archive, name) for name in ENTRIES}
    except FileNotFoundError as error:
        raise PhotoError(f"{file}: there is no such photo package; make one: everhost avatar photo") from error
    except (zipfile.BadZipFile, IsADirectoryError, NotImplementedError, RuntimeError) as error:
        raise PhotoError(f"{file}: not a photo package ({error}); {AGAIN}") from error
    for name, packed in content.items():
        if hashlib.sha256(packed).hexdigest() != header.sha256.get(name):
            raise PhotoError(
                f"{file}: “{name}” is not what the package was made with (its SHA-256 does not match): "
                f"it was damaged or changed; {AGAIN}"
            )
    return _photo(file, header, content)


def _check_names(file: Path, archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    for name in names:
        if name.startswith(("/", "\\")) or ".." in name or ":" in name or "\\" in name:
            raise PhotoError(f"{file}: the entry “{name}” leads out of the package, which is an attack; do not use it")
        if name not in (HEADER, *ENTRIES):
            raise PhotoError(f"{file}: the entry “{name}” does not belong into a photo package; {AGAIN}")
    for name in (HEADER, *ENTRIES):
        if names.count(name) != 1:
            raise PhotoError(f"{file}: not a photo package, it has {names.count(name)} entries “{name}”; {AGAIN}")


def _bounded(file: Path, archive: zipfile.ZipFile, name: str) -> bytes:
    """One entry, which may be no larger than ours ever are, whatever its size is said to be."""
    with archive.open(name) as entry:
        content = entry.read(LARGEST_ENTRY + 1)
    if len(content) > LARGEST_ENTRY:
        raise PhotoError(
            f"{file}: “{name}” grows beyond {LARGEST_ENTRY // 1_000_000} MB when unpacked, like a zip bomb; "
            "do not use it"
        )
    return content


def _header(file: Path, content: bytes) -> Header:
    try:
        told: dict[str, Any] = json.loads(content)
        if told.get("format") != FORMAT:
            raise PhotoError(f"{file}: not a photo package, its format is {told.get('format')!r}")
        if told.get("version") != VERSION:
            raise PhotoError(
                f"{file}: photo package version {told.get('version')}, this Everhost reads version {VERSION}; {AGAIN}"
            )
        return Header.model_validate(told)
    except (ValueError, AttributeError, ValidationError) as error:
        raise PhotoError(f"{file}: the package's header is damaged ({error}); {AGAIN}") from error


def _photo(file: Path, header: Header, content: dict[str, bytes]) -> PhotoData:
    try:
        picture = _picture(content["picture.jpg"], cv2.IMREAD_COLOR)
        matte = _picture(content["matte.png"], cv2.IMREAD_GRAYSCALE)
        backdrop = _picture(content["backdrop.jpg"], cv2.IMREAD_COLOR)
        points = np.load(io.BytesIO(content["points.npy"]), allow_pickle=False)
    except (ValueError, EOFError, OSError, cv2.error) as error:
        raise PhotoError(f"{file}: the package is damaged ({error}); {AGAIN}") from error
    if picture.shape[:2] != matte.shape or picture.shape != backdrop.shape:
        raise PhotoError(f"{file}: the package's pictures are of different sizes; {AGAIN}")
    if points.shape != (POINTS, 3) or points.dtype != np.float32 or not np.isfinite(points).all():
        raise PhotoError(f"{file}: the package's face points are no {POINTS} points; {AGAIN}")
    return PhotoData(
        header.name, header.background, header.shapes, header.consent, picture, matte, backdrop, points
    )  # fmt: skip


def _picture(content: bytes, flag: int) -> Image:
    """Decodes a picture whose header asks for no more than ``LARGEST_SIDE`` pixels either way."""
    width, height = Pictures.open(io.BytesIO(content)).size
    if max(width, height) > LARGEST_SIDE:
        raise ValueError(f"a picture of {width}x{height} pixels")
    decoded = cv2.imdecode(np.frombuffer(content, np.uint8), flag)
    if decoded is None:
        raise ValueError("a picture that cannot be decoded")
    return np.asarray(decoded, np.uint8)


def _packed(kind: str, picture: Image, options: list[int]) -> bytes:
    done, packed = cv2.imencode(kind, np.ascontiguousarray(picture), options)
    if not done:
        raise PhotoError(f"a picture could not be packed as {kind}")
    return bytes(packed)


def _npy(values: Floats) -> bytes:
    out = io.BytesIO()
    np.save(out, np.ascontiguousarray(values, np.float32), allow_pickle=False)
    return out.getvalue()
