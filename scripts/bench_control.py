"""How quickly and quietly the control room works; prints one JSON.

``bench_control.py --minutes 10`` is the whole measurement. Two channels go on air. First stop, resume and a typed line
are timed at a decoding viewer: seconds from the request to the first 20 ms below −50 dBFS after which nothing louder
comes, to the slate, and to the first typed word as Whisper hears it. Then ten operators' pages stay open, two of them
in Chromium.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(1, str(Path(__file__).resolve().parent.parent))

import httpx
from measure.control_viewer import ControlViewer, watching
from measure.pages import Updates, figures, measure_updates, pages_open
from measure.processes import MeasureError
from measure.room_run import RoomRun, room_run
from measure.timing import percentiles

STOPS = 5
SETTLE_S = 20.0
TEXTS = (
    "Thank you all for being here with us.",
    "We take a short break after the next one.",
    "Good evening, and welcome to everybody who just came in.",
)
MEMORY_EVERY_S = 5.0


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


async def order(http: httpx.AsyncClient, action: str) -> None:
    (await http.post("/api/channels/mia/control", json={"action": action})).raise_for_status()


async def measure_stops(http: httpx.AsyncClient, viewer: ControlViewer, count: int) -> list[dict[str, float]]:
    found = []
    for _ in range(count):
        await viewer.until_loud()
        await asyncio.sleep(0.7)
        asked = time.monotonic()
        await order(http, "stop")
        answered = time.monotonic() - asked
        await asyncio.sleep(2.5)
        row = {"answered_s": answered, "silent_s": viewer.silent_since(asked) - asked}
        row["slate_s"] = viewer.still_since(asked) - asked
        found.append({name: round(value, 3) for name, value in row.items()})
        await order(http, "resume")
    return found


async def measure_lines(http: httpx.AsyncClient, viewer: ControlViewer) -> list[dict[str, Any]]:
    found = []
    for text in TEXTS:
        await viewer.until_loud()
        await asyncio.sleep(0.5)
        asked = time.monotonic()
        answer = await http.post("/api/channels/mia/steer", json={"type": "say", "text": text, "now": True})
        if answer.status_code == 409:
            raise MeasureError(f"the guard refuses the bench's line: {answer.json()['message']}")
        answer.raise_for_status()
        answered = time.monotonic() - asked
        await asyncio.sleep(8.0)
        heard = await asyncio.to_thread(viewer.heard, asked, text)
        found.append({"answered_s": round(answered, 3), **heard})
    return found


async def watch_memory(run: RoomRun, seconds: float) -> list[float]:
    """Megabytes of the control room's process, every few seconds."""
    process = run.room_process()
    found, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        found.append(process.memory_info().rss / 1e6)
        await asyncio.sleep(MEMORY_EVERY_S)
    return found


def memory_told(series: list[float]) -> dict[str, Any]:
    """What is left after a quarter of the time, in which caches and pools find their size."""
    settled = series[len(series) // 4 :]
    return {
        "first_mb": round(series[0], 1),
        "settled_mb": round(settled[0], 1),
        "last_mb": round(settled[-1], 1),
        "spread_mb": round(max(settled) - min(settled), 1),
        "series_mb": [round(each, 1) for each in series],
    }


def lost_told(before: dict[str, Any], after: dict[str, Any], seconds: float, fps: int) -> dict[str, float]:
    grown = {
        name: after["master"][name] - before["master"][name] for name in ("pictures", "repeated", "jumps", "late_ticks")
    }
    grown["left_out_by_stage"] = after["stage"]["skipped"] - before["stage"]["skipped"]
    grown["packets_lost"] = after["server"]["packets_lost"] - before["server"]["packets_lost"]
    return {**grown, "seconds": round(seconds, 1), "pictures_due": round(seconds * fps)}


async def with_pages(run: RoomRun, minutes: float, pages: int, browsers: int, playing: int) -> dict[str, Any]:
    async with pages_open(run, pages, browsers, playing) as opened:
        await asyncio.sleep(SETTLE_S)
        before = {channel_id: await figures(run, channel_id) for channel_id in run.channels}
        began = time.monotonic()
        updates: Updates
        updates, memory = await asyncio.gather(
            measure_updates(run, opened, minutes * 60), watch_memory(run, minutes * 60)
        )
        seconds = time.monotonic() - began
        after = {channel_id: await figures(run, channel_id) for channel_id in run.channels}
    return {
        "pages": pages,
        "in_browsers": browsers,
        "playing": playing,
        "minutes": minutes,
        "update_s": {
            "browser": percentiles(updates.browser),
            "socket": percentiles(updates.socket),
            "lost": updates.lost,
        },
        "memory": memory_told(memory),
        "channels": {each: lost_told(before[each], after[each], seconds, 25) for each in run.channels},
    }


async def measure(run: RoomRun, options: argparse.Namespace) -> dict[str, Any]:
    await asyncio.sleep(SETTLE_S)
    headers = {"Authorization": f"Bearer {run.token}"}
    async with httpx.AsyncClient(base_url=run.base, headers=headers, timeout=20) as http:
        async with watching(run.channels["mia"]) as viewer:
            say("stop and resume")
            stops = await measure_stops(http, viewer, STOPS)
            say("typed lines")
            lines = await measure_lines(http, viewer)
        say(f"{options.pages} pages for {options.minutes:g} minutes")
        opened = await with_pages(run, options.minutes, options.pages, options.browsers, options.playing)
    return {"stop": stops, "typed_line": lines, "open_pages": opened}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--minutes", type=float, default=10.0)
    arguments.add_argument("--pages", type=int, default=10)
    arguments.add_argument("--browsers", type=int, default=2, help="pages in Chromium; the others only speak like one")
    arguments.add_argument("--playing", type=int, default=1, help="pages that show the live picture")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, room_run(Path(folder), {"mia": "Mia", "leo": "Leo"}) as run:
        result = asyncio.run(measure(run, options))
    machine = {"cores": os.cpu_count(), "python": platform.python_version()}
    print(json.dumps({"machine": machine, **result}, indent=1))


if __name__ == "__main__":
    main()
