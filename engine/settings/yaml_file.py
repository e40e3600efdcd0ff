"""A YAML file as plain data that remembers on which line each key stands."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from engine.settings.errors import Problem, SettingsError
from engine.settings.secrets import kept_secrets, secrets_place
from engine.settings.state import state_dir
from engine.settings.yaml_mistakes import block_hint, syntax_problem

KeyPath = tuple[str | int, ...]

MAX_BYTES = 4_000_000
"""Larger than any catalogue of 500 products; keeps a wrongly chosen file from being read."""

MOST_DIGITS = 18
"""A whole number of more digits stays text: no setting means one."""

MOST_DEEP = 50
"""Blocks in each other; settings have fewer than ten, and all that reads them goes down block by block."""

MOST_VALUES = 200_000
"""Values of a file, those that a "*" stands for counted again: a few lines of such references make billions."""

TOO_DEEP = "too many blocks stand in each other here; no setting needs that"
TOO_MANY = "its “*” references stand for too many values"

_MARKS = {
    "channel file": frozenset({"body", "catalogue"}),
    "catalogue": frozenset({"products"}),
    "host file": frozenset({"person", "face", "skin", "makeup", "hair", "outfit"}),
    "head file": frozenset({"photo", "weights"}),
    "consent file": frozenset({"who", "what_for"}),
}
"""Keys by which a kind of file is known; no two kinds share one."""

_OTHER_HINT = {
    ("channel file", "catalogue"): "name the channel file, whose key “catalogue” names this one",
    ("catalogue", "channel file"): "name the file that stands behind its key “catalogue”",
}

_BARE_NAME = re.compile(r"\$\(?[A-Z_][A-Z0-9_]+\)?|%[A-Z_][A-Z0-9_]+%")
"""A variable as shells and Windows write it, which is replaced nowhere here."""

_ENVIRONMENT_NAME = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class OverLimitError(YAMLError):
    """YAML that goes deeper, or grows further by its references, than any settings; the text says which."""


@dataclass(slots=True)
class YamlFile:
    """What a file holds. ``lines`` maps a key path to its line (1 is first); ``name`` is shown instead of the path.

    ``unit`` is what ``lines`` count, see ``Problem``.
    """

    path: Path
    data: dict[str, Any]
    lines: dict[KeyPath, int]
    problems: list[Problem] = field(default_factory=list)
    name: str = ""
    unit: str = "line"

    @property
    def shown(self) -> Path | str:
        """The name under which people know this file."""
        return self.name or self.path

    @property
    def title(self) -> str:
        """The name or the address, without folders, in letters that can be kept."""
        return (self.name or self.path.name).encode("utf-8", "backslashreplace").decode()

    def line_of(self, path: KeyPath) -> int:
        """Line of ``path``, or of the nearest block around it; 0 if even the top is unknown."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 0)

    def problem(self, path: KeyPath, message: str, hint: str = "") -> Problem:
        """A problem at ``path`` in this file."""
        return Problem(self.shown, self.line_of(path), dotted(path), message, hint, unit=self.unit)

    def twice(self, value: object, first: int) -> str:
        """What is wrong with ``value``, which stands at ``first`` as well."""
        if self.unit == "product":
            return f"“{value}” stands twice, here and as product {first}"
        return f"“{value}” stands twice, here and on line {first}"


def dotted(path: KeyPath) -> str:
    """``("products", 2, "price")`` as ``products[2].price``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def parse_dotted(key: str) -> KeyPath:
    """``products[2].price`` or ``products.2.price`` as ``("products", 2, "price")``."""
    parts = re.findall(r"[^.\[\]]+", key)
    return tuple(int(part) if part.isdigit() else part for part in parts)


def compose(text: str) -> Node | None:
    """The nodes of a YAML text; None for an empty one.

    Raises:
        YAMLError: it is not YAML; ``OverLimitError`` if it is too much of it.
    """
    try:
        root: Node | None = YAML(typ="safe", pure=True).compose(text)
        if root is not None and _count(root, {}) > MOST_VALUES:
            raise OverLimitError(TOO_MANY)
    except RecursionError as error:
        raise OverLimitError(TOO_DEEP) from error
    return root


def plain_of(node: Node) -> Any:
    """The data of a composed ``node`` as settings read it: decimal numbers stay text."""
    return _plain(node, (), YamlFile(Path(), {}, {}), frozenset())


def read_yaml(path: Path, what: str) -> YamlFile:
    """Read ``path``, a ``what`` ("channel file", "catalogue"). Keys that stand twice are in ``problems``.

    Raises:
        SettingsError: the file is missing, cannot be read, is not YAML, or is not a block of keys.
    """
    text = _read_text(path, what)
    try:
        root = compose(text)
    except MarkedYAMLError as error:
        raise SettingsError([syntax_problem(path, text, error)]) from error
    except OverLimitError as error:
        raise SettingsError([Problem(path, 0, "", str(error))]) from error
    except YAMLError as error:
        raise SettingsError([Problem(path, 0, "", f"this is not YAML: {error}")]) from error
    if not isinstance(root, MappingNode):
        hint = "it must begin with keys, such as “name: …”, one on a line"
        hint = block_hint(text) or hint
        raise SettingsError([Problem(path, 1, "", f"this is no {what}", hint)])
    file = YamlFile(path, {}, {(): 1})
    file.data = _plain(root, (), file, frozenset())
    _refuse_other_kind(file, what)
    return file


def _refuse_other_kind(file: YamlFile, what: str) -> None:
    """One mistake where a whole file is of another kind, in the place of one for each of its keys.

    Raises:
        SettingsError: it has the keys of another kind of file, and none of a ``what``.
    """
    keys = file.data.keys()
    # A head file has a hint of its own, because “body” may name it or a body: see head_file.py.
    if what not in _MARKS or what == "head file" or keys & _MARKS[what]:
        return
    for other, marks in _MARKS.items():
        if keys & marks:
            first = min(file.lines[(key,)] for key in keys & marks)
            message = f"this is a {other}, and a {what} is needed here"
            raise SettingsError(
                [Problem(file.path, first, "", message, _OTHER_HINT.get((what, other), "check the path"))]
            )


def fill_from_environment(file: YamlFile, environment: Mapping[str, str] | None = None) -> None:
    """Replace ``${NAME}`` in every text of ``file.data``; a name that is not set, or empty, becomes a problem.

    Without an ``environment`` it is this process's own, and behind it the secrets that are kept on this machine.
    """
    if environment is None:
        kept = kept_secrets(secrets_place(state_dir()))
        environment = {**os.environ, **{name: kept[name] for name in kept if not os.environ.get(name)}}
    values = environment

    def fill(value: Any, path: KeyPath) -> Any:
        if isinstance(value, dict):
            return {key: fill(item, (*path, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [fill(item, (*path, i)) for i, item in enumerate(value)]
        if not isinstance(value, str):
            return value
        if _BARE_NAME.fullmatch(value):
            file.problems.append(file.problem(path, "a variable without its braces is not replaced", "write ${NAME}"))
        for name in _ENVIRONMENT_NAME.findall(value):
            if not values.get(name):
                hint = f"set it before starting, for example: export {name}=…, or keep it in the control room"
                missing = f"the environment variable {name} is not set"
                empty = f"the environment variable {name} is empty"
                file.problems.append(file.problem(path, empty if name in values else missing, hint))
        return _ENVIRONMENT_NAME.sub(lambda match: values.get(match[1], match[0]), value)

    file.data = fill(file.data, ())


def _read_text(path: Path, what: str) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SettingsError([Problem(path, 0, "", f"the {what} is larger than {MAX_BYTES // 1_000_000} MB")])
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise SettingsError([Problem(path, 0, "", f"there is no {what} here", "check the path")]) from error
    except IsADirectoryError as error:
        raise SettingsError([Problem(path, 0, "", "this is a folder", f"name the {what} in it")]) from error
    except UnicodeDecodeError as error:
        raise SettingsError([Problem(path, 0, "", *not_utf8(path.read_bytes()))]) from error
    except OSError as error:
        raise SettingsError([Problem(path, 0, "", f"the {what} cannot be read: {error.strerror}")]) from error


def not_utf8(content: bytes) -> tuple[str, str]:
    """What is wrong with a file that is not UTF-8, and what would be right: a text in other letters, or no text."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _is_chinese_text(content):
        return "its letters are not written as UTF-8", "save it as UTF-8; editors ask for the encoding under “Save as”"
    return "this is not a text file", "save it as UTF-8"


def _is_chinese_text(content: bytes) -> bool:
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return all(letter.isprintable() or letter in "\t\r\n" for letter in text)


def _count(node: Node, known: dict[int, int]) -> int:
    """The values in and below ``node``; ``known`` holds those of blocks by identity. One inside itself is none."""
    if id(node) not in known:
        known[id(node)] = 0
        inner: list[Node] = []
        if isinstance(node, MappingNode):
            inner = [value for _, value in node.value]
        elif isinstance(node, SequenceNode):
            inner = node.value
        known[id(node)] = 1 + sum(_count(each, known) for each in inner)
    return known[id(node)]


def _plain(node: Node, path: KeyPath, file: YamlFile, above: frozenset[int]) -> Any:
    """Data of ``node``. Decimal numbers stay text, so that 19.99 is exactly 19.99."""
    if id(node) in above:
        file.problems.append(file.problem(path, "this block holds itself", "remove the “*” reference"))
        return None
    if len(path) > MOST_DEEP and isinstance(node, MappingNode | SequenceNode):
        file.problems.append(Problem(file.path, node.start_mark.line + 1, dotted(path[:1]), TOO_DEEP))
        return None
    if isinstance(node, MappingNode):
        return _plain_mapping(node, path, file, above | {id(node)})
    if isinstance(node, SequenceNode):
        items = []
        for i, item in enumerate(node.value):
            file.lines[(*path, i)] = item.start_mark.line + 1
            items.append(_plain(item, (*path, i), file, above | {id(node)}))
        return items
    return _plain_scalar(str(node.value), str(node.tag))


def _plain_mapping(node: MappingNode, path: KeyPath, file: YamlFile, above: frozenset[int]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        here = (*path, key)
        line = key_node.start_mark.line + 1
        if key in result:
            first = file.lines[here]
            message = f"“{key}” stands twice, here and on line {first}"
            file.problems.append(Problem(file.path, line, dotted(here), message, "keep one of them"))
            continue
        file.lines[here] = line
        result[key] = _plain(value_node, here, file, above)
    return result


def _plain_scalar(text: str, tag: str) -> Any:
    kind = tag.rsplit(":", 1)[-1]
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind == "int" and len(text) <= MOST_DIGITS and re.fullmatch(r"[+-]?(0|[1-9][0-9]*)", text):
        return int(text)
    return text
