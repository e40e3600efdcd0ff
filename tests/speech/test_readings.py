"""English as merchants write it: what each reading is, and honest texts that look alike and are read otherwise."""

from __future__ import annotations

import pytest

from engine.speech.normalise import spoken_words


def said(text: str) -> str:
    return " ".join(w.text for w in spoken_words(text)).lower()


def pauses(text: str) -> list[str]:
    return [w.pause for w in spoken_words(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("our No.1 seller", "our number one seller"),
        ("our No.1-rated seller", "our number one rated seller"),
        ("NO1 in Japan", "number one in japan"),
        ("№5", "number five"),
        ("Chanel № 5", "chanel number five"),
        ("Chanel N° 5", "chanel number five"),
        ("no1 knows", "no one knows"),
        ("Is it? no", "is it no"),
    ],
)
def test_ranks(text, words):
    assert said(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("$4.99/month", "four dollars and ninety nine cents a month"),
        ("$12/kg", "twelve dollars a kilogram"),
        ("$9/hour", "nine dollars an hour"),
        ("$5/ea", "five dollars each"),
        ("$99/yr", "ninety nine dollars a year"),
        ("$4/100g", "four dollars per one hundred grams"),
        ("$10-$20/month", "ten to twenty dollars a month"),
        ("19.99 USD/month", "nineteen dollars and ninety nine cents a month"),
        ("100mg/day", "one hundred milligrams a day"),
        ("3x/day", "three times a day"),
        ("100 km/h", "one hundred kilometers per hour"),
        ("24/7 support", "twenty four seven support"),
        ("black/white", "black white"),
        ("w/o a lid", "without a lid"),
    ],
)
def test_what_something_costs_by_the_piece(text, words):
    assert said(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("in 3 - 5 days", "in three to five days"),
        ("Takes 3 – 5 days", "takes three to five days"),
        ("It's 5 - 10 minutes", "it's five to ten minutes"),
        ("3 ~ 5 days", "three to five days"),
        ("10 ml - 20 ml", "ten milliliters to twenty milliliters"),
        ("$10 - $20", "ten dollars to twenty dollars"),
        ("Mon - Fri", "monday to friday"),
        ("9:00 - 17:00", "nine o'clock to seventeen hundred"),
        ("9 a.m. - 5 p.m. today", "nine am to five pm today"),
        ("9 - 5 pm", "nine to five pm"),
        ("10% - 20% off", "ten percent to twenty percent off"),
    ],
)
def test_a_dash_by_itself_between_two_of_a_kind_is_to(text, words):
    assert said(text) == words
    assert set(pauses(text)[:-1]) == {""}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("iPhone 15 - 128 GB", "i phone fifteen one hundred twenty eight gigabytes"),
        ("Model 3 - 5 colors", "model three five colors"),
        ("version 2 - 3 colors", "version two three colors"),
        ("Size 8 - $20", "size eight twenty dollars"),
        ("was $20 - $10 now", "was twenty dollars ten dollars now"),
        ("Buy 1 - 2 free", "buy one two free"),
        ("Rated 4.8 - 100 reviews", "rated four point eight one hundred reviews"),
        ("Sat - closed", "sat closed"),
        ("Open daily - come in", "open daily come in"),
    ],
)
def test_other_dashes_are_pauses(text, words):
    assert said(text) == words
    assert "—" in pauses(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("25 µg", "twenty five micrograms"),
        ("25μg", "twenty five micrograms"),
        ("1000 mcg", "one thousand micrograms"),
        ("50 μm", "fifty micrometers"),
        ("12 fl oz", "twelve fluid ounces"),
        ("12 fl. oz. of juice", "twelve fluid ounces of juice"),
        ("12fl oz", "twelve fluid ounces"),
        ("a 12 fl oz can", "a twelve fluid ounce can"),
        ("8floz", "eight fluid ounces"),
        ("20 sq ft", "twenty square feet"),
        ("20 sq in", "twenty square inches"),
        ("3 yd", "three yards"),
        ("200 kcal", "two hundred kilocalories"),
        ("5%-10% off", "five to ten percent off"),
        ("10ml-20ml", "ten to twenty milliliters"),
        ("15 % off", "fifteen percent off"),
        ("10-20 % off", "ten to twenty percent off"),
        ("90 ° wide", "ninety degrees wide"),
        ("60℃", "sixty degrees celsius"),
        ("a 10 in. pan", "a ten inch pan"),
        ("10 in. x 8 in. deep", "ten inches by eight inches deep"),
        ("It is 15.6 in.", "it is fifteen point six inches"),
        ("We have 12 in. Then more.", "we have twelve in then more"),
        ("12 in stock", "twelve in stock"),
        ("flo sq", "flo sq"),
    ],
)
def test_units(text, words):
    assert said(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1/2-inch", "half inch"),
        ('3/4"', "three quarter inch"),
        ("5/16-inch", "five sixteenths inch"),
        ("1/3rd", "one third"),
        ("1/2-price", "half price"),
        ("2 1/2 cups", "two and a half cups"),
        ("2-1/2 cups", "two and a half cups"),
        ("1 ½ cups", "one and a half cups"),
        ("½ cup", "one half cup"),
        ("1 1/2 kg", "one and a half kilograms"),
        ("1/2 kg", "one half kilogram"),
        ("1½ kg", "one and a half kilograms"),
        ("option 2, 1/2 cup", "option two one half cup"),
        ("on 3/16", "on three sixteen"),
        ("sizes 36 1/2", "sizes thirty six and a half"),
    ],
)
def test_fractions(text, words):
    assert said(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("555-0199", "five five five zero one nine nine"),
        ("1-800-555-0199", "one eight zero zero five five five zero one nine nine"),
        ("call us at 555-1234", "call us at five five five one two three four"),
        ("Call (555) 555-0199", "call five five five five five five zero one nine nine"),
        ("Tel: 555 555 0199", "tel five five five five five five zero one nine nine"),
        ("100-1000 pieces", "one hundred to one thousand pieces"),
        ("a call at 100-1000 Hz", "a call at one hundred to one thousand hertz"),
        ("128 256 GB", "one hundred twenty eight two hundred fifty six gigabytes"),
        ("in 100-500 ml", "in one hundred to five hundred milliliters"),
    ],
)
def test_telephones(text, words):
    assert said(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("the 90s look", "the nineties look"),
        ("a 90s look", "a nineties look"),
        ("1990s", "nineteen nineties"),
        ("the 2000s", "the two thousands"),
        ("the 2010s", "the twenty tens"),
        ("the ’90s", "the nineties"),
        ("in their 30s", "in their thirties"),
        ("mid-90s", "mid nineties"),
        ("90s-inspired", "nineties inspired"),
        ("a 30s timer", "a thirty second timer"),
        ("the 60s countdown", "the sixty seconds countdown"),
        ("ready in 30s", "ready in thirty seconds"),
    ],
)
def test_decades_and_seconds(text, words):
    assert said(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1080p", "ten eighty p"),
        ("720p", "seven twenty p"),
        ("SPF50+", "spf fifty plus"),
        ("SPF 50+", "spf fifty plus"),
        ("PA+++", "pa plus plus plus"),
        ("A+ rated", "a plus rated"),
        ("Disney+", "disney plus"),
        ("ages 18+", "ages eighteen plus"),
        ("Buy 1+1", "buy one plus one"),
        ("8+256GB", "eight plus two hundred fifty six gigabytes"),
        ("Ø 24 cm", "diameter twenty four centimeters"),
        ("Ø24cm", "diameter twenty four centimeters"),
        ("⌀ 24 cm", "diameter twenty four centimeters"),
        ("32 Ω", "thirty two ohms"),
        ("10-20 Ω", "ten to twenty ohms"),
        ("32Ω", "thirty two ohms"),
        ("β carotene", "beta carotene"),
        ("<$20", "under twenty dollars"),
    ],
)
def test_models_and_signs(text, words):
    assert said(text) == words


def test_initials_in_the_middle_of_a_sentence_end_none():
    assert pauses("From the U.S. in two days.") == ["", "", "", "", "", "", "."]
    assert pauses("Made in the U.S. It lasts.")[4] == "."


def test_short_words_that_shout_are_words_and_acronyms_are_spelled():
    flags = {w.text: w.spelled for w in spoken_words("RED TEA OIL CUP GEL LIP with USB LED LEDs PET BPA TV")}
    assert {word for word, spelled in flags.items() if spelled} == {"USB", "LED", "LEDs", "PET", "BPA", "TV"}
    assert {"red", "tea", "oil", "cup", "gel", "lip"} <= set(flags)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("L'Oréal", "l'oréal"),
        ("L’Oréal Paris", "l'oréal paris"),
        ("Häagen-Dazs", "häagen-dazs"),
        ("Lancôme", "lancôme"),
        ("our café mug", "our café mug"),
        ("ÉCLAT", "éclat"),
        ("Pokémon-2", "pokémon two"),
        ("O'Neill", "o neill"),
    ],
)
def test_words_with_accents_stay_whole(text, words):
    assert said(text) == words


def test_what_is_read_as_one_keeps_the_captions_places():
    text = "Only 3 - 5 days, $4.99/month, 12 fl oz and 2 1/2 cups from the U.S. in 555-0199."
    words = spoken_words(text)
    captions = [w.caption for w in words]
    assert captions == sorted(captions)
    assert set(captions) == set(range(len(text.split())))
