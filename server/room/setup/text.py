"""The text of a settings file: its revision, the difference to another, and what of it must not be shown."""

from __future__ import annotations

import difflib
import hashlib
import os
import re
import tempfile
from pathlib import Path

from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from engine.settings.yaml_file import compose

SECRET_KEYS = frozenset({"key", "backup_key", "token", "viewer_token", "secret", "webhook", "records"})
"""Keys of a channel file whose values are secrets unless they are ``${NAME}``."""

HIDDEN = "••••••"

_REFERENCE = re.compile(r"\$\{\w+\}")
_LOOSE = re.compile(rf"\b({'|'.join(sorted(SECRET_KEYS))})(\s*:\s*)(\"[^\"]*\"|'[^']*'|[^\s,}}#]+)")


def read_text(path: Path) -> str:
    """A file's text to the letter; empty if it is not there."""
    try:
        return path.read_bytes().decode("utf-8", errors="surrogateescape")
    except FileNotFoundError:
        return ""


def revision_of(text: str) -> str:
    """A short name of exactly this text; empty for no text."""
    return hashlib.sha256(text.encode("utf-8", errors="surrogateescape")).hexdigest()[:20] if text else ""


def write_whole(path: Path, text: str) -> None:
    """Put ``text`` in the place of a file at once, so that nobody ever reads half of it. The file's mode stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, fresh = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=".new", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8", errors="surrogateescape"))
            file.flush()
            os.fsync(file.fileno())
        Path(fresh).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        Path(fresh).replace(path)
    finally:
        Path(fresh).unlink(missing_ok=True)


def hidden(text: str) -> str:
    """The text with secrets replaced, also those in comments; ``${NAME}`` stays."""
    places: set[tuple[int, int]] = set()
    try:
        root = compose(text)
    except YAMLError:
        root = None
    if root is not None:
        _find(root, places, set())
    for start, end in sorted(places, reverse=True):
        text = text[:start] + HIDDEN + text[end:]
    return _LOOSE.sub(lambda found: found[0] if _is_open(found[3]) else f"{found[1]}{found[2]}{HIDDEN}", text)


def difference(before: str, after: str) -> list[dict[str, str | int]]:
    """Changed lines with one unchanged line around them, secrets hidden. ``kind`` is "+", "-", " " or "@" (a gap).

    ``line`` is the number in the text in which the line stands.
    """
    one, other = hidden(before).splitlines(), hidden(after).splitlines()
    rows: list[dict[str, str | int]] = []
    for group in difflib.SequenceMatcher(None, one, other, autojunk=False).get_grouped_opcodes(1):
        if rows:
            rows.append({"kind": "@", "line": 0, "text": ""})
        for what, a, b, c, d in group:
            if what == "equal":
                rows += [{"kind": " ", "line": d0 + 1, "text": other[d0]} for d0 in range(c, d)]
            else:
                rows += [{"kind": "-", "line": i + 1, "text": one[i]} for i in range(a, b)]
                rows += [{"kind": "+", "line": i + 1, "text": other[i]} for i in range(c, d)]
    return rows


def _find(node: Node, places: set[tuple[int, int]], seen: set[int]) -> None:
    """Add where secrets stand in ``node``; blocks that references lead to again are in ``seen``."""
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if isinstance(value, ScalarNode) and key.value in SECRET_KEYS and not _is_open(str(value.value)):
                if value.start_mark.index < value.end_mark.index:
                    places.add((value.start_mark.index, value.end_mark.index))
            else:
                _find(value, places, seen)
    elif isinstance(node, SequenceNode):
        for item in node.value:
            _find(item, places, seen)


def _is_open(value: str) -> bool:
    """Whether a value is a reference and no secret itself, or was hidden already."""
    bare = value.strip("\"'")
    return bare in ("", HIDDEN) or bool(_REFERENCE.fullmatch(bare)) or (bare.isdigit() and len(bare) == 1)
