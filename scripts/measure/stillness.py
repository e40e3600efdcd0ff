"""Pictures that do not change: repeats and freezes, found in decoded pictures. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

BLOCK = 8
"""Side of the blocks, in pixels, whose mean luma is compared."""

STILL = 4.0
"""A picture repeats the one before when the mean of no block changed by more luma steps (of 255) than this.

A repeated source picture does not decode to the same pixels: the encoder uses spare bits to refine what stands still.
That adds noise of no sign, which a block's mean cancels; what moves, even by a fraction of a pixel, shifts some
block's mean. Known repeats among the demo's own pictures, encoded as on air: 99 % of the repeats were under 3.7 (the
largest 4.4), 99 % of the new pictures over 6.1 (the smallest 4.1).
"""

Luma = NDArray[np.uint8]


def block_motion(before: Luma, now: Luma) -> float:
    """Largest change of the mean luma of a ``BLOCK``-sized block between two pictures, in steps of 255."""
    return float(np.abs(block_change(before, now)).max(initial=0.0))


def block_change(before: Luma, now: Luma) -> NDArray[np.float32]:
    """(height / ``BLOCK``, width / ``BLOCK``): change of each block's mean luma, in steps of 255."""
    height, width = now.shape[0] // BLOCK, now.shape[1] // BLOCK
    difference = cv2.subtract(now, before, dtype=cv2.CV_32F)[: height * BLOCK, : width * BLOCK]
    return np.asarray(cv2.resize(difference, (width, height), interpolation=cv2.INTER_AREA), np.float32)


@dataclass(frozen=True, slots=True)
class Stillness:
    """Repeats among pictures, and the runs of repeats that last longer than a freeze may."""

    pictures: int
    repeated: int
    longest_run: int
    freezes: int

    @property
    def repeated_share(self) -> float:
        """Repeats a picture."""
        return self.repeated / self.pictures if self.pictures else 0.0


def repeats(motion: ArrayLike, keyframes: ArrayLike, threshold: float = STILL) -> NDArray[np.bool_]:
    """Which pictures repeat the one before. ``motion[i]`` is picture *i* against *i-1* (entry 0 is not used).

    A keyframe is coded afresh, so a repeat decodes to slightly other pixels: it counts as a repeat when the pictures
    on both sides do.
    """
    still = np.asarray(motion, np.float64) <= threshold
    if not len(still):
        return still
    still[0] = False
    keys = np.flatnonzero(np.asarray(keyframes, bool))
    inner = keys[(keys > 1) & (keys < len(still) - 1)]
    still[inner] |= still[inner - 1] & still[inner + 1]
    return still


def stillness(flags: NDArray[np.bool_], longest_allowed: int = 5) -> Stillness:
    """Counts of ``repeats``; a run of more than ``longest_allowed`` is a freeze (5 pictures are 200 ms at 25 fps)."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    runs = edges[1::2] - edges[::2]
    return Stillness(len(flags), int(flags.sum()), int(runs.max(initial=0)), int((runs > longest_allowed).sum()))
