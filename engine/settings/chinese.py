"""What is told a merchant in a terminal, in Chinese where the terminal is (``LC_ALL``, ``LC_MESSAGES`` or ``LANG``).

Sentences are written in English where they arise; ``data/messages_zh.yaml`` has them in Chinese. One that is not there
stays English, so nothing is ever lost.
"""

from __future__ import annotations

import functools
import itertools
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
    """``text`` in Chinese, with its parts; as it is where nobody has translated it.

    What stands in “ ” is the merchant's own: a key or a value, which stays as it is. Of sentences joined by semicolons
    each is told by itself, where all of them together are none; so is one behind the place or before the words that it
    is about.
    """
    for piece, pattern, chinese, quoted in _sentences():
        found = pattern.fullmatch(text) if piece in text else None
        if found:
            parts = (part if own else in_chinese(part) for part, own in zip(found.groups(), quoted, strict=True))
            return chinese.replace("%", "%%").replace("{}", "%s") % tuple(parts)
    pieces = text.split("; ")
    told = [in_chinese(piece) for piece in pieces] if len(pieces) > 1 else pieces
    if told != pieces:
        return "；".join(told)
    about = re.fullmatch(r"(.+): (“[^”]*”)", text)
    if about and (told_of := in_chinese(about[1])) != about[1]:
        return f"{told_of}：{about[2]}"
    place, colon, rest = text.partition(": ")
    behind = in_chinese(rest) if colon and not re.search(r"\s", place) else rest
    return f"{place}：{behind}" if behind != rest else text


@functools.lru_cache(maxsize=1)
def messages() -> dict[str, str]:
    """English sentence with {} for each part that changes: the Chinese one."""
    loaded: dict[str, str] = YAML(typ="safe").load(FILE.read_text(encoding="utf-8"))
    return loaded


@functools.lru_cache(maxsize=1)
def _sentences() -> tuple[tuple[str, re.Pattern[str], str, tuple[bool, ...]], ...]:
    """Those with the most fixed letters first: the longest fixed piece, by which nearly all are told apart, the whole
    pattern, the Chinese, and which parts stand in quotes.

    What begins with a part of any words comes last: it would also match a sentence that holds it at its end.
    """
    ordered = sorted(messages().items(), key=lambda item: (item[0].startswith("{}"), -len(item[0].replace("{}", ""))))
    found = []
    for english, chinese in ordered:
        pieces = english.split("{}")
        quoted = tuple(before.endswith("“") and after.startswith("”") for before, after in itertools.pairwise(pieces))
        parts = ("(.*)" if own else "(.+)" for own in quoted)
        pattern = re.compile(
            "".join(itertools.chain(*zip(map(re.escape, pieces), (*parts, ""), strict=True))), re.DOTALL
        )
        found.append((max(pieces, key=len), pattern, chinese, quoted))
    return tuple(found)
