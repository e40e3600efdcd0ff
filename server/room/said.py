"""The lines that were on air, for the timeline."""

from __future__ import annotations

from collections import deque

from engine.runtime.messages import Ended, LineView, OnAir

KEPT = 40
"""Lines that are shown; older ones are in the ledger."""


class SaidLines:
    """The last ``KEPT`` lines that went on air, newest last; the one that is on air is not among them."""

    def __init__(self) -> None:
        self._now: LineView | None = None
        self._cut: set[str] = set()
        self.lines: deque[LineView] = deque(maxlen=KEPT)

    def hear(self, message: OnAir | Ended) -> None:
        """Take in a change of what is on air, or the end of a line."""
        if isinstance(message, Ended):
            if message.cut and self._now is not None and message.performance_id == self._now.performance_id:
                self._cut.add(message.performance_id)
            return
        if self._now is not None and (message.now is None or message.now.performance_id != self._now.performance_id):
            again = next((line for line in self.lines if line.performance_id == self._now.performance_id), None)
            if again is not None:
                # After a fault of the master a line may be on air once more; a list has each line once.
                self.lines.remove(again)
            self.lines.append(self._now)
            self._cut &= {line.performance_id for line in self.lines}
        self._now = message.now

    def was_cut(self, performance_id: str) -> bool:
        """Whether a line was stopped before its end."""
        return performance_id in self._cut
