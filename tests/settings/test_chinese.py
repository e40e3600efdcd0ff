from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.settings import Problem, SettingsError, format_problems, in_chinese, load_channel, speaks_chinese
from engine.settings.chinese import messages


@pytest.mark.parametrize(
    ("environment", "chinese"),
    [
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LANG": "C.UTF-8"}, False),
        ({"LC_ALL": "en_US", "LANG": "zh_CN"}, False),
        ({}, False),
    ],
)
def test_the_terminal_says_the_language(environment, chinese):
    assert speaks_chinese(environment) is chinese


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("“pric” is not a key that belongs here", "这里没有“pric”这一项"),
        ("did you mean “price”?", "是不是想写“price”？"),
        ("“abc” is not an amount", "“abc”不是金额"),
        ("write an amount, such as 19.99", "请写金额，例如 19.99"),
        ("nothing is not allowed", "不能写空"),
        ("the price before, 5, is not above the price, 9", "之前的价格5没有高于现在的价格9"),
        ("a sentence that nobody translated", "a sentence that nobody translated"),
    ],
)
def test_sentences(english, chinese):
    assert in_chinese(english) == chinese


def test_parts_are_kept_and_every_sentence_is_chinese():
    for english, chinese in messages().items():
        assert english.count("{}") == chinese.count("{}"), english
        assert re.search("[一-鿿]", chinese) or english == "true or false", english


def test_no_sentence_is_stale():
    """Each English sentence still stands in the code, if only in pieces."""
    code = "".join(p.read_text("utf-8")
                   for folder in ("engine/settings", "engine/runtime", "engine/speech", "engine/avatar/heads")
                   for p in (Path(__file__).parents[2] / folder).rglob("*.py"))  # fmt: skip
    code = re.sub(r'"\s*\n\s*f?"', "", code)
    for english in messages():
        longest = max(re.split(r"\{\}", english), key=len).strip(" ,:`”“'")
        assert len(longest) < 12 or longest in code or longest.split()[-1] in code, english


def test_a_broken_channel_is_told_in_chinese(tmp_path):
    file = tmp_path / "坏.yaml"
    file.write_text("nme: 小美\nlanguage: fr\ncanvas: {fps: 24}\n", encoding="utf-8")
    with pytest.raises(SettingsError) as raised:
        load_channel(file)
    told = format_problems(raised.value.problems, chinese=True)
    assert "第1行  nme: 这里没有“nme”这一项" in told
    assert "→ 是不是想写“name”？" in told
    assert "缺少“body”" in told
    assert told.endswith("处问题。")
    assert not re.search(r"[a-z]{3,} (?:is|not|must|allowed)\b", told)


def test_nothing_wrong():
    assert format_problems([], chinese=True) == "没有问题。"
    assert "文件" in format_problems([Problem("x.yaml", 0, "", "this is a folder")], chinese=True)
