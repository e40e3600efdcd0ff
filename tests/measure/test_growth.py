"""Whether a process grows: by what it held in the quietest quarter of each five minutes."""

from __future__ import annotations

import numpy as np
import pytest
from faults.growth import FLOOR_S, SAMPLE_S, Samples, floors, judge, slope_an_hour

MINUTES = 90
AT = np.arange(0, MINUTES * 60, SAMPLE_S)


def swinging(growth_mb_h: float) -> np.ndarray:
    """400 MB and up to 60 more for a third of the time, at no regular times, over a floor that rises."""
    dice = np.random.default_rng(6)
    busy = np.repeat(dice.uniform(size=len(AT) // 6) < 0.33, 6) * np.repeat(dice.uniform(20, 60, len(AT) // 6), 6)
    return np.asarray(400 + dice.uniform(0, 0.5, len(AT)) + busy + growth_mb_h * AT / 3600)


def of(memory: np.ndarray, handles: list[int] | None = None, role: str = "studio") -> Samples:
    count = len(memory)
    return Samples(
        role, AT[:count].tolist(), memory.tolist(), [(0.0, 0.0, 0.0)] * count, handles or [9] * count, [4] * count
    )


@pytest.mark.parametrize("growth", [0.0, 2.0, 10.0])
def test_growth_is_found_under_swings_that_are_thirty_times_as_large(growth: float) -> None:
    slope, confidence = slope_an_hour(AT, swinging(growth))
    assert slope == pytest.approx(growth, abs=0.3)
    assert 0 < confidence < 0.5


def test_a_piece_that_is_not_full_has_no_floor() -> None:
    at = AT[AT <= 3.5 * FLOOR_S]
    times, least = floors(at, np.where(at > 3 * FLOOR_S, 1.0, 5.0))
    assert len(times) == 3
    assert set(least) == {5.0}


def test_a_short_run_is_judged_by_its_samples() -> None:
    at = AT[AT < 2 * FLOOR_S]
    assert len(floors(at, at)[0]) == len(at)


def test_a_process_that_grows_is_a_miss_and_one_that_swings_is_none() -> None:
    row = judge({1: of(swinging(0.0)), 2: of(swinging(3.0), role="stage")}, 0.0, MINUTES * 60, [])
    assert [name.split(" ±")[0].split(" 3")[0] for name in row.missed] == ["stage grows"]
    assert row.figures["studio"]["judged_minutes"] == pytest.approx(80, abs=0.2)


def test_handles_that_pile_up_are_a_miss() -> None:
    row = judge({1: of(swinging(0.0), handles=list(range(len(AT))))}, 0.0, MINUTES * 60, [])
    assert row.missed == ["studio: handles grow"]


def test_one_that_took_over_is_judged_from_when_it_has_settled() -> None:
    faults = [(1200.0, "SIGKILL of stage")]
    killed, spare = of(swinging(0.0)[: int(1200 / SAMPLE_S)], role="stage"), of(swinging(0.0), role="stage")
    row = judge({1: killed, 2: spare}, 0.0, MINUTES * 60, faults)
    assert row.figures["stage"]["judged_minutes"] == pytest.approx(60, abs=0.2)
    assert not row.missed
