"""``everhost avatar import``, ``export`` and ``licence``: models of others, and our hosts for other programs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from engine.avatar import BodyError
from engine.avatar.body import branded
from engine.avatar.body_file import read_body, write_body
from engine.avatar.gltf import export_vrm, import_model
from engine.avatar.trial import try_out
from engine.commands import CommandError, place_for
from engine.commands.progress import ProgressLine
from engine.commands.telling import tell
from engine.settings.channel import Canvas
from engine.settings.plain import plain

MOST_SIZE = 64
"""Letters of a file's name that is made of a model's."""


def import_file(file: Path, out: Path | None, rights: str, *, force: bool = False) -> int:
    """Makes a body file of a model, and prints what it has and lacks, its licence, and what a channel needs.

    A file that is there is replaced only where ``out`` names it, or by ``force``, and only by a body that can be drawn.

    Raises:
        CommandError: the model cannot be read, lacks what a host needs, or may not be used; the body file is there
            already, or cannot be written; or the body cannot be drawn.
    """
    out = place_for(Path(f"{file.stem[:MOST_SIZE]}.ehb"), out, force=force)
    line = ProgressLine("importing")
    trial = out.with_name(f".{out.stem}.trial.ehb")
    try:
        body, report = import_model(file, rights, lambda share, _: line(round(100 * share), 100))
        with _writing(out):
            write_body(trial, body)
        try_out(trial)
        with _writing(out):
            trial.replace(out)
    except BodyError as error:
        raise CommandError(str(error).replace(str(trial), str(file))) from error
    finally:
        with contextlib.suppress(OSError):
            trial.unlink(missing_ok=True)
    print("\n".join(plain(_told(fact)) for fact in report.lines()))
    print(tell(f"{out}: {out.stat().st_size / 1e6:.1f} MB. In your channel file:"))
    print(f"  body: {out}")
    if body.licence["forbids"]:
        print(f'  body_rights: "{" ".join(rights.split())}"')
    print(tell(f"See it first: everhost avatar preview {out}"))
    return 0


def export_file(file: Path, out: Path | None, brand: str | None, *, force: bool = False) -> int:
    """Writes a baked host as VRM 1.0, in the brand's colour.

    A file that is there is replaced only where ``out`` names it, or by ``force``.

    Raises:
        CommandError: the body file cannot be read, was made of somebody else's model, or the VRM is there already, or
            cannot be written.
    """
    out = place_for(file.with_suffix(".vrm"), out, force=force)
    try:
        body = branded(read_body(file), brand or Canvas().brand_colour)
        with _writing(out):
            export_vrm(replace(body, name=file.stem), out)
    except BodyError as error:
        raise CommandError(str(error)) from error
    print(tell(f"{out}: VRM 1.0, {out.stat().st_size / 1e6:.1f} MB; the host has no legs, it ends at the hips"))
    return 0


def licence(file: Path) -> int:
    """Prints where a body is from and what its model's licence says.

    Raises:
        CommandError: the body file cannot be read.
    """
    try:
        terms = read_body(file).licence
    except BodyError as error:
        raise CommandError(str(error)) from error
    if not terms:
        print(tell(f"{file}: a host of Everhost, made of data under CC0: free for any use"))
        return 0
    for key, value in terms.items():
        if value:
            print(plain(f"{tell(key.replace('_', ' '))}: {tell(value)}"))
    return 0


@contextlib.contextmanager
def _writing(out: Path) -> Iterator[None]:
    """Raises CommandError where what is written in the block cannot be."""
    try:
        yield
    except OSError as error:
        raise CommandError(f"{out} cannot be written: {error.strerror}") from error


def _told(line: str) -> str:
    """A line of a report as the terminal's language has it; what stands before it stays."""
    words = line.lstrip()
    return line[: len(line) - len(words)] + tell(words)
