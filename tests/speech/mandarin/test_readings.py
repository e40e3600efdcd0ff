"""Chinese as merchants write it: what each reading is, and honest texts that look alike and are read otherwise."""

from __future__ import annotations

import pytest

from engine.speech.mandarin.normalise import caption_words, spoken_words


def said(text: str) -> str:
    return "".join(w.text + (w.pause if w.pause != "." else "") for w in spoken_words(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("8:00-22:00开播", "八点到二十二点开播"),
        ("20:00~22:00", "二十点到二十二点"),
        ("22点-6点", "二十二点到六点"),
        ("10元-20元", "十元到二十元"),
        ("9.9元-19.9元", "九块九到十九块九"),
        ("36码-44码", "三十六码到四十四码"),
        ("3岁-12岁", "三岁到十二岁"),
        ("100ml-200ml", "一百毫升到两百毫升"),
        ("500g-1kg", "五百克到一公斤"),
        ("3天到7天", "三天到七天"),
        ("11月1日-11月3日", "十一月一日到十一月三日"),
        ("5月20日-6月18日", "五月二十日到六月十八日"),
        ("2026年-2027年", "二零二六年到二零二七年"),
        ("2022-2024款", "二零二二到二零二四款"),
        ("周一-周五", "周一到周五"),
        ("三-五天", "三到五天"),
        ("-18℃~-5℃", "零下十八到零下五度"),
        ("10℃-18℃", "十度到十八度"),
        ("满100元-20元", "满一百元二十元"),
        ("2件-10元", "两件十元"),
        ("130-150斤", "一百三十到一百五十斤"),
        ("型号A-7", "型号A七"),
    ],
)
def test_ranges(text, words):
    assert said(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("9.9元/斤", "九块九一斤"),
        ("39.9元/件", "三十九块九一件"),
        ("¥39/件", "三十九元一件"),
        ("9.9-19.9元/斤", "九点九到十九块九一斤"),
        ("39.9元/100g", "三十九块九一百克"),
        ("199元/月", "一百九十九元一个月"),
        ("99元/3件", "九十九元三件"),
        ("120km/h", "每小时一百二十公里"),
        ("80g/m²", "每平方米八十克"),
        ("2次/天", "每天两次"),
        ("2粒/次", "每次两粒"),
        ("120公里/小时", "每小时一百二十公里"),
        ("30粒/瓶", "三十粒一瓶"),
        ("5元/10元", "五元,十元"),
        ("1500ml/1800ml", "一千五百毫升,一千八百毫升"),
        ("5V/2A", "五伏,二A"),
        ("220V/50Hz", "两百二十伏,五十赫兹"),
        ("7天/24小时", "七天,二十四小时"),
        ("黑色/白色", "黑色,白色"),
        ("1/2杯", "二分之一杯"),
    ],
)
def test_what_something_costs_by_the_piece(text, words):
    assert said(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("8+256G", "八加二五六G"),
        ("买2+1", "买二加一"),
        ("10000+", "一万以上"),
        ("打138-1234-5678", "打幺三八幺二三四五六七八"),
        ("打138 1234 5678", "打幺三八幺二三四五六七八"),
        ("打400-1234-567", "打四零零幺二三四五六七"),
        ("打400 8888 888", "打四零零八八八八八八八"),
        ("130-1500元", "一百三十到一千五百元"),
        ("400-800毫升", "四百到八百毫升"),
        ("-18°冷冻", "零下十八度冷冻"),
        ("360°旋转", "三百六十度旋转"),
        ("二〇二六年", "二零二六年"),
        ("2年级", "二年级"),
        ("2年质保", "两年质保"),
        ("500ML", "五百毫升"),
        ("5KM", "五公里"),
        ("20MG", "二十毫克"),
        ("10000MAH", "一万毫安时"),
        ("25µg", "二十五微克"),
        ("256GB", "二五六GB"),
        ("5G", "五G"),
        ("2万件", "两万件"),
        ("12万件", "十二万件"),
        ("2千瓦", "两千瓦"),
        ("A2万能", "A二万能"),
        ("12cm*8cm*3cm", "十二厘米乘八厘米乘三厘米"),
        ("9块9包邮", "九块九包邮"),
        ("9块9！", "九块九!"),
        ("9块9个", "九块九个"),
        ("10块3件", "十块三件"),
    ],
)
def test_numbers_and_units(text, words):
    assert said(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("原价618，只要499", "原价六百一十八,只要四百九十九"),
        ("只要618！", "只要六百一十八!"),
        ("到手价618", "到手价六百一十八"),
        ("618大促", "六幺八大促"),
        ("年中618来啦", "年中六幺八来啦"),
        ("到手价618期间最低", "到手价六幺八期间最低"),
        ("618年中大促", "六幺八年中大促"),
        ("只要11.11元", "只要十一块一毛一"),
        ("销量NO.1", "销量第一"),
        ("全网No.1", "全网第一"),
        ("No.5香水", "五号香水"),
    ],
)
def test_festivals_prices_and_ranks(text, words):
    assert said(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("L'Oréal口红", "L'Oréal口红"),
        ("L’Oréal口红", "L'Oréal口红"),
        ("Lancôme粉底液", "Lancôme粉底液"),
        ("Estée Lauder眼霜", "EstéeLauder眼霜"),
        ("Häagen-Dazs冰淇淋", "HäagenDazs冰淇淋"),
        ("Φ24cm", "直径二十四厘米"),
        ("Ø 24厘米", "直径二十四厘米"),
        ("阻抗32Ω", "阻抗三十二欧姆"),
        ("误差Δ很小", "误差很小"),
    ],
)
def test_words_with_accents_and_signs(text, words):
    assert said(text) == words


@pytest.mark.parametrize(
    "text", ["二〇二六年8:00-22:00，9.9元/斤", "8+256G，$19.9/件，L'Oréal", "周一-周五，10元-20元"]
)
def test_captions_show_the_text_as_written(text):
    assert "".join(caption_words(text)) == text
    captions = [w.caption for w in spoken_words(text)]
    assert captions == sorted(captions)
