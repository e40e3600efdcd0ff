"""The credentials themselves, signed by c2pa's library: https://github.com/contentauth/c2pa-python."""

from __future__ import annotations

import importlib
import importlib.util
import io
import os
import re
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, BinaryIO

from engine.outlets.credentials.binding import binding
from engine.outlets.credentials.boxes import HEADER_BYTES, complete_boxes, header
from engine.outlets.credentials.errors import CredentialsError
from engine.outlets.credentials.identity import Identity
from engine.outlets.credentials.room import fill_room, finished

INSTALL = f"{sys.executable} -m pip install 'c2pa-python>=0.38.1,<0.39'"

SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic"
"""IPTC: a composite of several elements, at least one of which is generative AI. The host, her voice and her words are
made by a computer, the pictures of the products may be photos; ``trainedAlgorithmicMedia`` would call these generated.
"""

_HOUR = re.compile(r"-(\d{8}-\d{6})(-\d+)?$")
_FORMAT = "video/mp4"
_OFFLINE = {"remote_manifest_fetch": False, "ocsp_fetch": False}
_SPILL_MB = 16
"""Above this, what the library copies goes to a file and not into memory."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What credentials tell of a file: its title, and when it was made."""

    title: str
    made: datetime


def is_installed() -> bool:
    """Whether c2pa's library is here."""
    return importlib.util.find_spec("c2pa") is not None


def title_of(recording: Path, channel: str) -> Origin:
    """What is told of a recording of ``channel``: the hour in its name (``Shelf.next_file``), else when it was written.

    Raises:
        OSError: the file is gone.
    """
    if found := _HOUR.search(recording.stem):
        made = datetime.strptime(found[1], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
    else:
        made = datetime.fromtimestamp(recording.stat().st_mtime, UTC)
    return Origin(f"{channel}, {made:%Y-%m-%d %H:%M} UTC", made)


def seal(recording: Path, origin: Origin, who: Identity) -> None:
    """Sign a recording in its place. It keeps its size, and plays as before also when this is killed.

    Raises:
        CredentialsError: it is still being written, has no empty room, or cannot be signed.
        OSError: the disk is gone.
    """
    c2pa = _library()
    with finished(recording) as file:
        definition = _definition(origin, [binding(file)])
        context = c2pa.Context(c2pa.Settings.from_dict({"verify": {**_OFFLINE, "verify_after_sign": False}}))
        try:
            builder = c2pa.Builder(definition, context=context)
            builder.set_no_embed()
            manifest = builder.sign(_signer(who), _FORMAT, _beginning(file), io.BytesIO())
            file.seek(0)
            reader = c2pa.Reader(_FORMAT, file, manifest_data=manifest, context=context)
            state = reader.get_validation_state()
        except c2pa.C2paError as error:
            raise CredentialsError(str(error)) from error
        if state not in {"Valid", "Trusted"}:
            raise CredentialsError(f"the library finds its credentials {state}")
        fill_room(file, manifest)


def sign_copy(file: Path, origin: Origin, who: Identity) -> None:
    """Sign any MP4 file by a signed copy that takes its place at once.

    Raises:
        CredentialsError: it cannot be signed.
        OSError: the disk is full or gone.
    """
    c2pa = _library()
    settings = {"verify": _OFFLINE, "core": {"backing_store_memory_threshold_in_mb": _SPILL_MB}}
    handle, draft = tempfile.mkstemp(dir=file.parent, prefix=f".{file.stem}-", suffix=file.suffix)
    copy = Path(draft)
    try:
        with os.fdopen(handle, "w+b") as out, file.open("rb") as source:
            builder = c2pa.Builder(_definition(origin, []), context=c2pa.Context(c2pa.Settings.from_dict(settings)))
            builder.sign(_signer(who), _FORMAT, source, out)
        copy.chmod(file.stat().st_mode)
        copy.replace(file)
    except c2pa.C2paError as error:
        raise CredentialsError(str(error)) from error
    finally:
        copy.unlink(missing_ok=True)


def trial(who: Identity) -> str:
    """Why the library does not sign with an identity; "" if it does."""
    c2pa = _library()
    sample = io.BytesIO(b"".join(header(kind, HEADER_BYTES + len(rest)) + rest for kind, rest in _SAMPLE))
    try:
        c2pa.Builder(_definition(Origin("trial", datetime.fromtimestamp(0, UTC)), [])).sign(
            _signer(who), _FORMAT, sample, io.BytesIO()
        )
    except c2pa.C2paError as error:
        return str(error)
    return ""


_SAMPLE = ((b"ftyp", b"isom" + bytes(4) + b"isom"), (b"mdat", bytes(HEADER_BYTES)))


def _library() -> Any:
    """c2pa, loaded only where something is signed: it takes 40 MB of memory."""
    return importlib.import_module("c2pa")


def _signer(who: Identity) -> Any:
    c2pa = _library()
    return c2pa.Signer.from_info(c2pa.C2paSignerInfo(who.algorithm, who.certificates, who.key, None))


def _beginning(file: BinaryIO) -> io.BytesIO:
    """The boxes before the first fragment: the library reads the file's format from them."""
    boxes = complete_boxes(file)
    end = max((box.end for box, _ in zip(boxes, range(3), strict=False)), default=0)
    file.seek(0)
    return io.BytesIO(file.read(end))


def _definition(origin: Origin, more: list[dict[str, Any]]) -> dict[str, Any]:
    maker = {"name": "Everhost", "version": _own_version()}
    created = {
        "action": "c2pa.created",
        "when": f"{origin.made:%Y-%m-%dT%H:%M:%SZ}",
        "softwareAgent": maker,
        "digitalSourceType": SOURCE_TYPE,
    }
    actions = {"label": "c2pa.actions.v2", "data": {"actions": [created]}}
    return {
        "claim_generator_info": [maker],
        "title": origin.title,
        "format": _FORMAT,
        "assertions": [actions, *more],
    }


def _own_version() -> str:
    try:
        return version("everhost")
    except PackageNotFoundError:
        return "unknown"
