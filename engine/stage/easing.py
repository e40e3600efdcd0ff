"""How the host comes to rest when a line is cut: the mouth shuts at once, head and hands follow within half a second.

What is drawn depends only on the number of the picture.
"""

from __future__ import annotations

import numpy as np

from engine.flow import CURVE_INDEX, CURVES, Floats
from engine.motion.gestures import minimum_jerk
from engine.motion.visemes import MOUTH_CURVES
from engine.stage.timeline import Leaving

MOUTH_S = 0.08
REST_S = 0.45

_SECONDS = np.full(len(CURVES), REST_S)
_SECONDS[[CURVE_INDEX[name] for name in MOUTH_CURVES if not name.startswith("mouthSmile")]] = MOUTH_S


def eased_row(leaving: Leaving, picture: int, fps: int) -> Floats:
    """The row of ``CURVES`` that is left at ``picture`` of an act that was cut."""
    act, start = leaving.placed.act, leaving.placed.start
    row = act.curves[min(max(picture - start, 0), act.pictures - 1)]
    gone = minimum_jerk((picture + 1 - leaving.cut) / (fps * _SECONDS))
    return np.asarray(row * (1.0 - gone), np.float32)
