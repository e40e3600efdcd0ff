"""A channel on air before one viewer, by ``bench_onair.py`` in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from measure.processes import ROOT, MeasureError


def watch(channel: Path, seconds: float, parts: Iterable[str]) -> dict[str, Any]:
    """What ``bench_onair.py`` prints of these parts; it tells its progress on standard error.

    Raises:
        MeasureError: the channel could not be measured.
    """
    command = [sys.executable, str(ROOT / "scripts" / "bench_onair.py"), "--channel", str(channel), "--viewers", "1"]
    command += ["--seconds", f"{seconds:g}", "--only", *parts]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False, cwd=ROOT)
    if not done.stdout:
        raise MeasureError(f"{channel.name} could not be measured on air")
    found: dict[str, Any] = json.loads(done.stdout)
    return found
