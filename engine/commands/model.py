"""``everhost avatar import``, ``export`` and ``licence``: models of others, and our hosts for other programs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine.avatar import BodyError
from engine.avatar.body import branded
from engine.avatar.body_file import read_body, write_body
from engine.avatar.gltf import export_vrm, import_model
from engine.commands import CommandError
from engine.commands.progress import ProgressLine
from engine.settings.channel import Canvas

MOST_SIZE = 64
"""Letters of a file's name that is made of a model's."""


def import_file(file: Path, out: Path | None, rights: str) -> int:
    """Makes a body file of a model, and prints what it has and lacks, its licence, and what a channel needs.

    Raises:
        CommandError: the model cannot be read, lacks what a host needs, or may not be used; or the body file cannot
            be written.
    """
    out = out or Path(f"{file.stem[:MOST_SIZE]}.ehb")
    line = ProgressLine("importing")
    try:
        body, report = import_model(file, rights, lambda share, _: line(round(100 * share), 100))
        write_body(out, body)
    except BodyError as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"{out} cannot be written: {error.strerror}") from error
    print("\n".join(report.lines()))
    print(f"{out}: {out.stat().st_size / 1e6:.1f} MB. In your channel file:")
    print(f"  body: {out}")
    if body.licence["forbids"]:
        print(f'  body_rights: "{" ".join(rights.split())}"')
    print(f"See it first: everhost avatar preview {out}")
    return 0


def export_file(file: Path, out: Path | None, brand: str | None) -> int:
    """Writes a baked host as VRM 1.0, in the brand's colour.

    Raises:
        CommandError: the body file cannot be read, was made of somebody else's model, or the VRM cannot be written.
    """
    out = out or file.with_suffix(".vrm")
    try:
        body = branded(read_body(file), brand or Canvas().brand_colour)
        export_vrm(replace(body, name=file.stem), out)
    except BodyError as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"{out} cannot be written: {error.strerror}") from error
    print(f"{out}: VRM 1.0, {out.stat().st_size / 1e6:.1f} MB; the host has no legs, it ends at the hips")
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
        print(f"{file}: a host of Everhost, made of data under CC0: free for any use")
        return 0
    for key, value in terms.items():
        if value:
            print(f"{key}: {value}")
    return 0
