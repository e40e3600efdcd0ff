"""The control room is started anew where it is suspended, hangs or uses too much memory."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.runtime.children import BUDGET_S, MEGABYTE, OTHERS_HUNG_AFTER_S, OVER_S, SUSPENDED_AFTER_S, is_suspended
from engine.runtime.room_keeper import RoomKeeper
from engine.settings import Channel

NOW = 1000.0


@pytest.fixture
def room() -> Iterator[subprocess.Popen[bytes]]:
    """A process that does nothing, in the room's place."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as process:
        yield process
        process.kill()


@pytest.fixture
def keeper(channel: Channel, tmp_path: Path, room: subprocess.Popen[bytes]) -> RoomKeeper:
    """One whose room runs and has just given a sign of life."""
    made = RoomKeeper([(channel, tmp_path)], tmp_path)
    made._child.begin(room, NOW)
    made._child.beaten = True
    return made


def test_too_much_memory_for_a_while_ends_the_room_once(keeper: RoomKeeper, room: subprocess.Popen[bytes]) -> None:
    child, too_much = keeper._child, 1501 * MEGABYTE
    child.beat(NOW, too_much)
    keeper._watch(NOW + 1)
    assert room.poll() is None
    child.beat(NOW + OVER_S + 1, too_much)
    keeper._watch(NOW + OVER_S + 1)
    assert room.wait(10) == -signal.SIGTERM
    keeper._watch(NOW + OVER_S + 2)
    assert (child.process, child.start_at) == (None, NOW + OVER_S + 2)
    # The next one that is as large lives for a while: being large may be all it can be.
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as after:
        child.begin(after, NOW + 50)
        child.beaten = True
        child.beat(NOW + 60, too_much)
        child.beat(NOW + 60 + OVER_S + 1, too_much)
        keeper._watch(NOW + 60 + OVER_S + 1)
        assert after.poll() is None
        child.last_beat = NOW + 2 * BUDGET_S
        keeper._watch(NOW + 2 * BUDGET_S)
        assert after.wait(10) == -signal.SIGTERM


def test_little_memory_again_is_forgotten(keeper: RoomKeeper, room: subprocess.Popen[bytes]) -> None:
    keeper._child.beat(NOW, 1501 * MEGABYTE)
    keeper._child.beat(NOW + OVER_S - 1, 1499 * MEGABYTE)
    keeper._child.beat(NOW + OVER_S + 1, 1501 * MEGABYTE)
    keeper._watch(NOW + OVER_S + 2)
    assert room.poll() is None


def test_a_room_that_hangs_is_killed(keeper: RoomKeeper, room: subprocess.Popen[bytes]) -> None:
    keeper._child.beat(NOW, 0.0)
    keeper._watch(NOW + OTHERS_HUNG_AFTER_S)
    assert room.poll() is None
    keeper._watch(NOW + OTHERS_HUNG_AFTER_S + 0.1)
    assert room.wait(10) == -signal.SIGKILL


def test_a_room_that_is_suspended_is_killed_sooner(keeper: RoomKeeper, room: subprocess.Popen[bytes]) -> None:
    keeper._child.beat(NOW, 0.0)
    room.send_signal(signal.SIGSTOP)
    while not is_suspended(room.pid):
        time.sleep(0.01)
    keeper._watch(NOW)
    keeper._watch(NOW + SUSPENDED_AFTER_S + 0.1)
    assert room.wait(10) == -signal.SIGKILL


def test_a_room_that_a_signal_without_a_name_ends_is_started_anew(
    keeper: RoomKeeper, room: subprocess.Popen[bytes], caplog: pytest.LogCaptureFixture
) -> None:
    room.send_signal(40)
    room.wait(10)
    keeper._watch(NOW + 1)
    assert (keeper._child.process, keeper._child.start_at) == (None, NOW + 1)
    assert "the control room ended (signal 40)" in caplog.text
