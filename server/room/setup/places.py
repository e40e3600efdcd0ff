"""Which channel files and hosts there are, and where new ones go: beside the first channel of the run."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

from engine.settings import SettingsError
from engine.settings.channel import Server
from engine.settings.host_place import body_of
from engine.settings.yaml_file import read_yaml
from server.room.setup.errors import NoSuchFileError
from server.room.setup.text import read_text

MOST_FILES = 200

FIRST_PORT = 8080

SHIPPED = Path(__file__).resolve().parents[3] / "avatars"
"""The channels and hosts that come with Everhost."""

SHIPPED_HOSTS = frozenset({"amara", "hana", "leo", "mia", "ravi", "sofia"})

_NAME = re.compile(r"\w[\w-]{0,39}")


@dataclass(frozen=True, slots=True)
class ChannelFile:
    """One channel: ``watch_id`` is its id in the room while it runs, else empty."""

    id: str
    path: Path
    watch_id: str = ""


@dataclass(frozen=True, slots=True)
class Host:
    """Who a channel shows. ``looks`` is the host file of the body, None where the body is no form's to change."""

    name: str
    body: Path
    looks: Path | None


class ChannelFiles:
    """The channel files of the folder of the first channel, and every channel that runs."""

    def __init__(self, running: Mapping[str, Path]) -> None:
        self._running = dict(running)
        self.folder = next(iter(running.values())).absolute().parent

    def all(self) -> list[ChannelFile]:
        """Every channel, those that run first."""
        found = {path.absolute(): ChannelFile(name, path.absolute(), name) for name, path in self._running.items()}
        taken = set(self._running)
        for path in sorted(self.folder.glob("*.yaml"))[:MOST_FILES]:
            if path not in found and _NAME.fullmatch(path.stem) and path.stem not in taken and is_channel(path):
                found[path] = ChannelFile(path.stem, path)
        return list(found.values())

    def find(self, channel_id: str) -> ChannelFile:
        """The channel of that id.

        Raises:
            NoSuchFileError: there is none.
        """
        for file in self.all():
            if file.id == channel_id:
                return file
        raise NoSuchFileError(f"there is no channel file “{channel_id}”")

    def new(self, channel_id: str) -> Path | None:
        """Where a new channel goes; None if the name cannot be one or is taken."""
        path = self.folder / f"{channel_id}.yaml"
        if not _NAME.fullmatch(channel_id) or channel_id in self._running or path.exists():
            return None
        return path

    def place_of(self, channel_id: str) -> Path:
        """The file of a channel, also of one that is not there yet.

        Raises:
            NoSuchFileError: there is none, and the name cannot be one.
        """
        return self.new(channel_id) or self.find(channel_id).path

    def texts(self) -> list[str]:
        """What every channel file says; nothing for one that cannot be read."""
        found = []
        for file in self.all():
            with contextlib.suppress(OSError):
                found.append(read_text(file.path))
        return found

    def free_port(self) -> int:
        """A port that no channel here has for its pages or for a control room."""
        # A new channel has the usual control room, should it run by itself.
        taken = {Server().control_port}.union(*(_ports(written(file.path)) for file in self.all()))
        return next(port for port in count(FIRST_PORT) if port not in taken)

    def hosts(self) -> list[Host]:
        """The hosts with a body that is made: those of the folder, and those that come with Everhost, by name."""
        found: dict[str, Path] = {}
        for folder in (SHIPPED, self.folder):
            bodies = sorted((folder / "bodies").glob("*.eh[bp]"))[:MOST_FILES]
            found |= {body.stem: body for body in bodies if _NAME.fullmatch(body.stem)}
        return [host_of(found[name]) for name in sorted(found)]

    def host(self, name: str) -> Host:
        """The host of that name.

        Raises:
            NoSuchFileError: there is none.
        """
        for host in self.hosts():
            if host.name == name:
                return host
        raise NoSuchFileError(f"there is no host “{name}”")

    def host_in(self, channel_id: str) -> Host:
        """The host that a channel's file names, also one that ``hosts`` has not.

        Raises:
            NoSuchFileError: there is no such channel, or it names none.
        """
        file = self.find(channel_id).path
        body = body_in(file, written(file))
        if body is None:
            raise NoSuchFileError(f"“{channel_id}” has no host")
        return host_of(body)

    def lists(self, body: Path) -> bool:
        """Whether the body is that of one of ``hosts``."""
        return any(host.body.resolve() == body.resolve() for host in self.hosts())

    def users_of(self, body: Path) -> list[str]:
        """The ids of the channels that show a body."""
        return [file.id for file in self.all() if body_in(file.path, written(file.path)) == body]

    def new_host(self, wanted: str) -> tuple[Path, Path]:
        """Host file and body file for a host of a channel's own, of a name that is free."""
        stem = re.sub(r"[^a-z0-9_-]+", "", wanted.lower()).strip("-_")[:36] or "host"
        name, number = stem, 1
        while any((self.folder / place).exists() for place in (f"looks/{name}.yaml", f"bodies/{name}.ehb")):
            number += 1
            name = f"{stem}-{number}"
        looks = self.folder / "looks" / f"{name}.yaml"
        return looks, self.folder / "bodies" / f"{name}.ehb"


def is_channel(path: Path) -> bool:
    """Whether a YAML file is a channel rather than a catalogue."""
    data = written(path)
    return "body" in data or "catalogue" in data


def written(path: Path) -> dict[str, Any]:
    """What a file says, not to be changed; nothing where it cannot be read."""
    try:
        stat = path.stat()
    except OSError:
        return {}
    return _written(path, (stat.st_mtime_ns, stat.st_size, stat.st_ino))


@lru_cache(maxsize=2 * MOST_FILES)
def _written(path: Path, _stamp: tuple[int, int, int]) -> dict[str, Any]:
    """Reading takes tens of milliseconds, and every request looks at all files."""
    try:
        return read_yaml(path, "channel file").data
    except SettingsError:
        return {}


def _ports(data: Mapping[str, Any]) -> set[int]:
    """The ports that a channel asks for, those that are numbers. What it does not say is as usual."""
    server = data.get("server")
    said = server if isinstance(server, dict) else {}
    asked = (said.get("port", Server().port), said.get("control_port", Server().control_port))
    return {int(port) for port in asked if re.fullmatch(r"\d{1,5}", str(port))}


def body_in(file: Path, data: Mapping[str, Any]) -> Path | None:
    """The body file that a channel names."""
    named = data.get("body")
    if not isinstance(named, str) or not named:
        return None
    return (file.absolute().parent / Path(named).expanduser()).resolve()


def host_of(body: Path) -> Host:
    """The host of a body file, with the host file it was made from, if that is there."""
    folder = body.parent.parent / "looks" if body.parent.name == "bodies" else body.parent
    looks = folder / f"{body.stem}.yaml"
    is_made_from_it = looks.is_file() and body_of(looks).absolute().resolve() == body.absolute().resolve()
    return Host(body.stem, body, looks if is_made_from_it else None)


def is_shipped(host: Host) -> bool:
    """Whether a host came with Everhost, and is left as it is."""
    return host.name in SHIPPED_HOSTS and host.body.resolve().is_relative_to(SHIPPED)
