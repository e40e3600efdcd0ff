"""A helper process: bytes behind answers, hanging in the middle, being loaded. What else is in tests/script/llm."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from engine.settings.helper import Helper, HelperEndedError, HelperLateError, HelperRefusedError

PROGRAM = str(Path(__file__).with_name("fake_helper.py"))


@pytest.fixture
def helper() -> Iterator[Helper]:
    made = Helper("fake", [sys.executable, PROGRAM, "quick"], most_bytes=500_000)
    yield made
    made.close()
    made.close()


def test_bytes_follow_an_answer(helper: Helper) -> None:
    sizes = [len(helper.ask({"do": "bytes", "n": n}, 10.0).body) for n in (0, 1, 300_000, 5)]
    assert sizes == [0, 1, 300_000, 5]


def test_more_bytes_than_allowed_are_not_read(helper: Helper) -> None:
    with pytest.raises(HelperEndedError, match="more than 500000 bytes"):
        helper.ask({"do": "bytes", "n": 500_001}, 10.0)
    assert helper.ask({"do": "bytes", "n": 3}, 10.0).body == bytes(3)


def test_one_that_has_grown_too_much_is_replaced_between_two_answers() -> None:
    helper = Helper("fake", [sys.executable, PROGRAM, "slow"], most_bytes=1, most_grown_mb=60.0)
    try:
        pids = [helper.ask({"do": "grow", "n": 20_000_000}, 10.0).head["pid"] for _ in range(2)]
        time.sleep(1.5)
        pids.append(helper.ask({"do": "grow", "n": 1}, 10.0).head["pid"])
        assert len(set(pids)) == 1, "a little more is no reason"
        helper.ask({"do": "grow", "n": 60_000_000}, 10.0)
        end = time.monotonic() + 20
        while (pid := helper.ask({"do": "grow", "n": 1}, 0.5).head["pid"]) == pids[0]:
            assert time.monotonic() < end
            time.sleep(0.05)
        assert not psutil.pid_exists(pids[0])
        helper.ask({"do": "grow", "n": 80_000_000}, 10.0)
        time.sleep(1.5)
        assert helper.ask({"do": "grow", "n": 1}, 10.0).head["pid"] == pid, "not again so soon"
    finally:
        helper.close()
    assert not psutil.pid_exists(pid)


def test_the_one_that_is_being_loaded_takes_the_place_of_one_that_dies() -> None:
    helper = Helper("fake", [sys.executable, PROGRAM, "slow"], most_bytes=1, most_grown_mb=10.0)
    try:
        first = helper.ask({"do": "grow", "n": 30_000_000}, 10.0).head["pid"]
        (other,) = (child.pid for child in psutil.Process().children() if child.pid != first)
        psutil.Process(first).kill()
        psutil.wait_procs([psutil.Process(first)], 5)
        assert helper.ask({"do": "bytes", "n": 0}, 10.0).head["pid"] == other
    finally:
        helper.close()


def test_one_that_is_closed_while_another_is_loaded_leaves_nobody() -> None:
    helper = Helper("fake", [sys.executable, PROGRAM, "slow"], most_grown_mb=10.0)
    helper.ask({"do": "grow", "n": 30_000_000}, 10.0)
    helper.close()
    assert not psutil.Process().children()


@pytest.mark.parametrize("how", ["half", "hang"])
def test_one_that_hangs_is_killed_in_time_and_started_again(helper: Helper, how: str) -> None:
    first = helper.ask({"do": "bytes", "n": 0}, 10.0).head["pid"]
    began = time.monotonic()
    with pytest.raises(HelperLateError, match=r"fake gave no answer within 0\.3 s; it was stopped"):
        helper.ask({"do": how}, 0.3)
    assert time.monotonic() - began < 8
    assert helper.ask({"do": "bytes", "n": 0}, 10.0).head["pid"] != first


@pytest.mark.parametrize("how", ["chatter", "list"])
def test_what_is_no_answer_ends_it(helper: Helper, how: str) -> None:
    with pytest.raises(HelperEndedError, match="no answer"):
        helper.ask({"do": how}, 10.0)


def test_one_that_is_being_loaded_can_be_left_to_it() -> None:
    helper = Helper("fake", [sys.executable, PROGRAM, "slow"])
    assert not helper.ready(0.0)
    assert not helper.ready(0.1)
    assert helper.ready(20.0)
    assert helper.ready(0.0)
    helper.close()
    with pytest.raises(HelperEndedError, match="closed"):
        helper.ready(0.0)


def test_one_that_takes_too_long_to_be_loaded_is_stopped() -> None:
    helper = Helper("fake", [sys.executable, PROGRAM, "slow"], start_s=0.2)
    with pytest.raises(HelperLateError):
        helper.ready(5.0)
    helper.close()


def test_what_is_missing_is_told_also_to_one_that_did_not_wait() -> None:
    helper = Helper("fake", [sys.executable, PROGRAM, "missing"])
    assert not helper.ready(0.0)
    time.sleep(1.0)
    with pytest.raises(HelperRefusedError, match="run make something"):
        helper.ready(0.0)
    helper.close()


def test_what_is_missing_is_told() -> None:
    for command, why in (
        ([sys.executable, PROGRAM, "missing"], "run make something"),
        (["/no/such/program"], "started"),
    ):
        helper = Helper("fake", command)
        with pytest.raises(HelperRefusedError, match=why) as caught:
            helper.ready(20.0)
        assert caught.value.missing
        helper.close()
