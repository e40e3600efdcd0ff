from __future__ import annotations

import numpy as np
import pytest

from engine.flow import Phoneme
from engine.motion.prosody import Stress
from engine.motion.tones import HEAD_DEGREES, QUIET, tone_curves

SECONDS = np.arange(0, 1.0, 0.01)


def syllable(tone: int) -> list[Phoneme]:
    return [Phoneme("", 0, 14400), Phoneme("a", 14400, 24000, tone), Phoneme("", 24000, 48000)]


@pytest.mark.parametrize(("tone", "goes"), [(2, 1), (4, -1)])
def test_the_head_goes_with_the_tone(tone, goes):
    pitch, _ = tone_curves(syllable(tone), [Stress(0, 0.35, 1.0)], SECONDS)
    start, end = pitch[int(0.27 * 100)], pitch[int(0.5 * 100)]
    assert np.sign(end - start) == goes
    assert abs(pitch).max() <= max(abs(d) for pair in HEAD_DEGREES.values() for d in pair) + 1e-9


def test_quiet_words_move_less():
    loud, _ = tone_curves(syllable(3), [Stress(0, 0.35, 1.0)], SECONDS)
    quiet, _ = tone_curves(syllable(3), [], SECONDS)
    assert quiet == pytest.approx(QUIET * loud)


def test_a_toneless_language_has_none():
    assert tone_curves([Phoneme("a", 0, 100)], [], SECONDS) is None
