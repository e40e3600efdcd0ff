"""Where hosts lie: a host file in ``looks``, the body that is made from it in ``bodies`` beside."""

from __future__ import annotations

from pathlib import Path


def body_of(file: Path) -> Path:
    """Where a host file's body goes: ``bodies`` beside a folder ``looks``, else beside the file."""
    folder = file.absolute().parent
    if folder.name == "looks":
        folder = folder.parent / "bodies"
    out = folder / f"{file.stem}.ehb"
    return out.relative_to(Path.cwd()) if out.is_relative_to(Path.cwd()) else out
