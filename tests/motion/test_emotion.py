from __future__ import annotations

import numpy as np
import pytest

from engine.flow import CURVE_INDEX, CURVES, SAMPLE_RATE, Line, LineKind, Word
from engine.motion.emotion import EMOTIONS, KINDS, LAYERS, MOODS, WORDS, emotion_curves, emotion_weights
from engine.motion.prosody import Stress

SECONDS = np.arange(0, 4, 0.04)


def words(text: str, step: float = 0.4) -> tuple[Word, ...]:
    at = int(step * SAMPLE_RATE)
    return tuple(Word(w, i * at, (i + 1) * at) for i, w in enumerate(text.split()))


def weights(text: str, kind: LineKind = LineKind.PITCH, mood: str = "warm", stressed: tuple[Stress, ...] = ()):
    return emotion_weights(Line("l", kind, text, mood=mood), words(text), stressed, SECONDS)


def test_every_mood_and_kind_names_emotions_and_curves():
    assert set(EMOTIONS) == {"warm", "excited", "curious", "sincere"}
    for ground in (*MOODS.values(), *KINDS.values()):
        assert set(ground) <= set(EMOTIONS)
    assert set(WORDS) == set(EMOTIONS)
    for layer in LAYERS.values():
        assert all(name in CURVE_INDEX or f"{name}Left" in CURVE_INDEX for name in layer)


@pytest.mark.parametrize(
    ("mood", "most"),
    [
        ("lively", "excited"),
        ("calm", "warm"),
        ("serious", "sincere"),
        ("sorry", "sincere"),
        ("curious", "curious"),
        ("no such mood", "warm"),
    ],
)
def test_moods_have_a_ground_level(mood, most):
    felt = weights("It is a lamp.", mood=mood)
    assert max(EMOTIONS, key=lambda e: float(felt[e].mean())) == most
    assert all(0 <= felt[e].min() <= felt[e].max() <= 1 for e in EMOTIONS)


def test_an_emotion_rises_on_its_word_and_settles():
    felt = weights("So the bottle has a great lid and a strap on it.")["excited"]
    peak = float(SECONDS[np.argmax(felt)])
    assert peak == pytest.approx(5 * 0.4 + 0.16, abs=0.06)
    assert felt.max() > felt[0] + 0.3
    assert felt[-1] < felt[0] + 0.1
    assert np.abs(np.diff(felt)).max() < 0.12


def test_a_stressed_word_lifts_the_mood_of_the_line():
    plain = weights("It is a bottle.")["warm"]
    lifted = weights("It is a bottle.", stressed=(Stress(3, 1.4, 1.0),))["warm"]
    assert lifted[35] > plain[35] + 0.1
    assert lifted[0] == plain[0]


def test_questions_end_curious_and_exclamations_are_excited():
    asked = weights("Would it fit on the table?")["curious"]
    assert asked[55] > 0.4
    assert weights("It is a lamp!")["excited"].mean() > weights("It is a lamp.")["excited"].mean() + 0.2


@pytest.mark.parametrize("text", ["想要哪个颜色？", "“放得下吗？”", "合适吗？）", "Does it “fit?”"])
def test_a_question_in_any_script_ends_curious(text):
    plain = text.replace("？", "。").replace("?", ".")
    assert weights(text)["curious"].max() == pytest.approx(weights(plain)["curious"].max() + 0.6, abs=0.05)


def test_a_wide_exclamation_mark_is_excited():
    assert weights("到货啦！")["excited"].mean() > weights("到货啦。")["excited"].mean() + 0.2
    assert weights("到货啦！”")["excited"].mean() == weights("到货啦！")["excited"].mean()


@pytest.mark.parametrize(
    ("text", "emotion"),
    [
        ("很 高兴 见到 你们 。", "warm"),
        ("今天 包邮 。", "excited"),
        ("多少 人 在 等 。", "curious"),
        ("说实话 它 不 防水 。", "sincere"),
    ],
)
def test_chinese_words_bear_emotions(text, emotion):
    felt = weights(text)[emotion]
    assert felt.max() > felt[-1] + 0.2
    assert weights("它 很 轻 。")[emotion].max() < felt.max() - 0.15


def test_nobody_beams_while_saying_sorry():
    felt = weights("Sorry, the great new lamp is sold out now.", mood="sorry")
    assert felt["excited"].max() == 0.0
    rows = emotion_curves(felt)
    assert rows[:, CURVE_INDEX["mouthSmileLeft"]].max() < 0
    assert rows[:, CURVE_INDEX["browInnerUp"]].max() > 0.25


def test_curves_are_the_weighted_layers():
    rows = emotion_curves({name: np.full(3, 1.0 if name == "warm" else 0.0) for name in EMOTIONS})
    assert rows.shape == (3, len(CURVES))
    assert rows[1, CURVE_INDEX["mouthSmileRight"]] == pytest.approx(LAYERS["warm"]["mouthSmile"])
    assert rows[1, CURVE_INDEX["browOuterUpLeft"]] == 0.0
