"""The form of a line: one sentence of one breath, with all slots filled."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.script.verdict import Finding

MAX_SPOKEN_WORDS = 45
"""A line may be longer than the writer likes (a policy is one sentence), but not a speech."""

MAX_SPOKEN_CHARACTERS = 90
"""The same for Chinese, which is read at about two characters a word."""

ENDS = re.compile(r"[.?!。？！][\"'”’」』）)]*$")
"""An end mark, and the quotes that close behind it."""


def misshapen(text: str, nameless: str) -> Iterator[Finding]:
    """What is wrong with the form of ``text``; ``nameless`` has a plain word for each name, since those hold points."""
    if not text.strip():
        yield Finding("shape", "says nothing")
        return
    if any(not character.isprintable() for character in text):
        yield Finding("shape", "has control characters")
    if "{" in text or "}" in text:
        yield Finding("shape", "has a slot that was not filled")
    if "  " in text or text != text.strip():
        yield Finding("shape", "has stray spaces")
    if not ENDS.search(text):
        yield Finding("shape", "is not one sentence: end it with . ! or ?")
    elif re.search(r"[.?!][.?!]$|[?!] |[a-z)]\. [A-Z]|[。？！].*[。？！]", nameless):
        yield Finding("shape", "is not one sentence but several")
    chinese = len(re.findall(r"[\u3400-\u9fff]", text))
    if len(text.split()) > MAX_SPOKEN_WORDS or chinese > MAX_SPOKEN_CHARACTERS:
        yield Finding("shape", "is too long for one breath")
