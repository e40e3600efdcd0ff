"""``everhost run``."""

from __future__ import annotations

import signal
import threading
import time
from pathlib import Path

from engine.records import Accounts, accounts_place
from engine.runtime.checks import policy_problems, port_problems, records_problems, speech_problems, writer_problems
from engine.runtime.notify import ALIVE, READY, STOPPING, notify
from engine.runtime.room_keeper import RoomKeeper
from engine.runtime.supervisor import Supervisor
from engine.settings import Channel, SettingsError, load_channel, state_dir

ALIVE_EVERY_S = 5.0
"""How often the service manager is told that we live."""


def run(files: list[Path]) -> int:
    """Go on air with every channel of ``files`` until Ctrl-C, with one control room for all of them; the exit status.

    Raises:
        SettingsError: mistakes in the files, unknown voices, ports in use; nothing was started.
    """
    channels = _load_all(files)
    problems = [problem for channel in channels for problem in (*speech_problems(channel), *policy_problems(channel))]
    problems += [problem for channel in channels for problem in (*records_problems(channel), *writer_problems(channel))]
    problems += port_problems(channels)
    if problems:
        raise SettingsError(problems)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    supervisors = [Supervisor(channel, state_dir(), channels[0].server.control_port) for channel in channels]
    threads = [threading.Thread(target=s.run, args=(stop,), name="supervisor") for s in supervisors]
    places = [(channel, supervisor.run_dir) for channel, supervisor in zip(channels, supervisors, strict=True)]
    keeper = RoomKeeper(places, state_dir())
    keeping = threading.Thread(target=keeper.run, args=(stop,), name="room-keeper")
    try:
        for supervisor, thread in zip(supervisors, threads, strict=True):
            supervisor.start()
            thread.start()
        for channel, supervisor in zip(channels, supervisors, strict=True):
            _announce(channel, supervisor, stop)
        if channels[0].server.control_port:
            keeping.start()
            _announce_room(channels[0], keeper, stop)
        notify(READY)
        while not stop.wait(ALIVE_EVERY_S):
            if not all(thread.is_alive() for thread in threads):
                # The log says why. Whoever starts us starts us anew, which is better than half a station.
                return 1
            notify(ALIVE)
    finally:
        notify(STOPPING)
        stop.set()
        if keeping.ident is not None:
            keeping.join()
        for supervisor, thread in zip(supervisors, threads, strict=True):
            if thread.ident is not None:
                thread.join()
            supervisor.close()
    return 0


def _load_all(files: list[Path]) -> list[Channel]:
    """Load every channel; the mistakes of all of them are reported together."""
    channels, problems = [], []
    for file in files:
        try:
            channels.append(load_channel(file))
        except SettingsError as error:
            problems += error.problems
    if problems:
        raise SettingsError(problems)
    return channels


def _announce(channel: Channel, supervisor: Supervisor, stop: threading.Event) -> None:
    """Print the addresses as soon as the host is on air."""
    while not stop.is_set() and not all(supervisor.states()[role] for role in ("server", "master", "stage")):
        time.sleep(0.1)
    if stop.is_set():
        return
    base = _address(channel.server.host, channel.server.port)
    print(f"{channel.name} is on air.", flush=True)
    print(f"  viewers:  {base}/", flush=True)
    if supervisor.control_token:
        print(f"  control:  {base}/control?token={supervisor.control_token}", flush=True)
    print("  Ctrl-C stops.", flush=True)


def _announce_room(first: Channel, keeper: RoomKeeper, stop: threading.Event) -> None:
    """Print the control room's address as soon as it answers; without any account, the one that makes the first."""
    while not stop.is_set() and not keeper.ready:
        time.sleep(0.1)
    if stop.is_set():
        return
    base = _address(first.server.host, first.server.control_port)
    accounts = Accounts(accounts_place(state_dir()))
    try:
        if accounts.all():
            print(f"Control room: {base}/", flush=True)
        else:
            print(f"Control room, to make the first account: {base}/welcome?token={keeper.welcome_token}", flush=True)
    finally:
        accounts.close()


def _address(host: str, port: int) -> str:
    """The address of a page for a browser on this machine."""
    if host in {"0.0.0.0", "", "::"}:
        host = "127.0.0.1"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
