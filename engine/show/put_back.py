"""Lines of the show that no voice could speak when their turn came: they come again, so that nothing is left out."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from engine.flow import Line

TURNS = 2
"""So many lines take turns while nothing can be spoken: one that is at fault itself does not keep the show still."""


class PutBack:
    """The lines that wait to be tried again, in their order."""

    def __init__(self) -> None:
        self._lines: deque[Line] = deque()
        self._suspects: frozenset[str] = frozenset()
        self._has_failed = False

    def add(self, line: Line) -> bool:
        """Keep a line that could not be spoken. False where it is at fault itself: it failed before, and another line
        was spoken since.
        """
        self._has_failed = True
        if line.line_id in self._suspects:
            return False
        self._lines.append(line)
        return True

    def was_spoken(self) -> None:
        """A line was spoken: what waits can be, too, or is at fault."""
        self._has_failed = False
        self._suspects = frozenset(line.line_id for line in self._lines)

    def next(self) -> Line | None:
        """The line to try now; None for a new one."""
        if not self._lines or (self._has_failed and len(self._lines) < TURNS):
            return None
        return self._lines.popleft()

    def take(self, wanted: Callable[[Line], bool]) -> list[Line]:
        """Take out those that are ``wanted``."""
        taken = [line for line in self._lines if wanted(line)]
        self._lines = deque(line for line in self._lines if line not in taken)
        return taken
