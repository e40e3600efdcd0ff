"""What a studio that is started again takes over, so that the show goes on instead of beginning anew.

The ledger knows what was said, the master what was over while nobody wrote it down, and what still waits for the air.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.flow import CURVES, Line, LineKind, Performance, Question, picture_sample
from engine.records import Ledger
from engine.runtime.bus import Bus
from engine.runtime.messages import Aired, Hello, LineView, Message, OnAir
from engine.runtime.run_file import RunFile

WAIT_S = 2.0
"""A master that has not answered by then is gone itself, and with it all that waited there."""

ASK_EVERY_S = 0.2
"""The first words on a bus that was just joined may be lost."""

LINES_LOOKED_AT = 400


@dataclass(frozen=True, slots=True)
class Inheritance:
    """``said`` are the lines of this show that were on air, ``held`` those that the master still holds; in order.

    A Performance in ``held`` has neither sound nor movement: it stands for the one that the master has.
    """

    said: tuple[Line, ...]
    held: tuple[tuple[Performance, int | None], ...]


class ShowMark:
    """A file in the run's folder, which says that the show has begun, and with which run of the ledger."""

    def __init__(self, run_dir: Path) -> None:
        self._path = run_dir / "show"
        self._file = RunFile(self._path)

    def first_run(self, run: int) -> int | None:
        """The run with which this show began; None when it begins now, with ``run``."""
        try:
            return int(self._path.read_text())
        except (OSError, ValueError):
            self._file.put(str(run).encode())
            return None

    def catch_up(self) -> None:
        """Write the mark that could not be written before."""
        self._file.catch_up()


def take_over(bus: Bus, ledger: Ledger, first_run: int, fps: int, stopped: Callable[[], bool]) -> Inheritance:
    """Ask the master, write down what the ledger lacks, and say what there is.

    ``bus`` hears ``Aired`` and ``OnAir``. Where the ledger cannot be read now, the master's word is all there is.
    """
    aired, on_air = _ask(bus, stopped)
    kept = ledger.lines(LINES_LOOKED_AT)
    known = {said.performance_id for said in kept}
    missing = [view for view in aired.lines if view.performance_id not in known] if aired else []
    for view in missing:
        start, end = (picture_sample(at, fps) for at in (view.start_picture, view.start_picture + view.pictures))
        ledger.said(line_of(view), view.performance_id, start, end, once=True)
    views = [*([on_air.now] if on_air.now else []), *on_air.upcoming] if on_air else []
    held = [(_hollow(view, fps), view.start_picture if view.start_picture >= 0 else None) for view in views]
    said = [
        Line(s.line_id, LineKind(s.kind), s.text, s.fact_ids, s.product_id)
        for s in reversed(kept)
        if int(s.line_id.partition("-")[0]) >= first_run
    ]
    return Inheritance((*said, *(line_of(view) for view in missing)), tuple(held))


def _ask(bus: Bus, stopped: Callable[[], bool]) -> tuple[Aired | None, OnAir | None]:
    until, ask_at = time.monotonic() + WAIT_S, 0.0
    aired: Aired | None = None
    on_air: OnAir | None = None
    while (aired is None or on_air is None) and time.monotonic() < until and not stopped():
        if time.monotonic() >= ask_at:
            ask_at = time.monotonic() + ASK_EVERY_S
            bus.publish(Hello("studio"))
        message: Message | None = bus.receive(20)
        if isinstance(message, Aired):
            aired, on_air = message, None
        elif isinstance(message, OnAir):
            # What is older than the list of what is over would leave a line out that ended between the two.
            on_air = message if aired is not None else None
    return aired, on_air


def line_of(view: LineView) -> Line:
    """A line as far as pages and the ledger know it."""
    question = Question(view.question_id, "", "") if view.question_id else None
    return Line(
        view.line_id,
        LineKind(view.kind),
        view.text,
        view.fact_ids,
        view.product_id,
        question=question,
        catalogue_version=view.catalogue_version,
        writer=view.writer,
        allowed=view.allowed,
    )


def _hollow(view: LineView, fps: int) -> Performance:
    curves = np.zeros((view.pictures, len(CURVES)), np.float32)
    return Performance(view.performance_id, line_of(view), np.zeros(0, np.float32), curves, view.words, fps=fps)
