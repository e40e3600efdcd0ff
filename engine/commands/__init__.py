"""What each command does. One module a command, loaded when it is asked for."""

from __future__ import annotations

from pathlib import Path


class CommandError(Exception):
    """A command could not do its work; the text says why, for the person who typed it."""


def place_for(usual: Path, named: Path | None, *, force: bool) -> Path:
    """Where a command writes: the file that was ``named``, else the ``usual`` one, where nothing is lost by it.

    Raises:
        CommandError: there is a usual file already, which is replaced only by ``force``.
    """
    if named is not None:
        return named
    if usual.exists() and not force:
        raise CommandError(
            f"{usual} is there already and is left as it is: name another file with --out, or replace it with --force"
        )
    return usual
