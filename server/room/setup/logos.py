"""Logos on the clothes of hosts. One that was uploaded waits with the room's state until it is saved with its host."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from typing import Any

from engine.settings.yaml_file import KeyPath
from server.room.setup.errors import NoSuchFileError
from server.room.setup.helper import Helper
from server.room.setup.places import Host
from server.room.setup.portraits import keep_file
from server.room.setup.tasks import Plain

LOGO: KeyPath = ("outfit", "logo")
"""The key of a host file."""

LOGO_S = 30.0
MOST_SHOWN = 20_000_000
"""Bytes of a logo that was put beside a host file by hand, and is shown in the form."""

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"

_UPLOADED = re.compile(r"upload:(logo-[0-9a-f]{16}\.png)")


class Logos:
    """Uploads in ``folder``, named by what is in them. ``helper`` reads what strangers may have made."""

    def __init__(self, helper: Helper, folder: Path) -> None:
        self._helper, self._folder = helper, folder

    async def add(self, content: bytes) -> str:
        """Take an uploaded picture; gives what a form sends as the value of ``LOGO``.

        Raises:
            TaskError: it is no picture, or none that could be a logo.
            BusyError, NoAnswerError: the helper has no time.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        given = self._folder / f".{secrets.token_hex(8)}.given"
        try:
            given.write_bytes(content)
            told = await self._helper.ask("logo", LOGO_S, given=str(given), out=str(given.with_suffix(".png")))
            keep_file(self._folder / str(told["name"]), given.with_suffix(".png").read_bytes())
        finally:
            given.unlink(missing_ok=True)
            given.with_suffix(".png").unlink(missing_ok=True)
        return f"upload:{told['name']}"

    def uploaded(self, value: Any) -> Path | None:
        """The file of an upload; None where ``value`` names none.

        Raises:
            NoSuchFileError: it is forgotten.
        """
        found = _UPLOADED.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            return None
        file = self._folder / found[1]
        if not file.is_file():
            raise NoSuchFileError("this logo is forgotten; choose it again")
        return file

    def drawn(self, looks: Plain, host: Host | None) -> Plain:
        """Looks as a form has them, for a sketch: their logo is a whole path, or gone where there is no such file."""
        outfit = looks.get("outfit")
        if not isinstance(outfit, dict) or not outfit.get("logo"):
            return looks
        file = self.uploaded(outfit["logo"]) or logo_beside(host, outfit["logo"])
        return looks | {"outfit": outfit | {"logo": str(file) if file is not None and file.is_file() else None}}


def logo_beside(host: Host | None, value: Any) -> Path | None:
    """The file that a host file means by a logo's path."""
    if host is None or host.looks is None or not isinstance(value, str) or not value:
        return None
    return host.looks.absolute().parent / Path(value).expanduser()


def shown_logo(host: Host, looks: Plain | None) -> tuple[bytes, str]:
    """The logo that a host file names, with its media type.

    Raises:
        NoSuchFileError: there is none, or it is no picture.
    """
    outfit = (looks or {}).get("outfit")
    file = logo_beside(host, outfit.get("logo")) if isinstance(outfit, dict) else None
    try:
        content = file.read_bytes() if file is not None and file.stat().st_size <= MOST_SHOWN else b""
    except OSError:
        content = b""
    for signature, kind in ((PNG, "image/png"), (JPEG, "image/jpeg")):
        if content.startswith(signature):
            return content, kind
    raise NoSuchFileError("there is no such logo")


def beside(file: Path, looks_file: Path) -> str:
    """A logo's path as a host file has it."""
    return os.path.relpath(file, looks_file.absolute().parent)


def kept_place(upload: Path, looks_file: Path) -> Path:
    """Where an upload goes when it is saved with a host file."""
    return looks_file.absolute().parent / "logos" / upload.name
