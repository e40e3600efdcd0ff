"""Reads the files of one JSON object a line that merchants try things with."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from engine.settings import Problem, SettingsError
from engine.settings.yaml_file import not_utf8

Row = TypeVar("Row")

Problems = list[Problem]


def read_rows(path: Path, example: str, row_of: Callable[[int, dict[str, Any]], Row | Problems]) -> list[Row]:
    """The rows of ``path`` as ``row_of`` makes them of a line's number and object; ``example`` shows a right line.

    Raises:
        SettingsError: the file cannot be read, has no lines, or mistakes in them; all at once.
    """
    rows: list[Row] = []
    problems: Problems = []
    for number, written in enumerate(_text(path).splitlines(), start=1):
        if not written.strip():
            continue
        found = _object(path, number, written, example)
        made = row_of(number, found) if isinstance(found, dict) else found
        if isinstance(made, list):
            problems += made
        else:
            rows.append(made)
    if problems:
        raise SettingsError(problems)
    if not rows:
        raise SettingsError([Problem(path, 0, "", "there are no lines here", f"write one a line, as {example}")])
    return rows


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise SettingsError([Problem(path, 0, "", "there is no file of lines here", "check the path")]) from error
    except UnicodeDecodeError as error:
        raise SettingsError([Problem(path, 0, "", *not_utf8(path.read_bytes()))]) from error
    except OSError as error:
        raise SettingsError([Problem(path, 0, "", f"the lines cannot be read: {error.strerror}")]) from error


def _object(path: Path, number: int, written: str, example: str) -> dict[str, Any] | Problems:
    try:
        row = json.loads(written)
    except ValueError as error:
        said = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        return [Problem(path, number, "", f"this is not JSON: {said}", f"write it as {example}")]
    if not isinstance(row, dict):
        return [Problem(path, number, "", "this is no JSON object", f"write it as {example}")]
    return row
