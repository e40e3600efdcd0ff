"""The sentences that the code tells a merchant, read from its syntax tree: {} stands for each part that changes."""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("engine/settings", "engine/stage", "engine/speech", "engine/avatar", "engine/runtime", "engine/commands",
           "engine/script", "engine/records")  # fmt: skip

BEFORE = {"Problem": 3, "at": 1, "problem": 1, "AmountError": 0, "CommandError": 0, "PhotoError": 0, "AccountError": 0,
          "BodyError": 0, "tell": 0, "Finding": 1, "error": 0}  # fmt: skip
"""Arguments before the sentence and its hint, by the name of what is called: file, line, key; or the key's path."""

ERRORS = frozenset(["CommandError", "PhotoError", "AccountError", "BodyError", "tell", "Finding", "ValueError"])
"""Of these calls only one argument is a sentence."""

RETURNED = frozenset(["why_no_backdrop", "missing", "path_hint", "not_utf8", "block_hint", "_why", "_key_hint"])
"""Functions whose answers are told as they are; ``missing`` of writers by the key that each concerns."""

VALIDATED = ("engine/settings/alarms.py", "engine/settings/catalogue.py", "engine/settings/channel.py",
             "engine/settings/endpoint.py", "engine/settings/show.py", "engine/settings/url.py",
             "engine/settings/voice.py", "engine/settings/writer.py", "engine/avatar/human/spec.py")  # fmt: skip
"""Files whose ValueErrors are pydantic's, and so a merchant's."""

BEFORE_IN_TABLES = {**BEFORE, "problem": 2}

Names = dict[str, list[ast.expr]]


def told() -> Iterator[tuple[str, str]]:
    """Where, and each sentence or hint; without the exact damage of a model, which only its maker's program knows."""
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*.py")):
            tree = _parsed(file)
            before = BEFORE_IN_TABLES if "sources" in file.parts else BEFORE
            if str(file.relative_to(ROOT)) in VALIDATED:
                before = {**before, "ValueError": 0}
            for function in ast.walk(tree):
                if isinstance(function, ast.FunctionDef):
                    names = _assigned(tree) | _assigned(function)
                    if function.name in RETURNED:
                        yield from _of_answers(function, names, f"{file.relative_to(ROOT)}:{function.lineno}")
                    for call in ast.walk(function):
                        if isinstance(call, ast.Call):
                            yield from _of_call(call, before, names, f"{file.relative_to(ROOT)}:{call.lineno}")


def _parsed(file: Path) -> ast.Module:
    """CPython 3.11.2 miscounts its depth, and gives up, where garbage is collected meanwhile (gh-106905)."""
    gc.disable()
    try:
        return ast.parse(file.read_text("utf-8"))
    finally:
        gc.enable()


def _of_call(call: ast.Call, before: dict[str, int], names: Names, where: str) -> Iterator[tuple[str, str]]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name not in before or (name == "error" and "/gltf/" not in where):
        return
    named = [keyword.value for keyword in call.keywords if keyword.arg in {"message", "hint"}]
    given = call.args[before[name] :]
    for argument in [*(given[:1] if name in ERRORS else given), *named]:
        for text in _texts(argument, names):
            whole = f"{{}}: {text}" if name == "error" else text
            if whole.strip("{} :") and not whole.startswith("{}: damaged: "):
                yield where, whole


def _of_answers(function: ast.FunctionDef, names: Names, where: str) -> Iterator[tuple[str, str]]:
    """What a function returns, alone or in a tuple, or puts into a dictionary that it returns."""
    for node in ast.walk(function):
        found = node.value if isinstance(node, ast.Return | ast.Assign) else None
        if isinstance(node, ast.Assign) and not isinstance(node.targets[0], ast.Subscript):
            continue
        for value in found.elts if isinstance(found, ast.Tuple) else [found]:
            for text in _texts(value, names) if value is not None else ():
                if text.strip("{} :"):
                    yield where, text


def _assigned(within: ast.AST) -> Names:
    names: Names = {}
    for node in ast.walk(within):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    names.setdefault(target.id, []).append(node.value)
    return names


def _texts(value: ast.expr, names: Names) -> list[str]:
    """What an expression may say; nothing where it cannot be read from it."""
    match value:
        case ast.Constant(str(text)):
            return [text]
        case ast.JoinedStr(parts):
            return ["".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in parts)]
        case ast.IfExp():
            return _texts(value.body, names) + _texts(value.orelse, names)
        case ast.Name(name):
            return [text for each in names.get(name, ()) for text in _texts(each, {})]
    return []
