"""The network that hears which mouth belongs to a sound; trained by ``scripts/train_lips.py``.

Two that were trained on different voices, whose word is averaged, in one ONNX file; each has eight layers over log-mel
frames that look back a little further. What they saw last is the state, which goes in and out, so it runs on sound as
it is produced, and what it said of a moment does not change by what follows more than ``AHEAD`` frames later.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime

from engine.flow import Floats
from engine.motion.mel import BANDS, LogMel
from engine.motion.visemes import MOUTH_CURVES, VISEMES, MotionError

FILE = Path(__file__).with_name("lips.onnx")

AHEAD = 6
"""Frames that the network hears beyond the one that begins at the moment it speaks of: with the 20 ms of the last frame
it hears 80 ms ahead."""

PIECE = 128
"""Frames that the network is given at a time: what onnxruntime holds for it does not grow with the longest line."""

OUTPUTS = ("visemes", "mouth", "held", "state_out")


@dataclass(frozen=True, slots=True)
class Heard:
    """What the sound says of moments ``mel.HOP`` samples apart: the probability of each of ``VISEMES``, the mouth as
    ``MOUTH_CURVES``, and how much lips are held together and lower lip to teeth (0 to 1 each).
    """

    visemes: Floats
    mouth: Floats
    held: Floats

    def __len__(self) -> int:
        return len(self.mouth)


class LipNetwork:
    """Listens to one stream of sound. Moment *i* of what it says is at sample ``i * mel.HOP``."""

    def __init__(self, file: Path = FILE) -> None:
        """Load the network; raises MotionError where the file is missing or of another shape."""
        self._session = _session(file)
        self._frames = LogMel()
        self._state = np.zeros(self._session.get_inputs()[1].shape, np.float32)
        self._early = AHEAD

    def push(self, pcm_48k: Floats) -> Heard:
        """What can be said now that ``pcm_48k`` has been heard."""
        frames = self._frames.push(pcm_48k)
        if not len(frames):
            return Heard(*(np.zeros((0, n), np.float32) for n in (len(VISEMES), len(MOUTH_CURVES), 2)))
        pieces = [self._said(frames[at : at + PIECE]) for at in range(0, len(frames), PIECE)]
        drop = min(self._early, len(frames))
        self._early -= drop
        return Heard(*(np.concatenate(rows)[drop:] for rows in zip(*pieces, strict=True)))

    def _said(self, frames: Floats) -> list[Floats]:
        """What the network says of ``frames``, and remembers of them."""
        said: list[Floats] = self._session.run(list(OUTPUTS), {"mel": frames, "state": self._state})
        self._state = said.pop()
        return said


@cache
def _session(file: Path) -> onnxruntime.InferenceSession:
    """The session, on one thread; its streams share it."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    except Exception as damaged:  # onnxruntime's own exceptions have no common base but Exception.
        raise MotionError(f"the lips' network {file} cannot be loaded: {damaged}") from damaged
    found = {o.name: o.shape[-1] for o in session.get_outputs()}
    wanted = {"visemes": len(VISEMES), "mouth": len(MOUTH_CURVES), "held": 2}
    if {name: found.get(name) for name in wanted} != wanted or session.get_inputs()[0].shape[-1] != BANDS:
        raise MotionError(f"the lips' network {file} is of another shape: run scripts/train_lips.py train")
    return session
