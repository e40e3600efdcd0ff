"""Abuse in what viewers write, by word lists that see through disguise."""

from __future__ import annotations

import re
from functools import cache

from engine.script import disguise
from engine.script.lexicons import lexicon

_LEET = str.maketrans("@$01357!|", "asoiestii")


@cache
def _pattern(tier: str) -> re.Pattern[str]:
    words = lexicon("abuse")
    english = "|".join(words[f"{tier}_en"])
    chinese = "|".join(words[f"{tier}_zh"])
    return re.compile(rf"\b(?:{english})\b|{chinese}")


def is_grave(text: str) -> bool:
    """Whether ``text`` holds what nobody should have to read."""
    return _found("grave", text)


def is_mild(text: str) -> bool:
    """Whether ``text`` is unkind, without being grave."""
    return _found("mild", text)


def sounds_bad(name: str) -> bool:
    """Whether ``name`` is abuse once it is read aloud."""
    spoken = disguise.plain(name).text
    joined = re.sub(r"[^a-z\u3400-\u9fff]", "", spoken.translate(_LEET))
    listed = re.compile("|".join(lexicon("abuse")["names"]))
    inside = re.compile("|".join(lexicon("abuse")["grave_en"]).replace(r"\w", "[a-z]"))
    return bool(listed.search(spoken) or inside.search(joined) or is_grave(name) or is_mild(name))


def _found(tier: str, text: str) -> bool:
    seen = disguise.plain(text).text
    pattern = _pattern(tier)
    return bool(pattern.search(seen) or pattern.search(text.lower()) or pattern.search(seen.translate(_LEET)))
