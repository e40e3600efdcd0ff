"""Numbers that name rather than count, in English: telephones, decades, "No.1", "1080p"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from engine.speech import numbers
from engine.speech.spoken_lists import UNITS
from engine.speech.spoken_word import Context, SpokenWord, letters, say

CALLS = frozenset({"call", "dial", "tel", "telephone", "fax", "whatsapp", "hotline", "phone:", "mobile:", "cell:"})
"""Words in front of a telephone number; of those with a colon the colon is part."""

CALLS_REACH = 4
"""Words that may stand between."""

_RE_AREA = re.compile(r"^(?:\+?\d{1,3})?\(\d{3}\)$")
_RE_LOCAL = re.compile(r"^\d{3}-\d{4}\b")
_RE_TELEPHONE = re.compile(r"^\+?(?:\d{1,3}-)?(?:\d{3}-)?\d{3}-\d{4}$")
_RE_DECADE = re.compile(r"^(?:(mid|early|late)-)?('?)((?:1[789]|20)\d0|[2-9]0)s(?:-([a-z]+))?$")
_RE_FIRST = re.compile(r"^(?:(?:No|NO|no)\.|N[°º]\.?|N[Oo](?=1(?:-|$)))(\d+)(?:-([a-z]+))?$")
_RE_KARATS = re.compile(r"^(8|9|10|14|18|20|21|22|24)[kK]t?$")
_RE_SCREEN = re.compile(r"^(480|576|720|1080|1440|2160|4320)([pi])$")

_GOLD = frozenset({"gold", "solid", "rose", "white", "yellow"})
"""Words behind "18k" in front of which it is how pure gold is."""

_OWNERS = frozenset({"the", "their", "your", "our", "his", "her", "my", "mid", "early", "late"})
"""Words in front of "90s" behind which it is a decade."""

_STYLES = frozenset({
    "decor", "design", "disco", "era", "fashion", "hits", "icon", "inspired", "kids", "look", "looks", "movies",
    "music", "party", "pop", "retro", "rock", "style", "styles", "theme", "themed", "vibe", "vibes",
})  # fmt: skip
"""Words behind "90s" in front of which it is a decade."""

_TIMED = frozenset({
    "ad", "break", "burst", "charge", "clip", "countdown", "cycle", "delay", "exposure", "film", "interval", "limit",
    "loop", "mode", "pause", "preheat", "rest", "session", "timer", "timeout", "video", "wait", "window",
})  # fmt: skip
"""Words behind "30s" in front of which these are seconds."""


def is_dialled(captions: Sequence[str], at: int) -> bool:
    """Whether the caption word at ``at`` may be part of a telephone number: somebody is to call, or "(555)" stands
    there.
    """
    near = [word.lower().strip(",.!?;()\"'") for word in captions[max(0, at - CALLS_REACH) : at]]
    if any(word in CALLS or word.rstrip(":") in CALLS for word in near):
        return True
    after = captions[at + 1] if at + 1 < len(captions) else ""
    is_area = _RE_AREA.match(captions[at]) and _RE_LOCAL.match(after)
    is_local = at and _RE_AREA.match(captions[at - 1]) and _RE_LOCAL.match(captions[at])
    return bool(is_area or is_local)


def is_gold(word: str) -> bool:
    """Whether the number before ``word`` may be karats: "18k gold-plated"."""
    return word.lower().partition("-")[0] in _GOLD


def is_karat(cores: Sequence[str], at: int) -> bool:
    """Whether the caption word at ``at`` tells karats; others may stand before the gold: "14k or 18k gold"."""
    behind = at + 1
    while behind < len(cores) and (cores[behind].lower() in {"or", "and", "&", "/"} or _RE_KARATS.match(cores[behind])):
        behind += 1
    if behind == len(cores):
        return False
    first, _, rest = cores[behind].partition("-")
    return is_gold(rest if _RE_KARATS.match(first) else first)


def karats(core: str) -> list[SpokenWord] | None:
    """How pure gold is: "18k"."""
    found = _RE_KARATS.match(core)
    return [*say(*numbers.cardinal(int(found.group(1)))), *letters("K")] if found else None


def karat(core: str, around: Context) -> list[SpokenWord] | None:
    """See ``karats``; before anything but gold "18k" is a count."""
    return karats(core) if around.karat else None


def telephone(core: str, around: Context) -> list[SpokenWord] | None:
    """Digits one by one: "1-800-555-0199", and "555-1234" where somebody is to call.

    Elsewhere "100-1000" is a range.
    """
    groups = core.lstrip("+").split("-")
    if _RE_TELEPHONE.match(core):
        sure = len(groups) > 2 or groups[-1][0] == "0"
        if not sure and (not around.dialled or around.after in UNITS):
            return None
    elif not (around.dialled and _is_group(core, around)):
        return None
    out: list[SpokenWord] = say("plus") if core[0] == "+" else []
    for index, group in enumerate(groups):
        said = say(*numbers.digits(group))
        pause = "," if index + 1 < len(groups) else ""
        out += [*said[:-1], replace(said[-1], pause=pause)]
    return out


def _is_group(core: str, around: Context) -> bool:
    """Whether digits are a whole number, or one of the groups of one that is written with spaces."""
    figures = core.lstrip("+")
    if not figures.isdecimal():
        return False
    if len(figures) >= 7 or _RE_LOCAL.match(around.after):
        return True
    beside = any(word.isdecimal() and 3 <= len(word) <= 4 for word in (around.before, around.after))
    return beside and 3 <= len(core) <= 4


def decade(core: str, around: Context) -> list[SpokenWord] | None:
    """Ten years: "1990s", "'90s", "the 90s look"; "a 30s timer" is seconds."""
    found = _RE_DECADE.match(core)
    if not found:
        return None
    part, mark, years, rest = found.groups()
    behind = rest or around.after.lower()
    owned = part is not None or around.before.lower() in _OWNERS
    if len(years) == 2 and not mark and behind not in _STYLES and (not owned or behind in _TIMED):
        return None
    return say(part or "", *numbers.decade(int(years)), rest or "")


def number_sign(core: str, _around: Context) -> list[SpokenWord] | None:
    """A rank without a space: "No.1"; "No1" with a large letter only, as "no1" is slang."""
    found = _RE_FIRST.match(core)
    return say("number", *numbers.cardinal(int(found.group(1))), found.group(2) or "") if found else None


def screen(core: str, _around: Context) -> list[SpokenWord] | None:
    """Lines of a picture: "1080p"."""
    found = _RE_SCREEN.match(core)
    return [*say(*numbers.model_number(found.group(1))), *letters(found.group(2).upper())] if found else None
