"""Goes through what was said of a show before, so that the rundown stands where it stood."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.flow import Line, LineKind
from engine.show.rundown import Rundown

OF_A_VISIT = frozenset({LineKind.OPENER, LineKind.PITCH, LineKind.PRICE, LineKind.ASK, LineKind.TRANSITION})


@dataclass(slots=True)
class Visit:
    """A product's turn that is not over: ``told`` facts of it were told."""

    product_id: str
    told: int = 0


class Replay:
    """One pass; the rundown is told of every visit and fact."""

    def __init__(self, rundown: Rundown) -> None:
        self._rundown = rundown

    def through(self, lines: Iterable[Line]) -> Visit | None:
        """Go through lines, oldest first; the visit that is not over yet, which has told no price."""
        visit: Visit | None = None
        before: str | None = None
        for line in lines:
            if line.kind not in OF_A_VISIT or line.product_id is None:
                continue
            if line.product_id != before:
                self._rundown.visited(line.product_id)
            if line.product_id != before or line.kind is LineKind.OPENER:
                visit = Visit(line.product_id)
            before = line.product_id
            for fact_id in line.fact_ids:
                self._rundown.told(fact_id)
            if visit is not None and line.kind is LineKind.PITCH:
                visit.told += len(line.fact_ids)
            if line.kind in {LineKind.PRICE, LineKind.TRANSITION}:
                visit = None
        return visit
