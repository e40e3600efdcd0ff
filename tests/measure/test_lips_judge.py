"""The judge of lips by sound, held against tracks whose faults are known."""

from __future__ import annotations

import numpy as np
import pytest
from lips.groups import GROUP_NAMES, GROUP_OF
from lips.judge import best_threshold, figures
from lips.speech import Sample
from lips.track import Track, by_phonemes

from engine.flow import SAMPLE_RATE, Phoneme
from engine.motion.visemes import VISEMES
from engine.speech.hibari import HibariVoice
from engine.speech.reader import read_text


@pytest.fixture(scope="module")
def sample() -> Sample:
    words = read_text("Please pop the lid open, pour a cup of coffee, and keep it beside your mother's lamp.")[1]
    spoken = HibariVoice("heart").synthesize(words, 1.0)
    return Sample(spoken.pcm_48k, spoken.phonemes, "heart", "en")


def test_every_viseme_is_in_one_group():
    assert len(GROUP_OF) == len(VISEMES)
    assert set(GROUP_OF) == set(range(len(GROUP_NAMES)))


def test_the_truth_is_right(sample):
    found = figures([(sample, by_phonemes(sample))])
    assert found["group_accuracy"] == 1.0
    assert found["p_b_m"] >= 8
    assert found["closed_recall"] >= 0.9
    assert found["open_shown_shut"] == 0.0
    assert abs(found["lag_ms"]) < 25


def test_a_late_mouth_is_late(sample):
    truth = by_phonemes(sample)
    late = Track(np.roll(truth.group, 2), np.roll(truth.gap, 2))
    found = figures([(sample, late)])
    assert abs(found["lag_ms"] - figures([(sample, truth)])["lag_ms"] - 80) < 12
    assert found["group_accuracy"] < 0.6


def test_a_shut_mouth_closes_everything_and_is_seen_to(sample):
    truth = by_phonemes(sample)
    found = figures([(sample, Track(np.full_like(truth.group, GROUP_NAMES.index("closed")), np.zeros(len(truth.gap))))])
    assert found["closed_recall"] == 1.0
    assert found["open_shown_shut"] == 1.0
    assert found["lag_ms"] is None
    assert found["group_accuracy"] < 0.2


def test_the_best_threshold_parts_closed_from_open(sample):
    truth = by_phonemes(sample)
    shifted = Track(truth.group, truth.gap + 0.1)
    assert figures([(sample, shifted)])["closed_recall"] == 0.0
    shut = best_threshold([(sample, shifted)])
    assert figures([(sample, shifted)], shut)["closed_recall"] >= 0.9


def test_groups_follow_the_phonemes():
    phonemes = (Phoneme("", 0, 4800), Phoneme("m", 4800, 9600), Phoneme("I", 9600, 19200), Phoneme("", 19200, 24000))
    track = by_phonemes(Sample(np.full(SAMPLE_RATE // 2, 0.1, np.float32), phonemes, "none", "en"))
    names = [GROUP_NAMES[g] for g in track.group]
    assert names == ["rest"] * 2 + ["closed"] * 3 + ["open"] * 3 + ["spread"] * 2 + ["rest"] * 2
