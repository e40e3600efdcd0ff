"""Zip files from strangers: no names that lead outside, no more in them than they say, nothing that grows endlessly."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath

from engine.avatar.errors import BodyError

MOST_BYTES = 256 * 1024 * 1024
"""Of a file, and of all that a package or a model consists of together."""

MOST_ENTRIES = 4000
MOST_RATIO, RATIO_FROM = 200, 1024 * 1024
"""A packed file of more than ``RATIO_FROM`` bytes may be so many times as large as what it is packed in."""


def check_archive(file: Path, archive: zipfile.ZipFile) -> None:
    """Refuses a zip with names that lead outside, too many files, or more in it than the bounds allow.

    Raises:
        BodyError: with what is wrong.
    """
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise BodyError(f"{file}: a package of {len(entries)} files; at most {MOST_ENTRIES}")
    for entry in entries:
        stay_inside(file, entry.filename)
        unpacked, packed = entry.file_size, max(entry.compress_size, 1)
        if unpacked > RATIO_FROM and unpacked / packed > MOST_RATIO:
            raise BodyError(
                f"{file}: “{entry.filename}” would grow {unpacked // packed} times when unpacked, as a zip bomb does; "
                "it is not opened"
            )
    whole = sum(entry.file_size for entry in entries)
    if whole > MOST_BYTES:
        raise BodyError(f"{file}: {whole / 1e6:.0f} MB when unpacked; at most {MOST_BYTES / 1e6:.0f} MB")


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
    except (RuntimeError, NotImplementedError, zipfile.BadZipFile, EOFError) as error:
        raise BodyError(f"{file}: “{name}” cannot be unpacked ({error})") from error
    if len(content) > entry.file_size:
        raise BodyError(f"{file}: “{name}” is larger than the package says, as in a zip bomb; it is not opened")
    return content


def stay_inside(file: Path, name: str) -> None:
    """Raises BodyError for a name that leads out of the folder or package that ``file`` is."""
    path = PurePosixPath(name)
    if "\\" in name or "\0" in name or path.is_absolute() or ".." in path.parts or (len(name) > 1 and name[1] == ":"):
        raise BodyError(f"{file}: it names “{name[:80]}”, a file outside its own folder, which is never read")
