from __future__ import annotations

import pytest

pytest.importorskip("pypinyin")

from pypinyin.constants import PINYIN_DICT
from pypinyin.contrib.tone_convert import to_tone3

from engine.speech.mandarin.normalise import spoken_words
from engine.speech.mandarin.pinyin import syllables
from engine.speech.mandarin.sounds import sounds_of


def read(text: str) -> str:
    return " ".join(s for word in syllables([w.text for w in spoken_words(text)]) for s in word)


@pytest.mark.parametrize(
    ("text", "pinyin"),
    [
        ("一个", "yi2 ge4"),
        ("一条", "yi4 tiao2"),
        ("第一", "di4 yi1"),
        ("十一", "shi2 yi1"),
        ("周一至周五", "zhou1 yi1 zhi4 zhou1 wu3"),
        ("统一发货", "tong3 yi1 fa1 huo4"),
        ("唯一的", "wei2 yi1 de5"),
        ("这一款", "zhe4 yi4 kuan3"),
        ("同一个", "tong2 yi2 ge4"),
        ("一百一十", "yi4 bai3 yi1 shi2"),
        ("看一看", "kan4 yi5 kan4"),
        ("不是", "bu2 shi4"),
        ("不好", "bu4 hao3"),
        ("你好", "ni2 hao3"),
        ("长180厘米", "chang2 yi4 bai3 ba1 shi2 li2 mi3"),
        ("还有呢", "hai2 you3 ne5"),
        ("单只", "dan1 zhi1"),
        ("放得下", "fang4 de5 xia4"),
        ("重量", "zhong4 liang4"),
        ("便宜", "pian2 yi5"),
        ("银行", "yin2 hang2"),
        ("色差", "se4 cha1"),
        ("一举两得", "yi4 ju2 liang3 de2"),
        ("孕妇不得使用", "yun4 fu4 bu4 de2 shi3 yong4"),
        ("大家得抓紧", "da4 jia1 dei3 zhua1 jin3"),
        ("还得看", "hai2 dei3 kan4"),
        ("这得看", "zhe4 dei3 kan4"),
        ("总得去", "zong2 dei3 qu4"),
        ("难得", "nan2 de2"),
        ("所得", "suo3 de2"),
        ("觉得", "jue2 de5"),
        ("值得", "zhi2 de5"),
        ("卖得快", "mai4 de5 kuai4"),
        ("好得很", "hao3 de5 hen3"),
    ],
)
def test_characters_with_several_readings_and_changing_tones(text, pinyin):
    assert read(text) == pinyin


def test_every_syllable_is_in_the_alphabet_of_the_voice():
    misaki = pytest.importorskip("misaki.transcription")
    marks = {"˧˩˧": "↓", "˧˥": "↗", "˥˩": "↘", "˥": "→", "ɻ̩": "ɨ", "ɹ̩": "ɨ", "̯": ""}
    known = {to_tone3(p, neutral_tone_with_five=True) for all_of in PINYIN_DICT.values() for p in all_of.split(",")}
    odd = {s for s in known if s[:-1] in {"hm", "hng", "wong"}}
    assert len(known) > 1400
    for syllable in sorted(known - odd):
        meant = "".join(misaki.pinyin_to_ipa(syllable)[0])
        for mark, plain in marks.items():
            meant = meant.replace(mark, plain)
        assert sounds_of(syllable) == meant, syllable


def test_what_is_no_syllable():
    with pytest.raises(KeyError):
        sounds_of("xyz1")
