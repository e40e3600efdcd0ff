"""Emotion with the words: four layers of face and head whose weights follow the phrase.

A layer is what a feeling does to the face at full strength; ``emotion_weights`` says how much of each is felt at each
moment: a ground level by mood and kind of line, a rise on the words that carry it, and a slow settling behind them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.flow import CURVE_INDEX, CURVES, SAMPLE_RATE, Line, LineKind, Word
from engine.motion.prosody import Stress

Doubles = NDArray[np.float64]

LAYERS: dict[str, dict[str, float]] = {
    "warm": {"mouthSmile": 0.24, "mouthDimple": 0.08, "cheekSquint": 0.26, "eyeSquint": 0.08, "browInnerUp": 0.06},
    "excited": {"mouthSmile": 0.32, "cheekSquint": 0.22, "browOuterUp": 0.34, "browInnerUp": 0.20, "eyeWide": 0.20,
                "headPitch": 1.6, "bodyLean": 1.0},
    "curious": {"mouthSmile": 0.08, "browInnerUp": 0.26, "browOuterUp": 0.22, "browOuterUpLeft": 0.12, "eyeWide": 0.08,
                "headRoll": 4.0, "headPitch": 0.8, "bodyLean": 0.9},
    "sincere": {"mouthSmile": -0.26, "mouthDimple": -0.06, "cheekSquint": -0.08, "browInnerUp": 0.46, "browDown": 0.06,
                "eyeSquint": 0.06, "headRoll": -1.8, "headPitch": -1.8, "bodyLean": 1.2},
}  # fmt: skip
"""Each emotion at full strength. A name without a side moves both sides; angles in degrees.
Below 0 it takes from the resting smile."""

EMOTIONS: tuple[str, ...] = tuple(LAYERS)

MOODS: dict[str, dict[str, float]] = {
    "warm": {"warm": 0.42},
    "excited": {"excited": 0.55, "warm": 0.30},
    "curious": {"curious": 0.55, "warm": 0.25},
    "sincere": {"sincere": 0.50, "warm": 0.15},
    "lively": {"excited": 0.38, "warm": 0.34},
    "calm": {"warm": 0.20},
    "serious": {"sincere": 0.30},
    "sorry": {"sincere": 0.70},
}
"""The ground level of each emotion by ``Line.mood``; an unknown mood is "warm"."""

KINDS: dict[LineKind, dict[str, float]] = {
    LineKind.GREETING: {"warm": 0.38, "excited": 0.10},
    LineKind.NOTICE: {"sincere": 0.14, "warm": 0.10},
    LineKind.OPENER: {"excited": 0.14, "warm": 0.08},
    LineKind.PRICE: {"excited": 0.16},
    LineKind.ASK: {"curious": 0.34, "warm": 0.10},
    LineKind.ANSWER: {"sincere": 0.14, "warm": 0.08},
    LineKind.RECAP: {"warm": 0.12},
    LineKind.TRANSITION: {"warm": 0.10, "curious": 0.08},
}

WORDS: dict[str, frozenset[str]] = {
    "warm": frozenset({
        "welcome", "hello", "hi", "thank", "thanks", "love", "lovely", "kind", "you", "friends", "family", "happy",
        "glad", "gladly", "home", "pleasure", "together", "gift",
        "欢迎", "你好", "您好", "大家好", "谢谢", "谢谢你", "谢谢您", "感谢", "多谢", "喜欢", "爱", "最爱", "家人",
        "家人们", "朋友", "朋友们", "宝宝们", "姐妹们", "你", "您", "你们", "开心", "高兴", "温暖", "贴心", "一起",
        "礼物", "家里",
    }),
    "excited": frozenset({
        "new", "now", "only", "save", "less", "off", "great", "super", "perfect", "first", "free", "reduced", "down",
        "here", "wow", "finally", "instead",
        "新", "新品", "新款", "现在", "只要", "仅", "省", "立省", "立减", "直降", "降价", "优惠", "折扣", "划算",
        "超值", "超级", "太", "完美", "第一", "首次", "免费", "包邮", "便宜", "终于", "哇", "惊喜", "福利", "限时",
        "好用",
    }),
    "curious": frozenset({
        "what", "which", "who", "how", "where", "would", "wonder", "wondering", "guess", "maybe", "look", "question",
        "questions", "if", "listen",
        "什么", "哪个", "哪款", "哪种", "哪里", "哪些", "谁", "怎么", "怎样", "怎么样", "如何", "为什么", "多少",
        "多少钱", "几", "猜", "猜猜", "也许", "好奇", "看", "看看", "问题", "提问", "如果", "要是", "有没有",
        "是不是",
    }),
    "sincere": frozenset({
        "honestly", "sorry", "afraid", "promise", "careful", "precise", "exact", "truth", "notes", "ai", "digital",
        "never", "know", "plain",
        "说实话", "老实说", "其实", "抱歉", "对不起", "不好意思", "遗憾", "保证", "承诺", "放心", "真的", "真实",
        "准确", "仔细", "小心", "注意", "提醒", "说明", "数字人", "知道", "清楚", "从不",
    }),
}  # fmt: skip
"""Words on which an emotion rises: in English, and in Chinese as its caption words are cut."""

_BEHIND_MARKS = " \"'”’」』)）]】》~～"
"""What may stand behind the mark that ends a line."""

WORD_RISE, STRESS_RISE, ASKING, EXCLAIMING = 0.40, 0.34, 0.60, 0.28
"""How much a word, a stressed word at full strength, a question's end and an exclamation add to an emotion."""

ATTACK, SETTLE_S = 0.26, 0.95
"""Seconds in which an emotion rises before its word, and fades behind it."""


def emotion_weights(
    line: Line, words: Sequence[Word], stressed: Sequence[Stress], seconds: Doubles
) -> dict[str, Doubles]:
    """How much of each of ``EMOTIONS`` is felt at ``seconds``, 0 to 1."""
    mood = MOODS.get(line.mood, MOODS["warm"])
    kind = KINDS.get(line.kind, {})
    ground = {name: mood.get(name, 0.0) + kind.get(name, 0.0) for name in EMOTIONS}
    weights = {name: np.full(len(seconds), level) for name, level in ground.items()}
    main = max(EMOTIONS, key=lambda name: ground[name])
    for stress in stressed:
        weights[main] += STRESS_RISE * ground[main] * stress.strength * rise_and_settle(seconds, stress.second)
    for word in words:
        plain = re.sub(r"[^\w']", "", word.text.lower())
        for name in EMOTIONS:
            if plain in WORDS[name] and _allowed(name, line):
                middle = (word.start + 0.4 * (word.end - word.start)) / SAMPLE_RATE
                risen = WORD_RISE * rise_and_settle(seconds, middle)
                weights[name] = np.maximum(weights[name], ground[name] + risen * (1.0 - ground[name]))
    end = words[-1].end / SAMPLE_RATE if words else 0.0
    mark = line.text.rstrip(_BEHIND_MARKS)[-1:]
    if mark in {"?", "？"}:
        weights["curious"] += ASKING * rise_and_settle(seconds, end - 0.12, 0.5)
    elif mark in {"!", "！"}:
        weights["excited"] += EXCLAIMING
    return {name: np.clip(weight, 0.0, 1.0) for name, weight in weights.items()}


def emotion_curves(weights: dict[str, Doubles]) -> Doubles:
    """The layers times their weights: rows of ``CURVES``, shape ``(moments, len(CURVES))``."""
    felt = np.stack([weights[name] for name in EMOTIONS], axis=1)
    return np.asarray(felt @ _LAYER_ROWS)


def rise_and_settle(seconds: Doubles, peak: float, attack: float = ATTACK) -> Doubles:
    """0 before, 1 at ``peak``, fading to 0 over ``SETTLE_S``, with eased sides."""
    up = np.clip((seconds - peak + attack) / attack, 0.0, 1.0)
    down = np.clip((peak + SETTLE_S - seconds) / SETTLE_S, 0.0, 1.0)
    x = np.minimum(up, down)
    return np.asarray(x * x * (3.0 - 2.0 * x))


def _allowed(name: str, line: Line) -> bool:
    """Nobody beams while saying sorry."""
    return line.mood not in {"sorry", "serious"} or name == "sincere"


def _layer_rows() -> Doubles:
    rows = np.zeros((len(LAYERS), len(CURVES)))
    for i, layer in enumerate(LAYERS.values()):
        for name, value in layer.items():
            for curve in (name, f"{name}Left", f"{name}Right"):
                if curve in CURVE_INDEX:
                    rows[i, CURVE_INDEX[curve]] += value
    return rows


_LAYER_ROWS = _layer_rows()
