"""Makes the body file of a host file, as ``everhost avatar bake`` does."""

from __future__ import annotations

from pathlib import Path

from engine.avatar import BodyError
from engine.avatar.human import bake_file, load_looks
from engine.settings import SettingsError
from server.room.setup.tasks import Plain, TaskError


def check_looks(given: Plain) -> Plain:
    """The mistakes of a host file at ``draft``, whose name for people is ``file``."""
    draft = Path(given["draft"])
    try:
        looks = load_looks(draft)
    except SettingsError as error:
        name = Path(given["file"]).name
        return {
            "problems": [
                {"file": name, "own": True, "line": p.line, "key": p.key, "message": p.message, "hint": p.hint}
                for p in error.problems
            ],
            "looks": None,
        }
    return {"problems": [], "looks": looks.model_dump(mode="json")}


def bake(given: Plain) -> Plain:
    """Make ``out`` from the host file ``looks``."""
    try:
        bake_file(load_looks(Path(given["looks"])), Path(given["out"]))
    except (BodyError, SettingsError, OSError) as error:
        raise TaskError("bake_failed", str(error)) from error
    return {}
