"""A channel on air for hours, with chat, changing prices and a fault now and then; keeps what came, and judges it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from measure.chat import Questioner
from measure.on_air import STREAM_KEY
from measure.processes import MeasureError, Running, our_program
from measure.timing import trend

from faults.air import FPS, Air, Row, say
from faults.drift import Drift, rtmp_drift, viewer_drift
from faults.rtmp_peer import Manner

SAMPLE_S = 5.0
SETTLE_S = 600.0
"""Memory is judged after the first ten minutes, or the first third of a short run."""

AROUND_S = 12.0
"""What is seen this long after an injected fault is not judged here: chaos.py does."""

FREEZE_S = 0.2
FAULTS_AN_HOUR = 2.0
PRICE_EVERY_S = 240.0
QUESTIONS_A_MINUTE = 1.0

OFFSET_MS = (-40.0, 60.0)
SLOPE_MS_H = 1.0
MEMORY_MB_H = 1.0


@dataclass(slots=True)
class Samples:
    """Memory, handles and threads of one process over time; ``parts_mb`` are its own memory, that of files, and that
    which it shares.
    """

    role: str
    at: list[float] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)
    parts_mb: list[tuple[float, ...]] = field(default_factory=list)
    handles: list[int] = field(default_factory=list)
    threads: list[int] = field(default_factory=list)


class Meter(threading.Thread):
    """Samples every process of the channel."""

    def __init__(self, air: Air) -> None:
        super().__init__(name="meter", daemon=True)
        self._air = air
        self.samples: dict[int, Samples] = {}
        self._ended = threading.Event()

    def run(self) -> None:
        """Sample until ``stop``."""
        while not self._ended.wait(SAMPLE_S):
            assert self._air.everhost is not None
            supervisor = psutil.Process(self._air.everhost.process.pid)
            for process in (supervisor, *self._air.everhost.family()):
                with contextlib.suppress(psutil.Error):
                    self._sample(process, "supervisor" if process.pid == supervisor.pid else _role(process))

    def _sample(self, process: psutil.Process, role: str) -> None:
        found = self.samples.setdefault(process.pid, Samples(role))
        with process.oneshot():
            found.at.append(time.monotonic())
            found.memory_mb.append(process.memory_info().rss / 1e6)
            found.parts_mb.append(_parts_mb(process.pid))
            found.handles.append(process.num_fds())
            found.threads.append(process.num_threads())

    def stop(self) -> None:
        """End the thread."""
        self._ended.set()
        self.join()


def _parts_mb(pid: int) -> tuple[float, ...]:
    """Anonymous, file-backed and shared memory that is resident, as proc(5) has them."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError as gone:
        raise psutil.NoSuchProcess(pid) from gone
    kilobytes = dict(re.findall(r"^(RssAnon|RssFile|RssShmem):\s+(\d+) kB", status, re.MULTILINE))
    return tuple(int(kilobytes.get(name, 0)) * 1024 / 1e6 for name in ("RssAnon", "RssFile", "RssShmem"))


def _role(process: psutil.Process) -> str:
    words = process.cmdline()
    return words[words.index("-m") + 2] if "-m" in words else words[0]


def soak(folder: Path, minutes: float) -> list[Row]:
    """Go on air for ``minutes`` and judge every side of it."""
    recording = {"kind": "recording", "name": "recording", "folder": str(folder / "recordings"), "budget_gb": 20}
    with Air(folder, outputs=[recording]) as air:
        kept = _keep(air, folder)
        meter = Meter(air)
        meter.start()
        time.sleep(20)
        began = time.monotonic()
        with _life(air, minutes * 60):
            faults = _faults(air, began, minutes * 60, [process for process, _ in kept])
        ended = time.monotonic()
        meter.stop()
        for process, how in kept:
            process.end(signal.SIGINT) if how == "interrupt" else process.finish(20)
    rows = [_eyes(air, eye, began, ended, faults) for eye in ("viewer", "platform")]
    (folder / "memory.json").write_text(json.dumps({pid: asdict(each) for pid, each in meter.samples.items()}))
    rows.append(_processes(meter, began, ended, faults))
    settings = _channel_of(folder)
    rows.append(_drift("RTMP side: sound against lips", rtmp_drift(folder / "rtmp.flv", settings, air.state)))
    rows.append(_drift("WebRTC side: sound against lips", viewer_drift(folder / "kept", settings, air.state)))
    for row in rows:
        row.figures["minutes"] = round((ended - began) / 60, 1)
    return rows


def _channel_of(folder: Path) -> Path:
    return folder / "mia.yaml"


def _keep(air: Air, folder: Path) -> list[tuple[Running, str]]:
    """A viewer that keeps what it is sent, and a player that copies what nginx sends."""
    (folder / "kept").mkdir()
    viewer = our_program(
        "measure.viewers", [f"{air.base}/whep", "1", str(folder / "kept"), "keep"], folder / "kept.log"
    )
    viewer.wait_for("joined", 60)
    command = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-i", f"{air.rtmp}/{STREAM_KEY}", "-c", "copy"]
    player = Running([*command, "-y", str(folder / "rtmp.flv")], folder / "ffmpeg.log")
    return [(viewer, "close"), (player, "interrupt")]


@contextlib.contextmanager
def _life(air: Air, seconds: float) -> Iterator[None]:
    """Questions in the chat and prices that change, while the block lasts."""
    assert air.everhost is not None
    control = air.everhost.wait_for("control:", 1).split()[-1]
    questioner = Questioner(air.base, control)
    count = max(1, round(seconds / 60 * QUESTIONS_A_MINUTE))
    chat = threading.Thread(target=lambda: asyncio.run(questioner.run(seconds, count)), name="chat", daemon=True)
    ended = threading.Event()
    prices = threading.Thread(target=_change_prices, args=(air.folder / "catalogue.yaml", ended), daemon=True)
    chat.start()
    prices.start()
    try:
        yield
    finally:
        ended.set()
        prices.join()
        chat.join(30)


def _change_prices(catalogue: Path, ended: threading.Event) -> None:
    cents = 0
    while not ended.wait(PRICE_EVERY_S):
        cents = (cents + 7) % 50
        text = re.sub(
            r"price: 19\.\d\d|price: 20\.\d\d", f"price: {20 + cents / 100:.2f}", catalogue.read_text(), count=1
        )
        catalogue.write_text(text)


def _faults(air: Air, began: float, seconds: float, others: Sequence[Running]) -> list[tuple[float, str]]:
    """One fault after the other, evenly spread; none of them ends what the measurement itself watches.

    Raises:
        MeasureError: an eye, or one of ``others``, has ended: nobody watches any more.
    """

    def wait_until(due: float) -> None:
        while (left := due - time.monotonic()) > 0:
            for process in (*air.eyes, *others):
                if process.process.poll() is not None:
                    raise MeasureError(f"{process.log.stem} has ended: {process.tail()}")
            time.sleep(min(1.0, left))

    kinds = ("SIGKILL of stage", "RTMP peer is gone", "SIGKILL of studio", "SIGKILL of outlet:peer")
    count = max(1, round(seconds / 3600 * FAULTS_AN_HOUR))
    done = []
    for number in range(count):
        due = began + (number + 0.5) * seconds / count
        wait_until(due)
        kind = kinds[number % len(kinds)]
        say(f"fault: {kind}")
        done.append((time.monotonic(), kind))
        if kind.startswith("RTMP"):
            air.peer.manner = Manner.GONE
            time.sleep(15)
            air.peer.manner = Manner.TAKING
        else:
            process = air.child(kind.removeprefix("SIGKILL of "))
            if process is not None:
                process.kill()
    wait_until(began + seconds)
    return done


def _eyes(air: Air, eye: str, began: float, ended: float, faults: list[tuple[float, str]]) -> Row:
    """Gaps and stills outside the faults."""
    row = Row(f"{eye}: pictures and sound, all the time")
    seen = air.seen(eye, began, ended)
    around = [(at, at + AROUND_S) for at, _ in faults]

    def outside(times: Any) -> Any:
        """Which moments lie outside the faults."""
        return np.all([(times < first) | (times > last) for first, last in around], axis=0)

    for kind, what in (("pictures", "picture"), ("sounds", "sound")):
        times = getattr(seen, kind)["at"]
        gaps = np.diff(times)
        row.at_most(f"{what}_gaps_over_200ms", int((gaps[outside(times[1:])] > FREEZE_S).sum()), 0)
        row.figures[f"longest_{what}_gap_s"] = round(float(gaps.max()), 3)
    row.at_most("lost_pictures", seen.lost_pictures(FPS), 0)
    row.at_most("times_step_back", seen.steps_back(), 0)
    row.figures["sessions"] = len(np.unique(seen.pictures["session"]))
    row.figures["pictures"] = len(seen.pictures)
    # Half a picture more: what stands for exactly 200 ms arrives a little unevenly.
    stills = seen.stills(FREEZE_S + 0.5 / FPS)
    row.at_most("stills_over_200ms", int(outside(stills).sum()), 0)
    row.must("no digital silence", seen.quietest_dbfs() > -90)
    row.figures["faults"] = [f"{at - began:.0f} s: {kind}" for at, kind in faults]
    return row


def _processes(meter: Meter, began: float, ended: float, faults: list[tuple[float, str]]) -> Row:
    """Slopes of every process over its life, from when it has settled down: after the start, and where a fault ended
    one of its role before (a spare took over, or it was started), after that. A short life shows no slope.
    """
    row = Row("memory, handles and threads of every process")
    settle = min(SETTLE_S, (ended - began) / 3)
    for pid, samples in meter.samples.items():
        last = samples.at[-1]
        killed = (at for at, kind in faults if kind == f"SIGKILL of {samples.role}" and at < last - 3 * SAMPLE_S)
        first = max([began, *killed]) + settle
        if samples.at[0] > first or last - first < min(2 * settle, (ended - began) / 2):
            continue
        at = np.array(samples.at)
        judged = at >= first
        line = trend(at[judged], np.array(samples.memory_mb)[judged])
        slope, confidence = line.per_second * 3600, line.confidence / max(np.ptp(at[judged]), 1) * 3600
        parts = [trend(at[judged], part[judged]).per_second * 3600 for part in np.array(samples.parts_mb).T]
        handles, threads = (np.array(each)[judged] for each in (samples.handles, samples.threads))
        shown = samples.role if samples.role not in row.figures else f"{samples.role} {pid}"
        row.figures[shown] = {
            "memory_mb": round(samples.memory_mb[-1], 1),
            "judged_minutes": round((last - first) / 60, 1),
            "mb_an_hour": round(slope, 3),
            "own_file_shared_mb_an_hour": [round(part, 3) for part in parts],
            "confidence": round(confidence, 3),
            "handles": [int(handles.min()), int(handles.max())],
            "threads": [int(threads.min()), int(threads.max())],
        }
        row.must(f"{samples.role} grows {slope:.2f} MB/h", slope - confidence <= MEMORY_MB_H)
        for name, values in (("handles", handles), ("threads", threads)):
            tenth = max(1, len(values) // 10)
            row.must(f"{samples.role}: {name} grow", np.median(values[-tenth:]) <= np.median(values[:tenth]))
    row.figures["restarted"] = sorted({kind for _, kind in faults})
    return row


def _drift(name: str, drift: Drift) -> Row:
    row = Row(name)
    row.figures["lines"] = len(drift.late_ms)
    if len(drift.late_ms) < 5:
        row.must("enough lines were found", False)
        return row
    low, high = (float(x) for x in np.percentile(drift.late_ms, [2.5, 97.5]))
    row.figures["middle_95_ms"] = [round(low, 1), round(high, 1)]
    row.must("sound lies within 40 ms early and 60 ms late", OFFSET_MS[0] <= low and high <= OFFSET_MS[1])
    line = trend(drift.at_s, drift.late_ms)
    span_h = max(np.ptp(drift.at_s), 1.0) / 3600
    row.figures["slope_ms_an_hour"] = round(line.per_second * 3600, 3)
    row.figures["slope_confidence_ms_an_hour"] = round(line.confidence / span_h, 3)
    row.must("no slope", abs(line.per_second * 3600) - line.confidence / span_h <= SLOPE_MS_H)
    return row
