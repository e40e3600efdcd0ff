"""Which gesture a line gets: from its words, its kind, its mood and the framing. Deterministic."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.flow import SAMPLE_RATE, Framing, Line, LineKind, Word
from engine.motion.gestures import BOTH, EARLIEST, Gesture, beat_gesture, stroke_gesture
from engine.motion.prosody import Stress

Chance = np.random.Generator


@dataclass(frozen=True, slots=True)
class Entry:
    """One gesture: its two key poses, its hands, and the framings in which it is seen whole."""

    ready: str
    pose: str
    both: bool
    framings: frozenset[Framing]


_HALF = frozenset({Framing.HALF})
_WIDE = frozenset({Framing.HALF, Framing.BUST})

REPERTOIRE: dict[str, Entry] = {
    "welcome": Entry("welcome_ready", "welcome", True, _HALF),
    "offer": Entry("offer_ready", "offer", False, _WIDE),
    "give": Entry("welcome_ready", "offer", True, _HALF),
    "one": Entry("count_ready", "one", False, _WIDE),
    "two": Entry("count_ready", "two", False, _WIDE),
    "three": Entry("count_ready", "three", False, _WIDE),
    "present": Entry("present_ready", "present", False, _HALF),
    "thumb": Entry("thumb_ready", "thumb", False, _WIDE),
    "heart": Entry("heart_ready", "heart", True, _WIDE),
    "together": Entry("together_ready", "together", True, _WIDE),
}

CAUSES: dict[str, frozenset[str]] = {
    "heart": frozenset({"love", "loves", "loved", "lovely", "heart", "hearts", "爱", "最爱", "喜欢", "爱心", "心动"}),
    "welcome": frozenset({
        "welcome", "hello", "hi", "everyone", "everything", "goodbye", "欢迎", "你好", "您好", "大家", "大家好",
        "家人们", "朋友们", "宝宝们", "姐妹们", "晚上好", "下午好", "早上好", "再见", "拜拜",
    }),
    "three": frozenset({"three", "third", "三个", "三种", "三款", "三大", "第三", "第三个"}),
    "two": frozenset({"two", "second", "两个", "两种", "两款", "两大", "第二", "第二个", "其次"}),
    "one": frozenset({"one", "first", "第一", "第一个", "首先"}),
    "together": frozenset({
        "thank", "thanks", "sorry", "honestly", "afraid", "promise", "together", "谢谢", "谢谢你", "谢谢您", "感谢",
        "感谢您", "多谢", "抱歉", "对不起", "不好意思", "说实话", "老实说", "保证", "承诺", "一起",
    }),
    "thumb": frozenset({
        "great", "yes", "perfect", "glad", "happy", "sure", "super", "pleasure", "没错", "当然", "完美", "超级", "真棒",
        "太棒了", "划算", "超值", "推荐", "放心", "没问题",
    }),
    "present": frozenset({
        "this", "here's", "here", "look", "card", "see", "screen", "picture", "introduce", "这", "这款", "这个",
        "这里", "看", "看看", "来看", "屏幕", "画面", "图片", "卡片", "介绍", "链接", "小黄车",
    }),
    "offer": frozenset({
        "you", "your", "you'd", "you'll", "yours", "chat", "ask", "type", "question", "questions", "你", "您", "你们",
        "评论", "评论区", "公屏", "弹幕", "留言", "提问", "问题", "打字",
    }),
}  # fmt: skip
"""Words that bring a gesture, the rarer ones first; Chinese ones as its caption words are cut."""

_CARDINALS = frozenset({"one", "two", "three", "三个", "三种", "三款", "三大", "两个", "两种", "两款", "两大"})
_COUNTED = frozenset({
    "thing", "things", "fact", "facts", "reason", "reasons", "number", "numbers", "more", "last", "word", "question",
    "ways", "colours", "colors", "sizes", "parts", "pieces",
    "原因", "理由", "特点", "优点", "亮点", "好处", "问题", "颜色", "尺寸", "规格", "选择", "办法", "方法", "细节",
    "数字", "版本", "款式", "部分", "重点", "卖点", "优势",
})  # fmt: skip
"""Words behind a cardinal that is counted on the fingers; "three hundred grams" and "this one" are not."""

_ITEMS = {
    f"{number}号": name for name, numbers in (("one", "1一"), ("two", "2二"), ("three", "3三")) for number in numbers
}
"""Which item of the show is meant before 链接, to the gesture that shows its number."""

_KINDS: dict[str, frozenset[LineKind]] = {
    "welcome": frozenset({LineKind.GREETING, LineKind.TRANSITION, LineKind.RECAP, LineKind.ANSWER, LineKind.SAY}),
    "present": frozenset({LineKind.OPENER, LineKind.PITCH, LineKind.PRICE}),
    "thumb": frozenset(set(LineKind) - {LineKind.GREETING, LineKind.NOTICE}),
}

_ANYWHERE: dict[LineKind, tuple[str, ...]] = {
    LineKind.GREETING: ("welcome", "offer"),
    LineKind.NOTICE: ("offer", "give"),
    LineKind.OPENER: ("present", "offer", "give"),
    LineKind.PITCH: ("present", "offer", "give", "together"),
    LineKind.PRICE: ("present", "offer", "give", "thumb"),
    LineKind.ASK: ("offer", "give", "together"),
    LineKind.TRANSITION: ("offer", "present", "give", "together"),
    LineKind.RECAP: ("offer", "give", "welcome"),
    LineKind.ANSWER: ("offer", "give", "together"),
}
"""Gestures that suit a kind of line on its most stressed word, whatever the word is."""

LIKELY: dict[str, float] = {"lively": 0.68, "excited": 0.72, "warm": 0.58, "curious": 0.58, "calm": 0.36}
"""Chance of a gesture with a cause, by mood; ``UNLIKELY`` in other moods."""

UNLIKELY = 0.30
AGAIN = 0.45
"""Factor on the chance in the line after one with a gesture."""

BEATS = 0.48
"""Chance of beats in a line without a gesture."""

WAITS = 1.2
"""Seconds that a gesture waits for the next stress where its word comes too early in the line."""

ALWAYS = frozenset({LineKind.GREETING, LineKind.OPENER})
"""Kinds of line that get a gesture whenever one fits."""

BEAT_FRAMINGS = _WIDE


@dataclass(frozen=True, slots=True)
class Before:
    """What the arms did last: the last gesture's name and side, and whether the line before had one."""

    name: str = ""
    sides: tuple[str, ...] = ()
    just_now: bool = False


def choose_gesture(
    line: Line,
    words: Sequence[Word],
    stressed: Sequence[Stress],
    framing: Framing,
    end: float,
    before: Before,
    chance: Chance,
) -> Gesture | None:
    """The gesture of a line that ends at ``end`` seconds, or None. Never the same as the last one."""
    side = _side(before, chance)
    likely = LIKELY.get(line.mood, UNLIKELY) * (AGAIN if before.just_now else 1.0)
    draw, beat_draw = float(chance.random()), float(chance.random())
    if draw < likely or line.kind in ALWAYS:
        for name, index in causes(line, words) + _by_kind(line, stressed, chance):
            entry = REPERTOIRE[name]
            if name == before.name or framing not in entry.framings:
                continue
            second = _stroke_second(words[index], index, stressed)
            gesture = stroke_gesture(name, entry.ready, entry.pose, BOTH if entry.both else (side,), second, end)
            if gesture is not None:
                return gesture
    wants_beats = beat_draw < BEATS * (AGAIN if before.just_now else 1.0)
    if wants_beats and framing in BEAT_FRAMINGS and line.mood != "sorry":
        return beat_gesture([s.second for s in stressed], (side,), end)
    return None


def causes(line: Line, words: Sequence[Word]) -> list[tuple[str, int]]:
    """Gestures that a line's words bring, with the index of the word: the rarer gesture first."""
    plain = [re.sub(r"[^\w']", "", w.text.lower()) for w in words]
    found: list[tuple[str, int]] = []
    for name, triggers in CAUSES.items():
        if line.kind not in _KINDS.get(name, frozenset(LineKind)):
            continue
        if line.mood == "sorry" and name != "together":
            continue
        for i, word in enumerate(plain):
            counted = word not in _CARDINALS or (i + 1 < len(plain) and plain[i + 1] in _COUNTED)
            if word in triggers and counted:
                found.append((name, i))
    for i, word in enumerate(plain):
        if word == "item" and i + 1 < len(plain) and plain[i + 1] in {"1", "2", "3"}:
            found.append((("one", "two", "three")[int(plain[i + 1]) - 1], i + 1))
        elif word in _ITEMS and i + 1 < len(plain) and plain[i + 1] in {"链接", "商品", "宝贝"}:
            found.append((_ITEMS[word], i))
    return found


def _by_kind(line: Line, stressed: Sequence[Stress], chance: Chance) -> list[tuple[str, int]]:
    """Gestures of a line's kind, in a random order, on its most stressed words."""
    names = [str(name) for name in chance.permutation(_ANYWHERE.get(line.kind, ()))]
    if line.mood == "sorry":
        return []
    words = [s.word for s in sorted(stressed, key=lambda s: -s.strength) if s.second >= EARLIEST]
    return [(name, word) for name in names for word in words[:2]]


def _stroke_second(word: Word, index: int, stressed: Sequence[Stress]) -> float:
    """When a word is loudest, or two fifths into it; for a word too early in its line, the next stress behind it."""
    at = next((s.second for s in stressed if s.word == index), None)
    second = (word.start + 0.4 * (word.end - word.start)) / SAMPLE_RATE if at is None else at
    if second >= EARLIEST:
        return second
    behind = [s.second for s in stressed if EARLIEST <= s.second <= second + WAITS]
    return behind[0] if behind else EARLIEST


def _side(before: Before, chance: Chance) -> str:
    """The other hand than last time, mostly."""
    other = "Left" if before.sides == ("Right",) else "Right"
    same = "Right" if other == "Left" else "Left"
    return other if chance.random() < 0.7 else same
