"""Word lists of the script room as data files, read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML


@cache
def lexicon(name: str) -> dict[str, Any]:
    """The YAML file ``name`` of this folder."""
    text = Path(__file__).with_name(f"{name}.yaml").read_text("utf-8")
    data: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return data
