"""The photo package (``.ehp``): one person's picture and all that makes it speak, in one zip that is safe to open.

The zip holds ``header.json`` and four files named in ``ENTRIES``, nothing else. The header has the SHA-256 of each, and
of the consent in it. Nothing is ever unpacked to disk, no entry's name is used as a path, sizes are checked before and
while reading, and arrays are read without pickle.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.avatar.archive import DAMAGE, MOST_SHOWN, PACKINGS, array_of, picture_of
from engine.avatar.body_file import ENTRY_DATE
from engine.avatar.photo.errors import PhotoError
from engine.flow import Floats
from engine.settings.consent import Consent
from engine.settings.plain import plain

Image = NDArray[np.uint8]
Background = Literal["keep", "blur", "replace"]

SUFFIX = ".ehp"
FORMAT, VERSION = "everhost-photo", 1
HEADER = "header.json"
ENTRIES = ("picture.jpg", "matte.png", "backdrop.jpg", "points.npy")
POINTS = 478
LARGEST_ENTRY = 24_000_000
"""Bytes of one entry, unpacked; ours have under six million."""

LARGEST_HEADER = 200_000
LARGEST_FILE = LARGEST_HEADER + (len(ENTRIES) + 1) * LARGEST_ENTRY
LARGEST_SIDE = 6000
SMALLEST_FACE = 8.0
"""Pixels of a face, brow to chin, below which a package holds none; ours have 340 and more."""

PERSON, LEAST_PERSON = 128, 0.002
"""A matte of so much is the person, who covers at least such a share of the picture."""

CONSENT = "consent"
"""Name, among the hashes, of the consent's own; packages made without it are read all the same."""

QUALITY = 94
AGAIN = "make it again: everhost avatar photo"


class Header(BaseModel):
    """What a package says of itself. ``shapes`` are the face curves that mediapipe reads from the photo itself: 0 to 1,
    since a face is drawn by what of a curve is left.
    """

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    format: str
    version: int
    name: str
    background: Background
    shapes: dict[str, Annotated[float, Field(ge=0, le=1)]]
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
        sha256={
            **{name: hashlib.sha256(content).hexdigest() for name, content in entries.items()},
            CONSENT: consent_hash(photo.consent),
        },
    )
    partial = file.with_suffix(".partial")
    with zipfile.ZipFile(partial, "w") as archive:
        for name, content in {HEADER: header.model_dump_json(indent=1).encode(), **entries}.items():
            archive.writestr(zipfile.ZipInfo(name, ENTRY_DATE), content)
    partial.replace(file)


def consent_hash(consent: Consent) -> str:
    """The SHA-256 of all that a consent says."""
    said = consent.model_dump(mode="json", exclude_none=True)
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def read_photo(file: Path) -> PhotoData:
    """Reads a package. Raises PhotoError when it is missing, unsafe, damaged, changed, or of another version.

    Whether the consent in it still holds is for who shows the person.
    """
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise PhotoError(f"{file}: larger than any photo package; {AGAIN}")
        with zipfile.ZipFile(file) as archive:
            _check_names(file, archive)
            header = _header(file, _bounded(file, archive, HEADER, LARGEST_HEADER))
            content = {name: _bounded(file, archive, name, LARGEST_ENTRY) for name in ENTRIES}
    except FileNotFoundError as error:
        raise PhotoError(f"{file}: there is no such photo package; make one: everhost avatar photo") from error
    except DAMAGE as error:
        raise PhotoError(f"{file}: not a photo package ({error}); {AGAIN}") from error
    _check_hashes(file, header, content)
    try:
        return _photo(header, content)
    except DAMAGE as error:
        raise PhotoError(f"{file}: the package is damaged ({error}); {AGAIN}") from error


def _check_hashes(file: Path, header: Header, content: dict[str, bytes]) -> None:
    found = {f"“{name}”": (hashlib.sha256(packed).hexdigest(), name) for name, packed in content.items()}
    if CONSENT in header.sha256:
        found["the consent in it"] = consent_hash(header.consent), CONSENT
    for what, (found_hash, name) in found.items():
        if found_hash != header.sha256.get(name):
            raise PhotoError(
                f"{file}: {what} is not what the package was made with (its SHA-256 does not match): "
                f"it was damaged or changed; {AGAIN}"
            )


def _check_names(file: Path, archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    for entry in entries:
        name, shown = entry.filename, plain(entry.filename)[:MOST_SHOWN]
        if name.startswith(("/", "\\")) or ".." in name or ":" in name or "\\" in name:
            raise PhotoError(f"{file}: the entry “{shown}” leads out of the package, which is an attack; do not use it")
        if name not in (HEADER, *ENTRIES):
            raise PhotoError(f"{file}: the entry “{shown}” does not belong into a photo package; {AGAIN}")
        if entry.compress_type not in PACKINGS:
            raise PhotoError(f"{file}: “{shown}” is packed in a way that is not read; {AGAIN}")
    names = [entry.filename for entry in entries]
    for name in (HEADER, *ENTRIES):
        if names.count(name) != 1:
            raise PhotoError(f"{file}: not a photo package, it has {names.count(name)} entries “{name}”; {AGAIN}")


def _bounded(file: Path, archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """One entry, which may be no larger than ours ever are, whatever its size is said to be."""
    with archive.open(name) as entry:
        content = entry.read(most + 1)
    if len(content) > most:
        raise PhotoError(
            f"{file}: “{name}” grows beyond {most / 1e6:g} MB when unpacked, like a zip bomb; do not use it"
        )
    return content


def _header(file: Path, content: bytes) -> Header:
    try:
        told: dict[str, Any] = json.loads(content)
        if told.get("format") != FORMAT:
            raise PhotoError(f"{file}: not a photo package, its format is {told.get('format')!r:.40}")
        if told.get("version") != VERSION:
            raise PhotoError(
                f"{file}: photo package version {told.get('version')!r:.40}, this Everhost reads version {VERSION}; "
                f"{AGAIN}"
            )
        return Header.model_validate(told)
    except (ValueError, AttributeError, RecursionError, ValidationError) as error:
        raise PhotoError(f"{file}: the package's header is damaged ({error!s:.300}); {AGAIN}") from error


def _photo(header: Header, content: dict[str, bytes]) -> PhotoData:
    """The photo; raises ValueError, or another of ``DAMAGE``, where what is packed is none."""
    picture = picture_of(content["picture.jpg"], cv2.IMREAD_COLOR, LARGEST_SIDE)
    matte = picture_of(content["matte.png"], cv2.IMREAD_GRAYSCALE, LARGEST_SIDE)
    backdrop = picture_of(content["backdrop.jpg"], cv2.IMREAD_COLOR, LARGEST_SIDE)
    points = array_of(content["points.npy"])
    if picture.shape[:2] != matte.shape or picture.shape != backdrop.shape:
        raise ValueError("its pictures are of different sizes")
    if points.shape != (POINTS, 3) or points.dtype != np.float32 or not np.isfinite(points).all():
        raise ValueError(f"its face points are no {POINTS} points")
    height, width = matte.shape
    low, high = points[:, :2].min(0), points[:, :2].max(0)
    if (low < -LARGEST_SIDE).any() or (high > LARGEST_SIDE * 2).any() or np.ptp(points[:, 1]) < SMALLEST_FACE:
        raise ValueError("its face points are not those of a face")
    if (low > [width, height]).any() or (high < 0).any():
        raise ValueError("its face lies outside of the picture")
    if is_empty(matte):
        raise ValueError("nobody is left of the picture: its matte is empty")
    return PhotoData(
        header.name, header.background, header.shapes, header.consent, picture, matte, backdrop, points
    )  # fmt: skip


def is_empty(matte: Image) -> bool:
    """Whether hardly anything of a picture counts as the person."""
    return float((matte >= PERSON).mean()) < LEAST_PERSON


def _packed(kind: str, picture: Image, options: list[int]) -> bytes:
    done, packed = cv2.imencode(kind, np.ascontiguousarray(picture), options)
    if not done:
        raise PhotoError(f"a picture could not be packed as {kind}")
    return bytes(packed)


def _npy(values: Floats) -> bytes:
    out = io.BytesIO()
    np.save(out, np.ascontiguousarray(values, np.float32), allow_pickle=False)
    return out.getvalue()
