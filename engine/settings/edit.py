"""Changes values in a YAML file, and leaves every other letter of it as it was.

The text is never written anew from data: the places of the values that differ are found in it and replaced there, so
comments, quotes, order and blank lines stay, and a file in which nothing differs stays the same to the byte.
"""

from __future__ import annotations

import copy
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from pydantic import BaseModel
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from engine.settings.yaml_file import KeyPath, compose, plain_of

STEP = 2
"""Columns by which what is written here is indented further than its key."""

LONGEST_FLOW = 90
"""Letters up to which a list of plain values is written on one line, in brackets."""

_SPECIAL = re.compile(r"[,\[\]{}#&*!|>'\"%@`]|:$|: |^[\d:._+-]+$")
"""What makes a text something else in YAML, or in one of its versions: "06:00" is a number in YAML 1.1."""

_BREAKS = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029\ufeff]")


class EditError(Exception):
    """A file that cannot be changed value by value; the text says why."""


class Removed:
    """Stands for the value of a key that is to be taken out of the file."""


REMOVED = Removed()


def edited(text: str, changes: Mapping[KeyPath, Any], model: type[BaseModel] | None = None) -> str:
    """``text`` with the values of ``changes``: scalars, lists and dicts of them, or ``REMOVED``.

    Keys that are not there yet are added, after the key before them in the order of ``model``'s fields.

    Raises:
        EditError: the text is no block of keys, or has references that a change would carry further than it should.
    """
    root = _root(text)
    before = plain_of(root)
    wanted = copy.deepcopy(before)
    for path, value in changes.items():
        _put(wanted, path, value)
    if _same(before, wanted):
        return text
    result = _Editor(text).changed(root, wanted, model)
    try:
        is_right = _same(plain_of(_root(result)), wanted)
    except EditError:
        is_right = False
    if not is_right:
        raise EditError("this file is written in a way that a form cannot change; change it in a text editor")
    return result


def data_of(text: str) -> dict[str, Any]:
    """What a YAML text says, as settings read it.

    Raises:
        EditError: the text is no block of keys.
    """
    data: dict[str, Any] = plain_of(_root(text))
    return data


def written(value: Any) -> str:
    """A scalar as YAML on one line; text stands plain where that is read as the same text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:.10g}" if isinstance(value, float) else str(value)
    return str(value) if _is_plain(str(value)) else _quoted(str(value))


def _root(text: str) -> MappingNode:
    try:
        root = compose(text)
    except YAMLError as error:
        raise EditError("this is not YAML") from error
    if not isinstance(root, MappingNode):
        raise EditError("this is no block of keys")
    return root


def _put(data: Any, path: KeyPath, value: Any) -> None:
    for part in path[:-1]:
        inner = data.get(part)
        if not isinstance(inner, dict):
            if isinstance(value, Removed):
                return
            inner = data[part] = {}
        data = inner
    if isinstance(value, Removed):
        data.pop(path[-1], None)
    else:
        data[path[-1]] = value


def _same(one: Any, other: Any) -> bool:
    """Whether two values mean the same in a settings file, where 12, 12.0 and "12" do."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict | list | tuple | bool) or isinstance(other, dict | list | tuple | bool):
        return type(one) is type(other) and one == other
    return _same_scalar("" if one is None else one, "" if other is None else other)


def _same_scalar(one: float | str, other: float | str) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one == other
    try:
        return float(one) == float(other)
    except ValueError:
        return False


def _is_plain(text: str) -> bool:
    if not text or text != text.strip() or _BREAKS.search(text) or _SPECIAL.search(text):
        return False
    try:
        node = compose(text)
    except YAMLError:
        return False
    if not isinstance(node, ScalarNode) or node.value != text:
        return False
    return str(node.tag).rpartition(":")[2] in {"str", "timestamp"}


def _quoted(text: str) -> str:
    return _BREAKS.sub(lambda match: json.dumps(match[0])[1:-1], json.dumps(text, ensure_ascii=False))


def _columns(text: str) -> int:
    """How wide a text is where Chinese letters take two columns."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _flow(value: Any) -> str:
    """A value on one line, lists and blocks in brackets."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{written(key)}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return '""' if value is None or value == "" else written(value)


def _fits_one_line(value: Any) -> bool:
    """Whether a list or block is written in brackets: plain lists, and blocks of whole numbers such as weights."""
    if not value:
        return True
    if isinstance(value, dict):
        return all(type(item) is int for item in value.values()) and len(_flow(value)) <= LONGEST_FLOW
    is_flat = not any(isinstance(item, dict | list | tuple) for item in value)
    return is_flat and len(_flow(value)) <= LONGEST_FLOW


def _block(key: str, value: Any, indent: int) -> list[str]:
    """The lines of a key that is new."""
    head = " " * indent + written(key) + ":"
    if not isinstance(value, dict | list | tuple):
        return [f"{head} {_flow(value)}"]
    if _fits_one_line(value):
        return [f"{head} {_flow(value)}"]
    if isinstance(value, dict):
        return [head, *(line for name, item in value.items() for line in _block(name, item, indent + STEP))]
    return [head, *(line for item in value for line in _item(item, indent + STEP))]


def _item(value: Any, indent: int) -> list[str]:
    """The lines of an entry of a list."""
    dash = " " * indent + "- "
    if not isinstance(value, dict) or not value:
        return [dash + _flow(value)]
    lines = [line for name, item in value.items() for line in _block(name, item, indent + STEP)]
    return [dash + lines[0][indent + STEP :], *lines[1:]]


@dataclass
class _Editor:
    """Collects replacements of places in ``text``, and makes them all at once."""

    text: str
    _replacements: list[tuple[int, int, str]] = field(default_factory=list)

    def changed(self, root: MappingNode, wanted: dict[str, Any], model: type[BaseModel] | None) -> str:
        """The text with everything replaced that is not as wanted."""
        self._mapping(root, wanted, model, 0)
        text = self.text if self.text.endswith("\n") or not self.text else self.text + "\n"
        # From the end, so that places before stay where they are; of two at one place the later found comes later.
        order = sorted(enumerate(self._replacements), key=lambda each: (each[1][0], each[1][1], each[0]), reverse=True)
        for _, (start, end, new) in order:
            text = text[:start] + new + text[end:]
        return text

    def _value(self, node: Node, wanted: Any, model: type[BaseModel] | None, indent: int, head: int) -> None:
        """``indent`` is the column of the key of ``node``, ``head`` the place behind its colon."""
        if _same(plain_of(node), wanted):
            return
        is_block = not getattr(node, "flow_style", False)
        if isinstance(node, MappingNode) and is_block and isinstance(wanted, dict) and wanted:
            self._mapping(node, wanted, model, node.start_mark.column)
        elif isinstance(node, SequenceNode) and is_block and isinstance(wanted, list | tuple) and wanted:
            self._sequence(node, list(wanted))
        else:
            self._whole(node, wanted, indent, head)

    def _mapping(self, node: MappingNode, wanted: dict[str, Any], model: type[BaseModel] | None, indent: int) -> None:
        there = {str(key.value): (key, value) for key, value in node.value}
        for name, (key, value) in there.items():
            if name not in wanted:
                self._replace(self._line_start(key), self._after(value, self._head(key)), "")
            else:
                self._value(value, wanted[name], _model_of(model, name), indent, self._head(key))
        order = list(model.model_fields) if model is not None else []
        new = [name for name in wanted if name not in there]
        for name in sorted(new, key=lambda name: order.index(name) if name in order else len(order)):
            before = order[: order.index(name)] if name in order else []
            key, value = there[next((known for known in reversed(before) if known in there), next(reversed(there)))]
            self._insert(self._after(value, self._head(key)), _block(name, wanted[name], indent))

    def _sequence(self, node: SequenceNode, wanted: list[Any]) -> None:
        """Entries that stay keep their comments; others are changed in place, taken out or added."""
        before = plain_of(node)
        old, new = ([json.dumps(each, sort_keys=True, default=str) for each in side] for side in (before, wanted))
        first = self._line_start(node.value[0])
        indent = self.text.rindex("-", first, node.value[0].start_mark.index + 1) - first
        for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if what == "equal":
                continue
            pairs = 0
            while pairs < min(b - a, d - c) and _are_kin(before[a + pairs], wanted[c + pairs]):
                item = node.value[a + pairs]
                self._value(item, wanted[c + pairs], None, indent, item.start_mark.index)
                pairs += 1
            for item in node.value[a + pairs : b]:
                self._replace(self._line_start(item), self._after(item, item.start_mark.index), "")
            if c + pairs < d:
                last = node.value[b - 1] if b else None
                at = first if last is None else self._after(last, last.start_mark.index)
                self._insert(at, [line for each in wanted[c + pairs : d] for line in _item(each, indent)])

    def _whole(self, node: Node, wanted: Any, indent: int, head: int) -> None:
        """Another kind of value, or a scalar: everything between the key and the comment is new."""
        start, end = node.start_mark.index, self._end(node, head)
        if start >= end or "\n" in self.text[head:end]:
            start = head
        if isinstance(wanted, dict | list | tuple) and not _fits_one_line(wanted):
            start = len(self.text[:start].rstrip(" "))
            self._replace(start, end, "")
            self._insert(self._next_line(end), _block("x", wanted, indent)[1:])
            return
        new = self._scalar(node, wanted)
        new = new if self.text[start - 1] == " " else f" {new}"
        tail = re.match(r"( *)#", self.text[end:])
        if tail is None or "\n" in self.text[start:end]:
            if tail is not None and not isinstance(node, ScalarNode):
                # It stood behind the last line of what goes, and is about that alone.
                end = self.text.find("\n", end)
            self._replace(start, end if end >= 0 else len(self.text), new)
            return
        room = _columns(self.text[start:end]) + len(tail[1]) - _columns(new)
        self._replace(start, end + len(tail[1]), new + " " * max(room, 1))

    @staticmethod
    def _scalar(node: Node, wanted: Any) -> str:
        if isinstance(wanted, dict | list | tuple):
            return _flow(wanted)
        was_quoted = isinstance(node, ScalarNode) and node.style in ("'", '"')
        if wanted is None or wanted == "":
            return '""'
        return _quoted(wanted) if was_quoted and isinstance(wanted, str) else written(wanted)

    def _replace(self, start: int, end: int, new: str) -> None:
        self._replacements.append((start, end, new))

    def _insert(self, at: int, lines: list[str]) -> None:
        head = "\n" if at == len(self.text) and not self.text.endswith("\n") else ""
        self._replace(at, at, head + "\n".join(lines) + "\n")

    def _head(self, key: Node) -> int:
        """The place behind the colon of a key."""
        return self.text.index(":", key.end_mark.index) + 1

    def _line_start(self, node: Node) -> int:
        return self.text.rfind("\n", 0, node.start_mark.index) + 1

    def _next_line(self, at: int) -> int:
        stop = self.text.find("\n", at)
        return len(self.text) if stop < 0 else stop + 1

    def _end(self, node: Node, head: int) -> int:
        """Where the last letter of a value ends: a block's own mark lies at the next key. ``head`` if it is empty."""
        if isinstance(node, MappingNode) and not node.flow_style and node.value:
            key, value = node.value[-1]
            return self._end(value, self._head(key))
        if isinstance(node, SequenceNode) and not node.flow_style and node.value:
            return self._end(node.value[-1], node.value[-1].start_mark.index)
        end: int = node.end_mark.index
        if isinstance(node, ScalarNode) and node.style in ("|", ">"):
            return len(self.text[:end].rstrip("\n"))
        return head if end == node.start_mark.index else end

    def _after(self, node: Node, head: int) -> int:
        """The beginning of the line after a value."""
        return self._next_line(self._end(node, head))


def _are_kin(one: Any, other: Any) -> bool:
    """Whether an entry of a list may be changed into another, its comments kept: of the same kind, if it has kinds."""
    return isinstance(one, dict) and isinstance(other, dict) and one.get("kind") == other.get("kind")


def _model_of(model: type[BaseModel] | None, name: str) -> type[BaseModel] | None:
    annotation = model.model_fields[name].annotation if model is not None and name in model.model_fields else None
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None
