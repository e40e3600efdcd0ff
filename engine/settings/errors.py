"""Problems in what a merchant wrote: where they are and what would be right."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.settings.chinese import in_chinese


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: file or address, line (1 is the first; 0 is unknown), key, what is wrong, what would be right.

    ``unit`` is what ``line`` counts: "line", or "product" where a format has no lines to go by.
    """

    file: Path | str
    line: int
    key: str
    message: str
    hint: str = ""
    unit: str = "line"

    @property
    def place(self) -> str:
        """File and line, as programs write them; file and product where there are no lines."""
        return place_in(self.file, self.line, self.unit)

    def __str__(self) -> str:
        key = f" {self.key}:" if self.key else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.place}:{key} {self.message}{hint}"


def place_in(file: Path | str, line: int, unit: str = "line") -> str:
    """``shop.yaml:3``, or ``shop.json, product 3``; the file alone where ``line`` is 0."""
    if not line:
        return f"{file}"
    return f"{file}:{line}" if unit == "line" else f"{file}, {unit} {line}"


class SettingsError(Exception):
    """One or more problems in the settings; the text lists all of them, a line each."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(p) for p in problems))
        self.problems = problems


def format_problems(problems: list[Problem], *, chinese: bool = False) -> str:
    """``problems`` for a person to read in a terminal, grouped by file, with a count at the end."""
    told = in_chinese if chinese else str
    lines: list[str] = []
    for file in dict.fromkeys(problem.file for problem in problems):
        lines.append(str(file))
        for problem in (p for p in problems if p.file == file):
            lines.append(
                f"  {_place(problem, chinese):>8}  {f'{problem.key}: ' if problem.key else ''}{told(problem.message)}"
            )
            if problem.hint:
                lines.append(f"  {'':>8}  → {told(problem.hint)}")
    lines.append(_count(len(problems), chinese))
    return "\n".join(lines)


def _place(problem: Problem, chinese: bool) -> str:
    place = f"{problem.unit} {problem.line}" if problem.line else "file"
    return in_chinese(place) if chinese else place


def _count(count: int, chinese: bool) -> str:
    if chinese:
        return f"{count} 处问题。" if count else "没有问题。"
    return "No problems." if not count else "1 problem." if count == 1 else f"{count} problems."
