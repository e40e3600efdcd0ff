"""Each kind of body and voice on air, one channel after the other, measured from what a viewer and the recording got.

Targets are those of ``bench_onair.py``; what cannot be judged of a channel stands in its ``left_out``.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

# Before numpy is imported: the speech endpoint, whose voice runs in this process, takes one thread.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

from measure.collect import say
from measure.one_viewer import watch
from measure.processes import MeasureError

from bodies.channels import CHANNELS, SkippedError

PARTS = ("recording", "lips")
DETAILS = ("cpu", "viewers", "recording", "lips_recording", "everhost_stderr")


def measure(names: Iterable[str], seconds: float) -> dict[str, Any]:
    """The figures of every channel named (of ``CHANNELS``), and what misses its target.

    A channel that cannot be made or measured, or whose voice is not installed, is a miss and does not keep the others
    from air.
    """
    channels, missed = {}, []
    for name in names:
        with tempfile.TemporaryDirectory(prefix="everhost-air-") as place:
            found = channels[name] = on_air(name, Path(place), seconds)
        missed += [f"{name}: {each}" for each in found["missed"]]
    return {"seconds": seconds, "channels": channels, "missed": missed}


def on_air(name: str, folder: Path, seconds: float) -> dict[str, Any]:
    """One channel, made in ``folder`` and measured."""
    say(f"making the channel {name}")
    try:
        with CHANNELS[name](folder) as made:
            measured = watch(made.file, seconds, PARTS)
    except SkippedError as lacks:
        say(f"the channel {name} is skipped: {lacks}")
        return {"skipped": str(lacks), "missed": ["not measured"]}
    except MeasureError as error:
        say(f"the channel {name}: {error}")
        return {"error": str(error), "missed": ["not measured"]}
    say(f"the channel {name}: {json.dumps(measured['figures'])}")
    told = {key: measured["details"][key] for key in DETAILS if key in measured["details"]}
    return {
        "body": made.body,
        "voice": made.voice,
        "missed": [name for name in measured["missed"] if name not in made.left_out],
        "left_out": made.left_out,
        "figures": {name: each for name, each in measured["figures"].items() if name not in made.left_out},
        "details": told,
    }
