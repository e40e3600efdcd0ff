"""A studio that is started again: the master's word and the ledger, and the show goes on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.flow import LineKind
from engine.records import Ledger
from engine.runtime.bus import Bus
from engine.runtime.messages import Aired, Ended, Hello, LineView, OnAir, Scheduled
from engine.runtime.studio import Studio
from engine.runtime.take_over import ShowMark, take_over
from tests.runtime.studio_bench import waiting, work

FPS = 25


def view(name: str, kind: str, text: str, start: int = -1, pictures: int = 50, **more: object) -> LineView:
    return LineView(name, kind, text, "bottle", (), start, pictures, allowed=False, line_id=f"1-{name}", **more)  # type: ignore[arg-type]


@contextmanager
def master(run_dir: Path, aired: Aired, on_air: OnAir) -> Iterator[None]:
    """Answers a studio's Hello."""
    ended = threading.Event()

    def answer() -> None:
        bus = Bus(run_dir, (Hello,))
        while not ended.is_set():
            message = bus.receive(20)
            if isinstance(message, Hello) and message.process == "studio":
                bus.publish(aired)
                bus.publish(on_air)
        bus.close()

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def test_what_ended_while_nobody_wrote_is_written_and_what_waits_is_taken_over(
    studio: Studio, ledger: Ledger, tmp_path: Path
) -> None:
    over = Aired((view("a", "opener", "One.", 100), view("b", "pitch", "Two.", 160, 20)))
    on_air = OnAir(230, False, False, view("c", "pitch", "Three.", 220), (view("d", "price", "Four."),))
    with master(tmp_path, over, on_air):
        inherited = take_over(studio._bus, ledger, 1, FPS, lambda: False)
    said = [(s.line_id, s.text, s.start_sample, s.end_sample) for s in reversed(ledger.lines())]
    assert said == [("1-a", "One.", 192_000, 288_000), ("1-b", "Two.", 307_200, 345_600)]
    assert [line.text for line in inherited.said] == ["One.", "Two."]
    assert [(p.performance_id, p.pictures, start) for p, start in inherited.held] == [("c", 50, 220), ("d", 50, None)]
    studio._go_on_from(inherited)
    assert studio._lineup.seconds() > 2
    studio._handle(Ended("c"))
    studio._handle(Scheduled("d", 300))
    studio._handle(Ended("d"))
    assert [s.line_id for s in ledger.lines()] == ["1-d", "1-c", "1-b", "1-a"]


def test_a_second_taking_over_writes_nothing_twice(studio: Studio, ledger: Ledger, tmp_path: Path) -> None:
    over = Aired((view("a", "opener", "One.", 100),))
    with master(tmp_path, over, OnAir(230, False, False, None, ())):
        for _ in range(2):
            take_over(studio._bus, ledger, 1, FPS, lambda: False)
    assert len(ledger.lines()) == 1


def test_what_the_ledger_could_not_say_is_not_written_twice(
    studio: Studio, ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = Aired((view("a", "opener", "One.", 100), view("b", "pitch", "Two.", 160)))
    with master(tmp_path, over, OnAir(230, False, False, None, ())):
        take_over(studio._bus, ledger, 1, FPS, lambda: False)
        with monkeypatch.context() as away:
            away.setattr(ledger, "lines", lambda _limit: ())
            inherited = take_over(studio._bus, ledger, 1, FPS, lambda: False)
    assert [line.text for line in inherited.said] == ["One.", "Two."]
    assert [line.line_id for line in ledger.lines()] == ["1-b", "1-a"]


def test_without_a_master_the_ledger_alone_is_gone_on_from(studio: Studio, ledger: Ledger) -> None:
    inherited = take_over(studio._bus, ledger, 1, FPS, lambda: False)
    assert (inherited.said, inherited.held) == ((), ())


def test_what_a_dead_master_held_is_kept_as_dropped_and_never_sent_empty(
    studio: Studio, ledger: Ledger, tmp_path: Path
) -> None:
    with master(tmp_path, Aired(()), OnAir(230, False, False, None, (view("d", "price", "Four."),))):
        studio._go_on_from(take_over(studio._bus, ledger, 1, FPS, lambda: False))
    held = studio._lineup["d"]
    held.told -= 60
    studio._handle(OnAir(10, False, False, None, ()))
    assert "d" not in studio._lineup


def test_a_show_begins_once_and_is_then_gone_on_with(studio: Studio, tmp_path: Path) -> None:
    assert ShowMark(tmp_path).first_run(3) is None
    assert ShowMark(tmp_path).first_run(4) == 3
    work(studio, lambda: studio._lineup.seconds() >= 12)
    assert waiting(studio)[0].kind is LineKind.GREETING
