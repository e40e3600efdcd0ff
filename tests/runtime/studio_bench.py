"""A real studio over a real bus, with a voice that needs no time."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from engine.flow import SAMPLE_RATE, Line, Phoneme, Utterance, Word
from engine.runtime.steering import Steer, Steered, Wish
from engine.runtime.studio import Studio
from engine.speech import VoiceError

LINE_S = 2


class Mumbler:
    """A voice that needs no time: two seconds of silence for every line. It fails with ``error`` if it has one."""

    def __init__(self) -> None:
        self.trouble = ""
        self.error: VoiceError | None = None
        self.patience: Callable[[], None] = lambda: None

    def utter(self, line: Line) -> Utterance:
        if self.error is not None:
            raise self.error
        n = LINE_S * SAMPLE_RATE
        words = tuple(Word(word, 0, n) for word in line.text.split())
        return Utterance(line, np.zeros(n, np.float32), (Phoneme("a", 0, n),), words)

    def close(self) -> None:
        pass


def work(studio: Studio, until: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "it did not come to that"
        studio._step()


def waiting(studio: Studio) -> list[Line]:
    return [each.performance.line for each in studio._waiting.values()]


def fill(studio: Studio) -> None:
    """Work until enough lines wait and a line with a price is among them."""
    work(studio, lambda: studio._ahead_seconds() >= 12)
    while not any("bottle.price" in line.fact_ids for line in waiting(studio)):
        studio._send(studio._company.next_performance(), urgent=False)


def wish(studio: Studio, what: Wish, user: str = "ana") -> Steered:
    return studio._operator.grant(Steer("r1", user, what))
