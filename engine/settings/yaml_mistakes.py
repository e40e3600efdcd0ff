"""What is wrong with a text that is not YAML, in a merchant's words: the line to look at, and what would be right.

The parser's own words ("mapping values are not allowed here") are for programmers. They say at which place reading
became impossible; what was typed wrong often stands earlier, or can be seen only in the line itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml.error import MarkedYAMLError

from engine.settings.errors import Problem

LOOK_AT_IT = "look at this line and the one above: indentation, a missing “:”, or a quote that is not closed"
COLON_HINT = "the colon is a Chinese one; write “:” and a space"
COMMA_HINT = "the comma is a Chinese one; write “,” and a space"
SPACE_HINT = "write a space behind the “:”"
QUOTED_NAME_HINT = 'within { } it needs quotes: "${NAME}"'
HASH_HINT = 'within { } it needs quotes, as "#e63348": a bare # begins a comment'
CLOSE_IT = "close it; within it, put a text that holds “,”, “:” or a quote in double quotes"
IN_QUOTES = "put the whole text in double quotes"

CHINESE_COLON = re.compile(r"[ \t]*(?:- +)?[A-Za-z][A-Za-z0-9_.-]* *：")
"""A key as it is typed with a Chinese keyboard."""

NO_SPACE = re.compile(r"[ \t]*(?:- +)?[A-Za-z][A-Za-z0-9_]*:[^\s/:]")
"""A key with its value close behind the colon; an address ("https://…") is none."""

_TYPED: tuple[tuple[re.Pattern[str], str], ...] = (
    (CHINESE_COLON, COLON_HINT),
    (re.compile(r".*[{[,，].*，\s*[A-Za-z_]+ *[:：]|.*[A-Za-z_]+：.*[}]"), COMMA_HINT),
    (re.compile(r".*[{,][^\"'}]*: *\$\{"), QUOTED_NAME_HINT),
    (re.compile(r".*[{,][^\"'}]*: *#"), HASH_HINT),
    (NO_SPACE, SPACE_HINT),
)
"""What can be seen in a line, whatever the parser says of it, and what would be right."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """Parser's words, ours, what would be right, and whether what they speak of began on an earlier line."""

    said: re.Pattern[str]
    message: str
    hint: str
    where_it_began: bool = False


_RULES = (
    _Rule(re.compile(r"'\\t'"), "a tab stands here", "indent with spaces, not with tabs"),
    _Rule(
        re.compile("mapping values are not allowed"),
        "there is one “:” too many, or the line is not indented as those above",
        "put a text that holds “:” in double quotes; begin the keys of one block in the same column",
    ),
    _Rule(re.compile("could not find expected ':'"), "a “:” is missing", LOOK_AT_IT, True),
    _Rule(
        re.compile("<block end>"),
        "the line is not indented as those above",
        "begin the keys of one block, and the “-” of one list, in the same column",
    ),
    _Rule(re.compile("expected ',' or .*<stream end>"), "what begins with { or [ is not closed", CLOSE_IT, True),
    _Rule(re.compile("expected ',' or"), "what begins with { or [ cannot be read from here on", CLOSE_IT),
    _Rule(
        re.compile("unexpected end of stream"),
        "a quote is opened here and not closed",
        "write the same quote at the end of the text",
        True,
    ),
    _Rule(
        re.compile("escape"),
        "“\\” has a meaning of its own in double quotes",
        "write paths with “/”; elsewhere write “\\\\”",
    ),
    _Rule(
        re.compile("that cannot start any token|undefined alias|expected alphabetic or numeric"),
        "a text may not begin with this sign",
        IN_QUOTES,
    ),
    _Rule(re.compile("another document"), "a second file begins here", "take the line “---” away"),
)


def syntax_problem(path: Path, text: str, error: MarkedYAMLError) -> Problem:
    """Where ``text`` stops being YAML, why, and what would be right."""
    said = str(error.problem or error.context or "")
    rule = next((rule for rule in _RULES if rule.said.search(said)), _Rule(re.compile(""), said, LOOK_AT_IT))
    lines = text.splitlines()
    marks = [mark for mark in (error.problem_mark, error.context_mark) if mark]
    if rule.where_it_began:
        marks.reverse()
    at = [min(mark.line + 1, max(len(lines), 1)) for mark in marks]
    wrong = f"this is not YAML: {rule.message}"
    for number in sorted({*at, *(number - 1 for number in at[:1])}):
        hint = _typed_wrong(lines[number - 1]) if 0 < number <= len(lines) else ""
        if hint:
            return Problem(path, number, "", wrong, hint)
    return Problem(path, at[0] if at else 0, "", wrong, rule.hint)


def block_hint(text: str) -> str:
    """What to write where keys are meant and ``text`` was read, because a colon is none to YAML; "" otherwise."""
    if CHINESE_COLON.match(text):
        return COLON_HINT
    return SPACE_HINT if NO_SPACE.match(text) else ""


def _typed_wrong(line: str) -> str:
    return next((hint for pattern, hint in _TYPED if pattern.match(line)), "")
