"""Word lists of the script room as data files, read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML


@cache
def listed(name: str, key: str) -> frozenset[str]:
    """The words that stand under ``key`` of the file ``name``."""
    return frozenset(str(lexicon(name)[key]).split())


@cache
def lexicon(name: str) -> dict[str, Any]:
    """The YAML file ``name`` of this folder."""
    text = Path(__file__).with_name(f"{name}.yaml").read_text("utf-8")
    data: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return data
