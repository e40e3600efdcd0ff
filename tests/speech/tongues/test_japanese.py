from __future__ import annotations

import importlib.util

import pytest

from engine.speech.reader import read_text

pytestmark = pytest.mark.skipif(importlib.util.find_spec("pyopenjtalk") is None, reason="make tongues has not been run")


@pytest.mark.parametrize(
    ("text", "captions", "spoken"),
    [
        ("このケトルは1,980円です。", ("この", "ケトルは", "1,980円です。"),
         "コノ ケトル ワ セン キューヒャク ハチジューエン デス"),
        ("TM-750は¥2,480！", ("TM-750は", "¥2,480！"),
         "ティーエム ナナヒャク ゴジュー ワ ニセン ヨンヒャク ハチジューエン"),
        ("容量1.5L、2〜3日", ("容量", "1.5L、", "2〜", "3日"), "ヨーリョー イッテン ゴリットル ニ カラ ミッカ"),
        ("「ケトル」を、Northwindで", ("「ケトル」を、", "Northwindで"), "ケトル ヲ Northwind デ"),
        ("Northwindさん", ("Northwindさん",), "Northwind サン"),
        ("10,000mAhで充電できます", ("10,000mAhで", "充電できます"),
         "イチマンミリアンペア アワー デ ジューデン デキ マス"),
    ],
)  # fmt: skip
def test_reading(text, captions, spoken):
    shown, words = read_text(text, None, "ja")
    assert shown == captions
    assert " ".join(w.text for w in words) == spoken
    assert "".join(shown) == text
    assert words[-1].pause in {".", "!"}
    assert [w.caption for w in words] == sorted(w.caption for w in words)


def test_marks_and_respelling():
    words = read_text("ＡＢＣ社のネコ、かわいい？ 猫だよ…", {"猫": "イヌ"}, "ja")[1]
    assert [w.text for w in words if w.pause] == ["ネコ", "カワイイ", "ヨ"]
    assert [w.pause for w in words if w.pause] == [",", "?", "."]
    assert "イヌ" in [w.text for w in words]


def test_nothing_to_say():
    assert read_text("😀", None, "ja")[1] == ()
    assert read_text("", None, "ja") == ((), ())
