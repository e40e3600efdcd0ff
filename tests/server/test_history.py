"""The history of figures, by a clock that the test turns."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from engine.runtime.messages import Health
from server import history as history_module
from server.history import STEPS, History, Ring


class Clock:
    def __init__(self, now: float = 1000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def history(clock: Clock) -> History:
    return History(clock, lambda: clock.now + 1_700_000_000)


def beat(history: History, process: str = "master", pid: int = 1, **figures: float) -> None:
    history.hear(Health(process, pid, "on air", "", figures))


def values_of(history: History, figure: str, process: str = "master", span: str = "hour") -> list[float | None]:
    series = history.series(process, figure, span)  # type: ignore[arg-type]
    assert series is not None
    return list(series.values)


def plain(ring: Ring, now: float) -> list[float | None]:
    return [None if math.isnan(value) else value for value in ring.upto(now).tolist()]


def test_a_ring_holds_means_of_steps_and_gaps() -> None:
    ring = Ring(5.0, 4)
    for now, value in ((0, 1), (4.9, 3), (5, 10), (16, 20)):
        ring.add(now, value)
    assert plain(ring, 16) == [2.0, 10.0, None, 20.0]
    assert plain(ring, 26) == [None, 20.0, None, None]
    assert plain(ring, 500) == [None] * 4
    ring.add(500, 7)
    assert plain(ring, 500) == [None, None, None, 7.0]
    ring.add(400, 9)
    assert ring.upto(500).tolist()[-1] == 8.0


def test_gauges_are_means_over_a_step_and_the_end_is_in_wall_time(history: History, clock: Clock) -> None:
    for value in (10, 20, 30):
        beat(history, queue_seconds=value)
        clock.now += 1
    clock.now = 1011
    beat(history, queue_seconds=5)
    series = history.series("master", "queue_seconds", "hour")
    assert series is not None
    assert (series.step_s, series.end, len(series.values)) == (5.0, 1_700_001_015.0, 720)
    assert series.values[-4:] == (None, 20.0, None, 5.0)
    day = history.series("master", "queue_seconds", "day")
    assert day is not None
    assert (day.step_s, len(day.values), day.values[-1]) == (60.0, 1440, 16.25)
    assert history.series("master", "nothing", "hour") is None


def test_counts_are_growth_a_second_and_survive_restarts_and_silence(history: History, clock: Clock) -> None:
    for number in range(6):
        beat(history, pictures=number * 25, bytes=number * 125_000, cpu_seconds=number * 0.5)
        clock.now += 1
    assert values_of(history, "fps")[-2:] == [25.0, 25.0]
    assert values_of(history, "bitrate")[-1] == 1_000_000.0
    assert values_of(history, "cpu")[-1] == 0.5
    beat(history, pid=2, pictures=3)  # A new process: its count begins again.
    clock.now += 1
    beat(history, pid=2, pictures=30)
    assert values_of(history, "fps")[-1] == pytest.approx(26.0)
    clock.now += 60
    beat(history, pid=2, pictures=31)  # After a silence nobody knows how it grew.
    assert values_of(history, "fps")[-1] is None
    assert history.figures() == {"master": ("bitrate", "cpu", "fps")}


def test_a_mean_over_the_last_seconds(history: History, clock: Clock) -> None:
    for number in range(100):
        beat(history, memory_bytes=100 if number < 50 else 200)
        clock.now += 5
    assert history.mean("master", "memory_bytes", 60) == 200
    assert history.mean("master", "memory_bytes", 3600, 400) == 100
    assert history.mean("master", "memory_bytes", 3600, 2000) is None
    assert history.mean("stage", "memory_bytes", 60) is None


def test_memory_is_bounded(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_module, "MOST_SERIES", 3)
    for number in range(10):
        beat(history, f"outlet:{number}", queue=1.0)
    beat(history, "outlet:0", bad=float("nan"), queue=2.0)
    assert sum(len(names) for names in history.figures().values()) == 3
    whole = sum(size for _, size in STEPS.values()) * 4
    assert whole * 400 < 4_000_000


def test_a_saved_history_goes_on_with_a_gap(tmp_path: Path, history: History, clock: Clock) -> None:
    beat(history, queue_seconds=4)
    (tmp_path / "history").write_bytes(history.saved())
    clock.now += 12
    second = History(clock, lambda: clock.now)
    second.restore(tmp_path / "history")
    beat(second, queue_seconds=6)
    assert values_of(second, "queue_seconds")[-3:] == [4.0, None, 6.0]
    third = History(clock)
    third.restore(tmp_path / "nothing")
    (tmp_path / "torn").write_bytes(b"\x93torn")
    third.restore(tmp_path / "torn")
    assert third.figures() == {}
