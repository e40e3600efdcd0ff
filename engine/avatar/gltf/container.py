"""The bytes of a model: GLB or VRM in one file, glTF with files beside it, or a zip of these. Every size has a bound.

GLB is glTF 2.0's binary container (Khronos glTF 2.0 specification, chapter 4). Files that come from strangers are read
here once, at import; what goes on air is the body file made of them.
"""

from __future__ import annotations

import base64
import binascii
import json
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from engine.avatar.archive import DAMAGE, MOST_BYTES, MOST_SHOWN, check_archive, read_entry, stay_inside
from engine.avatar.errors import BodyError

SUFFIXES: tuple[str, ...] = (".vrm", ".glb", ".gltf", ".zip")
MODELS: tuple[str, ...] = (".vrm", ".glb", ".gltf")

MOST_JSON = 32 * 1024 * 1024
_MAGIC, _JSON_CHUNK, _BINARY_CHUNK = 0x46546C67, 0x4E4F534A, 0x004E4942

Reader = Callable[[str], bytes]


@dataclass(frozen=True)
class Container:
    """A model's JSON, the binary chunk of a GLB (or b""), and what reads the files that it names."""

    file: Path
    json: dict[str, Any]
    binary: bytes
    beside: Reader

    def resource(self, uri: str) -> bytes:
        """What a URI of the model stands for: data written in it, or a file beside the model.

        Raises BodyError for an address outside.
        """
        if uri.startswith("data:"):
            return self._data(uri)
        name = unquote(uri)
        if "://" in name or name.startswith(("//", "file:")):
            raise BodyError(
                f"{self.file}: it names the address “{name[:80]}”, and nothing is fetched; "
                "export the model again with everything inside (GLB or VRM)"
            )
        stay_inside(self.file, name)
        return self.beside(name)

    def _data(self, uri: str) -> bytes:
        head, comma, body = uri.partition(",")
        if not comma or not head.endswith(";base64"):
            raise BodyError(f"{self.file}: a data address in it is not base64; export the model again as GLB")
        try:
            return base64.b64decode(body, validate=True)
        except binascii.Error as error:
            raise BodyError(f"{self.file}: data written in it is damaged ({error}); export the model again") from error


def open_container(file: Path) -> Container:
    """Opens a ``.vrm``, ``.glb``, ``.gltf``, or a ``.zip`` with one of these.

    Raises:
        BodyError: the file is missing, none of these, damaged, or larger than the bounds.
    """
    if file.suffix.lower() not in SUFFIXES:
        raise BodyError(f"{file}: not a model; what can be imported ends in {', '.join(SUFFIXES)}")
    try:
        size = file.stat().st_size
        if size > MOST_BYTES:
            raise BodyError(f"{file}: {size / 1e6:.0f} MB is too large for a model; at most {MOST_BYTES / 1e6:.0f} MB")
        if file.suffix.lower() == ".zip":
            return _from_zip(file)
        return _parsed(file, file.name, file.read_bytes(), _folder_reader(file))
    except FileNotFoundError as error:
        raise BodyError(f"{file}: there is no such file") from error
    except OSError as error:
        raise BodyError(f"{file}: it cannot be read: {error.strerror}") from error


def _parsed(file: Path, name: str, content: bytes, beside: Reader) -> Container:
    if name.lower().endswith(".gltf"):
        return Container(file, _document(file, content), b"", beside)
    if len(content) < 20:
        raise BodyError(f"{file}: not a GLB or VRM file: only {len(content)} bytes")
    magic, version, length = struct.unpack_from("<III", content)
    if magic != _MAGIC:
        raise BodyError(f"{file}: not a GLB or VRM file: it does not begin with “glTF”")
    if version != 2:
        raise BodyError(f"{file}: glTF version {version}; only version 2 is read")
    if length > len(content):
        raise BodyError(f"{file}: cut off: it says {length} bytes and has {len(content)}; copy it again")
    chunks = _chunks(file, content[:length])
    if _JSON_CHUNK not in chunks:
        raise BodyError(f"{file}: damaged: it has no JSON part")
    return Container(file, _document(file, chunks[_JSON_CHUNK]), chunks.get(_BINARY_CHUNK, b""), beside)


def _chunks(file: Path, content: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    at = 12
    while at + 8 <= len(content):
        size, kind = struct.unpack_from("<II", content, at)
        at += 8
        if at + size > len(content):
            raise BodyError(f"{file}: cut off in the middle of a part; copy it again")
        found.setdefault(kind, content[at : at + size])
        at += size
    return found


def _document(file: Path, content: bytes) -> dict[str, Any]:
    if len(content) > MOST_JSON:
        raise BodyError(
            f"{file}: its JSON has {len(content) / 1e6:.0f} MB, and at most {MOST_JSON / 1e6:.0f} MB are read. Where "
            "meshes and pictures are written into it, export it as GLB or VRM, which keep them beside the JSON"
        )
    try:
        document = json.loads(content.rstrip(b"\x00 "))
    except (ValueError, RecursionError) as error:
        raise BodyError(f"{file}: damaged: its JSON cannot be read ({error})") from error
    if not isinstance(document, dict):
        raise BodyError(f"{file}: damaged: its JSON is not an object")
    return document


def _folder_reader(file: Path) -> Reader:
    folder = file.absolute().parent.resolve()

    def read(name: str) -> bytes:
        shown = name[:MOST_SHOWN]
        try:
            path = (folder / name).resolve()
            if not path.is_relative_to(folder):
                raise BodyError(f"{file}: it names “{shown}”, which leads out of its own folder and is never read")
            if not path.is_file():
                raise BodyError(f"{file}: it names “{shown}”, and there is no such file beside it")
            if path.stat().st_size > MOST_BYTES:
                raise BodyError(f"{file}: “{shown}” beside it is larger than {MOST_BYTES / 1e6:.0f} MB")
            return path.read_bytes()
        # A name that is too long or no name at all, a link that leads to itself, a file that nobody may read.
        except (OSError, RuntimeError, ValueError) as error:
            raise BodyError(f"{file}: it names “{shown}”, which cannot be read beside it") from error

    return read


def _from_finder(name: str) -> bool:
    """Whether a name in a zip is what macOS adds beside each file: its attributes, under the file's own ending."""
    path = PurePosixPath(name)
    return "__MACOSX" in path.parts or path.name.startswith("._")


def _from_zip(file: Path) -> Container:
    try:
        with zipfile.ZipFile(file) as archive:
            check_archive(file, archive)
            files = {i.filename: read_entry(file, archive, i.filename) for i in archive.infolist() if not i.is_dir()}
    except (OSError, MemoryError):
        raise  # no damage, and told further up
    except DAMAGE as error:
        raise BodyError(f"{file}: a damaged zip file ({error})") from error
    models = [name for name in files if name.lower().endswith(MODELS) and not _from_finder(name)]
    if len(models) != 1:
        found = ", ".join(models[:5]) or "none"
        raise BodyError(f"{file}: a package needs exactly one model ({', '.join(MODELS)}); found: {found}")
    folder = PurePosixPath(models[0]).parent

    def read(name: str) -> bytes:
        inside = str(folder / name)
        if inside not in files:
            raise BodyError(f"{file}: “{name}” is named by the model and is not in the package")
        return files[inside]

    return _parsed(file, models[0], files[models[0]], read)
