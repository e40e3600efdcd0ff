"""Portraits of hosts: one at a time, of each form only the newest wish, and those of finished bodies kept on disk."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from pathlib import Path

from server.errors import ServerError
from server.room.setup.helper import Helper
from server.room.setup.tasks import Plain

PORTRAIT_S = 90.0
KEPT = 100
"""Portraits of bodies on disk; those that were not asked for longest go."""


class SupersededError(ServerError):
    """A newer wish of the same form came while this one waited."""

    status = 409
    code = "superseded"


class Portraits:
    """Draws with ``sketcher`` what has no body file yet, and with ``painter`` what has one."""

    def __init__(self, painter: Helper, sketcher: Helper, folder: Path) -> None:
        self._painter, self._sketcher, self._folder = painter, sketcher, folder
        self._newest: dict[str, int] = {}
        self._turn = asyncio.Lock()

    async def sketch(self, form: str, looks: Plain, brand: str, backdrop: str, folder: Path, *, fine: bool) -> Plain:
        """A host that is being changed; ``form`` names the page that asks.

        Raises:
            SupersededError: that page has asked again.
            TaskError: it cannot be drawn.
        """
        number = self._newest[form] = self._newest.pop(form, 0) + 1
        while len(self._newest) > KEPT:
            self._newest.pop(next(iter(self._newest)))
        async with self._turn:
            if self._newest.get(form) != number:
                raise SupersededError("a newer portrait was asked for")
            return await self._sketcher.ask(
                "portrait", PORTRAIT_S, looks=looks, brand=brand, backdrop=backdrop, folder=str(folder), fine=fine
            )

    async def of_body(self, body: Path, brand: str, backdrop: str, folder: Path) -> bytes:
        """The JPEG of a finished body.

        Raises:
            TaskError: it cannot be drawn.
        """
        kept = self._folder / f"{_key(body, brand, backdrop, folder)}.jpg"
        if known := _known(kept):
            return known
        told = await self._painter.ask(
            "portrait_of_body", PORTRAIT_S, body=str(body), brand=brand, backdrop=backdrop, folder=str(folder)
        )
        picture = base64.b64decode(told["picture"])
        keep_file(kept, picture)
        return picture


def _key(body: Path, brand: str, backdrop: str, folder: Path) -> str:
    """A name for the portrait of just this body file."""
    stamp = body.stat().st_mtime_ns if body.is_file() else 0
    return hashlib.sha256(repr((body, stamp, brand, backdrop, folder)).encode()).hexdigest()[:24]


def _known(file: Path) -> bytes:
    """A portrait that was drawn before; empty if there is none."""
    if not file.is_file():
        return b""
    file.touch()
    return file.read_bytes()


def keep_file(file: Path, content: bytes) -> None:
    """Put a file into a folder of at most ``KEPT``; those that were used longest ago go."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".partial")
    partial.write_bytes(content)
    partial.replace(file)
    there = sorted(file.parent.iterdir(), key=lambda each: each.stat().st_mtime, reverse=True)
    for old in there[KEPT:]:
        old.unlink(missing_ok=True)
