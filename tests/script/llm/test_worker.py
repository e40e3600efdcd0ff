"""A model in a process of its own: hanging, dying, missing."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from engine.script.llm import Message, ModelDiedError, ModelError, ModelMissingError, ModelTooSlowError, Wish
from engine.script.llm.completer import fitted
from engine.script.llm.worker import WorkerCompleter

MODULE = "tests.script.llm.fake_model"
WISH = Wish()


@pytest.fixture
def worker() -> Iterator[WorkerCompleter]:
    made = WorkerCompleter("fake", MODULE, "echo", 4096)
    yield made
    made.close()
    made.close()


def said(worker: WorkerCompleter, text: str, deadline_s: float = 20.0) -> str:
    return worker.complete([Message("user", text)], WISH, deadline_s).text


def test_it_answers_gives_way_and_stays(worker: WorkerCompleter) -> None:
    count, nice, pid, context = said(worker, "who").split()
    assert (count, context) == ("1", "4096")
    assert int(nice) >= 10
    assert said(worker, "who").split()[2] == pid


def test_what_a_library_prints_is_no_answer(worker: WorkerCompleter) -> None:
    assert said(worker, "print") == "print"
    assert said(worker, "after") == "after"


def test_one_that_hangs_is_killed_in_time_and_started_again(worker: WorkerCompleter) -> None:
    first = said(worker, "who").split()[2]
    began = time.monotonic()
    with pytest.raises(ModelTooSlowError, match=r"within 0\.5 s"):
        said(worker, "hang", 0.5)
    assert time.monotonic() - began < 20
    assert said(worker, "who").split()[2] != first


def test_one_that_dies_is_started_again(worker: WorkerCompleter) -> None:
    with pytest.raises(ModelDiedError) as caught:
        said(worker, "die")
    assert caught.value.retryable
    assert said(worker, "again") == "again"


def test_a_refusal_keeps_the_process(worker: WorkerCompleter) -> None:
    pid = said(worker, "who").split()[2]
    with pytest.raises(ModelError, match="not today"):
        said(worker, "refuse")
    assert said(worker, "who").split()[2] == pid


def test_what_is_missing_is_said_with_the_command() -> None:
    worker = WorkerCompleter("fake", MODULE, "missing", 4096)
    with pytest.raises(ModelMissingError, match="pip install it") as caught:
        said(worker, "hello")
    assert not caught.value.retryable
    worker.close()


def test_one_that_is_never_loaded_is_given_up() -> None:
    worker = WorkerCompleter("fake", MODULE, "never", 4096, start_s=3.0)
    with pytest.raises(ModelTooSlowError):
        said(worker, "hello")
    worker.close()


def test_closing_ends_a_call_that_is_under_way(worker: WorkerCompleter) -> None:
    said(worker, "ready")
    alarm = threading.Timer(0.3, worker.close)
    alarm.start()
    began = time.monotonic()
    with pytest.raises(ModelDiedError):
        said(worker, "hang")
    assert time.monotonic() - began < 20
    alarm.join()
    with pytest.raises(ModelDiedError, match="closed"):
        said(worker, "hello")


def test_a_prompt_is_fitted_to_the_context_and_never_beyond_it() -> None:
    turns = [Message("system", "s" * 100)]
    for i in range(10):
        turns += [Message("user", f"{i}" * 200), Message("assistant", "a" * 200)]
    turns.append(Message("user", "last"))
    kept = fitted(turns, WISH, 2048)
    assert kept[0] == turns[0]
    assert kept[-1] == turns[-1]
    assert kept[1].text == "7" * 200
    assert sum(len(turn.text.encode()) + 16 for turn in kept) + WISH.max_tokens + 128 <= 2048
    with pytest.raises(ModelError, match="does not fit into 2048 tokens") as caught:
        fitted([Message("user", "字" * 700)], WISH, 2048)
    assert not caught.value.retryable
