"""Mistakes as the pages show them: at the key of the form where they belong, in the reader's language."""

from __future__ import annotations

from fastapi import Request

from server.room.setup.tasks import Plain
from server.room.setup.words import problem_text
from server.room.words import words_for


def shown(problems: list[Plain], request: Request) -> list[Plain]:
    """Each mistake; one in another file, such as the catalogue, stands at the key that names that file."""
    language = words_for(request).language
    rows = []
    for problem in problems:
        message = problem_text(problem["message"], language)
        key = problem["key"]
        if not problem.get("own", True):
            place = f"{problem['file']}:{problem['line']}" if problem["line"] else problem["file"]
            message, key = f"{place}{f' {key}:' if key else ''} {message}", problem.get("at") or "catalogue"
        rows.append(
            {
                "file": problem["file"],
                "line": problem["line"],
                "key": key,
                "message": message,
                "hint": problem_text(problem["hint"], language),
                "looks": problem.get("looks", False),
            }
        )
    return rows
