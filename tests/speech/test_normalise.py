from __future__ import annotations

import pytest

from engine.speech import numbers
from engine.speech.normalise import spoken_words


def said(text: str) -> str:
    return " ".join(w.text for w in spoken_words(text)).lower()


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (40, "forty"),
        (99, "ninety nine"),
        (100, "one hundred"),
        (750, "seven hundred fifty"),
        (20_000, "twenty thousand"),
        (1_000_001, "one million one"),
        (-5, "minus five"),
    ],
)
def test_cardinals(number, words):
    assert " ".join(numbers.cardinal(number)) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "first"), (2, "second"), (5, "fifth"), (8, "eighth"), (9, "ninth"), (12, "twelfth"), (20, "twentieth"),
     (22, "twenty second"), (100, "one hundredth")],
)  # fmt: skip
def test_ordinals(number, words):
    assert " ".join(numbers.ordinal(number)) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [(2026, "twenty twenty six"), (2005, "two thousand five"), (1999, "nineteen ninety nine"),
     (1905, "nineteen oh five"), (1900, "nineteen hundred"), (2000, "two thousand")],
)  # fmt: skip
def test_years(number, words):
    assert " ".join(numbers.year(number)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("$19.99", "nineteen dollars and ninety nine cents"),
        ("$1", "one dollar"),
        ("$1.01", "one dollar and one cent"),
        ("$0.99", "ninety nine cents"),
        ("$1,299.00!", "one thousand two hundred ninety nine dollars"),
        ("€24.50", "twenty four euros and fifty cents"),
        ("£3.50", "three pounds and fifty pence"),
        ("¥12.50", "twelve point five yuan"),
        ("1,500 JPY", "one thousand five hundred yen"),
        ("CA$19.99", "nineteen canadian dollars and ninety nine cents"),
        ("A$1.00", "one australian dollar"),
        ("₹1,499.00", "one thousand four hundred ninety nine rupees"),
        ("19.50 CHF", "nineteen swiss francs and fifty centimes"),
        ("19.99 USD", "nineteen dollars and ninety nine cents"),
        ("USD 19.99", "nineteen dollars and ninety nine cents"),
        ("$5-$10", "five to ten dollars"),
        ("$10 million", "ten million dollars"),
        ("750 ml", "seven hundred fifty milliliters"),
        ("1 kg", "one kilogram"),
        ("750ml", "seven hundred fifty milliliters"),
        ("a 750-ml bottle", "a seven hundred fifty milliliter bottle"),
        ("24 h", "twenty four hours"),
        ("1 h", "one hour"),
        ("24-hour", "twenty four hour"),
        ("20,000 mAh", "twenty thousand milliamp hours"),
        ("7.2 cm", "seven point two centimeters"),
        ("50%", "fifty percent"),
        ("-5 °C", "minus five degrees celsius"),
        ("60°C", "sixty degrees celsius"),
        ('10"', "ten inches"),
        ("20 min. of", "twenty minutes of"),
        ("130 × 180 cm", "one hundred thirty by one hundred eighty centimeters"),
        ("10x20cm", "ten by twenty centimeters"),
        ("10:30", "ten thirty"),
        ("9:05", "nine oh five"),
        ("9:00", "nine o'clock"),
        ("9am-5pm", "nine am to five pm"),
        ("in 2026", "in twenty twenty six"),
        ("2000 mAh", "two thousand milliamp hours"),
        ("March 3", "march third"),
        ("2026-11-22", "november twenty second twenty twenty six"),
        ("3-5 days", "three to five days"),
        ("60–100 °C", "sixty to one hundred degrees celsius"),
        ("1st & 22nd", "first and twenty second"),
        ("1/2 cup", "one half cup"),
        ("3/4", "three quarters"),
        ("1½ cups", "one and a half cups"),
        ("18/8 steel", "eighteen eight steel"),
        ("TM-750", "tm seven fifty"),
        ("X100", "x one hundred"),
        ("USB-C", "usb c"),
        ("IPX7", "ipx seven"),
        ("4K", "four k"),
        ("4000K", "four thousand kelvin"),
        ("T-shirt", "t shirt"),
        ("2-in-1", "two in one"),
        ("3x", "three times"),
        ("10,000+", "ten thousand plus"),
        ("No. 5", "number five"),
        ("The answer is no.", "the answer is no"),
        ("on Sun.", "on sun"),
        ("Mon-Fri", "monday to friday"),
        ("Dr. Smith", "doctor smith"),
        ("approx. 5", "approximately five"),
        ("TrailMate", "trail mate"),
        ("BPA-free", "bpa free"),
        ("FREE shipping", "free shipping"),
        ("Hello 😀 you", "hello you"),
        ("Mia's", "mia's"),
        ("shop.example", "shop dot example"),
        ("a 1.5 m cable", "a one point five meter cable"),
        ("a 750ml bottle", "a seven hundred fifty milliliter bottle"),
        ("iPhone", "i phone"),
        ("help@shop.example", "help at shop dot example"),
        ("12 in the box", "twelve in the box"),
    ],
)
def test_readings(text, words):
    assert said(text) == words


def test_no_digit_or_sign_is_left_for_the_voice():
    text = "TM-750: $19.99 (was €29), 50% off @ 10:30, 3×4 cm, 1½ l, A4/A5 & 5+ pcs. #1 v2.0 007 1e6 ~3"
    assert not [w.text for w in spoken_words(text) if any(not (c.isalpha() or c in "'-") for c in w.text)]


def test_caption_words_are_those_of_the_text():
    words = spoken_words("It is $19.99, for 750 ml.")
    assert [(w.text, w.caption) for w in words if w.caption == 2] == [
        (t, 2) for t in ("nineteen", "dollars", "and", "ninety", "nine", "cents")
    ]
    assert [w.caption for w in words][-1] == 5


@pytest.mark.parametrize(
    ("text", "pauses"),
    [
        ("Is it? No.", ["", "?", "."]),
        ("Hello, you", ["", "."]),
        ("No. 5 it is!", ["", "", "", "!"]),
        ("A lamp (folding) works", ["", ",", ",", "."]),
        ("now — go", ["—", "."]),
        ("at 5 p.m. today", ["", "", "", "."]),
    ],
)
def test_pauses(text, pauses):
    got = [w.pause for w in spoken_words(text)]
    assert got == (["," if t == "" and i == 0 and text.startswith("Hello") else t for i, t in enumerate(pauses)])


def test_acronyms_are_spelled_and_words_are_not():
    flags = {w.text: w.spelled for w in spoken_words("The LED, LEDs, NEW and HEPA I have: size L, vitamin A, a hub.")}
    assert flags["LED"]
    assert flags["LEDs"]
    assert flags["L"]
    assert flags["A"]
    assert not flags["new"]
    assert not flags["hepa"]
    assert not flags["I"]


def test_a_merchant_can_respell():
    assert " ".join(w.text for w in spoken_words("Xylo is $5", {"Xylo": "zy lo"})) == "zy lo is five dollars"


@pytest.mark.parametrize("text", ["", "   ", "— …", "😀"])
def test_nothing_to_say(text):
    assert spoken_words(text) == ()
