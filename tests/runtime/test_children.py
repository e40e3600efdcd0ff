"""The rules of one process: when it hangs, how often it may die, when it is replaced."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.runtime.bus import Broker, Bus
from engine.runtime.children import (
    BUDGET_S,
    DEGRADED_PAUSE_S,
    HANDOVER_S,
    HUNG_AFTER_S,
    MASTER_PAUSE_S,
    MEGABYTE,
    OVER_S,
    PROMOTED_GRACE_S,
    READY_SILENT_S,
    SPARE_AFTER_S,
    SPARE_PAUSE_S,
    START_GRACE_S,
    SUSPENDED_AFTER_S,
    Child,
    end_all,
    how_it_ended,
    is_suspended,
)
from engine.runtime.messages import Standby
from engine.runtime.standby import AFTER_PID_VARIABLE, wait_for_turn


def dies(child: Child, at: float) -> float:
    child.started = at - 1
    return child.ended(at)


@pytest.mark.parametrize(
    ("role", "seconds"), [("master", 3), ("server", 4), ("outlet:platform", 4), ("studio", 6), ("writer", 8)]
)
def test_what_viewers_notice_first_is_found_hanging_first(role: str, seconds: float) -> None:
    child = Child(role, started=0.0, last_beat=10.0, beaten=True)
    assert not child.hung(10 + seconds - 0.1)
    assert child.hung(10 + seconds + 0.1)


def test_a_process_that_is_still_loading_has_longer() -> None:
    assert not Child("server", started=10.0, last_beat=10.0).hung(40.0)


def test_one_that_is_suspended_is_lost_before_its_heartbeat_is_due(asleep: Asleep) -> None:
    process = asleep()
    stage = Child("stage", process=process, started=0.0, last_beat=10.0, beaten=True)
    assert stage.lost(10.1) == ""
    process.send_signal(signal.SIGSTOP)
    while not is_suspended(process.pid):
        time.sleep(0.01)
    assert stage.lost(10.2) == ""
    assert stage.lost(10.3 + SUSPENDED_AFTER_S) == "is suspended"
    # Whoever watches may have been suspended with it, and gone on first.
    stage.forgive(20.0)
    assert stage.lost(20.0) == ""
    process.send_signal(signal.SIGCONT)
    while is_suspended(process.pid):
        time.sleep(0.01)
    assert stage.lost(20.1 + SUSPENDED_AFTER_S) == ""
    assert stage.lost(20.1 + HUNG_AFTER_S["stage"]) == "gives no sign of life"


def test_being_looked_at_interns_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each process is looked at five times a second; interned strings that come and go lift the heap by megabytes."""
    interned: list[str] = []
    monkeypatch.setattr(sys, "intern", lambda text: interned.append(text) or text)
    assert not is_suspended(os.getpid())
    assert not is_suspended(2**22 + 1)
    assert interned == []


def test_five_deaths_in_ten_minutes_are_borne_the_sixth_makes_it_degraded_and_calm_heals_it() -> None:
    child = Child("stage")
    pauses = [dies(child, 10.0 * n) for n in range(1, 7)]
    assert pauses == [0, 1, 2, 4, 8, DEGRADED_PAUSE_S]
    assert child.degraded(60.0)
    assert not child.degraded(10.0 + BUDGET_S)


def test_the_master_is_never_waited_for() -> None:
    master = Child("master")
    assert max(dies(master, 10.0 * n) for n in range(1, 12)) == MASTER_PAUSE_S


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0, "exit status 0"), (3, "exit status 3"), (-9, "signal SIGKILL"), (-34, "signal SIGRTMIN"),
        (-35, "signal 35"), (-63, "signal 63"), (-64, "signal SIGRTMAX"),
    ],
)  # fmt: skip
def test_every_end_has_words(code: int, words: str) -> None:
    assert how_it_ended(code) == words


@pytest.fixture
def asleep() -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Makes processes that do nothing."""
    made: list[subprocess.Popen[bytes]] = []

    def make() -> subprocess.Popen[bytes]:
        made.append(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]))
        return made[-1]

    yield make
    for each in made:
        each.kill()
        each.wait()


Asleep = Callable[[], subprocess.Popen[bytes]]


def test_memory_over_the_ceiling_for_a_while_asks_for_a_successor_and_not_again_soon(asleep: Asleep) -> None:
    child = Child("outlet:platform", 100.0, process=asleep())
    much = 100 * MEGABYTE + 1
    child.beat(0.0, much)
    assert not child.should_be_replaced(OVER_S - 1)
    child.beat(20.0, much - 2)
    child.beat(21.0, much)
    assert not child.wants_successor(OVER_S + 1)
    late = 21 + OVER_S + 1
    assert child.should_be_replaced(late)
    assert child.wants_successor(late)
    child.take_successor(asleep(), late)
    assert not child.wants_successor(late)
    child.replaced_at = late
    assert not child.should_be_replaced(late + BUDGET_S - 1)


def test_the_stage_has_a_spare_once_it_has_settled_and_the_master_has_none(asleep: Asleep) -> None:
    stage, master = (Child(role, process=asleep(), started=100.0, beaten=True) for role in ("stage", "master"))
    assert not stage.wants_successor(100.0 + SPARE_AFTER_S)
    assert stage.wants_successor(101.0 + SPARE_AFTER_S)
    assert not master.wants_successor(101.0 + SPARE_AFTER_S)


def test_a_spare_that_ends_or_falls_silent_is_given_up_and_another_comes_later(asleep: Asleep) -> None:
    stage = Child("stage", process=asleep(), started=0.0, beaten=True)
    stage.take_successor(asleep(), 50.0)
    assert stage.successor is not None
    assert stage.successor_failed(50.0 + HANDOVER_S) == ""
    assert stage.successor_failed(51.0 + HANDOVER_S) == "gives no sign of life"
    stage.successor_says(stage.successor.pid, 70.0)
    assert stage.successor_failed(70.0 + READY_SILENT_S) == ""
    assert stage.successor_failed(71.0 + READY_SILENT_S) == "gives no sign of life"
    stage.successor.kill()
    stage.successor.wait()
    assert stage.successor_failed(51.0) == "signal SIGKILL"
    stage.drop_successor(60.0)
    assert not stage.wants_successor(60.0 + SPARE_PAUSE_S - 1)
    assert stage.wants_successor(60.0 + SPARE_PAUSE_S)


def test_the_successor_takes_the_place(asleep: Asleep) -> None:
    stage = Child("stage", process=asleep(), started=0.0, beaten=True)
    after = asleep()
    stage.take_successor(after, 50.0)
    stage.ended(60.0)
    stage.promote(60.0)
    assert (stage.process, stage.successor, stage.restarts, stage.started) == (after, None, 1, 60.0)
    assert not stage.hung(60.0 + HUNG_AFTER_S["stage"])


def test_one_that_was_ready_must_live_soon_but_for_the_studio_which_has_models_to_load(asleep: Asleep) -> None:
    for role, grace_s in (("stage", PROMOTED_GRACE_S), ("studio", START_GRACE_S)):
        child = Child(role, process=asleep(), beaten=True)
        child.take_successor(asleep(), 50.0)
        child.promote(60.0)
        assert not child.hung(60.0 + grace_s)
        assert child.hung(60.1 + grace_s)
        child.begin(asleep(), 80.0)
        assert not child.hung(80.0 + START_GRACE_S)


def test_who_was_away_finds_nobody_hanging(asleep: Asleep) -> None:
    stage = Child("stage", process=asleep(), started=0.0, last_beat=10.0, beaten=True)
    stage.take_successor(asleep(), 9.0)
    assert stage.successor is not None
    stage.successor_says(stage.successor.pid, 10.0)
    stage.forgive(100.0)
    assert not stage.hung(100.0 + HUNG_AFTER_S["stage"])
    assert stage.successor_failed(100.0 + READY_SILENT_S) == ""
    assert stage.hung(100.1 + HUNG_AFTER_S["stage"])


class Undying(subprocess.Popen[bytes]):
    """As one that waits in the kernel for a disk: SIGKILL does nothing yet."""

    kills = waits = 0

    def kill(self) -> None:
        self.kills += 1

    def wait(self, timeout: float | None = None) -> int:
        self.waits += 1
        return super().wait(timeout)


STAYS = "import signal, time; signal.signal(15, signal.SIG_IGN); print('asked', flush=True); time.sleep(60)"


def undying() -> Undying:
    """A program that has asked not to be ended."""
    program = Undying([sys.executable, "-c", STAYS], stdout=subprocess.PIPE)
    assert program.stdout is not None
    assert program.stdout.readline() == b"asked\n"
    program.stdout.close()
    return program


def test_nobody_waits_for_one_that_does_not_die(caplog: pytest.LogCaptureFixture) -> None:
    process, successor = undying(), undying()
    child = Child("outlet:platform", process=process)
    child.take_successor(successor, 0.0)
    try:
        child.kill()
        child.kill()
        child.drop_successor(1.0)
        child.forget_dead()
        assert (child.successor, child.given_up) == (None, [successor])
        assert (child.killed, process.kills, successor.kills) == (True, 1, 1)
        assert process.waits == successor.waits == 0
        assert end_all([child]) == ["outlet:platform"] * 2
    finally:
        for each in (process, successor):
            os.kill(each.pid, 9)
            each.wait()


def test_a_successor_waits_until_the_one_before_it_has_ended_and_says_that_it_is_ready(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broker = Broker(tmp_path)
    broker.start()
    ear, bus = Bus(tmp_path, (Standby,)), Bus(tmp_path, ())
    before = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    monkeypatch.setenv(AFTER_PID_VARIABLE, str(before.pid))
    turn = threading.Event()

    def wait() -> None:
        wait_for_turn(bus, "stage", threading.Event())
        turn.set()

    thread = threading.Thread(target=wait)
    thread.start()
    assert ear.receive(20_000) == Standby("stage", os.getpid())
    assert not turn.is_set()
    before.communicate(b"")
    assert turn.wait(20)
    thread.join()
    for each in (ear, bus, broker):
        each.close()


def test_nobody_waits_for_nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(AFTER_PID_VARIABLE, raising=False)
    bus = Bus(tmp_path, ())
    began = time.monotonic()
    assert not wait_for_turn(bus, "stage", threading.Event())
    assert time.monotonic() - began < 1
    bus.close()


def test_only_the_successor_itself_says_that_it_is_ready(asleep: Asleep) -> None:
    stage = Child("stage", process=asleep())
    stage.take_successor(asleep(), 50.0)
    assert stage.successor is not None
    stage.successor_says(1, 51.0)
    assert not stage.successor_ready
    stage.successor_says(stage.successor.pid, 52.0)
    assert (stage.successor_ready, stage.successor_beat) == (True, 52.0)


def test_the_end_takes_a_successor_along() -> None:
    sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
    child = Child("stage", process=subprocess.Popen(sleep), successor=subprocess.Popen(sleep))
    pids = [p.pid for p in (child.process, child.successor) if p is not None]
    end_all([child])
    assert (child.process, child.successor) == (None, None)
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
