from __future__ import annotations

import numpy as np
import pytest

from engine.flow import SAMPLE_RATE, Phoneme
from engine.motion.lipsync import mouth_curves, picture_seconds
from engine.motion.visemes import LIP_TO_TEETH, MOUTH_CURVES, SEALS, MotionError

MS = SAMPLE_RATE // 1000
COLUMN = {name: i for i, name in enumerate(MOUTH_CURVES)}


def track(*spans: tuple[str, int]) -> tuple[Phoneme, ...]:
    out, at = [], 0
    for symbol, ms in spans:
        out.append(Phoneme(symbol, at, at + ms * MS))
        at += ms * MS
    return tuple(out)


def rows_of(phonemes: tuple[Phoneme, ...], fps: int = 25, offset: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    total = phonemes[-1].end
    seconds = picture_seconds(total * fps // SAMPLE_RATE, fps) + offset
    return mouth_curves(phonemes, np.full(total, 0.1, np.float32), seconds), seconds


def test_pictures_show_the_middle_of_their_time():
    assert picture_seconds(3, 25).tolist() == [0.02, 0.06, 0.1]


@pytest.mark.parametrize("closed", ["p", "b", "m"])
@pytest.mark.parametrize("length", [20, 50, 90])
def test_a_closure_never_falls_between_pictures(closed, length):
    phonemes = track(("", 100), ("ɑ", 120), (closed, length), ("ɑ", 120), ("", 200))
    start, end = phonemes[2].start / SAMPLE_RATE, phonemes[2].end / SAMPLE_RATE
    for offset in np.arange(0, 0.04, 0.005):
        rows, seconds = rows_of(phonemes, offset=float(offset))
        near = (seconds > start - 0.025) & (seconds < end + 0.025)
        best = rows[near][np.argmin(rows[near][:, COLUMN["jawOpen"]])]
        assert best[COLUMN["jawOpen"]] < 0.02
        assert best[COLUMN["mouthPressLeft"]] > 0.28
        assert best[COLUMN["mouthClose"]] > 0.08


def test_every_seal_of_real_speech_is_closed(utterances):
    checked = 0
    for u in utterances:
        rows, seconds = rows_of(u.phonemes)
        for p in u.phonemes:
            near = (seconds > p.start / SAMPLE_RATE - 0.025) & (seconds < p.end / SAMPLE_RATE + 0.025)
            if p.symbol in SEALS:
                checked += 1
                assert rows[near][:, COLUMN["jawOpen"]].min() < 0.03, (u.line.text, p)
                assert rows[near][:, COLUMN["mouthPressLeft"]].max() > 0.28
            if p.symbol in LIP_TO_TEETH:
                assert rows[near][:, COLUMN["mouthRollLower"]].max() > 0.5, (u.line.text, p)
    assert checked >= 15


def test_silence_closes_the_mouth(utterances):
    shut = total = 0
    for u in utterances:
        rows, seconds = rows_of(u.phonemes)
        for p in u.phonemes:
            if p.symbol:
                continue
            inside = (seconds > p.start / SAMPLE_RATE + 0.12) & (seconds < p.end / SAMPLE_RATE - 0.10)
            total += int(inside.sum())
            shut += int((rows[inside][:, COLUMN["jawOpen"]] < 0.06).sum())
    assert total >= 5
    assert shut >= 0.98 * total
    rows, seconds = rows_of(track(("ɑ", 300), ("", 600)))
    after = seconds > 0.42
    assert rows[after].max() < 0.05


def test_vowels_open_by_their_kind():
    peak = {}
    for vowel in "ɑæɛiu":
        rows, _ = rows_of(track(("", 150), ("t", 60), (vowel, 160), ("t", 60), ("", 150)))
        peak[vowel] = float(rows[:, COLUMN["jawOpen"]].max())
    assert peak["ɑ"] > 0.45
    assert peak["ɑ"] > peak["æ"] > peak["ɛ"] > peak["i"] > 0.12


def test_open_vowels_open_in_real_speech(utterances):
    for u in utterances:
        rows, seconds = rows_of(u.phonemes)
        for p in u.phonemes:
            if p.symbol in set("ɑæIW") and p.end - p.start > 0.09 * SAMPLE_RATE:
                inside = (seconds > p.start / SAMPLE_RATE) & (seconds < p.end / SAMPLE_RATE)
                assert rows[inside][:, COLUMN["jawOpen"]].max() > 0.16, (u.line.text, p)


def test_rounding_is_prepared_before_its_vowel():
    phonemes = track(("", 200), ("s", 120), ("u", 150), ("s", 100), ("", 150))
    seconds = np.array([0.26, 0.30])
    rows = mouth_curves(phonemes, np.full(phonemes[-1].end, 0.1, np.float32), seconds)
    assert rows[1, COLUMN["mouthPucker"]] > 0.3
    assert rows[1, COLUMN["mouthPucker"]] > rows[0, COLUMN["mouthPucker"]]


def test_short_soft_words_do_not_flap():
    phonemes = track(("", 100), ("t", 50), ("ə", 35), ("d", 50), ("s", 60), ("ɑ", 180), ("", 100))
    rows, seconds = rows_of(phonemes)
    schwa = rows[np.argmin(np.abs(seconds - 0.1675)), COLUMN["jawOpen"]]
    assert schwa < 0.16
    assert schwa < 0.4 * rows[:, COLUMN["jawOpen"]].max()


def test_soft_vowels_open_less_than_loud_ones():
    phonemes = track(("", 100), ("ɑ", 150), ("t", 60), ("ɑ", 150), ("", 100))
    pcm = np.full(phonemes[-1].end, 0.2, np.float32)
    pcm[phonemes[3].start :] = 0.02
    seconds = np.array([0.175, 0.385])
    loud, soft = mouth_curves(phonemes, pcm, seconds)[:, COLUMN["jawOpen"]]
    assert soft < 0.8 * loud


def test_curves_are_bounded_and_do_not_jump(utterances):
    for u in utterances:
        rows, _ = rows_of(u.phonemes)
        assert rows.dtype == np.float32
        assert rows.min() >= 0.0
        assert rows.max() <= 1.0
        steps = np.abs(np.diff(rows, axis=0)).max(axis=0)
        assert steps[COLUMN["jawOpen"]] <= 0.42
        assert steps.max() <= 0.75


def test_each_moment_is_independent_of_the_others(utterances):
    u = utterances[0]
    rows, seconds = rows_of(u.phonemes)
    order = np.random.default_rng(1).permutation(len(seconds))
    pcm = np.full(u.phonemes[-1].end, 0.1, np.float32)
    assert np.allclose(mouth_curves(u.phonemes, pcm, seconds[order]), rows[order], atol=1e-6)


def test_unknown_phonemes_are_refused():
    with pytest.raises(MotionError, match="unknown phoneme"):
        rows_of(track(("", 100), ("§", 100)))


@pytest.mark.parametrize("tip", ["l", "n", "t", "d"])
def test_the_tongue_goes_up_for_its_sounds_and_down_for_others(tip):
    rows, seconds = rows_of(track(("", 150), ("ɑ", 140), (tip, 80), ("ɑ", 140), ("k", 80), ("ɑ", 100), ("", 150)))
    up = rows[:, COLUMN["tongueUp"]]
    inside = (seconds > 0.29) & (seconds < 0.37)
    assert up[inside].max() > 0.55
    assert up[(seconds > 0.50) & (seconds < 0.62)].max() < 0.12
    assert up[seconds < 0.2].max() < 0.1


def test_th_shows_the_tongue_between_the_teeth():
    rows, seconds = rows_of(track(("", 150), ("ɑ", 140), ("θ", 90), ("ɑ", 140), ("", 150)))
    inside = (seconds > 0.30) & (seconds < 0.38)
    assert rows[inside][:, COLUMN["tongueOut"]].max() > 0.4


def test_f_and_s_show_the_upper_teeth():
    for symbol, shape in (("f", "mouthRollLower"), ("s", "mouthStretchLeft")):
        rows, seconds = rows_of(track(("", 150), ("ɑ", 140), (symbol, 110), ("ɑ", 140), ("", 150)))
        inside = (seconds > 0.31) & (seconds < 0.38)
        assert rows[inside][:, COLUMN["mouthUpperUpLeft"]].max() > 0.15
        assert rows[inside][:, COLUMN["jawOpen"]].min() < 0.19
        assert rows[inside][:, COLUMN[shape]].max() > 0.18
