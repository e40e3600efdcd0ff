"""What is told a merchant in a terminal, in Chinese where the terminal is (``LC_ALL``, ``LC_MESSAGES`` or ``LANG``).

Sentences are written in English where they arise; ``data/messages_zh.yaml`` has them in Chinese. One that is not there
stays English, so nothing is ever lost.
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Mapping
from pathlib import Path

from ruamel.yaml import YAML

FILE = Path(__file__).parent / "data" / "messages_zh.yaml"


def speaks_chinese(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal's language is Chinese."""
    names = (environment.get(key, "") for key in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return next((name for name in names if name), "").lower().startswith("zh")


def in_chinese(text: str) -> str:
    """``text`` in Chinese, with its parts; as it is where nobody has translated it."""
    for pattern, chinese in _sentences():
        found = pattern.fullmatch(text)
        if found:
            return chinese.replace("{}", "%s") % tuple(in_chinese(part) for part in found.groups())
    return text


@functools.lru_cache(maxsize=1)
def messages() -> dict[str, str]:
    """English sentence with {} for each part that changes: the Chinese one."""
    loaded: dict[str, str] = YAML(typ="safe").load(FILE.read_text(encoding="utf-8"))
    return loaded


@functools.lru_cache(maxsize=1)
def _sentences() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Patterns, those with the most fixed letters first."""
    ordered = sorted(messages().items(), key=lambda item: -len(item[0].replace("{}", "")))
    return tuple(
        (re.compile("(.+)".join(map(re.escape, english.split("{}"))), re.DOTALL), chinese)
        for english, chinese in ordered
    )
