"""What a small model may say in Chinese."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.flow import LineKind
from engine.script import Draft, FactBook, Guard
from engine.script.llm import Judge
from engine.script.llm.talk import talk_of
from engine.settings import load_catalogue

CATALOGUE = Path(__file__).parents[2] / "corpora" / "catalogues" / "qingchuan.yaml"
BOOK = FactBook(load_catalogue(CATALOGUE, check_files=False), "小美")
JUDGE = Judge(BOOK, Guard(BOOK))
CUP = BOOK.products["cup"]


def faults(text: str, key: str = "hot", kind: LineKind = LineKind.PITCH) -> tuple[str, ...]:
    return JUDGE.faults(Draft(kind, text, (f"cup.{key}",), "", "cup", writer="gguf"))


@pytest.mark.parametrize(
    "text",
    [
        "话不多说，山涧保温杯能保温12小时。",
        "卡片上写着，它能保温12小时。",
        "如果你好奇，我来告诉你，山涧保温杯能保温12小时。",
        "再给大家念一条，山涧不锈钢保温杯能保温12小时。",
    ],
)
def test_a_fact_in_other_words_around_it(text: str) -> None:
    assert faults(text) == ()


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (LineKind.OPENER, "来，有请山涧保温杯登场。"),
        (LineKind.TRANSITION, "继续往下，下一款是山涧保温杯。"),
        (LineKind.ASK, "山涧保温杯是自己用，还是给家人用呢？"),
        (LineKind.ASK, "你家厨房里有没有山涧保温杯？"),
    ],
)
def test_lines_without_a_claim(kind: LineKind, text: str) -> None:
    assert faults(text, "name", kind) == ()


@pytest.mark.parametrize(
    "text",
    [
        "山涧保温杯能保温24小时。",
        "山涧保温杯能保温12小时以上。",
        "山涧保温杯能保温12小时，喝到晚上都是烫的。",
        "我每天都用，它能保温12小时。",
        "如果装满，它能保温12小时。",
        "没有人说它能保温12小时。",
        "最好的山涧保温杯能保温12小时。",
        "全网第一，它能保温12小时。",
        "我是真人，我跟你说，它能保温12小时。",
        "大家都买了，它能保温12小时。",
        "山涧保温杯不能保温12小时。",
        "装冰水也行，山涧保温杯能保温12小时。",
        "两个山涧保温杯能保温12小时。",
        "山涧保温杯有问题，能保温12小时。",
        "拾光台灯能保温12小时。",
        "今天送一个，它能保温12小时。",
    ],
)
def test_no_lie_around_a_fact_passes(text: str) -> None:
    assert faults(text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (LineKind.OPENER, "接下来是全新的山涧保温杯。"),
        (LineKind.OPENER, "我最喜欢的山涧保温杯来了。"),
        (LineKind.OPENER, "最后一个山涧保温杯来了。"),
        (LineKind.OPENER, "大家都想要的山涧保温杯来了。"),
        (LineKind.OPENER, "家人们，山涧保温杯有问题。"),
        (LineKind.OPENER, "大家关心的山涧保温杯来了。"),
        (LineKind.OPENER, "来看好的山涧保温杯。"),
        (LineKind.OPENER, "让大家感兴趣的山涧保温杯登场。"),
        (LineKind.OPENER, "这款山涧保温杯大家看得到重点。"),
        (LineKind.TRANSITION, "山涧保温杯过时了，看下一款。"),
        (LineKind.TRANSITION, "下一款更便宜，是山涧保温杯。"),
        (LineKind.TRANSITION, "我用过山涧保温杯，一起看看。"),
        (LineKind.ASK, "山涧保温杯是不是很轻？"),
        (LineKind.ASK, "你想给孩子买山涧保温杯吗？"),
        (LineKind.ASK, "山涧保温杯的五种颜色你选哪个？"),
        (LineKind.ASK, "山涧保温杯，今天免费送给你，好吗？"),
    ],
)
def test_no_claim_in_a_line_without_a_fact(kind: LineKind, text: str) -> None:
    assert faults(text, "name", kind)


def test_marks_are_made_wide_and_wrapping_is_taken_off() -> None:
    talk = talk_of("zh")
    assert talk.cleaned("1. “话不多说,山涧保温杯能保温12小时”", CUP) == "话不多说，山涧保温杯能保温12小时。"
    assert talk.cleaned("台词：来看山涧保温杯!", CUP) == "来看山涧保温杯！"
