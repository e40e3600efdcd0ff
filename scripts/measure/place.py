"""Where a known sound lies in a longer one, by normalised cross-correlation. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import correlate, resample_poly

Sound = NDArray[np.float32]

CERTAIN = 0.5
"""Correlation from which a place is believed: the same line decoded from AAC or Opus gives above 0.9, another line
of the same voice under 0.2."""

_COARSE = 8
"""A search in a long sound is done at one eighth of the rate first."""


@dataclass(frozen=True, slots=True)
class Place:
    """``start`` is the sample where the known sound begins; ``score`` is the correlation there, 0 to 1."""

    start: int
    score: float

    @property
    def certain(self) -> bool:
        """Whether the sound really is there."""
        return self.score >= CERTAIN


def find(needle: Sound, hay: Sound, first: int = 0, last: int | None = None) -> Place:
    """The best place of ``needle`` in ``hay`` that starts within samples ``first`` to ``last``."""
    last = len(hay) - len(needle) if last is None else min(last, len(hay) - len(needle))
    first = max(0, first)
    if last < first or not len(needle):
        return Place(first, 0.0)
    window = np.asarray(hay[first : last + len(needle)], np.float64)
    known = np.asarray(needle, np.float64)
    products = correlate(window, known, mode="valid", method="fft")
    energy = np.concatenate(([0.0], np.cumsum(window * window)))
    local = energy[len(known) :] - energy[: -len(known)]
    # Below -70 dBFS there is no speech to find, only rounding.
    floor = len(known) * 1e-7
    scores = products / np.sqrt(np.maximum(local, floor) * max(float(known @ known), floor))
    best = int(scores.argmax())
    return Place(first + best, float(scores[best]))


def find_anywhere(needle: Sound, hay: Sound, reach: int = 480) -> Place:
    """Like ``find`` over a whole long ``hay``: coarse first, then exact within ``reach`` samples."""
    coarse = find(_lower(needle), _lower(hay))
    around = coarse.start * _COARSE
    return find(needle, hay, around - reach, around + reach)


def _lower(sound: Sound) -> Sound:
    lowered: Sound = resample_poly(sound, 1, _COARSE).astype(np.float32)
    return lowered
