"""A running channel with eyes on it: real nginx-rtmp, a scripted RTMP peer, a recording, a WebRTC viewer."""

from __future__ import annotations

import contextlib
import signal
import sqlite3
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from measure.on_air import STREAM_KEY, read_addresses, start_nginx
from measure.processes import ROOT, MeasureError, Running, free_port, our_program
from ruamel.yaml import YAML

from engine.settings import load_channel
from faults.ear import Ear
from faults.rtmp_peer import RtmpPeer
from faults.seen import Seen

FPS = 25
READY_S = 60.0


def say(text: str) -> None:
    """Progress for a person."""
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)


@dataclass(slots=True)
class Row:
    """What became of one fault: figures, and the names of what did not hold."""

    fault: str
    figures: dict[str, Any] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)

    def must(self, name: str, holds: bool) -> None:
        """Something that must hold."""
        if not holds:
            self.missed.append(name)

    def at_most(self, name: str, value: float, limit: float) -> None:
        """A figure with a limit."""
        self.figures[name] = round(value, 3)
        self.must(f"{name} {value:.3f} > {limit}", value <= limit)

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return {"fault": self.fault, "ok": not self.missed, "missed": self.missed, **self.figures}


OTHER_SETTINGS: Mapping[str, Any] = {"canvas": {"width": 1080, "height": 1920, "fps": 30}, "outputs": []}
"""Settings that no process of a channel on air could go by."""


class Air:
    """The channel and everything that watches it. ``with`` starts and ends it all."""

    def __init__(
        self,
        folder: Path,
        *,
        outputs: Sequence[Mapping[str, Any]] = (),
        changes: Mapping[str, Any] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """``outputs`` come beside nginx and the peer; ``changes`` replace keys of the channel file."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.peer = RtmpPeer()
        self._outputs, self._changes, self._environment = outputs, changes or {}, environment or {}
        self._stack = contextlib.ExitStack()
        self.base = self.rtmp = ""
        self.state = Path(dict(environment or {}).get("EVERHOST_STATE_DIR", folder / "state"))
        self.everhost: Running | None = None
        self.eyes: list[Running] = []

    def __enter__(self) -> Air:
        try:
            self._start()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _start(self) -> None:
        nginx, rtmp_port = start_nginx(self.folder)
        self._stack.callback(nginx.end)
        self.rtmp = f"rtmp://127.0.0.1:{rtmp_port}/live"
        self._stack.enter_context(self.peer)
        file = self._write_channel(free_port())
        everhost = self.everhost = Running(
            [sys.executable, "-m", "engine.cli", "run", str(file)],
            self.folder / "everhost.log",
            {"PYTHONPATH": str(ROOT), **self._environment, "EVERHOST_STATE_DIR": str(self.state)},
        )
        self._stack.callback(everhost.end, signal.SIGINT)
        self.base = read_addresses(everhost).base
        self.run_dir = _run_dir(everhost.process.pid)
        self.ear = self._stack.enter_context(Ear(self.run_dir, load_channel(file)))
        self.wait(lambda: self.ear.figure("outlet:platform", "packets"), READY_S, "nginx is sent the stream")
        self.watch("whep", f"{self.base}/whep", "viewer")
        self.watch("rtmp", f"{self.rtmp}/{STREAM_KEY}", "platform")
        self.wait(lambda: len(self.seen("viewer", 0).pictures) > 25, READY_S, "the viewer sees")
        self.wait(lambda: len(self.seen("platform", 0).pictures) > 25, READY_S, "the RTMP player sees")

    def _write_channel(self, port: int) -> Path:
        source = ROOT / "avatars" / "mia.yaml"
        yaml = YAML()
        channel: dict[str, Any] = yaml.load(source.read_text())
        channel["body"] = str((source.parent / channel["body"]).resolve())
        catalogue = (source.parent / channel["catalogue"]).resolve()
        items = yaml.load(catalogue.read_text())
        for product in items["products"]:
            product["pictures"] = [str((catalogue.parent / each).resolve()) for each in product["pictures"]]
        with (self.folder / "catalogue.yaml").open("w") as out:
            yaml.dump(items, out)
        channel["catalogue"] = str(self.folder / "catalogue.yaml")
        channel["server"] = {"host": "127.0.0.1", "port": port, "control_port": 0, "max_viewers": 300}
        channel["outputs"] = [
            {"kind": "rtmp", "name": "platform", "url": self.rtmp, "key": STREAM_KEY},
            {"kind": "rtmp", "name": "peer", "url": self.peer.url, "key": STREAM_KEY},
            *self._outputs,
        ]
        channel |= self._changes
        file = self.folder / "mia.yaml"
        with file.open("w") as out:
            yaml.dump(channel, out)
        return file

    def save(self, changes: Mapping[str, Any]) -> None:
        """Replace keys of the channel's file, without a restart: nothing on air may change."""
        file, yaml = self.folder / "mia.yaml", YAML()
        channel: dict[str, Any] = yaml.load(file.read_text())
        channel |= changes
        with file.open("w") as out:
            yaml.dump(channel, out)

    def watch(self, kind: str, url: str, name: str) -> Running:
        """Another eye; its records are in ``NAME.eye``."""
        eye = our_program("faults.eye", [kind, url, str(self.folder / f"{name}.eye")], self.folder / f"{name}.log")
        self._stack.callback(eye.finish, 5.0)
        eye.wait_for("ready", 30)
        self.eyes.append(eye)
        return eye

    def seen(self, eye: str, began: float, ended: float | None = None) -> Seen:
        """What an eye saw between two monotonic seconds."""
        return Seen.read(self.folder / f"{eye}.eye", began, time.monotonic() if ended is None else ended)

    def wait(self, what: Any, seconds: float, why: str) -> Any:
        """The first true value of ``what``.

        Raises:
            MeasureError: there was none.
        """
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if found := what():
                return found
            if self.everhost is not None and self.everhost.process.poll() is not None:
                raise MeasureError(f"everhost has ended: {self.everhost.tail()}")
            time.sleep(0.05)
        raise MeasureError(f"not within {seconds:g} s: {why}")

    def child(self, role: str) -> psutil.Process | None:
        """The living process of a role: the oldest, because the one that stands ready beside it is younger."""
        assert self.everhost is not None
        found = []
        for child in self.everhost.family():
            with contextlib.suppress(psutil.Error):
                if role in child.cmdline():
                    found.append((child.create_time(), child))
        return min(found, key=lambda each: each[0])[1] if found else None

    def sends(self, process: str) -> bool:
        """Whether an outlet says that its destination takes the stream."""
        health = self.ear.last(process)
        return health is not None and health.state == "sending"

    def alarms_since(self, began: float) -> list[str]:
        """What the rules of the control room raised since a monotonic second."""
        return [
            f"{alarm.kind.value} {alarm.process} {alarm.detail}".strip() for at, alarm in self.ear.raised if at > began
        ]

    def said(self) -> list[tuple[str, str]]:
        """Kind and text of every line that the ledger says was on air, oldest first."""
        return [(kind, text) for kind, text, _, _ in self._lines()]

    def said_at(self) -> str:
        """When the newest line ended, by the studio's wall clock."""
        lines = self._lines()
        return lines[-1][2] if lines else ""

    def performances(self) -> frozenset[str]:
        """Ids of the Performances that the ledger says were on air."""
        return frozenset(performance_id for _, _, _, performance_id in self._lines())

    def _lines(self) -> list[tuple[str, str, str, str]]:
        file = next(self.state.glob("*.ledger.sqlite"))
        with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as ledger:
            return [tuple(map(str, row)) for row in ledger.execute(_SAID)]  # type: ignore[misc]

    @contextlib.contextmanager
    def untouched(self, row: Row, *eyes: str, gap_s: float = 1.0) -> Iterator[None]:
        """What ``eyes`` see while the block lasts must have no break longer than ``gap_s``."""
        began = time.monotonic()
        yield
        for eye in eyes:
            seen = self.seen(eye, began)
            row.at_most(f"{eye}_picture_gap_s", seen.longest_gap_s("pictures"), gap_s)
            row.at_most(f"{eye}_sound_gap_s", seen.longest_gap_s("sounds"), gap_s)


def _run_dir(pid: int) -> Path:
    """The run folder of an ``everhost run``."""
    for file in Path("/dev/shm").glob("everhost-*/pid"):
        if file.read_text().strip() == str(pid):
            return file.parent
    raise MeasureError("everhost has no run folder in /dev/shm")


_SAID = "SELECT kind, text, at, performance_id FROM lines ORDER BY number"
