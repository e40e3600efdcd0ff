"""Whether a body may sell by its own licence, and which right was stated when it was imported: for the form."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from engine.avatar import BodyError
from engine.avatar.body_file import read_licence
from engine.settings import SettingsError
from engine.settings.yaml_file import read_yaml

KEPT = 100


@dataclass(frozen=True, slots=True)
class Terms:
    """``forbids``: the channel must say which right it holds. ``stated`` is what was said at the import, or ""."""

    forbids: bool = False
    stated: str = ""


def terms_of(body: Path) -> Terms:
    """The terms of a body file or of a head by weights; nothing is forbidden by one that cannot be read."""
    try:
        stat = body.stat()
    except OSError:
        return Terms()
    return _terms_of(body, (stat.st_mtime_ns, stat.st_size, stat.st_ino))


@lru_cache(maxsize=KEPT)
def _terms_of(body: Path, _stamp: tuple[int, int, int]) -> Terms:
    try:
        if body.suffix == ".ehb":
            licence = read_licence(body)
            return Terms(bool(licence.get("forbids")), licence.get("rights", ""))
        if body.suffix in {".yaml", ".yml"}:
            head = read_yaml(body, "head file").data
            return Terms(head.get("commercial") == "forbidden" and not str(head.get("rights") or "").strip())
    except (BodyError, SettingsError):
        pass
    return Terms()
