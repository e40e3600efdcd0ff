"""Every currency is said by its name, wherever it stands; words that look like codes stay words."""

from __future__ import annotations

import re

import pytest

from engine.speech.currencies import CURRENCIES, WORD_CODES
from engine.speech.mandarin import normalise as mandarin
from engine.speech.mandarin.currencies import NAMES
from engine.speech.normalise import spoken_words

CODES = sorted(code for code in CURRENCIES if re.fullmatch("[A-Z]{3}", code))
COMMON = {
    "AED", "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "IDR", "ILS", "INR", "JPY",
    "KRW", "MXN", "MYR", "NOK", "NZD", "PHP", "PLN", "RON", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "USD", "VND",
    "ZAR",
}  # fmt: skip


def said(text: str) -> str:
    return " ".join(w.text for w in spoken_words(text)).lower()


def said_in_chinese(text: str) -> str:
    return "".join(w.text + (w.pause if w.pause != "." else "") for w in mandarin.spoken_words(text))


def test_common_currencies_are_known():
    assert set(CODES) >= COMMON
    assert set(CODES) - {"CNY", "RMB"} <= set(NAMES)


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_never_spelled(code):
    one, many, *_ = CURRENCIES[code]
    texts = {f"It is 19.90 {code} today.": many, f"It is {code} 19.90 today.": many, f"1.00 {code}": one}
    for text, name in texts.items():
        words = spoken_words(text)
        assert not [w.text for w in words if w.spelled], text
        assert name.lower() in " ".join(w.text for w in words).lower()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("19.90 SGD", "nineteen singapore dollars and ninety cents"),
        ("12,000 KRW", "twelve thousand won"),
        ("HK$99", "ninety nine hong kong dollars"),
        ("NT$350", "three hundred fifty new taiwan dollars"),
        ("R$49.90", "forty nine brazilian reais and ninety centavos"),
        ("₩12,000", "twelve thousand won"),
        ("199 kr", "one hundred ninety nine kroner"),
        ("29.90 zł", "twenty nine polish zlotys and ninety groszy"),
        ("$ 19.99", "nineteen dollars and ninety nine cents"),
        ("€ 29", "twenty nine euros"),
        ("Rs. 499 only", "four hundred ninety nine rupees only"),
        ("$25 AUD", "twenty five australian dollars"),
        ("10-20€", "ten to twenty euros"),
        ("10-20 USD", "ten to twenty dollars"),
        ("$19.99-$29.99", "nineteen dollars and ninety nine cents to twenty nine dollars and ninety nine cents"),
        ("~$50", "about fifty dollars"),
        ("-$5 off", "minus five dollars off"),
        ("$20+", "twenty dollars plus"),
        ("1.50 KWD", "one point five kuwaiti dinars"),
    ],
)
def test_english_prices(text, words):
    assert said(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("BUY 2 TRY 1", "buy two try one"),
        ("ONLY 5 TRY NOW", "only five try now"),
        ("ONLY $19.99 TRY IT", "only nineteen dollars and ninety nine cents try it"),
        ("GET 3 PEN SETS", "get three pen sets"),
        ("PHP 8 hosting", "php eight hosting"),
        ("for 5 USD. 20 left", "for five dollars twenty left"),
        ("two euros", "two euros"),
    ],
)
def test_words_that_look_like_codes(text, words):
    assert said(text) == words
    assert set(CODES) >= WORD_CODES


def test_an_amount_ends_a_sentence():
    assert [w.pause for w in spoken_words("for 5 USD. 20 left")] == ["", "", ".", "", "."]


@pytest.mark.parametrize("code", sorted(NAMES))
def test_every_currency_has_a_chinese_name(code):
    for text in (f"现价19.90 {code}。", f"现价{code} 19.90。"):
        assert said_in_chinese(text) == f"现价十九点九{NAMES[code]}", text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("现价$19.9", "现价十九点九美元"),
        ("€29", "二十九欧元"),
        ("HK$99", "九十九港币"),
        ("99 SGD", "九十九新加坡元"),
        ("$2", "两美元"),
        ("$19.00", "十九美元"),
        ("$10-$20", "十到二十美元"),
        ("$10-20", "十到二十美元"),
        ("10-20 USD", "十到二十美元"),
        ("$5万", "五万美元"),
        ("$19.9/件", "十九点九美元一件"),
        ("19.9美元", "十九点九美元"),
        ("2港币", "两港币"),
        ("¥39.9", "三十九块九"),
        ("129元", "一百二十九元"),
        ("满$100减$20", "满一百美元减二十美元"),
        ("买1 $19.9", "买一十九点九美元"),
        ("$20-5件", "二十美元五件"),
        ("INR18650电池", "INR一八六五零电池"),
        ("CAD2024版", "CAD二零二四版"),
        ("支持USD支付", "支持USD支付"),
    ],
)
def test_chinese_prices(text, words):
    assert said_in_chinese(text) == words
