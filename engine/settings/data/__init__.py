"""Word lists of the import as data files, read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML


@cache
def data_file(name: str) -> Any:
    """What ``name`` in this folder holds, such as ``units.yaml``."""
    return YAML(typ="safe", pure=True).load(Path(__file__).with_name(name).read_text("utf-8"))
