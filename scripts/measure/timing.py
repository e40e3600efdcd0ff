"""Cadence, percentiles and trends of times. Pure functions: numpy in, numbers out."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats64 = NDArray[np.float64]

FREEZE_S = 0.2
"""A longer time without a new picture is a freeze."""

_T_95 = 1.96


@dataclass(frozen=True, slots=True)
class Cadence:
    """How regularly something came. ``fps`` is events a second."""

    count: int
    seconds: float
    fps: float
    largest_gap_s: float
    gaps_over_200ms: int

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return {key: round(value, 4) for key, value in asdict(self).items()}


def cadence_within(times_s: ArrayLike, began: float, ended: float) -> Cadence:
    """Cadence of the events between two times; time without events at either end is a gap too."""
    times = np.asarray(times_s, np.float64)
    times = times[(times >= began) & (times <= ended)]
    gaps = np.diff(np.concatenate(([began], times, [ended])))
    seconds = ended - began
    return Cadence(len(times), seconds, len(times) / seconds, float(gaps.max()), int((gaps > FREEZE_S).sum()))


def cadence(times_s: ArrayLike) -> Cadence:
    """Cadence of events at ``times_s`` (seconds, rising). Fewer than two events have 0 fps."""
    times = np.asarray(times_s, np.float64)
    if len(times) < 2:
        return Cadence(len(times), 0.0, 0.0, 0.0, 0)
    gaps = np.diff(times)
    seconds = float(times[-1] - times[0])
    fps = (len(times) - 1) / seconds if seconds > 0 else 0.0
    return Cadence(len(times), seconds, fps, float(gaps.max()), int((gaps > FREEZE_S).sum()))


@dataclass(frozen=True, slots=True)
class Trend:
    """A straight line through values: change a second, over the whole span, and its 95 % confidence half-width."""

    per_second: float
    over_span: float
    confidence: float

    def plain(self) -> dict[str, float]:
        """For JSON."""
        return {key: round(value, 6) for key, value in asdict(self).items()}


def trend(times_s: ArrayLike, values: ArrayLike) -> Trend:
    """Least-squares trend of ``values`` over ``times_s``, with the slope's standard error (normal residuals)."""
    times, y = np.asarray(times_s, np.float64), np.asarray(values, np.float64)
    if len(times) < 3 or np.ptp(times) == 0:
        return Trend(0.0, 0.0, float("inf"))
    x = times - times.mean()
    slope = float(x @ y / (x @ x))
    residual = y - y.mean() - slope * x
    error = float(np.sqrt(residual @ residual / (len(x) - 2) / (x @ x)))
    span = float(np.ptp(times))
    return Trend(slope, slope * span, _T_95 * error * span)


def percentiles(values: ArrayLike) -> dict[str, float]:
    """Median, 5th and 95th percentile, least and largest; empty for no values."""
    v = np.asarray(values, np.float64)
    if not len(v):
        return {}
    cuts = {"p5": 5, "p50": 50, "p95": 95}
    found = {name: float(np.percentile(v, q)) for name, q in cuts.items()}
    return {
        name: round(x, 4)
        for name, x in ({"n": float(len(v)), "min": float(v.min())} | found | {"max": float(v.max())}).items()
    }


def steps_back(times: ArrayLike) -> int:
    """How often a time is not later than the one before."""
    return int((np.diff(np.asarray(times, np.float64)) <= 0).sum())
