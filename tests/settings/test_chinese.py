from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.settings import (
    Given,
    Origin,
    Problem,
    SettingsError,
    format_problems,
    in_chinese,
    load_channel,
    read_catalogue,
    speaks_chinese,
)
from engine.settings.chinese import messages
from tests.settings.sentences import ROOT, told

POLICIES = sorted((ROOT / "engine/script/policies").glob("*.yaml"))


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
        ("“catalogue” is missing", "缺少“catalogue”"),
        ("there is no column for the price", "没有写价格的列"),
        ("there is no backdrop “sudio”", "没有这样的backdrop：“sudio”"),
        ("“5%” is not a number", "“5%”不是数字"),
        ("product 3", "第3件商品"),
        ("“” cannot be a name: up to 9", "“”不能作名字：up to 9"),
        ("/tmp/a.vrm: there is no such file", "/tmp/a.vrm：没有这个文件"),
        (
            "this sentence may not be said: absolute term (Advertising Law, article 9(3)): “最低”; remove it",
            "这句话不能说：绝对化用语（《广告法》第九条第三项）：“最低”；删掉它",
        ),
        ("“=A1” cannot be a name: it is a formula without a value", "“=A1”不能作名字：它是没有算出结果的公式"),
        (
            "http://a.test: “http://a.test” does not begin with https://",
            "http://a.test：“http://a.test”没有以 https:// 开头",
        ),
    ],
)
def test_sentences(english, chinese):
    assert in_chinese(english) == chinese


def test_parts_are_kept_and_every_sentence_is_chinese():
    for english, chinese in messages().items():
        assert english.count("{}") == chinese.count("{}"), english
        assert re.search("[一-鿿]", chinese) or english == "true or false", english


def test_every_sentence_that_the_code_tells_is_chinese():
    sentences = list(told())
    assert len(sentences) > 150
    missing = {text: where for where, text in sentences if in_chinese(text) == text}
    assert missing == {}


def test_what_a_policy_objects_to_is_chinese():
    messages = [
        m for file in POLICIES for m in re.findall(r"^    message: (.+)$", file.read_text("utf-8"), re.MULTILINE)
    ]
    assert len(messages) > 20
    assert [m for m in messages if in_chinese(m.strip("'\"").replace('\\"', '"')) == m] == []


ENGLISH = re.compile(r"[A-Za-z]{2,}(?:[ ,]+[A-Za-z]{2,}){2,}")
"""Three words side by side: nobody translated them."""

NAMES = re.compile("“[^”]*”|`[^`]*`|everhost(?: [a-z]+)+|Noto Sans [A-Za-z]+|Ready Player Me")
"""What stays as it is: what is quoted, commands, names."""


def half_translated(text: str) -> bool:
    return bool(ENGLISH.search(NAMES.sub("", in_chinese(text))))


def test_no_sentence_is_half_translated():
    for where, text in told():
        assert not half_translated(text.replace("{}", "7")), (where, text)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b"no zip"),
        ("a.xlsx", bytes.fromhex("d0cf11e0a1b11ae1")),
        ("a.json", b"[1,"),
        ("a.json", b"{}"),
        ("a.csv", b""),
        ("a.csv", b"name,material\nMug,clay\n"),
        ("a.csv", b"name,price,stock,material\nMug,25.415,many,clay\n"),
        ("a.csv", b"name,price,stock,material\nMug,\xa5 9,1,clay\n"),
        ("a.yaml", "shop：甲\nproducts: []\n".encode()),
        ("a.yaml", b"shop: [a\nproducts: }\n"),
        ("a.yaml", b"shop: a\n\tproducts: b\n"),
        ("none.csv", None),
    ],
)
def test_what_is_wrong_with_a_catalogue_is_told_in_chinese(tmp_path, name, content):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    problems = read_catalogue(Origin(tmp_path / name), Given("店"), check_files=False).problems
    assert problems
    for problem in problems:
        for text in (problem.message, problem.hint):
            assert not half_translated(text), in_chinese(text)


def test_what_is_to_be_copied_has_the_signs_of_yaml():
    for chinese in messages().values():
        assert not re.search(r"“[a-z_]+：", chinese), chinese
        assert not re.search(r"[a-z_]：(?:…|\{\})", chinese.replace("https://{}：", "")), chinese


def test_no_sentence_is_stale():
    """Each English sentence still stands in the code, if only in pieces."""
    code = "".join(p.read_text("utf-8")
                   for folder in ("engine/settings", "engine/runtime", "engine/speech", "engine/avatar",
                                  "engine/commands", "engine/outlets/credentials", "engine/script", "engine/records")
                   for p in (Path(__file__).parents[2] / folder).rglob("*.py"))  # fmt: skip
    code = re.sub(r'"\s*\n\s*f?"', "", code)
    for data in (ROOT / "engine/settings/data/claims.yaml", *POLICIES):
        code += data.read_text("utf-8").replace('\\"', '"')
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
