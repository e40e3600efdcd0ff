"""The writer's process: a language model writes lines ahead, one at a time; the show never waits for it."""

from __future__ import annotations

import logging
import os
import queue
import threading
from dataclasses import dataclass

from engine.flow import LineKind
from engine.runtime.bus import Bus
from engine.runtime.child import Job, begin
from engine.runtime.heart import Heart
from engine.runtime.messages import Hello, WriteFor, Written
from engine.script import Draft, FactBook, Guard, TemplateWriter
from engine.script.llm import (
    BACKENDS,
    Completer,
    Judge,
    KeptLines,
    MeteredCompleter,
    ModelError,
    ModelWriter,
    Rests,
    Task,
    WholePitchWriter,
    Worklist,
)
from engine.script.llm.serve import NICER_BY
from engine.script.policy import packs_for
from engine.script.template_lines import TemplateLines
from engine.settings import Catalogue, Channel
from engine.settings.precedence import give_way

log = logging.getLogger(__name__)

MOST_UNSENT = 64
"""Lines that wait for the bus; beyond that the writer waits."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 120.0
"""Between tries of a model that gives nothing; each pause is twice the one before."""

ENOUGH = "there are enough lines of everything"
RESTING = "{} moments have too few lines: the model brings none that may be said, and is asked again later"

_POLL_MS = 200
_WHOLE_LINES = 6


@dataclass(frozen=True, slots=True)
class Order:
    """What the studio wants: a version of the catalogue, and the products that come next."""

    version: str
    catalogue: Catalogue
    upcoming: tuple[str, ...]


class Desk:
    """Everything that depends on one version of the catalogue."""

    def __init__(self, channel: Channel, order: Order, completer: Completer, kept: KeptLines, rests: Rests) -> None:
        book = FactBook.of(channel, order.catalogue)
        language = order.catalogue.language
        guard = Guard(book, packs_for(language, channel.policy.packs, channel.policy.platform))
        judge = Judge(book, guard)
        self.version = order.version
        self.ready = [draft for draft in kept.read() if not judge.faults(draft)]
        templates = TemplateWriter(book, channel.show.seed, lambda draft: guard.verdict(draft).ok)
        plain = TemplateLines(templates)
        settings = channel.writer
        self.small = ModelWriter(
            settings.kind,
            completer,
            judge,
            plain,
            language=language,
            deadline_s=settings.deadline_s,
            seed=os.getpid(),
            known=self.ready,
        )
        self._whole = None
        if settings.pitches == "whole":
            self._whole = WholePitchWriter(
                settings.kind, completer, judge, plain, language=language, deadline_s=settings.deadline_s
            )
        self._persona = channel.persona
        self.work = Worklist(order.catalogue, self.ready, rests)

    def write(self, task: Task) -> list[Draft]:
        """Lines of the model's for ``task``, noted in the worklist.

        Raises:
            ModelError: the model gives nothing at all.
        """
        if self._whole is not None and task.kind is LineKind.PITCH:
            drafts = self._whole.propose(task.product, task.product.facts, self._persona, _WHOLE_LINES)
            drafts = [draft for draft in drafts if draft.writer != "template"]
        else:
            draft = self.small.write(task.product, task.fact, task.kind, self._persona)
            drafts = [draft] if draft is not None else []
        if not any((draft.kind, draft.fact_ids[0]) == task.key for draft in drafts):
            self.work.missed(task)
        for draft in drafts:
            self.work.done(draft.kind, draft.fact_ids[0])
        return drafts


class Writer:
    """Writes in a thread of its own; the process's first thread beats the heart and talks on the bus."""

    def __init__(self, job: Job, completer: Completer) -> None:
        self._channel = job.channel
        self._completer = MeteredCompleter(completer)
        self._kept = KeptLines(job.state_dir / "written" / f"{job.channel.file.stem}.jsonl")
        self._rests = Rests()
        self._bus = Bus(job.run_dir, (WriteFor, Hello))
        self._heart = Heart(self._bus, "writer")
        self._order: Order | None = None
        self._unsent: queue.Queue[Written] = queue.Queue(MOST_UNSENT)
        self._stop = threading.Event()
        self._changed = threading.Event()
        self._thread = threading.Thread(target=self._work, name="writing", daemon=True)
        self._state, self._detail = "waiting", ""
        self._lines = 0

    def run(self, stop: threading.Event) -> None:
        """Work until ``stop``."""
        self._bus.publish(Hello("writer"))
        self._thread.start()
        try:
            while not stop.is_set():
                self._step()
        finally:
            self.close()

    def _step(self) -> None:
        message = self._bus.receive(_POLL_MS)
        while message is not None:
            if isinstance(message, WriteFor):
                self._take(message)
            message = self._bus.receive()
        while not self._unsent.empty():
            self._bus.publish(self._unsent.get_nowait())
        if self._heart.due():
            self._heart.beat(
                self._state, self._detail, {"model_lines": float(self._lines), **self._completer.figures()}
            )
            if self._order is None:
                # A first message may be lost while the bus connects.
                self._bus.publish(Hello("writer"))

    def _take(self, wanted: WriteFor) -> None:
        order = self._order
        if wanted.catalogue:
            order = Order(wanted.version, Catalogue.model_validate_json(wanted.catalogue), wanted.upcoming)
        elif order is None or order.version != wanted.version:
            # This process missed a version: the studio sends it to whoever is new.
            self._bus.publish(Hello("writer"))
            return
        else:
            order = Order(order.version, order.catalogue, wanted.upcoming)
        self._order = order
        self._changed.set()

    def _work(self) -> None:
        desk: Desk | None = None
        pause = 0.0
        while not self._stop.is_set():
            self._changed.clear()
            order = self._order
            if order is None:
                self._changed.wait(1.0)
                continue
            try:
                if desk is None or desk.version != order.version:
                    desk = Desk(self._channel, order, self._completer, self._kept, self._rests)
                    self._send(desk.version, desk.ready)
                self._write_one(desk, order)
                pause = 0.0
            except ModelError as error:
                if self._stop.is_set():
                    return
                pause = LONGEST_PAUSE_S if not error.retryable else min(max(2 * pause, FIRST_PAUSE_S), LONGEST_PAUSE_S)
                log.warning("%s; the templates speak, next try in %.0f s", error, pause)
                self._state, self._detail = "failed", str(error)
                self._stop.wait(pause)

    def _write_one(self, desk: Desk, order: Order) -> None:
        task = desk.work.next(order.upcoming)
        if task is None:
            resting = desk.work.resting
            self._state, self._detail = "done", RESTING.format(resting) if resting else ENOUGH
            self._changed.wait(5.0)
            return
        drafts = desk.write(task)
        self._state, self._detail = "writing", self._completer.name
        self._lines += len(drafts)
        self._kept.add(drafts)
        self._send(desk.version, drafts)

    def _send(self, version: str, drafts: list[Draft]) -> None:
        for i in range(0, len(drafts), 100):
            written = Written(version, tuple(drafts[i : i + 100]))
            while not self._stop.is_set():
                try:
                    self._unsent.put(written, timeout=0.5)
                    break
                except queue.Full:
                    continue

    def close(self) -> None:
        """Stop the model; a second time does nothing."""
        self._stop.set()
        self._changed.set()
        self._completer.close()
        if self._thread.is_alive():
            self._thread.join(2.0)
        self._bus.close()


def main() -> None:
    """Work until SIGTERM."""
    give_way(NICER_BY)
    job = begin()
    completer = BACKENDS.make(job.channel.writer, os.environ)
    Writer(job, completer).run(job.stop)


if __name__ == "__main__":
    main()
