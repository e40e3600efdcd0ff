"""What a model writes next: for the products that come next first, a little of everything before much of anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.flow import LineKind
from engine.script.writer import Draft
from engine.settings import Catalogue, Fact, Product

WANTED: dict[LineKind, int] = {LineKind.OPENER: 12, LineKind.TRANSITION: 12, LineKind.PITCH: 8, LineKind.ASK: 8}
"""Lines of each moment that are enough: about what two hours of the show use, with ten products."""

SOON = 3
"""Products of the rundown that are written for before the others."""

_MISS = 0.34
"""A line that the model did not bring counts this much, so that a hard one does not hold up the others."""


@dataclass(frozen=True, slots=True)
class Task:
    """One line to write. ``fact`` is None for a line that claims nothing."""

    product: Product
    kind: LineKind
    fact: Fact | None

    @property
    def key(self) -> tuple[LineKind, str]:
        """The moment that the line is for."""
        return self.kind, f"{self.product.id}.{self.fact.id if self.fact is not None else 'name'}"


class Worklist:
    """The tasks of one version of the catalogue, and how far each of them is."""

    def __init__(self, catalogue: Catalogue, have: Iterable[Draft] = ()) -> None:
        self._tasks = [task for product in catalogue.products for task in _tasks(product)]
        self._done: Counter[tuple[LineKind, str]] = Counter((draft.kind, draft.fact_ids[0]) for draft in have)
        self._missed: Counter[tuple[LineKind, str]] = Counter()

    def next(self, upcoming: Sequence[str]) -> Task | None:
        """The most urgent task; None when there is enough of everything."""
        place = {product_id: i for i, product_id in enumerate(upcoming)}
        open_tasks = [task for task in self._tasks if self._done[task.key] < WANTED[task.kind]]

        def urgency(task: Task) -> tuple[float, int]:
            rank = place.get(task.product.id, len(place))
            have = (self._done[task.key] + _MISS * self._missed[task.key]) / WANTED[task.kind]
            return have * WANTED[LineKind.PITCH] + (rank >= SOON), rank

        return min(open_tasks, key=urgency, default=None)

    def done(self, kind: LineKind, fact_id: str) -> None:
        """A line for this moment was written."""
        self._done[kind, fact_id] += 1

    def missed(self, task: Task) -> None:
        """The model brought nothing for ``task``."""
        self._missed[task.key] += 1


def _tasks(product: Product) -> list[Task]:
    """In the order in which a visit uses them: what every visit has comes first."""
    facts: list[Fact | None] = list(product.facts)
    return [Task(product, kind, fact) for kind in WANTED for fact in (facts if kind is LineKind.PITCH else [None])]
