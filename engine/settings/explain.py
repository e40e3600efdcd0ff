"""Pydantic's errors in plain words: what is wrong, and what would be right."""

from __future__ import annotations

import difflib
import re
import types
import unicodedata
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from engine.currencies import CODES
from engine.settings.errors import Problem
from engine.settings.yaml_file import KeyPath, YamlFile
from engine.settings.yaml_mistakes import block_hint

MOST_SHOWN = 200
"""Letters of a wrong value that are told."""

_PATTERN_HINTS = {
    r"^#[0-9a-fA-F]{6}$": 'a colour is written in quotes, as "#e63348"',
    r"^(brand|#[0-9a-fA-F]{6})$": 'write brand, or a colour in quotes, as "#e63348"',
    r"^[a-z0-9][a-z0-9_-]*$": "use small letters, digits, “-” and “_”, such as “blue-mug”",
    r"^[A-Z]{3}$": "use the three letters of the currency, such as USD or EUR",
    r"^([A-Z]{3})?$": "use the three letters of the currency, such as USD or EUR",
    r"^https?://": "a link begins with https://",
    r"^rtmps?://[^/]+/.+": "an address is like rtmp://live.example.com/app, or begins with rtmps://",
    r"^https?://[^/]+/.+": "an address is like https://sfu.example.com/whip/mia",
    r"^(en|zh)$": "allowed: en, zh",
    r"^(en|zh|)$": "allowed: en, zh",
    r"^([A-Za-z_]\w*)?$": "write the name of an environment variable, such as API_KEY, and not the key itself",
    r"^[0-9a-f]{64}$": "write the 64 digits (0-9, a-f) that sha256sum prints for the file",
}

_USUAL = frozenset({"USD", "EUR", "GBP", "CNY", "JPY", "HKD", "TWD", "SGD", "AUD", "CAD", "CHF", "INR", "KRW"})
"""Currencies that a misspelt code may well be meant for."""

_NUMBERS = {
    "int_parsing": "a whole number, such as 12",
    "int_parsing_size": "a whole number, such as 12",
    "int_type": "a whole number, such as 12",
    "int_from_float": "a whole number, such as 12",
    "float_parsing": "a number, such as 1.0",
    "float_type": "a number, such as 1.0",
    "finite_number": "a number, such as 1.0",
    "decimal_parsing": "an amount, such as 19.99",
    "decimal_type": "an amount, such as 19.99",
    "decimal_max_places": "an amount with at most two digits after the point, such as 19.99",
    "decimal_max_digits": "an amount with at most ten digits",
    "decimal_whole_digits": "an amount with at most eight digits before the point",
    "time_parsing": "a time of the day, such as 18:30",
    "time_type": "a time of the day, such as 18:30",
    "datetime_parsing": "a date and time, such as 2026-03-01T18:00",
    "datetime_type": "a date and time, such as 2026-03-01T18:00",
    "datetime_from_date_parsing": "a date and time, such as 2026-03-01T18:00",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
}

_BOUNDS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}

_LENGTHS = {
    "string_too_short": ("min_length", "short", "letters"),
    "string_too_long": ("max_length", "long", "letters"),
    "too_short": ("min_length", "short", "entries"),
    "too_long": ("max_length", "long", "entries"),
}
_LIMITS = {"min_length": "at least", "max_length": "at most"}

_OF_KEY = "[key]"
"""What pydantic puts behind the place of a key that is itself wrong."""

_LIST = ("this must be a list", "begin each entry with “- ”")
_BLOCK = ("this must be a block of keys", "indent its keys below it")
_TEXT = ("{shown} is not text", "write it in quotes")
_EMPTY_TEXT = ("nothing stands here", "write something, in quotes where it begins with #: that begins a comment")
_DATE = ("{shown} is not a date", "write it as 2026-11-28")
_SHAPES = {
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "tuple_type": _LIST,
    "list_type": _LIST,
    "model_type": _BLOCK,
    "model_attributes_type": _BLOCK,
    "dict_type": _BLOCK,
    "string_type": _TEXT,
    "path_type": _TEXT,
    "union_tag_not_found": ("“kind” is missing", "add “kind: recording”, “kind: rtmp” or “kind: whip”"),
}


def explain(error: ValidationError, file: YamlFile, model: type[BaseModel], hidden: frozenset[str]) -> list[Problem]:
    """Each of pydantic's errors as a problem of ``file``. ``hidden`` keys are ours, not the merchant's."""
    return [
        _explain_one(details, file, model, hidden)
        for details in error.errors(include_url=False)
        if not _counts_only_good_entries(details, file.data)
    ]


def _counts_only_good_entries(details: ErrorDetails, data: Any) -> bool:
    """Whether a list is called too short only because its entries have mistakes, which are reported themselves."""
    value = _value_at(_real_path(details["loc"], data), data)
    return details["type"] == "too_short" and isinstance(value, list) and len(value) >= details["ctx"]["min_length"]


def _explain_one(details: ErrorDetails, file: YamlFile, model: type[BaseModel], hidden: frozenset[str]) -> Problem:
    is_about_key = details["loc"][-1:] == (_OF_KEY,)
    path = _real_path(details["loc"][:-1] if is_about_key else details["loc"], file.data)
    value = path[-1] if is_about_key else _value_at(path, file.data)
    message, hint = _words(details, value)
    hint = _typing_hint(value, details["type"]) or hint
    kind = details["type"]
    if kind == "extra_forbidden":
        message = f"“{path[-1]}” is not a key that belongs here"
        known = known_keys(model, details["loc"][:-1]) - hidden
        hint = _key_hint(str(path[-1]), _value_at(path, file.data), known)
    elif kind == "missing":
        message = f"“{path[-1]}” is missing"
        hint = "it must be given"
    return file.problem(path, message, hint)


_TYPED_BY_HAND = frozenset({"literal_error", "enum", "string_pattern_mismatch", *_NUMBERS})
"""Mistakes that a Chinese keyboard makes: its signs look like those that are meant."""


def _typing_hint(value: Any, kind: str) -> str:
    """What to write where a value holds signs in the place of plain ones, or ""."""
    if not isinstance(value, str):
        return ""
    if _SHAPES.get(kind) is _BLOCK:
        return block_hint(value)
    if kind not in _TYPED_BY_HAND:
        return ""
    inner = value.strip("“”„‘’＂")
    if inner != value:
        return f'these quotes are no quotes to YAML; write it as "{inner}"'
    if "：" in value:
        plain = value.replace("：", ":")
        return f"the colon is a Chinese one; write it as {plain}"
    return _figure_hint(value, kind) if kind in _NUMBERS else ""


def _figure_hint(value: str, kind: str) -> str:
    """What to write where a number has wide digits, a currency or marks for thousands, or ""."""
    narrow = unicodedata.normalize("NFKC", value)
    if narrow != value:
        return f"write it as {narrow}"
    if kind == "decimal_parsing" and re.search(r"\d", value) and re.search(r"[^\d.,'\s-]", value):
        return "write the number alone, such as 19.99; its currency is a key of its own, such as currency: USD"
    if kind == "decimal_parsing" and re.search(r"\d[,' ]\d", value):
        return "write it with a point, and without marks for thousands, such as 1299.00"
    return ""


def _real_path(loc: tuple[int | str, ...], data: Any) -> KeyPath:
    """Pydantic's location without the tags of unions, which are not in the file."""
    path: list[str | int] = []
    for i, part in enumerate(loc):
        is_tag = isinstance(part, str) and isinstance(data, dict) and data.get("kind") == part and i < len(loc) - 1
        if is_tag and part not in data:
            continue
        path.append(part)
        if isinstance(data, dict) and isinstance(part, str):
            data = data.get(part)
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            data = None
    return tuple(path)


def _value_at(path: KeyPath, data: Any) -> Any:
    for part in path:
        if isinstance(data, dict):
            data = data.get(str(part))
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            return None
    return data


def _words(details: ErrorDetails, value: Any) -> tuple[str, str]:
    """What is wrong, and what would be right."""
    kind, context = details["type"], details.get("ctx", {})
    shown = "nothing" if value is None else f"“{_short(value)}”" if isinstance(value, str | int | float) else "this"
    if kind == "written_otherwise":
        return f"{shown} is not {context['what']}", f"write it as {context['right']}"
    if kind in _NUMBERS:
        return f"{shown} is not {_NUMBERS[kind].split(',')[0].split(' with')[0]}", f"write {_NUMBERS[kind]}"
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        return f"{shown} is not allowed", f"must be {words} {context[name]:.10g}"
    if kind in _LENGTHS:
        name, words, unit = _LENGTHS[kind]
        is_empty = name == "min_length" and not value
        return "this is empty" if is_empty else f"this is too {words}", f"{_LIMITS[name]} {context[name]} {unit}"
    if kind in _SHAPES:
        message, hint = _EMPTY_TEXT if value is None and _SHAPES[kind] is _TEXT else _SHAPES[kind]
        return message.format(shown=shown), hint
    return _words_by_context(details, shown)


def _currency_hint(written: str) -> str:
    """What to write for a currency that is no code."""
    code = {"RMB": "CNY"}.get(written.upper(), written.upper())
    if code in CODES:
        return f"write it as {code}"
    near = difflib.get_close_matches(code, sorted(CODES & _USUAL), n=1) if len(code) == 3 else []
    return f"did you mean “{near[0]}”?" if near else _PATTERN_HINTS[r"^[A-Z]{3}$"]


def _short(value: str | float) -> str:
    text = str(value)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


def _words_by_context(details: ErrorDetails, shown: str) -> tuple[str, str]:
    context = details.get("ctx", {})
    hints = {
        "literal_error": lambda: f"allowed: {_listed(str(context['expected']))}",
        "enum": lambda: f"allowed: {_listed(str(context['expected']))}",
        "multiple_of": lambda: f"must be a multiple of {context['multiple_of']}",
        "string_pattern_mismatch": lambda: _pattern_hint(str(context["pattern"]), shown),
        "unknown_currency": lambda: _currency_hint(str(context["code"])),
        "union_tag_invalid": lambda: f"the key “kind” is one of: {_listed(str(context['expected_tags']))}",
    }
    if details["type"] == "union_tag_invalid":
        shown = f"“{_short(str(context['tag']))}”"
    if details["type"] in hints:
        wrong = {"string_pattern_mismatch": "is not written right", "unknown_currency": "is not a currency"}
        return f"{shown} {wrong.get(details['type'], 'is not allowed')}", hints[details["type"]]()
    return details["msg"].removeprefix("Value error, "), ""


def _pattern_hint(pattern: str, shown: str) -> str:
    if "[A-Z]{3}" in pattern:
        return _currency_hint(shown.strip("“”"))
    return _PATTERN_HINTS.get(pattern, "check the spelling")


def _listed(expected: str) -> str:
    return expected.replace("'", "").replace(" or ", ", ")


def _key_hint(key: str, value: Any, known: set[str]) -> str:
    """What may be meant by a ``key`` that is none, which holds ``value``."""
    if key != key.strip():
        return "indent with plain spaces; these are others, such as those of a Chinese keyboard"
    hint = _nearest(key, known)
    if value is None and not hint.startswith("did you mean"):
        return f"a text that holds a comma is put in double quotes; {hint}"
    return hint


def _nearest(key: str, known: set[str]) -> str:
    near = difflib.get_close_matches(key, sorted(known), n=1, cutoff=0.6)
    if near:
        return f"did you mean “{near[0]}”?"
    return f"known here: {', '.join(sorted(known))}" if known else "remove it"


def known_keys(model: type[BaseModel], loc: tuple[int | str, ...]) -> set[str]:
    """Keys that the block at pydantic's location ``loc`` may have."""
    models: list[type[BaseModel]] = [model]
    for part in loc:
        if isinstance(part, int):
            continue
        fields = [m.model_fields[part].annotation for m in models if part in m.model_fields]
        tagged = [m for m in models if _has_tag(m, part)]
        models = tagged if tagged and not fields else [inner for field in fields for inner in _models_in(field)]
    return {name for m in models for name in m.model_fields}


def _has_tag(model: type[BaseModel], tag: str) -> bool:
    kind = model.model_fields.get("kind")
    return kind is not None and tag in get_args(kind.annotation)


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) in {Union, types.UnionType, tuple, list, Annotated}:
        return [model for argument in get_args(annotation) for model in _models_in(argument)]
    return []
