"""What a fact's text says as data: its value, its unit, and what it is about."""

from __future__ import annotations

import re
from functools import cache

from engine.settings.data import data_file

_NUMBER = r"\d+(?:[.,]\d+)*(?:/\d+)?"
_JOINED = rf"{_NUMBER}(?:\s?(?:×|x|X|\*|by|to|-|–|~|至|到)\s?{_NUMBER})*"

_NUMBER_WORDS = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "eleven": "11", "twelve": "12",
}  # fmt: skip

_VERB = re.compile(
    r"^(?:(?:is|are|comes?|has|holds|weighs|measures|stands|contains|carries|runs|keeps|gives|works|connects|fits|needs"
    r"|stores|charges|plays|burns|smells|draws|heats)\b\s*"
    r"(?:(?:made|woven|knitted|poured|built|filled|rated|certified|cared for like this)\b:?\s*)?"
    r"(?:of|from|in|with|out of|on|by|to|for|over)?\b\s*)",
    re.IGNORECASE,
)
_VERB_ZH = re.compile(
    r"^(?:采用|材质是|材质为|颜色是|颜色为|产自|产地是|产地为|适用于|适合|配有|包装内有|认证是|保养方式是)"
)

_SUBJECTS: tuple[tuple[str, str], ...] = (
    (r"\bcold\b|\bchilled\b|保冷", "cold"),
    (r"\bhot\b|\bwarm\b(?!,)|保温", "hot"),
    (r"\btall\b|\bheight\b|高", "height"),
    (r"\bwide\b|\bwidth\b|宽", "width"),
    (r"\bthick(?:ness)?\b|厚", "thickness"),
    (r"\bdeep\b|\bdepth\b|深", "depth"),
    (r"\bacross\b|\bdiameter\b|直径", "diameter"),
    (r"\blong\b|\blength\b|(?<!最)长(?!期|久|时)", "length"),
)
_SUBJECT_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), name) for pattern, name in _SUBJECTS)
_QUALIFIED = frozenset({"performance", "size"})
"""Types of fact of which a product has several that only a word tells apart: hot and cold, height and width."""


_IN_WORDS = frozenset({"material", "colour", "care", "in_box", "origin", "certificate", "use"})
"""Types of fact whose value is words, also where a number stands in them ("a 1.5 m cable")."""


@cache
def _units() -> dict[str, str]:
    return {name.lower(): line[0] for line in data_file("units.yaml") for name in line}


@cache
def _measure() -> re.Pattern[str]:
    names = sorted((re.escape(name) for name in _units()), key=len, reverse=True)
    words = "|".join(_NUMBER_WORDS)
    return re.compile(
        rf"(?<![a-zA-Z0-9.,])(?P<value>{_JOINED}|(?:{words})\b)[\s-]?(?P<unit>{'|'.join(names)})(?![a-zA-Z])",
        re.IGNORECASE,
    )


def unit_of(name: str) -> str:
    """The usual form of a unit ("litres" is "l"), or "" if ``name`` is none."""
    return _units().get(name.strip().lower(), "")


def measure(text: str) -> tuple[str, str]:
    """The first number with a unit in ``text`` ("750", "ml"); dimensions are joined ("130 × 180", "cm")."""
    match = _measure().search(text)
    if match is None:
        return "", ""
    value = re.sub(r"\s?(?:×|x|\*|by)\s?", " × ", match["value"], flags=re.IGNORECASE)
    value = re.sub(r"\s?(?:–|~|-|\bto\b|至|到)\s?", "–", value)
    return _NUMBER_WORDS.get(value.lower(), value), _units()[match["unit"].lower()]


def measure_as_written(text: str) -> str:
    """The first number of ``text`` with its unit, as both stand there ("24个月"), or ""."""
    match = _measure().search(text)
    return match[0] if match is not None else ""


def value_of(kind: str, text: str) -> tuple[str, str]:
    """Value and unit of a fact of type ``kind``; without a measure the value is what stands behind the verb."""
    value, unit = measure(text) if kind not in _IN_WORDS else ("", "")
    if value:
        return value, unit
    rest = _VERB_ZH.sub("", _VERB.sub("", text, count=1), count=1).strip()
    return (rest or text)[:80], ""


def subject_of(kind: str, text: str, fact_id: str) -> str:
    """What the fact is about: "cold", "height", else the fact's own id in words."""
    if kind in _QUALIFIED:
        for pattern, name in _SUBJECT_PATTERNS:
            if pattern.search(text):
                return name
    return re.sub(r"-[0-9a-f]{6}$", "", fact_id).replace("_", " ").replace("-", " ")
