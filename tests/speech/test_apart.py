"""Long work, and what is done meanwhile."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from engine.speech import apart
from engine.speech.apart import Apart


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Apart]:
    monkeypatch.setattr(apart, "PATIENCE_S", 0.02)
    made = Apart()
    yield made
    made.close()
    made.close()


def test_whoever_waits_may_do_something_but_not_for_ever(worker: Apart) -> None:
    beats: list[float] = []
    worker.patience = lambda: beats.append(time.monotonic())
    began = time.monotonic()
    assert worker.do(lambda: time.sleep(0.5) or "done", longest_s=0.2) == "done"
    assert len(beats) >= 3
    assert beats[-1] - began < 0.4, "what takes too long hangs, and nobody says that it lives"


def test_that_it_hangs_is_told_once(worker: Apart) -> None:
    told: list[str] = []
    worker.do(lambda: time.sleep(0.3), longest_s=0.1, hangs=lambda: told.append("hangs"))
    worker.do(lambda: time.sleep(0.05), longest_s=10.0, hangs=lambda: told.append("no"))
    assert told == ["hangs"]


def test_what_is_raised_is_raised_here(worker: Apart) -> None:
    def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        worker.do(fail)
    assert worker.do(lambda: 1) == 1
