from __future__ import annotations

import numpy as np
import pytest
from measure.cpu import cores
from measure.timing import cadence, cadence_within, percentiles, steps_back, trend


def test_regular_times_have_their_rate_and_no_gap() -> None:
    found = cadence(np.arange(251) / 25)
    assert found.count == 251
    assert found.fps == pytest.approx(25.0)
    assert found.largest_gap_s == pytest.approx(0.04)
    assert found.gaps_over_200ms == 0


def test_a_hole_is_the_largest_gap() -> None:
    times = np.concatenate([np.arange(50) / 25, 10 + np.arange(50) / 25])
    found = cadence(times)
    assert found.largest_gap_s == pytest.approx(10 - 49 / 25)
    assert found.gaps_over_200ms == 1
    assert cadence([1.0]).fps == 0.0
    assert cadence([]).count == 0


def test_what_ends_early_has_a_gap_and_fewer_events() -> None:
    found = cadence_within(np.arange(1000) / 25, 10.0, 50.0)
    assert found.count == 750
    assert found.fps == pytest.approx(18.75)
    assert found.largest_gap_s == pytest.approx(50 - 999 / 25)
    assert cadence_within([], 0.0, 5.0).largest_gap_s == 5.0


def test_a_drift_is_found_with_its_confidence() -> None:
    times = np.linspace(0, 600, 301)
    noise = np.random.default_rng(1).normal(0, 5, 301)
    found = trend(times, 3.0 + 0.01 * times + noise)
    assert found.over_span == pytest.approx(6.0, abs=found.confidence)
    assert 1.0 < found.confidence < 3.0
    exact = trend([0, 1, 2], [1, 3, 5])
    assert (exact.per_second, exact.over_span, exact.confidence) == (2.0, 4.0, 0.0)
    assert trend([1, 1, 1], [1, 2, 3]).confidence == float("inf")


def test_percentiles_and_steps_back() -> None:
    assert percentiles(range(101)) == {"n": 101, "min": 0, "p5": 5, "p50": 50, "p95": 95, "max": 100}
    assert percentiles([]) == {}
    assert steps_back([0, 1, 1, 3, 2]) == 2


def test_cores_between_samples() -> None:
    samples = [(float(t), 0.5 * t) for t in range(101)]
    assert cores(samples, 20.0, 80.0) == pytest.approx(0.5)
    assert cores(samples, 200.0, 300.0) == 0.0
    born_inside = [(float(t), 0.25 * (t - 50)) for t in range(50, 101)]
    assert cores(born_inside, 0.0, 100.0, born=50.0) == pytest.approx(0.125)
    assert cores(samples[22:], 20.0, 80.0, born=-5.0) == pytest.approx(0.5, rel=0.04)
