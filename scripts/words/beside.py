"""A language model that writes beside the demo channel on air, on this machine: pauses in speech, pictures, its share.

The channel is the real one, with its recording, two viewers and the model of ``make llm`` (``EVERHOST_BENCH_MODEL``
names another GGUF), for ``EVERHOST_BENCH_SECONDS`` (300). Pauses come from the decoded recording, the share from the
ledger, the model's pace from its own count of tokens. Leave the machine alone meanwhile.
"""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import fetch_llm
import numpy as np
from measure.collect import read_metrics, recording_file, say
from measure.cpu import CpuMeter
from measure.on_air import read_addresses, start_everhost, write_channel
from measure.place import Sound
from measure.processes import ROOT, free_port, our_program
from measure.recording import RATE, Motion, pictures, read_sound
from ruamel.yaml import YAML

from engine.records import Ledger

LONGEST_PAUSE_S = 1.5
SETTLE_S = 5.0
QUIET_DBFS = -45.0
"""Speech at the product's loudness is above this in every 20 ms but those of stops; the room between lines is not."""

_BLOCK = RATE // 50


def pauses(pcm: Sound) -> list[tuple[float, float]]:
    """Where and how long, in seconds, ``pcm`` stays quieter than ``QUIET_DBFS``, between its first and last speech."""
    blocks = pcm[: len(pcm) // _BLOCK * _BLOCK].reshape(-1, _BLOCK)
    loud = np.flatnonzero(np.sqrt((blocks.astype(np.float64) ** 2).mean(axis=1)) > 10 ** (QUIET_DBFS / 20))
    gaps = np.diff(loud)
    return [
        (float(loud[i] + 1) * _BLOCK / RATE, float(gap - 1) * _BLOCK / RATE) for i, gap in enumerate(gaps) if gap > 1
    ]


def measure() -> dict[str, Any]:
    """One run of the channel."""
    model = os.environ.get("EVERHOST_BENCH_MODEL") or str(fetch_llm.fetch(fetch_llm.SOURCES["1.5b"]))
    seconds = float(os.environ.get("EVERHOST_BENCH_SECONDS", "300"))
    with tempfile.TemporaryDirectory(prefix="everhost-bench-") as name:
        folder = Path(name)
        with ExitStack() as stack:
            before, after, cpu = _on_air(folder, model, seconds, stack)
        return _figures(folder, before, after, cpu)


def _on_air(
    folder: Path, model: str, seconds: float, stack: ExitStack
) -> tuple[dict[str, float], dict[str, float], dict[str, Any]]:
    port = free_port()
    file = write_channel(ROOT / "avatars" / "mia.yaml", folder, port, free_port())
    yaml = YAML()
    channel = yaml.load(file.read_text())
    channel["outputs"] = channel["outputs"][:1]
    channel["writer"] = {"kind": "gguf", "model": model}
    with file.open("w") as out:
        yaml.dump(channel, out)
    everhost = start_everhost(file, folder)
    stack.callback(everhost.end, signal.SIGINT)
    addresses = read_addresses(everhost)
    place = folder / "viewers"
    place.mkdir()
    viewers = our_program("measure.viewers", [addresses.whep, "2", str(place)], place / "stderr.log")
    stack.callback(viewers.end)
    viewers.wait_for("joined", 60.0)
    time.sleep(SETTLE_S)
    say(f"watching for {seconds:g} s")
    cpu = CpuMeter(everhost.process.pid)
    cpu.start()
    stack.callback(cpu.stop)
    began, before = time.monotonic(), read_metrics(addresses)
    time.sleep(seconds)
    ended, after = time.monotonic(), read_metrics(addresses)
    viewers.finish(15.0)
    return before, after, cpu.between(began, ended)


def _figures(folder: Path, before: dict[str, float], after: dict[str, float], cpu: dict[str, Any]) -> dict[str, Any]:
    recording = recording_file(folder)
    sound = read_sound(recording)
    found = sorted(pauses(sound.pcm), key=lambda each: -each[1])
    motion = Motion.new()
    for picture in pictures(recording):
        motion.take(picture.time_s, picture.keyframe, picture.frame)
    ledger = Ledger(folder / "state" / "mia.ledger.sqlite", "mia")
    try:
        lines = ledger.audit()
    finally:
        ledger.close()
    writers = Counter(line.writer for line in lines)
    by_model = sum(count for writer, count in writers.items() if writer not in {"template", "operator"})

    def grown(figure: str) -> float:
        key = f'everhost_{figure}{{process="writer"}}'
        return after[key] - before[key]

    busy = grown("model_busy_s")
    return {
        "seconds": round(len(sound.pcm) / RATE, 1),
        "longest_pauses_s": [round(length, 2) for _, length in found[:5]],
        "pictures": motion.plain(),
        "lines_by_writer": dict(writers),
        "model_percent": round(100 * by_model / max(1, len(lines)), 1),
        "model_tokens_a_second": {
            "read": round(grown("model_tokens_read") / busy, 2),
            "written": round(grown("model_tokens_written") / busy, 2),
        },
        "model_busy_s": round(busy, 1),
        "cpu": cpu,
        "met": bool(found) and found[0][1] <= LONGEST_PAUSE_S,
    }
