"""``everhost avatar new``, ``bake`` and ``list``."""

from __future__ import annotations

import contextlib
import difflib
import re
from pathlib import Path

from engine.avatar import BodyError
from engine.avatar.body_file import read_body
from engine.avatar.human import Looks, bake_file, load_looks
from engine.avatar.human.template import host_file
from engine.commands import CommandError
from engine.commands.progress import ProgressLine
from engine.commands.telling import tell
from engine.settings import SettingsError
from engine.settings.host_place import body_of

PRESETS = Path(__file__).resolve().parents[2] / "avatars" / "looks"
"""The host files that come with Everhost."""

OWN_LOOKS = Path("avatars/looks")
"""Where a merchant's host files are, if the folder exists below the current one."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def new(name: str, like: str | None) -> int:
    """Write a commented host file with the defaults, or with the looks of another host.

    Raises:
        CommandError: the name cannot be one, the file is there already, or there is no such preset.
        SettingsError: mistakes in the file to be like.
    """
    if not _NAME.fullmatch(name):
        raise CommandError(f"“{name}” cannot be a host's name: use small letters, digits, “-” and “_”, such as “ann-2”")
    out = (OWN_LOOKS if OWN_LOOKS.is_dir() else Path()) / f"{name}.yaml"
    looks = load_looks(_preset(like)) if like else Looks()
    text = host_file(looks.model_copy(update={"name": name}), str(out))
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise CommandError(f"{out} is there already and is left as it is: choose another name, or remove it") from error
    except OSError as error:
        raise CommandError(f"{out} cannot be written: {error.strerror}") from error
    print(tell(f"{out}: change what you like, then look at it: everhost avatar preview {out}"))
    return 0


def bake(file: Path, out: Path | None) -> int:
    """Make the body file of a host file; one that was baked before is replaced.

    Raises:
        SettingsError: mistakes in the host file.
        CommandError: what baking needs is missing, the body file cannot be written, or it is an imported model's.
    """
    looks = load_looks(file)
    if out is None:
        out = body_of(file)
        _keep_imported(out)
    line = ProgressLine("baking")
    try:
        bake_file(looks, out, lambda share, _: line(round(100 * share), 100))
    except BodyError as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"{out} cannot be written: {error.strerror}") from error
    print(f"{out}: {out.stat().st_size / 1e6:.1f} MB")
    return 0


def _keep_imported(body: Path) -> None:
    """A host can be baked again; a body made of somebody else's model is not to be lost by it."""
    with contextlib.suppress(BodyError):
        if read_body(body).imported:
            raise CommandError(
                f"{body} was made of somebody else's model and is left as it is: name another file with --out"
            )


def presets() -> int:
    """List the hosts to begin from, one a line."""
    rows = []
    for name, file in _host_files().items():
        try:
            looks = load_looks(file)
        except SettingsError as error:
            count = len(error.problems)
            rows.append((name, tell(f"{file} has {count} mistake(s): everhost avatar bake {file} tells them")))
            continue
        person = looks.person
        words = f"{person.gender}, {person.age} · {looks.hair.style} hair · {looks.outfit.style}"
        rows.append((name, words if body_of(file).is_file() else tell(f"{words} · not baked yet")))
    if not rows:
        raise CommandError(f"there are no host files in {PRESETS}")
    width = max(len(name) for name, _ in rows)
    for name, words in rows:
        print(f"{name:<{width}}  {words}")
    return 0


def _host_files() -> dict[str, Path]:
    """Host files by name: those that come with Everhost, then the merchant's own."""
    found: dict[str, Path] = {}
    for folder in (PRESETS, OWN_LOOKS):
        found |= {file.stem: file for file in sorted(folder.glob("*.yaml"))}
    return found


def _preset(name: str) -> Path:
    """The host file of a preset, or the file of that path."""
    files = _host_files()
    if name in files:
        return files[name]
    if name.endswith((".yaml", ".yml")):
        return Path(name)
    near = difflib.get_close_matches(name, files, n=1)
    hint = f"did you mean “{near[0]}”?" if near else f"use one of: {', '.join(files)}"
    raise CommandError(f"there is no preset “{name}”; {hint}")
