"""Problems in what a merchant wrote: where they are and what would be right."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.settings.chinese import in_chinese


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: file or address, line (1 is the first; 0 is unknown), key, what is wrong, what would be right."""

    file: Path | str
    line: int
    key: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else f"{self.file}"
        key = f" {self.key}:" if self.key else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{place}:{key} {self.message}{hint}"


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
    if chinese:
        return f"第{problem.line}行" if problem.line else "文件"
    return f"line {problem.line}" if problem.line else "file"


def _count(count: int, chinese: bool) -> str:
    if chinese:
        return f"{count} 处问题。" if count else "没有问题。"
    return "No problems." if not count else "1 problem." if count == 1 else f"{count} problems."
