"""The mouth from sound alone, as it is produced: for voices that cannot tell when their phonemes are heard."""

from __future__ import annotations

import numpy as np

from engine.flow import SAMPLE_RATE, Floats
from engine.motion.lip_network import AHEAD, Heard, LipNetwork
from engine.motion.mel import HOP, WINDOW
from engine.motion.visemes import MOUTH_CURVES, VISEME_INDEX, viseme_matrix

LOOK_AHEAD = AHEAD * HOP + WINDOW
"""Samples behind the moment of a picture that must be heard before its mouth is known: 80 ms."""

SURE = (0.20, 0.35)
"""Lips begin to close where the network holds them together by the first, and are shut by the second: it says little
where it is not sure. Chosen on the validation's voices (p, b and m closed in 95 %, 3 % of open pictures shut).
"""

SILENT = (0.50, 0.85)
"""The mouth comes to rest from the first probability of silence on, and is there by the second."""

HELD = ("PP", "FF")
_SILENCE = VISEME_INDEX["sil"]


class HeardLips:
    """Mouths for one stream of sound at ``fps`` pictures a second."""

    def __init__(self, fps: int, network: LipNetwork | None = None) -> None:
        """Raises MotionError where the network cannot be loaded."""
        self._fps = fps
        self._network = network or LipNetwork()
        self._rows: Floats = np.zeros((0, len(MOUTH_CURVES)), np.float32)
        self._first = 0
        self._picture = 0

    def push(self, pcm_48k: Floats) -> Floats:
        """Rows of ``MOUTH_CURVES``, 0 to 1, of the pictures that ``pcm_48k`` decides, in order: picture *k* when
        ``LOOK_AHEAD`` samples behind its middle have been heard.
        """
        self._rows = np.concatenate([self._rows, mouths(self._network.push(pcm_48k))])
        moments = []
        while (at := self._moment(self._picture) - self._first) < len(self._rows):
            moments.append(at)
            self._picture += 1
        out = self._rows[moments]
        gone = max(0, min(self._moment(self._picture) - self._first, len(self._rows)))
        self._rows = self._rows[gone:]
        self._first += gone
        return out

    def _moment(self, picture: int) -> int:
        """The last moment of the network that is not later than the middle of a picture."""
        return (2 * picture + 1) * SAMPLE_RATE // (2 * self._fps) // HOP


def mouths(heard: Heard) -> Floats:
    """Rows of ``MOUTH_CURVES``: the mouths that were heard, with lips held together, or to the teeth, laid over."""
    rows = heard.mouth * (1 - _eased(heard.visemes[:, _SILENCE, None], SILENT))
    for column, viseme in reversed(list(enumerate(HELD))):
        weight = _eased(heard.held[:, column, None], SURE)
        rows = rows * (1 - weight) + viseme_matrix()[VISEME_INDEX[viseme]] * weight
    return np.asarray(np.clip(rows, 0.0, 1.0), np.float32)


def _eased(value: Floats, edges: tuple[float, float]) -> Floats:
    """0 up to the first of ``edges``, 1 from the second on, an eased step between."""
    x = np.clip((value - edges[0]) / (edges[1] - edges[0]), 0.0, 1.0)
    return np.asarray(x * x * (3 - 2 * x), np.float32)


def heard_mouth(pcm_48k: Floats, pictures: int, fps: int) -> Floats:
    """Rows of ``MOUTH_CURVES`` for pictures 0 to ``pictures - 1`` of a sound that is followed by silence, shape
    ``(pictures, len(MOUTH_CURVES))``, 0 to 1. Picture *k* is the mouth in the middle of the time that it is on show.
    """
    end = pictures * SAMPLE_RATE // fps + LOOK_AHEAD
    sound = np.zeros(end, np.float32)
    sound[: len(pcm_48k)] = pcm_48k[:end]
    return HeardLips(fps).push(sound)[:pictures]
