from __future__ import annotations

import numpy as np
import pytest
from measure.chat import Heard, arrival_of, latency
from measure.place import find, find_anywhere

RATE = 48_000


def _speech_like(seconds: float, seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, 0.1, round(seconds * RATE)).astype(np.float32)
    return np.convolve(noise, np.ones(16, np.float32) / 4, mode="same").astype(np.float32)


def test_a_sound_is_found_to_the_sample_at_another_level_and_in_noise() -> None:
    needle = _speech_like(1.0, 1)
    hay = _speech_like(10.0, 2) * 0.2
    hay[200_001 : 200_001 + len(needle)] += 0.6 * needle
    place = find(needle, hay, 150_000, 250_000)
    assert place.start == 200_001
    assert place.score > 0.8
    assert place.certain
    assert find_anywhere(needle, hay).start == 200_001


def test_what_is_not_there_is_not_certain() -> None:
    needle = _speech_like(1.0, 1)
    assert not find(needle, _speech_like(5.0, 3)).certain
    assert not find(needle, np.zeros(5 * RATE, np.float32)).certain
    assert find(needle, needle[:100]).score == 0.0


def test_arrival_is_that_of_the_unit_that_holds_the_sample() -> None:
    pts = np.arange(5) * 960
    arrived = 10.0 + np.arange(5) * 0.02
    found = arrival_of(np.array([0, 959, 960, 2000, 99_999]), pts, arrived)
    assert found.tolist() == pytest.approx([10.0, 10.0, 10.02, 10.04, 10.08])


def test_latency_counts_from_the_end_of_what_had_its_place() -> None:
    on_air = Heard("a", begins=0.9, first=1.0, last=4.0)
    placed = Heard("b", begins=4.4, first=4.5, last=7.0)
    answer = Heard("c", begins=7.4, first=7.5, last=9.0)
    lines = [on_air, placed, answer]
    during = latency(2.0, answer, lines)
    assert not during.between_lines
    assert during.from_question_s == pytest.approx(5.5)
    assert during.wait_s == pytest.approx(3.5)
    between = latency(4.2, answer, lines)
    assert between.between_lines
    assert between.wait_s == pytest.approx(0.5)
    idle = latency(20.0, Heard("d", 20.8, 20.9, 22.0), lines)
    assert idle.between_lines
    assert idle.wait_s == idle.from_question_s == pytest.approx(0.9)
