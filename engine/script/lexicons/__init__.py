"""Word lists of the script room as data files, read once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML


@cache
def listed(name: str, key: str) -> frozenset[str]:
    """The words that stand under ``key`` of the file ``name``."""
    return frozenset(str(lexicon(name)[key]).split())


def alternatives(words: Iterable[str]) -> str:
    """A regular expression's part that finds any of ``words``, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


@cache
def lexicon(name: str) -> dict[str, Any]:
    """The YAML file ``name`` of this folder."""
    text = Path(__file__).with_name(f"{name}.yaml").read_text("utf-8")
    data: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return data
