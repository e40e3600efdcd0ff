"""No room imports a later room; only flow and settings are for everyone."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = (
    "settings", "records", "script", "show", "speech", "motion", "avatar", "stage", "broadcast", "outlets", "runtime",
    "commands",
)  # fmt: skip
FILES = sorted([*(ROOT / "engine").rglob("*.py"), *(ROOT / "server").rglob("*.py")])


def room_of(module: str) -> str:
    parts = module.split(".")
    if parts[0] == "server":
        return "server"
    return parts[1] if len(parts) > 1 else ""


def rank(room: str) -> int:
    order = ("flow", *ROOMS[:-1], "server", "commands", "cli")
    return order.index(room) if room in order else -1


def imported(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names if node.module == "engine"}
    return {name for name in names if name.split(".")[0] in {"engine", "server"}}


@pytest.mark.parametrize("file", FILES, ids=[str(f.relative_to(ROOT)) for f in FILES])
def test_no_room_imports_a_later_room(file: Path) -> None:
    module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
    own = rank(room_of(module))
    if room_of(module) in {"", "__init__"}:
        return
    for name in imported(ast.parse(file.read_text())):
        room = room_of(name)
        assert room == "" or rank(room) <= own, f"{module} imports {name}, a later room"


def test_the_rule_sees_a_breach() -> None:
    names = imported(ast.parse("from engine.stage import Stage\nimport server.app"))
    assert {rank(room_of(name)) > rank("show") for name in names} == {True}


def test_every_room_is_known() -> None:
    folders = {p.parent.name for p in (ROOT / "engine").glob("*/__init__.py")}
    assert folders == set(ROOMS)
