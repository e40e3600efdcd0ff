"""Choice without repetition: the sentence that was used longest ago, with a little chance."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterable, Sequence
from typing import TypeVar

Item = TypeVar("Item")

FRAME_GAP = 30
"""Lines before a frame may come again, as long as another one is left."""

TEXT_WINDOW = 150
"""Lines before the same words may come again."""


class Chooser:
    """Remembers what was said lately and orders candidates by it. Deterministic by ``seed``."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._used: dict[str, int] = {}
        self._recent: deque[str] = deque(maxlen=TEXT_WINDOW)
        self._lines = 0

    def order(self, frames: Iterable[str]) -> list[str]:
        """``frames``, those that rested for ``FRAME_GAP`` lines first in a random order, then the oldest first."""
        rested: list[str] = []
        tired: list[str] = []
        for frame in frames:
            (rested if self._age(frame) > FRAME_GAP else tired).append(frame)
        self._random.shuffle(rested)
        rested.sort(key=lambda frame: self._age(frame) <= 3 * FRAME_GAP)
        return rested + sorted(tired, key=self._age, reverse=True)

    def sample(self, items: Sequence[Item], count: int) -> list[Item]:
        """``count`` different ones of ``items``."""
        return self._random.sample(list(items), count)

    def is_recent(self, text: str) -> bool:
        """Whether these very words were among the last ``TEXT_WINDOW`` lines."""
        return text in self._recent

    def used(self, frame: str, text: str) -> None:
        """Remember a line that is going to the voice."""
        self._lines += 1
        self._used[frame] = self._lines
        self._recent.append(text)

    def remember(self, texts: Sequence[str]) -> None:
        """Take lines of an earlier run into the window, oldest first."""
        self._recent.extend(texts)

    def _age(self, frame: str) -> int:
        last = self._used.get(frame)
        return 1_000_000 if last is None else self._lines - last + 1
