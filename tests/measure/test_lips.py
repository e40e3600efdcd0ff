from __future__ import annotations

import numpy as np
import pytest
from measure.lips import best_lag, closed_threshold, closures, is_vowel, sampled, vowel_envelope

from engine.flow import Phoneme

RATE = 48_000


def _line() -> tuple[np.ndarray, tuple[Phoneme, ...]]:
    """Vowels of uneven lengths between consonants of noise."""
    rng = np.random.default_rng(4)
    phonemes, parts, at = [Phoneme("", 0, 4800)], [np.zeros(4800)], 4800
    for symbol, length in [("p", 60), ("ɑ", 160), ("s", 90), ("i", 90), ("m", 70), ("O", 220), ("t", 60), ("ə", 70),
                           ("b", 80), ("æ", 140), ("n", 120), ("u", 180)]:  # fmt: skip
        n = length * RATE // 1000
        level = 0.3 if is_vowel(symbol) else 0.02
        tone = np.sin(2 * np.pi * 180 * np.arange(n) / RATE) if is_vowel(symbol) else rng.normal(0, 1, n)
        parts.append(level * tone)
        phonemes.append(Phoneme(symbol, at, at + n))
        at += n
    parts.append(np.zeros(9600))
    phonemes.append(Phoneme("", at, at + 9600))
    return np.concatenate(parts).astype(np.float32), tuple(phonemes)


@pytest.mark.parametrize("late_s", [-0.12, -0.04, 0.0, 0.013, 0.04, 0.1])
def test_a_known_lag_is_found_within_three_milliseconds(late_s: float) -> None:
    pcm, phonemes = _line()
    envelope = vowel_envelope(pcm, phonemes)
    times = -0.3 + np.arange(60) / 25
    opening = 0.01 + 0.1 * sampled(envelope, 1000, times - late_s)
    opening += np.random.default_rng(2).normal(0, 0.001, len(opening))
    found = best_lag(opening, times, envelope)
    assert found is not None
    assert found.seconds == pytest.approx(late_s, abs=0.003)
    assert found.match > 0.95


def test_missing_faces_do_not_move_the_lag() -> None:
    pcm, phonemes = _line()
    envelope = vowel_envelope(pcm, phonemes)
    times = -0.3 + np.arange(60) / 25
    opening = sampled(envelope, 1000, times - 0.05)
    opening[10:20] = np.nan
    found = best_lag(opening, times, envelope)
    assert found is not None
    assert found.seconds == pytest.approx(0.05, abs=0.003)
    assert best_lag(np.full(60, np.nan), times, envelope) is None
    assert best_lag(np.ones(60), times, envelope) is None


def test_closures_need_one_closed_picture() -> None:
    _, phonemes = _line()
    times = np.arange(50) / 25
    always = closures(phonemes, times, np.zeros(50), 0.02)
    assert (always.looked_at, always.closed) == (3, 3)
    never = closures(phonemes, times, np.full(50, 0.1), 0.02)
    assert (never.looked_at, never.closed) == (3, 0)
    opening = np.full(50, 0.1)
    m = next(p for p in phonemes if p.symbol == "m")
    opening[round((m.start + m.end) / 2 / RATE * 25)] = 0.01
    assert closures(phonemes, times, opening, 0.02).closed == 1


def test_neighbouring_closures_are_one() -> None:
    phonemes = (Phoneme("m", 0, 4800), Phoneme("b", 4800, 9600), Phoneme("a", 9600, 19_200))
    assert closures(phonemes, np.arange(10) / 25, np.zeros(10), 0.02).looked_at == 1


def test_the_threshold_lies_a_fifth_of_the_way_up() -> None:
    assert closed_threshold(np.full(50, 0.01), np.linspace(0.0, 0.1, 101)) == pytest.approx(0.01 + 0.2 * 0.08)
    assert closed_threshold(np.array([0.02, np.nan]), np.array([0.01])) == pytest.approx(0.02)
