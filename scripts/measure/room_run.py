"""Channels on air with their control room, and accounts to sign in with; for benches and the gallery."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from ruamel.yaml import YAML

from engine.records import Accounts, Role, accounts_place
from measure.on_air import START_LIMIT_S
from measure.processes import ROOT, Running, free_port

PASSWORD = "a long password"


@dataclass(frozen=True, slots=True)
class RoomRun:
    """A running station. ``channels`` are ids of channels and their own addresses."""

    everhost: Running
    base: str
    channels: dict[str, str]
    folder: Path
    token: str

    def ledger(self, channel_id: str) -> Path:
        """The file of a channel's ledger."""
        return self.folder / "state" / f"{channel_id}.ledger.sqlite"

    def room_process(self) -> psutil.Process:
        """The control room's process.

        Raises:
            LookupError: it does not run.
        """
        for child in psutil.Process(self.everhost.process.pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                if "server.room" in child.cmdline():
                    return child
        raise LookupError("the control room does not run")


@contextlib.contextmanager
def room_run(folder: Path, hosts: dict[str, str], **settings: Any) -> Iterator[RoomRun]:
    """Mia's channel on air once for each of ``hosts`` (the body of ``avatars/bodies`` and the name), until the end.

    ``settings`` go into each channel file. The accounts anna (admin), olga (operator) and vera (viewer) have
    ``PASSWORD``.
    """
    control_port = free_port()
    files = [_write(folder, body, name, control_port, settings) for body, name in hosts.items()]
    state = folder / "state"
    state.mkdir()
    accounts = Accounts(accounts_place(state))
    try:
        for name, role in (("anna", Role.ADMIN), ("olga", Role.OPERATOR), ("vera", Role.VIEWER)):
            accounts.add(name, PASSWORD, role)
        token = accounts.add_token("bench", Role.ADMIN)
    finally:
        accounts.close()
    environment = {"EVERHOST_STATE_DIR": str(state), "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "scripts")])}
    command = [sys.executable, "-m", "engine.cli", "run", *map(str, files)]
    everhost = Running(command, folder / "everhost.log", environment)
    try:
        room = everhost.wait_for("Control room:", START_LIMIT_S * len(files)).split()[-1].rstrip("/")
        channels = {file.stem: f"http://127.0.0.1:{port}" for file, port in ((f, _port_of(f)) for f in files)}
        yield RoomRun(everhost, room, channels, folder, token)
    finally:
        everhost.end(signal.SIGINT, 20.0)


def _write(folder: Path, body: str, name: str, control_port: int, settings: dict[str, Any]) -> Path:
    yaml = YAML()
    channel: dict[str, Any] = yaml.load((ROOT / "avatars" / "mia.yaml").read_text())
    channel["name"] = name
    channel["body"] = str(ROOT / "avatars" / "bodies" / f"{body}.ehb")
    channel["catalogue"] = str(ROOT / "assets" / "catalogue" / "demo.yaml")
    channel["server"] = {"host": "127.0.0.1", "port": free_port(), "control_port": control_port}
    channel["outputs"] = [{"kind": "recording", "name": "recording", "folder": str(folder / "recordings" / body)}]
    channel.update(settings)
    file = folder / f"{body}.yaml"
    with file.open("w") as out:
        yaml.dump(channel, out)
    return file


def _port_of(file: Path) -> int:
    return int(YAML(typ="safe").load(file.read_text())["server"]["port"])
