"""``everhost run``."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

from engine.broadcast.ring import RingError
from engine.commands import CommandError
from engine.commands.telling import tell
from engine.records import Accounts, accounts_place
from engine.runtime.check_apart import CheckApart
from engine.runtime.checks import policy_problems, port_problems, records_problems, speech_problems, writer_problems
from engine.runtime.names import name_problems, take_names
from engine.runtime.notify import ALIVE, READY, STOPPING, notify
from engine.runtime.pulses import Pulses
from engine.runtime.recording_checks import shelf_problems
from engine.runtime.room_keeper import RoomKeeper
from engine.runtime.stderr_handler import StderrHandler
from engine.runtime.supervisor import Supervisor
from engine.settings import Channel, Problem, SettingsError, in_order, load_channel, load_rest, state_dir

log = logging.getLogger(__name__)

ALIVE_EVERY_S = 5.0
"""How often the service manager is told that we live."""

LOOK_S = 0.1
START_S = 60.0
"""Who is not on air by then is named in the log. The service manager hears "ready" all the same: it would start all
channels anew for the one."""

FROZEN_S = 30.0
"""A supervisor that has not looked at its processes for so long hangs."""

JOIN_S = 6.0

CHECK_S = 60.0
"""What opens bodies and pictures to check them is waited for at most so long."""


def run(files: list[Path]) -> int:
    """Go on air with every channel of ``files`` until Ctrl-C, with one control room for all of them; the exit status.

    Raises:
        SettingsError: anything that ``everhost check`` finds, ports in use, names that two channels have; nothing was
            started.
        CommandError: there is no room for the pictures; nothing was started.
    """
    _log_without_waiting()
    channels = _load_all(files)
    problems = _problems(channels)
    if problems:
        raise SettingsError(problems)
    take_names(channels, state_dir())
    _tell_state()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    supervisors = [Supervisor(channel, state_dir(), channels[0].server.control_port) for channel in channels]
    places = [(channel, supervisor.run_dir) for channel, supervisor in zip(channels, supervisors, strict=True)]
    keeper = RoomKeeper(places, state_dir()) if channels[0].server.control_port else None
    watchers: list[Supervisor | RoomKeeper] = [*supervisors, *([keeper] if keeper else [])]
    # Daemons: one that hangs in the kernel does not keep the process, which is started anew by who started it.
    threads = [threading.Thread(target=w.run, args=(stop,), name=type(w).__name__, daemon=True) for w in watchers]
    try:
        for supervisor in supervisors:
            supervisor.start()
        for thread in threads:
            thread.start()
        pulses = Pulses(watchers, FROZEN_S, time.monotonic())
        stations = list(zip(channels, supervisors, strict=True))
        return _keep_on_air(
            stations, keeper, lambda now: all(t.is_alive() for t in threads) and pulses.go_on(now), stop
        )
    except RingError as error:
        raise CommandError(str(error)) from error
    finally:
        notify(STOPPING)
        stop.set()
        for thread in threads:
            if thread.ident is not None:
                thread.join(JOIN_S)
        for supervisor in supervisors:
            supervisor.close()


def _keep_on_air(
    stations: list[tuple[Channel, Supervisor]],
    keeper: RoomKeeper | None,
    all_watch: Callable[[float], bool],
    stop: threading.Event,
) -> int:
    """Say what comes on air, and that we live; 0 at ``stop``, 1 when not ``all_watch`` at a monotonic second any more.

    One channel that does not come on air keeps neither the others nor the control room waiting.
    """
    waiting, room, ready = list(stations), keeper, False
    began = told_at = time.monotonic()
    while not stop.wait(LOOK_S):
        now = time.monotonic()
        for station in [each for each in waiting if each[1].on_air]:
            waiting.remove(station)
            _announce(*station)
        if room is not None and room.ready:
            _announce_room(stations[0][0], room)
            room = None
        late = now - began > START_S
        if not ready and (late or len(waiting) < len(stations)):
            ready = True
            notify(READY)
            if keeper is not None:
                keeper.come()
        if late and waiting:
            log.error("not on air after %.0f s: %s", START_S, ", ".join(channel.name for channel, _ in waiting))
            began = float("inf")
        if not all_watch(now):
            # The log says why. Whoever starts us starts us anew, which is better than half a station.
            return 1
        if now >= told_at:
            told_at = now + ALIVE_EVERY_S
            notify(ALIVE)
    return 0


def _log_without_waiting() -> None:
    """Warnings go to standard error as they are, which is logging's own way but for waiting there."""
    aloud = StderrHandler()
    aloud.setLevel(logging.WARNING)
    logging.basicConfig(handlers=[aloud], format="%(message)s")


def _problems(channels: list[Channel]) -> list[Problem]:
    """Everything that keeps the channels from going on air as they are meant to."""
    apart = CheckApart(channels)
    problems = [problem for channel in channels for problem in (*speech_problems(channel), *policy_problems(channel))]
    for channel in channels:
        problems += [*records_problems(channel, channel.file), *writer_problems(channel)]
    problems += [*name_problems(channels, state_dir()), *port_problems(channels), *shelf_problems(channels)]
    problems += apart.problems(CHECK_S)
    return list(dict.fromkeys(problems))


def _tell_state() -> None:
    """Say where everything is kept; and where it would have been kept by a version that went by the working folder."""
    state, before = state_dir(), Path("var").resolve()
    print(tell(f"State: {state}"), flush=True)
    if before != state and (accounts_place(before).is_file() or any(before.glob("*.ledger.sqlite"))):
        log.warning("there are ledgers or accounts in %s too; to use them, set EVERHOST_STATE_DIR=%s", before, before)


def _load_all(files: list[Path]) -> list[Channel]:
    """Load every channel; the mistakes of all of them are reported together."""
    channels, problems = [], []
    for file in files:
        try:
            channels.append(load_channel(file))
        except SettingsError as error:
            problems += in_order(file, error.problems + _beside(file, error.problems))
    if problems:
        raise SettingsError(problems)
    return channels


def _beside(file: Path, problems: list[Problem]) -> list[Problem]:
    """What else is wrong with a channel that ``problems`` keep from being loaded."""
    rest = load_rest(file, problems)
    return rest.judged(CheckApart([rest.channel]).problems(CHECK_S)) if rest is not None else []


def _announce(channel: Channel, supervisor: Supervisor) -> None:
    """Print the addresses of a host that is on air."""
    base = _address(channel.server.host, channel.server.port)
    print(tell(f"{channel.name} is on air."), flush=True)
    print(f"  {tell('viewers')}:  {base}/", flush=True)
    if supervisor.control_token:
        print(f"  {tell('control')}:  {base}/control?token={supervisor.control_token}", flush=True)
    print("  " + tell("Ctrl-C stops."), flush=True)


def _announce_room(first: Channel, keeper: RoomKeeper) -> None:
    """Print the control room's address; without any account, the one that makes the first."""
    base = _address(first.server.host, first.server.control_port)
    accounts = Accounts(accounts_place(state_dir()))
    try:
        if accounts.all():
            print(tell(f"Control room: {base}/"), flush=True)
        else:
            address = f"{base}/welcome?token={keeper.welcome_token}"
            print(tell(f"Control room, to make the first account: {address}"), flush=True)
    finally:
        accounts.close()


def _address(host: str, port: int) -> str:
    """The address of a page for a browser on this machine."""
    if host in {"0.0.0.0", "", "::"}:
        host = "127.0.0.1"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
