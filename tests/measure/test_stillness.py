from __future__ import annotations

import av
import numpy as np
import pytest
from measure.recording import Motion
from measure.stillness import block_motion, repeats, stillness


def _noise(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(16, 235, (320, 192), np.uint8)


def test_motion_is_the_largest_change_of_a_block_and_no_noise() -> None:
    before = _noise(1)
    assert block_motion(before, before) == 0.0
    now = before.copy()
    now[32:40, 64:72] += 7
    assert block_motion(before, now) == pytest.approx(7.0)
    assert block_motion(now, before) == pytest.approx(7.0)
    refined = before + np.random.default_rng(2).integers(-2, 3, before.shape).astype(np.int8)
    assert block_motion(before, refined.astype(np.uint8)) < 1.0
    assert block_motion(before, np.roll(before, 1, axis=1)) > 10


def test_repeats_are_counted_and_long_runs_are_freezes() -> None:
    motion = np.full(100, 30.0)
    motion[20] = 0.0
    motion[40:45] = 0.0
    motion[60:66] = 3.5
    found = stillness(repeats(motion, np.zeros(100, bool)))
    assert (found.pictures, found.repeated, found.longest_run, found.freezes) == (100, 12, 6, 1)
    assert found.repeated_share == 0.12


def test_the_first_picture_repeats_nothing() -> None:
    assert stillness(repeats([0.0, 9.0, 9.0], [True, False, False])).repeated == 0
    assert stillness(repeats([], [])).pictures == 0


def test_a_keyframe_does_not_hide_a_freeze() -> None:
    motion = np.full(50, 30.0)
    motion[10:20] = 0.0
    motion[14] = 5.0
    keyframes = np.zeros(50, bool)
    assert stillness(repeats(motion, keyframes)).longest_run == 5
    keyframes[14] = True
    found = stillness(repeats(motion, keyframes))
    assert (found.longest_run, found.freezes) == (10, 1)
    keyframes[30] = True
    assert stillness(repeats(motion, keyframes)).repeated == 10


def seen(pictures: list[np.ndarray]) -> Motion:
    motion = Motion.new()
    for number, picture in enumerate(pictures):
        frame = av.VideoFrame.from_ndarray(np.clip(picture, 0, 255).astype(np.uint8), "gray")
        motion.take(number / 25, number == 0, frame)
    return motion


def test_what_drifts_slowly_is_slow_and_not_frozen() -> None:
    chance = np.random.default_rng(1)
    ramp = np.tile(40 + 2.0 * np.arange(96), (64, 1))
    drifting = seen([ramp + 1.5 * k + chance.normal(0, 2, ramp.shape) for k in range(20)])
    assert (drifting.still().freezes, drifting.frozen().freezes) == (1, 0)
    frozen = seen([ramp + chance.normal(0, 2, ramp.shape) for _ in range(20)])
    assert (frozen.still().freezes, frozen.frozen().freezes, frozen.frozen().longest_run) == (1, 1, 19)
