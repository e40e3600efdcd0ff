"""Checks the text of a channel as ``everhost check`` would, before it becomes the channel's file."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from engine.runtime.checks import silence_note
from engine.runtime.whole_check import whole_check
from engine.settings import Problem, SettingsError
from engine.settings.errors import place_in
from engine.settings.yaml_file import read_yaml
from server.room.setup.places import body_in
from server.room.setup.tasks import Plain


def check(given: Plain) -> Plain:
    """``draft`` is a file beside ``file`` with the new text; ``secrets`` hold names that are not kept yet.

    With ``body_comes`` the body is still to be made, so that it is missing is no mistake; with ``on_air`` it is one
    that nothing on this machine speaks the channel's language.
    """
    draft, file = Path(given["draft"]), Path(given["file"])
    try:
        with _set(given.get("secrets", {})):
            channel = whole_check(draft, file, on_air=given.get("on_air", False))
    except SettingsError as error:
        body = _body_of(draft)
        problems = [_plain(problem, draft, file, body) for problem in error.problems]
        if given.get("body_comes"):
            problems = [problem for problem in problems if problem["key"] != "body"]
        return {"problems": problems, "note": "", "products": []}
    products = [{"id": product.id, "name": product.name} for product in channel.items.products]
    return {"problems": [], "note": silence_note(channel), "products": products}


@contextlib.contextmanager
def _set(secrets: Mapping[str, str]) -> Iterator[None]:
    """Secrets in this process's environment while the block lasts."""
    before = {name: os.environ.get(name) for name in secrets}
    os.environ.update(secrets)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _body_of(draft: Path) -> Path | None:
    """The file of the body that a draft names."""
    try:
        return body_in(draft, read_yaml(draft, "channel file").data)
    except SettingsError:
        return None


def _plain(problem: Problem, draft: Path, file: Path, body: Path | None) -> Plain:
    """A problem with the file that people know in place of the draft.

    ``at`` is the channel's key that names the other file where a problem is not the channel's own.
    """
    place = str(problem.file)
    is_own = place in {str(draft), str(draft.absolute())}
    message, hint = (text.replace(draft.name, file.name) for text in (problem.message, problem.hint))
    shown = file.name if is_own else Path(place).name if "://" not in place else place
    has_lines = problem.unit == "line"
    return {
        "file": shown if has_lines else place_in(shown, problem.line, problem.unit),
        "own": is_own,
        "at": "" if is_own else "body" if Path(place).absolute().resolve() == body else "catalogue",
        "line": problem.line if has_lines else 0,
        "key": problem.key,
        "message": message,
        "hint": hint,
    }
