"""Sentences in the language of the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.settings import in_chinese, speaks_chinese

if TYPE_CHECKING:
    from engine.script import Finding


def tell(text: str) -> str:
    """``text`` as the terminal's language has it."""
    return in_chinese(text) if speaks_chinese() else text


def tell_finding(found: Finding) -> str:
    """What is wrong with a line, and the words of it that are concerned."""
    return f"{tell(found.message)}: “{found.words}”" if found.words else tell(found.message)
