"""What a form needs to know of a settings model: kind, range, choices and default of each value."""

from __future__ import annotations

import datetime
import types
import typing
from collections.abc import Iterator
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from server.room.setup.tasks import Plain

SHARE_STEP = 0.01
"""Step of a slider of a number that has a range of a few units."""


def limits(model: type[BaseModel], key: str) -> Plain:
    """``kind`` ("text", "number", "switch", "choice", "list", "block" …), range, choices, default of a dotted key."""
    *blocks, last = key.split(".")
    inner: Any = model
    for block in blocks:
        inner = inner.model_fields[block].annotation
    return _of_field(inner.model_fields[last])


def leaves(model: type[BaseModel], before: str = "") -> Iterator[str]:
    """Every dotted key that is no block, in order."""
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from leaves(field.annotation, f"{before}{name}.")
        else:
            yield f"{before}{name}"


def _of_field(field: FieldInfo) -> Plain:
    annotation, metadata = field.annotation, list(field.metadata)
    if get_origin(annotation) is typing.Annotated:
        annotation, *more = get_args(annotation)
        metadata += more
    found: Plain = {"kind": _kind(annotation)}
    if get_origin(annotation) is Literal:
        found["options"] = list(get_args(annotation))
    for name, told in (("ge", "min"), ("gt", "min"), ("le", "max"), ("max_length", "longest"), ("multiple_of", "step")):
        for each in _flat(metadata):
            if getattr(each, name, None) is not None:
                found[told] = getattr(each, name)
    if found["kind"] == "number":
        is_small = found.get("max", 1e9) - found.get("min", 0) <= 4
        found.setdefault("step", 1 if annotation is int else SHARE_STEP if is_small else 0.5)
    if field.default is not PydanticUndefined and isinstance(field.default, str | int | float | bool):
        found["default"] = field.default
    if any("#[0-9a-fA-F]" in str(getattr(each, "pattern", "")) for each in _flat(metadata)):
        found["kind"] = "colour"
        found["brand"] = any("brand" in str(getattr(each, "pattern", "")) for each in _flat(metadata))
    return found


def _flat(metadata: list[Any]) -> Iterator[Any]:
    """Each limit, also those inside a nested ``Field``."""
    for each in metadata:
        yield each
        if isinstance(each, FieldInfo):
            yield from _flat(list(each.metadata))


_KINDS: dict[Any, str] = {
    Literal: "choice", tuple: "list", list: "list", dict: "block", bool: "switch", int: "number", float: "number",
    datetime.time: "time", datetime.datetime: "time",
}  # fmt: skip


def _kind(annotation: Any) -> str:
    if get_origin(annotation) in (Union, types.UnionType):
        return _kind(next(each for each in get_args(annotation) if each is not type(None)))
    return _KINDS.get(get_origin(annotation) or annotation, "text")
