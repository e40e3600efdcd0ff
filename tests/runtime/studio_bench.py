"""A real studio over a real bus, with a voice that needs no time."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from engine.flow import SAMPLE_RATE, Line, LineKind, Phoneme, Utterance, Word
from engine.runtime.steering import Steer, Steered, Wish
from engine.runtime.studio import Studio
from engine.speech import VoiceError
from engine.speech.apart import Apart

LINE_S = 2


class Mumbler:
    """A voice that needs no time: two seconds of silence for every line. It fails with ``error`` if it has one, but for
    the lines of ``faultless`` kinds.
    """

    def __init__(self) -> None:
        self.trouble = ""
        self.wakes_in_s, self.is_well = 0.0, True
        self.asked: list[Line] = []
        self.faultless: frozenset[LineKind] = frozenset()
        self.error: VoiceError | None = None
        self.pace = 0.0
        self.kept: set[str] = set()
        self.apart = Apart()

    def load_ahead(self) -> bool:
        return False

    def is_kept(self, line: Line) -> bool:
        return line.text in self.kept

    def utter(self, line: Line) -> Utterance:
        self.asked.append(line)
        if self.error is not None and line.kind not in self.faultless:
            raise self.error
        n = LINE_S * SAMPLE_RATE
        words = tuple(Word(word, 0, n) for word in line.text.split())
        return Utterance(line, np.zeros(n, np.float32), (Phoneme("a", 0, n),), words)

    def close(self) -> None:
        self.apart.close()


def work(studio: Studio, until: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "it did not come to that"
        studio._step()


def waiting(studio: Studio) -> list[Line]:
    return [each.performance.line for each in studio._lineup]


def fill(studio: Studio) -> None:
    """Work until enough lines wait and a line with a price is among them."""
    work(studio, lambda: studio._lineup.seconds() >= 12)
    while not any("bottle.price" in line.fact_ids for line in waiting(studio)):
        studio._send(studio._company.next_performance(), urgent=False)


def wish(studio: Studio, what: Wish, user: str = "ana") -> Steered:
    return studio._operator.grant(Steer("r1", user, what))
