"""What the guard says about a line: findings, each with the rule, the words and the fact."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a line.

    ``rule`` is the rule's id ("number", "cn.absolute"), ``words`` the words of the line that break it ("" for the
    whole line), ``fact_id`` the cited fact that they were held against ("" where none is concerned).
    """

    rule: str
    message: str
    words: str = ""
    fact_id: str = ""

    def __str__(self) -> str:
        return f"{self.message}: “{self.words}”" if self.words else self.message


@dataclass(frozen=True, slots=True)
class Verdict:
    """All findings about a line; a line without any may go on air."""

    findings: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the line may go on air."""
        return not self.findings

    @property
    def reasons(self) -> tuple[str, ...]:
        """Each finding in words."""
        return tuple(dict.fromkeys(str(finding) for finding in self.findings))
