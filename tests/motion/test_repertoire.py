from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from engine.flow import SAMPLE_RATE, Framing, Line, LineKind, Word
from engine.motion.gestures import PREPARE, STROKE
from engine.motion.prosody import Stress
from engine.motion.repertoire import BEAT_FRAMINGS, REPERTOIRE, Before, causes, choose_gesture
from engine.speech.reader import read_text

WORD_S = 0.34


def spoken(text: str) -> tuple[tuple[Word, ...], tuple[Stress, ...], float]:
    """Even words of ``WORD_S``, every third stressed; and the line's end."""
    step = int(WORD_S * SAMPLE_RATE)
    words = tuple(Word(w, i * step, (i + 1) * step) for i, w in enumerate(text.split()))
    stressed = tuple(Stress(i, (i + 0.4) * WORD_S, 0.8) for i in range(1, len(words), 3))
    return words, stressed, len(words) * WORD_S + 0.3


def names(text: str, kind: LineKind = LineKind.PITCH, mood: str = "warm") -> list[str]:
    return [name for name, _ in causes(Line("l", kind, text, mood=mood), spoken(text)[0])]


def chinese_names(text: str, kind: LineKind = LineKind.PITCH, mood: str = "warm") -> list[str]:
    words = tuple(Word(w, i * 9600, (i + 1) * 9600) for i, w in enumerate(read_text(text)[0]))
    return [name for name, _ in causes(Line("l", kind, text, mood=mood), words)]


@pytest.mark.parametrize(
    ("text", "kind", "first"),
    [
        ("Hello and welcome to the shop, my name is Mia.", LineKind.GREETING, "welcome"),
        ("First of all, the lamp runs for ten hours.", LineKind.PITCH, "one"),
        ("Here are two facts in one go.", LineKind.PITCH, "two"),
        ("Item 3 is the bottle.", LineKind.OPENER, "three"),
        ("Let's look at the bottle.", LineKind.OPENER, "present"),
        ("Thanks for asking, the bottle costs $20.", LineKind.ANSWER, "together"),
        ("People love the colour of it.", LineKind.PITCH, "heart"),
        ("Yes, it fits.", LineKind.ANSWER, "thumb"),
        ("Type a question in the chat.", LineKind.SAY, "offer"),
    ],
)
def test_words_bring_gestures(text, kind, first):
    assert first in names(text, kind)


def test_numbers_that_are_not_counted_bring_no_fingers():
    assert names("It weighs three hundred grams.") == []
    assert "one" not in names("Look at this one.")
    assert "welcome" not in names("You are welcome to the lamp.", LineKind.PITCH)
    assert names("Great, sorry, it is sold out.", mood="sorry") == ["together"]


@pytest.mark.parametrize(
    ("text", "kind", "first"),
    [
        ("大家好，欢迎来到直播间。", LineKind.GREETING, "welcome"),
        ("第一，它很轻。", LineKind.PITCH, "one"),
        ("它有三个优点。", LineKind.PITCH, "three"),
        ("这款有两个颜色。", LineKind.PITCH, "two"),
        ("2号链接是保温杯。", LineKind.OPENER, "two"),
        ("来看这款保温杯。", LineKind.OPENER, "present"),
        ("谢谢您的提问，它129元。", LineKind.ANSWER, "together"),
        ("很多人喜欢这个颜色。", LineKind.PITCH, "heart"),
        ("没错，放得下。", LineKind.ANSWER, "thumb"),
        ("问题可以打在公屏上。", LineKind.SAY, "offer"),
    ],
)
def test_chinese_words_bring_gestures(text, kind, first):
    assert first in chinese_names(text, kind)


def test_chinese_amounts_bring_no_fingers():
    assert not {"one", "two", "three"} & set(chinese_names("重三百克，可以装两个杯子，第一次用要洗。"))
    assert chinese_names("抱歉，完美的这款卖完了。", mood="sorry") == ["together"]


def test_the_stroke_waits_for_a_stress_when_the_word_comes_too_early():
    text = "Welcome to the shop and have a look around with me now."
    words, stressed, end = spoken(text)
    line = Line("l", LineKind.GREETING, text, mood="lively")
    got = choose_gesture(line, words, stressed, Framing.HALF, end, Before(), np.random.default_rng(1))
    assert got is not None
    assert (got.name, got.sides) == ("welcome", ("Left", "Right"))
    assert got.stroke == pytest.approx(PREPARE + STROKE)
    assert got.start > -1e-9
    assert got.keys[-1].second < end


SHOW = (
    "First of all, the lamp is light and small and it runs for a night.",
    "It also holds a lot of water, which is good for a day.",
    "The bottle is $20 right now, so you save ten dollars on it today.",
    "Would you use this one at home or would you take it along?",
    "Here are two facts in one go, and the first is about the size of it.",
    "The colour is green, with a black lid and a band of steel.",
    "My notes say that it keeps tea hot for most of a winter day.",
)


def chosen(seed: int, lines: int = 300) -> list[str]:
    before, out = Before(), []
    for i in range(lines):
        text = SHOW[i % len(SHOW)]
        words, stressed, end = spoken(text)
        line = Line(f"{i}", LineKind.PITCH, text, mood="warm")
        chance = np.random.default_rng([seed, i])
        got = choose_gesture(line, words, stressed, Framing.HALF, end, before, chance)
        name = got.name if got else ""
        before = Before(name, got.sides, just_now=True) if got else Before(before.name, before.sides)
        out.append(name)
    return out


def test_about_one_line_in_three_has_a_gesture_and_others_have_beats():
    names_ = chosen(1)
    strokes = np.mean([n in REPERTOIRE for n in names_])
    assert 0.20 < strokes < 0.5
    assert 0.12 < np.mean([n == "beat" for n in names_]) < 0.45
    assert len(set(names_) - {"", "beat"}) >= 4


def test_never_the_same_stroke_twice_in_a_row_and_the_same_for_the_same_seed():
    shown = [n for n in chosen(2) if n and n != "beat"]
    assert chosen(2) == chosen(2)
    assert chosen(2) != chosen(3)
    one_after_the_other = [a == b for a, b in pairwise(chosen(2)) if a in REPERTOIRE]
    assert not any(one_after_the_other)
    assert len(shown) > 40


def test_no_gesture_where_the_hands_are_not_seen():
    text = SHOW[0]
    words, stressed, end = spoken(text)
    line = Line("l", LineKind.OPENER, text, mood="lively")
    assert Framing.CLOSE not in BEAT_FRAMINGS
    for seed in range(40):
        chance = np.random.default_rng(seed)
        assert choose_gesture(line, words, stressed, Framing.CLOSE, end, Before(), chance) is None
