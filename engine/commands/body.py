"""``everhost avatar``, and whether a body can be drawn here."""

from __future__ import annotations

from pathlib import Path

from engine.avatar import BodyError, open_body
from engine.avatar.human import Looks, bake_file, load_looks
from engine.commands import CommandError
from engine.commands.progress import ProgressLine
from engine.settings import Channel, Problem, problem_at


def body_problems(channel: Channel) -> list[Problem]:
    """A body that cannot be opened, or graphics that are not there."""
    try:
        open_body(channel.body, channel.canvas).close()
    except BodyError as error:
        return [problem_at(channel.file, "body", str(error))]
    return []


def bake(out: Path, looks_file: Path | None) -> int:
    """Make a body file from looks.

    Raises:
        CommandError: the looks are wrong, or what baking needs is missing.
    """
    line = ProgressLine("baking")
    try:
        looks = load_looks(looks_file) if looks_file else Looks()
        bake_file(looks, out, lambda share, _: line(round(100 * share), 100))
    except BodyError as error:
        raise CommandError(str(error)) from error
    print(f"{out}: {out.stat().st_size / 1e6:.1f} MB")
    return 0
