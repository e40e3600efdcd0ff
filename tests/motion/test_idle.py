from __future__ import annotations

import numpy as np
import pytest

from engine.flow import CURVE_INDEX, CURVES, FACE_CURVES, Floats
from engine.motion import LIMITS, IdleLife, MotionError

FPS = 25
MINUTES_10 = 10 * 60 * FPS


@pytest.fixture(scope="module")
def ten_minutes() -> Floats:
    life = IdleLife(FPS, 7)
    return np.array([life.at(n) for n in range(MINUTES_10)])


def column(rows: Floats, name: str) -> np.ndarray:
    return rows[:, CURVE_INDEX[name]].astype(np.float64)


def test_a_picture_does_not_depend_on_the_order(ten_minutes):
    life = IdleLife(FPS, 7)
    for n in np.random.default_rng(3).permutation(MINUTES_10)[:200].tolist():
        assert np.array_equal(life.at(n), ten_minutes[n])


def test_far_pictures_and_seeds():
    life = IdleLife(FPS, 7)
    far = np.array([life.at(10**8 + i) for i in range(250)])
    assert np.isfinite(far).all()
    assert np.abs(np.diff(column(far, "headYaw"))).max() < 1.0
    assert column(far, "headYaw").std() > 0.1
    assert not np.allclose(IdleLife(FPS, 8).at(500), life.at(500))
    assert far.dtype == np.float32
    assert far.shape == (250, len(CURVES))


def test_blinks_are_like_those_of_people(ten_minutes):
    lid = column(ten_minutes, "eyeBlinkLeft")
    shut = np.flatnonzero((lid[1:] >= 0.5) & (lid[:-1] < 0.5))
    gaps = np.diff(shut) / FPS
    single = gaps[gaps > 0.8]
    assert 120 <= len(shut) <= 220
    assert single.min() >= 1.4
    assert single.max() <= 6.5
    assert single.std() > 0.4
    assert np.any(gaps < 0.6)
    peaks = [lid[n : n + 8].max() for n in shut]
    assert np.mean(np.array(peaks) > 0.95) > 0.85
    moving = [int((lid[max(0, n - 3) : n + 8] > 0.02).sum()) for n in shut[np.concatenate([[True], gaps > 0.8])]]
    assert 4 <= np.median(moving) <= 7


def test_gaze_rests_and_jumps(ten_minutes):
    steps = np.hypot(np.diff(column(ten_minutes, "gazeYaw")), np.diff(column(ten_minutes, "gazePitch")))
    assert np.mean(steps < 1e-4) > 0.8
    assert 300 < np.count_nonzero(steps > 0.05) < 1500
    assert np.median(np.abs(column(ten_minutes, "gazeYaw"))) < 2.0


def test_breath_goes_about_fourteen_times_a_minute(ten_minutes):
    breath = column(ten_minutes, "breath")
    assert breath.min() >= 0.0
    assert breath.max() <= 1.0
    smooth = breath - breath.mean()
    rises = np.count_nonzero((smooth[1:] >= 0) & (smooth[:-1] < 0))
    assert 125 <= rises <= 155


@pytest.mark.parametrize("name", ["headYaw", "headPitch", "headRoll", "bodyYaw", "bodyRoll"])
def test_sway_never_repeats(ten_minutes, name):
    x = column(ten_minutes, name)[::5]
    x = x - x.mean()
    spectrum = np.fft.rfft(x, 2 * len(x))
    correlation = np.fft.irfft(np.abs(spectrum) ** 2)[: len(x)]
    overlap = np.arange(len(x), 0, -1)
    unbiased = correlation / overlap / (correlation[0] / len(x))
    later = unbiased[20 * FPS // 5 : len(x) // 2]
    assert later.max() < 0.5
    assert 0.2 < x.std() < 4.0


def autocorrelation(x: np.ndarray) -> np.ndarray:
    """Unbiased, by lag in pictures; 1 at lag 0."""
    x = x - x.mean()
    spectrum = np.fft.rfft(x, 2 * len(x))
    return np.fft.irfft(np.abs(spectrum) ** 2)[: len(x)] / np.arange(len(x), 0, -1) / (x @ x / len(x))


def test_ten_minutes_show_no_loop(ten_minutes):
    """No curve comes back after more than 2 s: its autocorrelation has no peak near 1."""
    checked = 0
    for i in np.flatnonzero(ten_minutes.std(axis=0) > 1e-3):
        found = autocorrelation(ten_minutes[:, i].astype(np.float64))[: MINUTES_10 // 2]
        peaks = (found[1:-1] > found[:-2]) & (found[1:-1] >= found[2:])
        peaks[: 2 * FPS] = False
        assert found[1:-1][peaks].max() < 0.8, CURVES[i]
        checked += 1
    assert checked >= 20


def test_the_weight_goes_from_leg_to_leg_and_rests_between(ten_minutes):
    shift = column(ten_minutes, "bodyShift")
    smooth = np.convolve(shift, np.ones(FPS) / FPS, "valid")
    changes = np.count_nonzero(np.diff(np.sign(smooth)) != 0)
    assert 25 <= changes <= 130
    assert 0.5 < shift.std() < 1.2
    assert np.abs(shift).max() < 1.8
    assert np.abs(np.diff(shift)).max() < 0.12
    assert np.corrcoef(shift, column(ten_minutes, "bodyRoll"))[0, 1] > 0.3


def test_eyes_flick_within_a_fixation(ten_minutes):
    steps = np.hypot(np.diff(column(ten_minutes, "gazeYaw")), np.diff(column(ten_minutes, "gazePitch")))
    small = (steps > 0.02) & (steps < 0.5)
    assert 250 < np.count_nonzero(small) < 1000


def test_everything_moves_softly_and_within_limits(ten_minutes):
    assert ten_minutes[:, : len(FACE_CURVES)].min() >= 0.0
    assert ten_minutes[:, : len(FACE_CURVES)].max() <= 1.0
    for name, limit in LIMITS.items():
        assert np.abs(column(ten_minutes, name)).max() < 0.6 * limit
    for name in ("headYaw", "headPitch", "headRoll", "bodyYaw"):
        assert np.abs(np.diff(column(ten_minutes, name))).max() < 0.5
    smile = column(ten_minutes, "mouthSmileLeft")
    assert smile.min() > 0.2
    assert smile.max() < 0.4
    assert column(ten_minutes, "jawOpen").max() == 0.0


def test_a_rate_that_cannot_be_drawn():
    with pytest.raises(MotionError, match="picture rate of 0"):
        IdleLife(0, 1)
