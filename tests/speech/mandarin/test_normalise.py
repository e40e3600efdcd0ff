from __future__ import annotations

import re

import pytest

from engine.speech.mandarin.figures import cardinal, money
from engine.speech.mandarin.normalise import caption_words, spoken_words
from engine.speech.reader import read_text


def said(text: str) -> str:
    return "".join(w.text + (w.pause if w.pause != "." else "") for w in spoken_words(text))


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "零"), (2, "二"), (10, "十"), (12, "十二"), (20, "二十"), (101, "一百零一"), (110, "一百一十"), (200, "两百"),
     (1001, "一千零一"), (2022, "两千零二十二"), (10_050, "一万零五十"), (20_000, "两万"), (100_000, "十万"),
     (120_300, "十二万零三百"), (100_000_000, "一亿"), (-3, "负三")],
)  # fmt: skip
def test_cardinals(number, words):
    assert cardinal(number) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [("129.00", "一百二十九元"), ("39.9", "三十九块九"), ("39.95", "三十九块九毛五"), ("0.5", "五毛"), ("2", "两元"),
     ("1,299", "一千二百九十九元"), ("5.05", "五块零五分")],
)  # fmt: skip
def test_money(amount, words):
    assert money(amount) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("现价99.9元，比之前129.00元少了", "现价九十九块九,比之前一百二十九元少了"),
        ("¥39.9", "三十九块九"),
        ("9.9包邮", "九块九包邮"),
        ("满99元减20元", "满九十九元减二十元"),
        ("99-199元", "九十九到一百九十九元"),
        ("容量1.5L", "容量一点五升"),
        ("50%再生", "百分之五十再生"),
        ("70%-80%", "百分之七十到百分之八十"),
        ("100%", "百分之百"),
        ("618和双11都有活动", "六幺八和双十一都有活动"),
        ("型号A7-Pro", "型号A七Pro"),
        ("型号SJ-750", "型号SJ七五零"),
        ("打13812345678", "打幺三八幺二三四五六七八"),
        ("打400-820-8820", "打四零零八二零八八二零"),
        ("订单号202611280001", "订单号二零二六幺幺二八零零零幺"),
        ("2026-11-28发货", "二零二六年十一月二十八日发货"),
        ("2026年2月2日", "二零二六年二月二日"),
        ("2026新款", "二零二六新款"),
        ("晚上8:00", "晚上八点"),
        ("9:05开播", "九点零五分开播"),
        ("10:30", "十点半"),
        ("3-5天送到", "三到五天送到"),
        ("60–100度", "六十到一百度"),
        ("180×130厘米", "一百八十乘一百三十厘米"),
        ("45×30×14cm", "四十五乘三十乘十四厘米"),
        ("-5℃", "零下五度"),
        ("可耐低温-18℃。", "可耐低温零下十八度"),
        ("低至-20度", "低至零下二十度"),
        ("适用-20~60℃", "适用零下二十到六十度"),
        ("适用-20℃~+60℃", "适用零下二十到六十度"),
        ("早上9点–晚上9点", "早上九点到晚上九点"),
        ("上午10:00-晚上8:30", "上午十点到晚上八点半"),
        ("适用-20到-5度", "适用零下二十到零下五度"),
        ("10-18℃", "十到十八度"),
        ("湿度40-60%", "湿度百分之四十到六十"),
        ("湿度40-60％", "湿度百分之四十到六十"),
        ("50％再生", "百分之五十再生"),
        ("内胆是316L不锈钢", "内胆是三一六L不锈钢"),
        ("316L的内胆", "三一六L的内胆"),
        ("316L的冰箱", "三百一十六升的冰箱"),
        ("18/8不锈钢", "十八八不锈钢"),
        ("18-10不锈钢", "十八十不锈钢"),
        ("容量3L", "容量三升"),
        ("2件2号2小时2升", "两件二号两小时两升"),
        ("第2件", "第二件"),
        ("两个", "两个"),
        ("250克", "两百五十克"),
        ("Type-C 充电", "TypeC充电"),
        ("USB-C口", "USBC口"),
        ("蓝牙5.3", "蓝牙五点三"),
        ("IPX4", "IPX四"),
        ("5G", "五G"),
        ("3C认证", "三C认证"),
        ("304不锈钢", "三零四不锈钢"),
        ("1/2杯", "二分之一杯"),
        ("1:1", "一比一"),
        ("10000毫安时", "一万毫安时"),
        ("10000+", "一万以上"),
        ("95后", "九五后"),
        ("85折", "八五折"),
        ("8.5折", "八五折"),
        ("80折", "八折"),
        ("5折", "五折"),
        ("007", "零零七"),
        ("３号链接", "三号链接"),
        ("好物（限量）来啦！", "好物,限量,来啦!"),
    ],
)
def test_readings(text, words):
    assert said(text) == words


def test_no_digit_or_sign_is_left_for_the_voice():
    text = "¥19.99、20%、1.5L、618、A7-Pro、138-0000、2026/1/2、7×24、3~5天、①号 #3 ≥5 v2.0 😀"
    assert not [w.text for w in spoken_words(text) if re.search(r"[^A-Za-z'㐀-鿿]", w.text)]


def test_latin_words_stay_english_and_letters_are_spelled():
    flags = {w.text: w.spelled for w in spoken_words("用USB-C充电，支持Wi-Fi和iPhone")}
    assert flags["USB"]
    assert flags["C"]
    assert not flags["Phone"]


@pytest.mark.parametrize(
    "text",
    [
        "“山径”保温杯（750毫升）真好！",
        "苹果、安卓，都能配对；USB-C口输出20瓦。",
        "他说：“好。”",
        "《说明书》在盒子里……",
    ],
)
def test_no_caption_word_begins_with_a_closing_mark_or_ends_with_an_opening_one(text):
    words = caption_words(text)
    assert "".join(words) == text
    assert not [w for w in words if w[0] in "，。、！？；：）》」”…" or w[-1] in "（《「“"]


def test_a_price_is_one_caption_word():
    captions, words = read_text("现在129元，之前169元。")
    assert captions == ("现在", "129元，", "之前", "169元。")
    assert [w.caption for w in words] == [0, 1, 2, 3]
    assert [w.pause for w in words] == ["", ",", "", "."]


def test_a_merchant_can_respell():
    assert "".join(w.text for w in spoken_words("OPPO手机", {"OPPO": "欧珀"})) == "欧珀手机"


def test_english_is_read_as_before():
    assert read_text("It is $5.")[0] == ("It", "is", "$5.")


@pytest.mark.parametrize("text", ["，。", "！", "😀"])
def test_nothing_to_say(text):
    assert spoken_words(text) == ()
