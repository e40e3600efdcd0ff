"""Pauses before restarts, and a supervisor that waits for nobody."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from engine.broadcast.ring import RingError
from engine.commands import run as run_module
from engine.commands.run import START_S, _keep_on_air
from engine.runtime import reload as reload_module
from engine.runtime import supervisor as supervisor_module
from engine.runtime.children import Child, pause_before_restart
from engine.runtime.kept_channel import channel_for_child, keep_channel
from engine.runtime.logbook import LogBook, keep_apart
from engine.runtime.pulses import Pulses
from engine.runtime.reload import Reload
from engine.runtime.supervisor import Supervisor
from engine.settings import Channel, SettingsError

NOW = 5000.0


def test_the_first_restart_is_at_once_and_the_pause_is_bounded() -> None:
    assert [pause_before_restart(n) for n in (1, 2, 3, 4, 5, 20)] == [0, 1, 2, 4, 8, 30]


class Sleeper(subprocess.Popen[bytes]):
    """A process that does nothing, and that only ``end`` ends where it does not die."""

    def __init__(self, *, dies: bool = True) -> None:
        super().__init__([sys.executable, "-c", "import time; time.sleep(60)"])
        self.dies, self.kills = dies, 0

    def kill(self) -> None:
        self.kills += 1
        if self.dies:
            super().kill()

    def end(self) -> None:
        self.dies = True
        self.kill()
        self.wait()


@pytest.fixture
def watched(channel: Channel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Supervisor]:
    """A supervisor whose processes do nothing; all of them have beaten at ``NOW``."""
    made: list[Sleeper] = []

    def start(_child: Child, _more: Mapping[str, str]) -> Sleeper:
        made.append(Sleeper())
        return made[-1]

    supervisor = Supervisor(channel, tmp_path)
    monkeypatch.setattr(supervisor, "_start_process", start)
    supervisor._children = {role: Child(role) for role in ("master", "stage", "studio", "outlet:a")}
    supervisor.looked = NOW
    for child in supervisor._children.values():
        child.begin(start(child, {}), NOW)
        child.beaten = True
        child.spare_after = float("inf")
    yield supervisor
    for each in made:
        each.end()
    supervisor.close()


def process_of(supervisor: Supervisor, role: str) -> Sleeper:
    process = supervisor._children[role].process
    assert isinstance(process, Sleeper)
    return process


def beat(supervisor: Supervisor, now: float, *roles: str) -> None:
    for role in roles:
        supervisor._children[role].beat(now, 0.0)


def test_one_that_cannot_be_killed_keeps_nobody_from_being_started_again(watched: Supervisor) -> None:
    stuck = process_of(watched, "outlet:a")
    stuck.dies = False
    studio = process_of(watched, "studio")
    for second in range(1, 8):
        beat(watched, NOW + second, "master", "stage", "studio")
        watched.look(NOW + second)
    assert stuck.kills == 1
    studio.kill()
    studio.wait()
    for second in range(8, 12):
        beat(watched, NOW + second, "master", "stage", "studio")
        watched.look(NOW + second)
    assert process_of(watched, "studio").pid != studio.pid
    assert process_of(watched, "outlet:a") is stuck
    stuck.end()
    watched.look(NOW + 12)
    watched.look(NOW + 13)
    assert process_of(watched, "outlet:a").pid != stuck.pid


def test_after_a_suspension_of_the_supervisor_itself_everybody_lives_on(watched: Supervisor) -> None:
    watched.look(NOW + 0.2)
    watched.look(NOW + 60)
    assert [process_of(watched, role).kills for role in watched._children] == [0, 0, 0, 0]
    for tenth in range(1, 70):
        beat(watched, NOW + 60 + tenth / 10, "stage", "studio", "outlet:a")
        watched.look(NOW + 60 + tenth / 10)
    assert process_of(watched, "stage").kills == 0
    assert watched._children["master"].restarts == 1 or process_of(watched, "master").kills == 1


def test_a_machine_without_room_for_another_process_ends_nothing(
    watched: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.undo()
    monkeypatch.setattr(supervisor_module.subprocess, "Popen", full)
    stage, studio = watched._children["stage"], process_of(watched, "studio")
    stage.spare_after, stage.started = 0.0, NOW - 100
    studio.kill()
    studio.wait()
    for second in range(1, 4):
        beat(watched, NOW + second, "master", "stage", "studio", "outlet:a")
        watched.look(NOW + second)
    assert stage.successor is None
    assert stage.spare_after > NOW
    assert watched._children["studio"].process is None
    assert len(watched._children["studio"].deaths) >= 2


def test_a_restart_whose_catalogue_takes_long_to_read_holds_up_nobody(
    watched: Supervisor, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = threading.Event()

    def load(_file: Path) -> Channel:
        slow.wait(20)
        return channel

    monkeypatch.setattr(reload_module, "load_channel", load)
    watched._reload = Reload(channel.file, "ana")
    before = {role: process_of(watched, role) for role in watched._children}
    for second in range(1, 45):
        beat(watched, NOW + second, *watched._children)
        watched.look(NOW + second)
        watched._restart_when_read()
    assert watched.looked == NOW + 44
    assert [process.poll() for process in before.values()] == [None] * 4
    slow.set()
    until = time.monotonic() + 30
    while watched._reload is not None:
        assert time.monotonic() < until
        watched._restart_when_read()
        time.sleep(0.01)
    assert None not in [process.poll() for process in before.values()]
    assert process_of(watched, "stage") is not before["stage"]


@pytest.mark.parametrize("error", [SettingsError([]), RuntimeError("a mistake of ours")])
def test_a_restart_with_a_file_that_cannot_be_read_changes_nothing(
    watched: Supervisor, channel: Channel, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def load(_file: Path) -> Channel:
        raise error

    monkeypatch.setattr(reload_module, "load_channel", load)
    watched._reload = Reload(channel.file, "ana")
    until = time.monotonic() + 30
    while watched._reload is not None:
        assert time.monotonic() < until
        watched._restart_when_read()
        time.sleep(0.01)
    assert [process_of(watched, role).poll() for role in watched._children] == [None] * 4


class Place:
    """As a supervisor or the keeper of the room, to the main thread."""

    def __init__(self, *, on_air: bool) -> None:
        self.on_air = self.ready = on_air
        self.control_token = ""
        self.welcome_token = "w"
        self.looked = 0.0
        self.came = False

    def come(self) -> None:
        self.came = True


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    words: list[str] = []
    monkeypatch.setattr(run_module, "notify", words.append)
    monkeypatch.setattr(run_module, "LOOK_S", 0.001)
    monkeypatch.setenv("EVERHOST_STATE_DIR", str(tmp_path))
    return words


def keep(channels: list[tuple[Channel, Place]], room: Place, rounds: int) -> int:
    """The main thread's work, for so many rounds."""
    stop, left = threading.Event(), iter(range(rounds))

    def all_watch(_now: float) -> bool:
        if next(left, None) is None:
            stop.set()
        return True

    return _keep_on_air(channels, room, all_watch, stop)  # type: ignore[arg-type]


def test_a_channel_that_does_not_come_on_air_keeps_no_other_and_not_the_room_waiting(
    channel: Channel, told: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad, room = Place(on_air=True), Place(on_air=False), Place(on_air=True)
    assert keep([(channel, bad), (channel, good)], room, 3) == 0
    assert told[:2] == ["READY=1", "WATCHDOG=1"]
    assert room.came
    printed = capsys.readouterr().out
    assert printed.count("is on air.") == 1
    assert "welcome?token=w" in printed


def test_when_nobody_comes_on_air_it_is_said_once_and_the_service_manager_leaves_us_be(
    channel: Channel, told: list[str], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = iter(range(0, 100_000, 20))
    monkeypatch.setattr(run_module.time, "monotonic", lambda: float(next(seconds)))
    assert keep([(channel, Place(on_air=False))], Place(on_air=False), 8) == 0
    assert told.count("READY=1") == 1
    assert [record.getMessage() for record in caplog.records] == [f"not on air after {START_S:.0f} s: Mia"]


def test_who_is_not_watched_any_more_ends_the_run(channel: Channel, told: list[str]) -> None:
    assert _keep_on_air([(channel, Place(on_air=True))], None, lambda _now: False, threading.Event()) == 1  # type: ignore[list-item]
    assert "WATCHDOG=1" not in told


def test_a_watcher_that_hangs_is_noticed_and_one_that_slept_with_us_is_not() -> None:
    alive, hanging = Place(on_air=True), Place(on_air=True)
    pulses = Pulses([alive, hanging], 30.0, 0.0)
    for second in range(1, 31):
        alive.looked = float(second)
        assert pulses.go_on(float(second))
    alive.looked = 500.0
    assert pulses.go_on(500.0 - 0.5) is False  # A second of ours is over the limit, however long we were away.
    hanging.looked = 501.0
    assert pulses.go_on(501.0)
    assert pulses.go_on(900.0)


def test_a_successor_that_crashes_is_told_of_and_counted(watched: Supervisor, caplog: pytest.LogCaptureFixture) -> None:
    """It takes the place of one that used too much memory, and ends at once for a reason of its own."""
    watched._log.addHandler(caplog.handler)
    stage = watched._children["stage"]
    stage.replaced_at = NOW + 1
    process = process_of(watched, "stage")
    process.kill()
    process.wait()
    watched.look(NOW + 1.2)
    assert (len(stage.deaths), "stage ended" in caplog.text) == (0, False)
    watched.look(NOW + 1.4)
    after = process_of(watched, "stage")
    stage.started = NOW + 1.4
    after.kill()
    after.wait()
    watched.look(NOW + 1.6)
    assert (len(stage.deaths), "stage ended" in caplog.text) == (1, True)


def test_a_restart_for_which_there_is_no_room_goes_on_as_before(
    watched: Supervisor, channel: Channel, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    create = supervisor_module.PictureRing.create

    def full(file: Path, width: int, height: int, fps: int, epoch_ns: int) -> None:
        if width != channel.canvas.width:
            raise RingError("9 MB for pictures cannot be had")
        create(file, width, height, fps, epoch_ns)

    watched._log.addHandler(caplog.handler)
    monkeypatch.setattr(supervisor_module, "keep_apart", lambda *_: watched._log)
    keep_channel(channel, watched.run_dir)
    larger = channel.model_copy(update={"canvas": channel.canvas.model_copy(update={"width": 1080})})
    monkeypatch.setattr(supervisor_module.PictureRing, "create", full)
    monkeypatch.setattr(reload_module, "load_channel", lambda _: larger)
    watched._reload = Reload(channel.file, "ana")
    until = time.monotonic() + 30
    while watched._reload is not None:
        assert time.monotonic() < until
        watched._restart_when_read()
        time.sleep(0.01)
    assert watched._channel is channel
    assert {"master", "stage", "studio"} <= watched._children.keys()
    assert process_of(watched, "master").poll() is None
    assert "goes on as before: 9 MB for pictures cannot be had" in caplog.text
    assert channel_for_child(channel.file, watched.run_dir) == channel


def test_a_restart_that_the_run_folder_has_no_room_for_goes_on_as_before(
    watched: Supervisor, channel: Channel, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    watched._log.addHandler(caplog.handler)
    monkeypatch.setattr(supervisor_module, "keep_apart", lambda *_: watched._log)
    keep_channel(channel, watched.run_dir)
    (watched.run_dir / "channel.part").mkdir()
    monkeypatch.setattr(reload_module, "load_channel", lambda _: channel.model_copy(update={"name": "Ann"}))
    watched._reload = Reload(channel.file, "ana")
    until = time.monotonic() + 30
    while watched._reload is not None:
        assert time.monotonic() < until
        watched._restart_when_read()
        time.sleep(0.01)
    assert watched._channel is channel
    assert process_of(watched, "master").poll() is None
    assert channel_for_child(channel.file, watched.run_dir) == channel
    assert "goes on as before" in caplog.text


def test_a_signal_without_a_name_ends_the_one_that_it_was_sent_to(
    watched: Supervisor, caplog: pytest.LogCaptureFixture
) -> None:
    watched._log.addHandler(caplog.handler)
    stage, others = process_of(watched, "stage"), ("master", "studio", "outlet:a")
    stage.send_signal(40)
    stage.wait()
    for tenth in (1, 2):
        beat(watched, NOW + tenth, *others)
        watched.look(NOW + tenth)
    assert "stage ended (signal 40)" in caplog.text
    assert process_of(watched, "stage").pid != stage.pid
    assert [process_of(watched, role).poll() for role in others] == [None] * 3


def test_a_mistake_in_looking_at_one_is_told_once_and_the_others_are_looked_at_unless_it_lasts(
    watched: Supervisor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    watched._log.addHandler(caplog.handler)
    looked, watch, is_wrong = [], watched._watch, True

    def stumble(child: Child, now: float) -> None:
        looked.append(child.role)
        if child.role == "master" and is_wrong:
            raise RuntimeError("a mistake of ours")
        watch(child, now)

    def look(second: float) -> None:
        beat(watched, NOW + second, *watched._children)
        watched.look(NOW + second)

    monkeypatch.setattr(watched, "_watch", stumble)
    for second in range(1, 30):
        look(second)
    assert looked == ["master", "stage", "studio", "outlet:a"] * 29
    assert caplog.text.count("master cannot be looked at") == 1
    assert caplog.text.count("RuntimeError: a mistake of ours") == 1
    is_wrong = False
    look(30)
    is_wrong = True
    for second in range(31, 62):
        look(second)
    with pytest.raises(RuntimeError, match="a mistake of ours"):
        look(62)
    assert caplog.text.count("master cannot be looked at") == 2


def test_a_standard_error_that_nobody_reads_keeps_no_process_from_being_looked_at(
    watched: Supervisor, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as stream, monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", stream)
        watched._log = keep_apart("supervisor", channel, watched.run_dir)
        os.set_blocking(writing, False)
        with suppress(BlockingIOError):
            while True:
                os.write(writing, b"x" * 512)
        os.set_blocking(writing, True)
        stage = process_of(watched, "stage")
        stage.kill()
        stage.wait()
        began = time.monotonic()
        for tenth in (1, 2):
            beat(watched, NOW + tenth, "master", "studio", "outlet:a")
            watched.look(NOW + tenth)
        assert time.monotonic() - began < 20
        assert process_of(watched, "stage").pid != stage.pid
        for handler in watched._log.handlers:
            handler.close()
    os.close(reading)
    assert [entry.text for entry in LogBook(watched.run_dir).search("stage ended")] != []
