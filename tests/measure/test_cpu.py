"""What counts as growth."""

from __future__ import annotations

from measure.cpu import grown


def test_peaks_and_the_beginning_are_no_growth() -> None:
    samples = [(float(t), 100 if t < 15 else 200 + (300 if t % 10 < 3 else 0)) for t in range(100)]
    assert grown(samples, 0.0, 100.0) == 0.0


def test_a_slow_leak_is_growth() -> None:
    samples = [(float(t), 200 + t) for t in range(100)]
    assert grown(samples, 0.0, 100.0) == 60.0


def test_who_came_later_has_not_grown() -> None:
    assert grown([(90.0, 100), (95.0, 200)], 0.0, 100.0) == 0.0
