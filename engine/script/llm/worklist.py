"""What a model writes next: for the products that come next first, a little of everything before much of anything."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
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

MISSES = 4
"""So often in a row a model may bring nothing for a moment; then it is not asked for that one for a while."""

FIRST_REST_S, LONGEST_REST_S = 600.0, 86_400.0
"""Each rest is twice the one before. What a model cannot do it would else be asked day and night, and be paid for it
where it is an endpoint."""

Wording = tuple[LineKind, str, str]


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

    @property
    def wording(self) -> Wording:
        """What the model is told: another text of a fact is another task."""
        return self.kind, self.product.name, self.fact.text if self.fact is not None else ""


class Rests:
    """The tasks for which a model brought nothing again and again. They outlive a version of the catalogue, of which
    there may be one every few minutes. ``clock`` counts seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._missed: dict[Wording, tuple[int, float]] = {}
        """How often in a row, and until when it rests."""

    def keep_only(self, tasks: Iterable[Task]) -> None:
        """Forget all but ``tasks``."""
        wanted = {task.wording for task in tasks}
        self._missed = {wording: missed for wording, missed in self._missed.items() if wording in wanted}

    def missed(self, task: Task) -> None:
        """The model brought nothing for ``task``."""
        times = self._missed.get(task.wording, (0, 0.0))[0] + 1
        rest = min(FIRST_REST_S * 2.0 ** (times - MISSES), LONGEST_REST_S) if times >= MISSES else 0.0
        self._missed[task.wording] = times, self._clock() + rest

    def done(self, task: Task) -> None:
        """The model brought a line for ``task``."""
        self._missed.pop(task.wording, None)

    def is_resting(self, task: Task) -> bool:
        """Whether the model is not to be asked for ``task`` now."""
        times, until = self._missed.get(task.wording, (0, 0.0))
        return times >= MISSES and self._clock() < until


class Worklist:
    """The tasks of one version of the catalogue, and how far each of them is. ``rests`` are those of all versions."""

    def __init__(self, catalogue: Catalogue, have: Iterable[Draft] = (), rests: Rests | None = None) -> None:
        self._tasks = [task for product in catalogue.products for task in _tasks(product)]
        self._by_key = {task.key: task for task in self._tasks}
        self._rests = rests if rests is not None else Rests()
        self._rests.keep_only(self._tasks)
        self._done: Counter[tuple[LineKind, str]] = Counter((draft.kind, draft.fact_ids[0]) for draft in have)
        self._missed: Counter[tuple[LineKind, str]] = Counter()

    def next(self, upcoming: Sequence[str]) -> Task | None:
        """The most urgent task; None when there is enough of everything that does not rest."""
        place = {product_id: i for i, product_id in enumerate(upcoming)}
        open_tasks = [
            task
            for task in self._tasks
            if self._done[task.key] < WANTED[task.kind] and not self._rests.is_resting(task)
        ]

        def urgency(task: Task) -> tuple[float, int]:
            rank = place.get(task.product.id, len(place))
            have = (self._done[task.key] + _MISS * self._missed[task.key]) / WANTED[task.kind]
            return have * WANTED[LineKind.PITCH] + (rank >= SOON), rank

        return min(open_tasks, key=urgency, default=None)

    def done(self, kind: LineKind, fact_id: str) -> None:
        """A line for this moment was written."""
        self._done[kind, fact_id] += 1
        task = self._by_key.get((kind, fact_id))
        if task is not None:
            self._rests.done(task)

    def missed(self, task: Task) -> None:
        """The model brought nothing for ``task``."""
        self._missed[task.key] += 1
        self._rests.missed(task)

    @property
    def resting(self) -> int:
        """Tasks that are open and rest."""
        return sum(self._done[t.key] < WANTED[t.kind] and self._rests.is_resting(t) for t in self._tasks)


def _tasks(product: Product) -> list[Task]:
    """In the order in which a visit uses them: what every visit has comes first."""
    facts: list[Fact | None] = list(product.facts)
    return [Task(product, kind, fact) for kind in WANTED for fact in (facts if kind is LineKind.PITCH else [None])]
