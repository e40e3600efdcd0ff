"""The texts of the set-up's pages: one YAML a language, the same keys in each; and problems in Chinese."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ruamel.yaml import YAML

from engine.settings import in_chinese

_FOLDER = Path(__file__).parent


@cache
def texts_of(language: str) -> Mapping[str, str]:
    """Every text of a language ("en" or "zh") by its dotted key."""
    return MappingProxyType(dict(_flat(_read(language), "")))


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern, re.DOTALL), text) for pattern, text in _read("problems.zh").items())


def problem_text(text: str, language: str) -> str:
    """A problem's message or hint in a language, in the page's words or the terminal's; else as it is."""
    if language != "zh" or not text:
        return text
    for pattern, wanted in _patterns():
        found = pattern.fullmatch(text)
        if found is not None:
            return wanted.format(*found.groups())
    return in_chinese(text)


def _read(name: str) -> dict[str, Any]:
    data: dict[str, Any] = YAML(typ="safe", pure=True).load((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return data


def _flat(data: Mapping[str, Any], before: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in data.items():
        if isinstance(value, dict):
            found += _flat(value, f"{before}{key}.")
        else:
            found.append((f"{before}{key}", str(value)))
    return found
