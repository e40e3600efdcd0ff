"""Puts a channel on air, watches it from all sides, and keeps what came in a folder for ``measure.analyse``."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
from playwright.async_api import Error as BrowserError

from measure import browser
from measure.chat import Questioner
from measure.cpu import CpuMeter
from measure.on_air import (
    Addresses,
    RtmpPull,
    read_addresses,
    render,
    start_everhost,
    start_nginx,
    write_channel,
)
from measure.processes import MeasureError, Running, free_port, our_program
from measure.report import cores_here

PARTS = ("browser", "chat", "rtmp", "recording", "lips", "viewer_lips", "words", "joins", "marginal", "render")

ON_AIR_PARTS = frozenset(PARTS) - {"render"}

SETTLE_S = 3.0
BROWSER_START_S = 40.0
BROWSER_SETTLE_S = 40.0
"""The window opens when the browser has watched this long: its start takes both cores for seconds, and Chromium brings
sound and picture together in steps over the first half minute (seen: -40 ms, -17 ms, 0 ms after 30 s)."""

MARGINAL_S = 20.0
MORE_VIEWERS = 20
JOINS, BROWSER_JOINS = 10, 5
RENDER_S = 60.0
_STOCK_START_S = 60.0


@dataclass(frozen=True, slots=True)
class Options:
    """What to measure."""

    source: Path
    seconds: float
    viewers: int
    browser_seconds: float
    parts: frozenset[str]


@dataclass(slots=True)
class Collected:
    """Everything that was counted while it happened. Times are monotonic seconds."""

    seconds: float = 0.0
    viewers: int = 0
    browser_seconds: float = 0.0
    parts: list[str] = field(default_factory=list)
    command_started: float = 0.0
    first_decoded: float = 0.0
    began: float = 0.0
    ended: float = 0.0
    stop_s: float = 0.0
    everhost_stderr: str = ""
    cpu: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, dict[str, float]] = field(default_factory=dict)
    browser_samples: list[dict[str, Any]] = field(default_factory=list)
    browser_error: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    rtmp_frames: list[tuple[float, int]] = field(default_factory=list)
    rtmp_streams: list[dict[str, Any]] = field(default_factory=list)
    joins_s: list[float] = field(default_factory=list)
    browser_joins_s: list[float] = field(default_factory=list)
    marginal: dict[str, float] = field(default_factory=dict)
    render: dict[str, Any] = field(default_factory=dict)

    def save(self, folder: Path) -> None:
        """Write ``collected.json``."""
        (folder / "collected.json").write_text(json.dumps(asdict(self), indent=1))

    @classmethod
    def load(cls, folder: Path) -> Collected:
        """Read ``collected.json``."""
        return cls(**json.loads((folder / "collected.json").read_text()))


def say(text: str) -> None:
    """Progress for a person."""
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)


def collect(folder: Path, options: Options) -> Collected:
    """Run everything that ``options`` name. Whatever was started is ended, also after Ctrl-C.

    Raises:
        MeasureError: a part that the others need does not start.
    """
    got = Collected(options.seconds, options.viewers, options.browser_seconds, sorted(options.parts))
    if options.parts & ON_AIR_PARTS:
        with ExitStack() as stack:
            _OnAir(folder, options, got, stack).run()
        if "marginal" in options.parts:
            with ExitStack() as stack:
                _stock(folder, got, stack)
    if "render" in options.parts:
        _render(folder, options, got)
    got.save(folder)
    return got


class _OnAir:
    """One run of the channel."""

    def __init__(self, folder: Path, options: Options, got: Collected, stack: ExitStack) -> None:
        self._folder, self._options, self._got, self._stack = folder, options, got, stack
        has_browser = "browser" in options.parts and options.browser_seconds >= options.seconds
        self._count = max(1, options.viewers - has_browser)
        self._idle_began = self._idle_ended = 0.0

    def run(self) -> None:
        """Start, watch, and stop."""
        nginx, rtmp_port = start_nginx(self._folder)
        self._stack.callback(nginx.end)
        port = free_port()
        file = write_channel(self._options.source, self._folder, port, rtmp_port)
        viewers = self._viewers("viewers", f"http://127.0.0.1:{port}/whep", self._count, "keep")
        say("going on air")
        everhost = start_everhost(file, self._folder)
        self._stack.callback(everhost.end, signal.SIGINT)
        cpu = CpuMeter(everhost.process.pid)
        cpu.start()
        self._stack.callback(cpu.stop)
        addresses = self._started(everhost, viewers)
        pull = RtmpPull(rtmp_port, self._folder)
        self._stack.callback(pull.stop)
        self._main_window(addresses, pull, cpu)
        self._afterwards(addresses, cpu)
        viewers.finish(15.0)
        self._got.stop_s = everhost.end(signal.SIGINT)
        self._got.everhost_stderr = everhost.tail(4000)

    def _viewers(self, name: str, whep: str, count: int, *more: str) -> Running:
        place = self._folder / name
        place.mkdir()
        started = our_program("measure.viewers", [whep, str(count), str(place), *more], place / "stderr.log")
        self._stack.callback(started.end)
        started.wait_for("ready", 30.0)
        return started

    def _started(self, everhost: Running, viewers: Running) -> Addresses:
        addresses = read_addresses(everhost)
        self._got.command_started = everhost.started
        self._got.first_decoded = float(viewers.wait_for("first", 60.0).split()[1])
        viewers.wait_for("joined", 60.0)
        say(f"on air, first picture after {self._got.first_decoded - everhost.started:.2f} s")
        return addresses

    def _main_window(self, addresses: Addresses, pull: RtmpPull, cpu: CpuMeter) -> None:
        got, options = self._got, self._options
        if "rtmp" in options.parts:
            pull.start()
        time.sleep(SETTLE_S)
        whole = CpuMeter(os.getpid())
        whole.start()
        self._stack.callback(whole.stop)
        asyncio.run(self._watch(addresses, pull))
        got.cpu = cpu.between(got.began, got.ended)
        free = (self._idle_ended - self._idle_began) / (got.ended - got.began)
        got.cpu["all_with_measurement"] = whole.between(got.began, got.ended)
        whole.stop()
        got.cpu["cores_idle"] = round(free, 3)
        got.cpu["cores_used_by_others"] = round(cores_here() - free - float(got.cpu["cores"]), 3)
        pull.stop()
        got.rtmp_frames = pull.frames()

    async def _watch(self, addresses: Addresses, pull: RtmpPull) -> None:
        got, options = self._got, self._options
        questioner = Questioner(addresses.base, addresses.control)
        watching: asyncio.Task[None] | None = None
        playing = asyncio.Event()
        if "browser" in options.parts:
            seconds = BROWSER_SETTLE_S + min(options.seconds, options.browser_seconds)
            watching = asyncio.create_task(self._browser(addresses, seconds, playing))
            await asyncio.wait_for(playing.wait(), BROWSER_START_S)
            await asyncio.sleep(BROWSER_SETTLE_S)
        jobs = [asyncio.sleep(options.seconds)]
        if "chat" in options.parts:
            jobs.append(questioner.run(options.seconds, max(2, min(26, round(options.seconds / 18)))))
        if "rtmp" in options.parts:
            jobs.append(self._probe(pull))
        got.metrics["start"], self._idle_began, got.began = read_metrics(addresses), _idle_s(), time.monotonic()
        say(f"watching for {options.seconds:g} s")
        await asyncio.gather(*jobs)
        got.metrics["end"], self._idle_ended, got.ended = read_metrics(addresses), _idle_s(), time.monotonic()
        if watching is not None:
            await watching
        got.asked = [asdict(question) for question in questioner.asked]
        got.browser_samples = [s for s in got.browser_samples if got.began <= s["at"] <= got.ended]

    async def _browser(self, addresses: Addresses, seconds: float, playing: asyncio.Event) -> None:
        try:
            self._got.browser_samples = await browser.watch(addresses.base, seconds, playing)
        except BrowserError as error:
            self._got.browser_error = str(error)[:500]
        finally:
            playing.set()

    async def _probe(self, pull: RtmpPull) -> None:
        await asyncio.sleep(min(10.0, self._options.seconds / 3))
        try:
            self._got.rtmp_streams = await asyncio.to_thread(pull.probe)
        except subprocess.TimeoutExpired:
            self._got.rtmp_streams = []

    def _afterwards(self, addresses: Addresses, cpu: CpuMeter) -> None:
        """What would disturb the main window: more viewers, and joins."""
        if "marginal" in self._options.parts:
            say(f"{MORE_VIEWERS} more viewers")
            self._got.marginal = self._more_viewers(addresses, cpu)
        if "joins" in self._options.parts:
            say("joining again and again")
            joins = our_program("measure.joins", [addresses.whep, str(JOINS)], self._folder / "joins.log")
            self._stack.callback(joins.end)
            self._got.joins_s = json.loads(joins.wait_for("[", 15.0 * JOINS))
            if "browser" in self._options.parts:
                self._got.browser_joins_s = asyncio.run(browser.join_many(addresses.base, BROWSER_JOINS))

    def _more_viewers(self, addresses: Addresses, cpu: CpuMeter) -> dict[str, float]:
        began = time.monotonic()
        time.sleep(MARGINAL_S)
        few = cpu.role_cores("server", began, time.monotonic())
        crowd = self._viewers("crowd", addresses.whep, MORE_VIEWERS)
        crowd.wait_for("joined", 60.0)
        time.sleep(SETTLE_S)
        began = time.monotonic()
        time.sleep(MARGINAL_S)
        ended = time.monotonic()
        many = cpu.role_cores("server", began, ended)
        crowd.finish(15.0)
        return {"server_cores_few": few, "server_cores_many": many, "more_viewers": float(MORE_VIEWERS),
                "crowd_began": began, "crowd_ended": ended}  # fmt: skip


def _idle_s() -> float:
    """Seconds that the machine's cores have been idle so far."""
    times = psutil.cpu_times()
    return float(times.idle + getattr(times, "iowait", 0.0))


def _stock(folder: Path, got: Collected, stack: ExitStack) -> None:
    """CPU of a stock aiortc sender without and with one viewer."""
    say("a stock aiortc sender for comparison")
    port = free_port()
    recording = recording_file(folder)
    sender = our_program("measure.stock", [str(recording), str(port)], folder / "stock.log")
    stack.callback(sender.end)
    cpu = CpuMeter(sender.process.pid)
    sender.wait_for("ready", _STOCK_START_S)
    cpu.start()
    stack.callback(cpu.stop)
    time.sleep(SETTLE_S)
    began = time.monotonic()
    time.sleep(5.0)
    idle = cpu.between(began, time.monotonic())["cores"]
    place = folder / "stock-viewer"
    place.mkdir()
    whep = f"http://127.0.0.1:{port}/whep"
    viewer = our_program("measure.viewers", [whep, "1", str(place), "h264"], place / "stderr.log")
    stack.callback(viewer.end)
    viewer.wait_for("first", 30.0)
    time.sleep(SETTLE_S)
    began = time.monotonic()
    time.sleep(MARGINAL_S)
    ended = time.monotonic()
    busy = cpu.between(began, ended)["cores"]
    viewer.finish(10.0)
    got.marginal |= {
        "stock_cores_idle": idle,
        "stock_cores_one_viewer": busy,
        "stock_began": began,
        "stock_ended": ended,
    }


def _render(folder: Path, options: Options, got: Collected) -> None:
    """Wall and CPU time of ``everhost render``, by the operating system."""
    say("rendering 60 s")
    out = folder / "render.mp4"
    command, environment = render(options.source, RENDER_S, out, folder)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = Running(command, folder / "render.log", environment)
    try:
        process.process.wait(RENDER_S * 6)
    except subprocess.TimeoutExpired as error:
        raise MeasureError(f"render takes longer than {RENDER_S * 6:g} s") from error
    finally:
        wall = time.monotonic() - process.started
        process.end()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    got.render = {
        "wall_s": wall,
        "cpu_s": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "exit_status": process.process.returncode,
        "stderr": process.tail(),
    }


def recording_file(folder: Path) -> Path:
    """The largest recording of the run (a restarted outlet begins another)."""
    files = sorted((folder / "recordings").glob("*.mp4"), key=lambda file: file.stat().st_size)
    if not files:
        raise MeasureError("the channel left no recording")
    return files[-1]


def read_metrics(addresses: Addresses) -> dict[str, float]:
    """The channel's own figures, to hold against what was measured: ``figure{process}`` to value."""
    text = httpx.get(f"{addresses.base}/metrics", timeout=5.0).text
    found = {}
    for line in text.splitlines():
        name, _, value = line.rpartition(" ")
        if name and not line.startswith("#"):
            found[name] = float(value)
    return found
