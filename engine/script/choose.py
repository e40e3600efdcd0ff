"""Choice without repetition: the sentence that was used longest ago, with a little chance."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import TypeVar

Item = TypeVar("Item")

FRAME_GAP = 30
"""Lines before a frame may come again, as long as another one is left."""

LONG_RESTED = 3
"""A frame that has rested for so many gaps is as good as one that was never used."""

TEXT_WINDOW = 1200
"""Lines before the same words may come again, if any others are left: more than an hour of show."""


class Chooser:
    """Remembers what was said lately and orders candidates by it. Deterministic by ``seed``."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._used: dict[str, int] = {}
        self._said: dict[str, int] = {}
        self._lines = 0

    @property
    def lines(self) -> int:
        """Lines that were remembered so far."""
        return self._lines

    def order(self, frames: Iterable[str]) -> list[str]:
        """``frames``, those that rested for ``FRAME_GAP`` lines first in a random order, then the oldest first."""
        rested: list[str] = []
        tired: list[str] = []
        for frame in frames:
            (rested if self.is_rested(frame) else tired).append(frame)
        self._random.shuffle(rested)
        rested.sort(key=lambda frame: self._age(frame) <= LONG_RESTED * FRAME_GAP)
        return rested + sorted(tired, key=self._age, reverse=True)

    def is_rested(self, frame: str) -> bool:
        """Whether ``frame`` was not used within the last ``FRAME_GAP`` lines."""
        return self._age(frame) > FRAME_GAP

    def sample(self, items: Sequence[Item], count: int) -> list[Item]:
        """``count`` different ones of ``items``."""
        return self._random.sample(list(items), count)

    def is_recent(self, text: str) -> bool:
        """Whether these very words were among the last ``TEXT_WINDOW`` lines."""
        return text in self._said

    def said_at(self, text: str) -> int:
        """The number of the line that last had these words; 0 if none in the window."""
        return self._said.get(text, 0)

    def used(self, frame: str, text: str) -> None:
        """Remember a line that is going to the voice."""
        self._used.pop(frame, None)
        self._used[frame] = self._lines + 1
        self.remember((text,))
        while self._used and self._age(next(iter(self._used))) > LONG_RESTED * FRAME_GAP:
            del self._used[next(iter(self._used))]

    def remember(self, texts: Sequence[str]) -> None:
        """Take lines into the window, oldest first."""
        for text in texts:
            self._lines += 1
            self._said.pop(text, None)
            self._said[text] = self._lines
        while self._said and self._lines - next(iter(self._said.values())) >= TEXT_WINDOW:
            del self._said[next(iter(self._said))]

    def _age(self, frame: str) -> int:
        last = self._used.get(frame)
        return 1_000_000 if last is None else self._lines - last + 1
