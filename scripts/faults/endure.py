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
from pathlib import Path
from typing import Any

import numpy as np
from measure.chat import Questioner
from measure.on_air import STREAM_KEY
from measure.processes import MeasureError, Running, our_program
from measure.timing import trend

from faults.air import FPS, Air, Row, say
from faults.drift import Drift
from faults.growth import Meter, judge
from faults.rtmp_peer import Manner

AROUND_S = 12.0
"""What is seen this long after an injected fault is not judged here: chaos.py does."""

FREEZE_S = 0.2
FAULTS_AN_HOUR = 2.0
PRICE_EVERY_S = 240.0
QUESTIONS_A_MINUTE = 1.0

OFFSET_MS = (-40.0, 60.0)
SLOPE_MS_H = 1.0


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
    meter.keep(folder / "memory.json")
    rows.append(judge(meter.samples, began, ended, faults))
    for name, drift in _drifts(folder, air.state).items():
        rows.append(_drift(name, drift))
    for row in rows:
        row.figures["minutes"] = round((ended - began) / 60, 1)
    return rows


def _drifts(folder: Path, state: Path) -> dict[str, Drift]:
    """Sound against lips on both sides, measured at the same time.

    Raises:
        MeasureError: one of them ended without a result.
    """
    sides = {
        "RTMP side: sound against lips": ("rtmp", folder / "rtmp.flv"),
        "WebRTC side: sound against lips": ("viewer", folder / "kept"),
    }
    found: dict[str, Drift] = {}
    with contextlib.ExitStack() as both:
        started = []
        for name, (side, source) in sides.items():
            out = folder / f"{side}.drift.json"
            given = [side, *map(str, (source, folder / "mia.yaml", state, out))]
            process = our_program("faults.drift", given, folder / f"{side}.drift.log")
            both.callback(process.end)
            started.append((name, process, out))
        for name, process, out in started:
            if process.process.wait():
                raise MeasureError(f"{name} was not found: {process.tail()}")
            found[name] = Drift(**json.loads(out.read_text()))
    return found


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
