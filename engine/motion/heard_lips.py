"""The mouth from sound alone, for voices that cannot tell when their phonemes are heard."""

from __future__ import annotations

import numpy as np

from engine.flow import SAMPLE_RATE, Floats
from engine.motion.visemes import MOUTH_CURVES, VISEME_INDEX, viseme_matrix


def heard_mouth(pcm_48k: Floats, pictures: int, fps: int) -> Floats:
    """Rows of ``MOUTH_CURVES`` for pictures 0 to ``pictures - 1``, shape ``(pictures, len(MOUTH_CURVES))``, 0 to 1.

    Picture *k* is the mouth in the middle of the time that it is on show. For now the jaw follows the loudness.
    """
    per_picture = SAMPLE_RATE // fps
    sound = np.zeros(pictures * per_picture)
    sound[: len(pcm_48k)] = pcm_48k[: len(sound)]
    level = np.sqrt((sound.reshape(pictures, per_picture) ** 2).mean(axis=1))
    amount = np.clip(level / max(1e-6, float(np.percentile(level, 95))), 0.0, 1.0)
    amount[level < 1e-3] = 0.0
    rows = amount[:, None] * viseme_matrix()[VISEME_INDEX["aa"]]
    return np.asarray(rows, np.float32).reshape(pictures, len(MOUTH_CURVES))
