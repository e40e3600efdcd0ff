"""When the spoken notice that the host is an AI is due, in seconds of show.

It counts as said from when it is made. One that was taken back, or cut before its end, is due at once.
"""

from __future__ import annotations

MOST_IN_A_ROW = 3
"""Where no voice can speak the notice at all, other lines go on between its tries."""


class Notices:
    """The newest notice, and how many were made since another line."""

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._said_at = 0.0
        self._line_id = ""
        self._in_a_row = 0

    def left_s(self, seconds: float) -> float:
        """Seconds of show until the next one has to be said, at ``seconds`` of the show."""
        if self._in_a_row >= MOST_IN_A_ROW:
            return float("inf")
        return self._every_s - (seconds - self._said_at)

    def begin(self, seconds: float) -> None:
        """One is being written."""
        self._said_at = seconds

    def made(self, line_id: str, seconds: float) -> None:
        """One was made, or said in the show that this one goes on with."""
        self._said_at, self._line_id = seconds, line_id
        self._in_a_row += 1

    def made_other(self) -> None:
        """Another line of the show was made."""
        self._in_a_row = 0

    def missed(self, line_id: str | None = None) -> None:
        """A line was not said to its end; None where no notice was said at all."""
        if line_id is None or line_id == self._line_id:
            self._said_at = float("-inf")
