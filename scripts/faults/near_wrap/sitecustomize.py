"""Python runs this at its start wherever this folder is in PYTHONPATH; it acts in a channel's server alone.

There the RTP times of each session, 32 bits of 90 and of 48 kHz, begin so that both are full at the same moment,
``BEFORE_S`` after the session began. What each stream was given is a line of JSON in the file that ``NOTES_VARIABLE``
names.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

BEFORE_S = 5
NOTES_VARIABLE = "NEAR_WRAP_NOTES"

_STEPS = 50
"""A wrap is a multiple of 1/50 s of media: a whole number of steps of both clocks."""

_wraps: WeakKeyDictionary[Any, int] = WeakKeyDictionary()
"""The wrap of each session, by the transport that its streams share, in 1/50 s of media."""


def _near_the_wrap() -> int:
    """Stands where aiortc draws a random number; ``_run_rtp`` draws a stream's first RTP time."""
    caller = sys._getframe(1)
    if caller.f_code.co_name != "_run_rtp":
        return int.from_bytes(os.urandom(4), "big")
    sender = caller.f_locals["self"]
    epoch_ns = _epoch_ns()
    media_s = (time.monotonic_ns() - epoch_ns) / 1e9
    wrap = _wraps.setdefault(sender.transport, round((media_s + BEFORE_S) * _STEPS))
    rate = 90_000 if sender.kind == "video" else 48_000
    _note(kind=sender.kind, ssrc=sender._ssrc, wraps_at=epoch_ns / 1e9 + wrap / _STEPS)
    return (2**32 - wrap * rate // _STEPS) % 2**32


def _epoch_ns() -> int:
    """The monotonic time of the channel's first sample; the last word of a child's command is its run's folder."""
    from engine.broadcast.ring import RING, PictureRing  # noqa: PLC0415  # only a server that runs can import it

    ring = PictureRing(Path(sys.orig_argv[-1]) / RING)
    epoch_ns = ring.epoch_ns
    ring.close()
    return epoch_ns


def _note(**given: Any) -> None:
    with Path(os.environ[NOTES_VARIABLE]).open("a") as notes:
        notes.write(json.dumps(given) + "\n")


if sys.orig_argv[1:3] == ["-m", "server"]:
    from aiortc import rtcrtpsender

    rtcrtpsender.random32 = _near_the_wrap  # type: ignore[attr-defined]
