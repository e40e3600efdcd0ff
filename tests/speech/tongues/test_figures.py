from __future__ import annotations

import pytest

from engine.speech.reader import read_text
from engine.speech.tongues.figures import said


@pytest.mark.parametrize(
    ("language", "text", "spoken"),
    [
        ("es", "19,99 €", "19 euros con 99"),
        ("es", "€19.99", "19 euros con 99"),
        ("es", "1 €", "un euro"),
        ("es", "1 £", "una libra"),
        ("es", "1.299 €", "1299 euros"),
        ("es", "1.299,50 €", "1299 euros con 50"),
        ("es", "20,00 €", "20 euros"),
        ("es", "5,05 €", "5 euros con 5"),
        ("es", "US$ 5", "5 dólares"),
        ("es", "1,5 L", "1,5 litros"),
        ("es", "50%", "50 por ciento"),
        ("es", "10.000 mAh", "10000 miliamperios hora"),
        ("es", "A7-Pro", "A7-Pro"),
        ("es", "TM-750", "TM-750"),
        ("fr", "1 299,90 €", "1299 euros 90"),
        ("fr", "1\u202f299 €", "1299 euros"),
        ("fr", "1 h", "une heure"),
        ("fr", "64 Go", "64 gigaoctets"),
        ("it", "2 kg", "2 chili"),
        ("it", "0,50 €", "0,50 euro"),
        ("pt", "R$ 129,90", "129 reais e 90"),
        ("pt", "R$1.299", "1299 reais"),
        ("hi", "₹1,29,999", "129999 रुपये"),
        ("hi", "1.5 kg", "1 दशमलव 5 किलो"),
        ("es", "Móvil 5G", "Móvil 5G"),
        ("es", "talla 40 M", "talla 40 M"),
        ("es", "24 H", "24 horas"),
        ("es", "2 KG", "2 kilos"),
        ("es", "1200 w", "1200 vatios"),
        ("es", "15 128 GB", "15 128 gigabytes"),
        ("es", "iPhone 15 899 €", "iPhone 15 899 euros"),
        ("fr", "iPhone 15 128 Go", "iPhone 15 128 gigaoctets"),
        ("fr", "10 000 mAh", "10000 milliampères-heure"),
        ("fr", "2 500 mAh", "2500 milliampères-heure"),
        ("es", "10 000 mAh", "10000 miliamperios hora"),
        ("es", "1 299 €", "1299 euros"),
        ("es", "talla 40 129 €", "talla 40 129 euros"),
        ("es", "900 123 456", "900 123 456"),
    ],
)
def test_figures(language, text, spoken):
    assert " ".join(said(text, language).split()) == spoken


@pytest.mark.parametrize(
    ("language", "text", "spoken"),
    [
        ("es", "10-20 €", "10 a 20 euros"),
        ("es", "10–20 €", "10 a 20 euros"),
        ("es", "10 - 20 €", "10 a 20 euros"),
        ("es", "10€-20€", "10 a 20 euros"),
        ("es", "€10-€20", "10 a 20 euros"),
        ("es", "2,50-3,50 €", "2 euros con 50 a 3 euros con 50"),
        ("es", "1,5-2,5 l", "1,5 a 2,5 litros"),
        ("es", "3-5 días", "3 a 5 días"),
        ("fr", "10-20 €", "10 à 20 euros"),
        ("it", "10-20 €", "10 a 20 euro"),
        ("pt", "R$ 10-20", "10 a 20 reais"),
        ("hi", "₹10-20", "10 से 20 रुपये"),
        ("hi", "1.5-2.5 kg", "1 दशमलव 5 से 2 दशमलव 5 किलो"),
        ("es", "3-2", "3-2"),
        ("es", "900-123-456", "900-123-456"),
        ("es", "10-12-2025", "10-12-2025"),
        ("es", "11-2025", "11-2025"),
        ("es", "PS 5 - 499 €", "PS 5 - 499 euros"),
        ("es", "iPhone 15 - 128 GB", "iPhone 15 - 128 gigabytes"),
        ("es", "Talla 40 - 129 €", "Talla 40 - 129 euros"),
    ],
)
def test_ranges(language, text, spoken):
    assert " ".join(said(text, language).split()) == spoken


def test_a_range_is_one_caption_word_with_its_currency():
    captions, words = read_text("Cuesta 10 - 20 € o 1 299 € hoy.", None, "es")
    assert captions == ("Cuesta", "10 - 20 €", "o", "1 299 €", "hoy.")
    assert [(w.text, w.caption) for w in words] == [
        ("Cuesta", 0), ("10", 1), ("a", 1), ("20", 1), ("euros", 1), ("o", 2), ("1299", 3), ("euros", 3), ("hoy", 4),
    ]  # fmt: skip
    assert read_text("PS 5 - 499 € hoy.", None, "es")[0] == ("PS", "5", "-", "499 €", "hoy.")


def test_a_price_is_one_caption_word():
    captions, words = read_text("¿Cuesta 19,99 €? Sí: «solo» hoy — 30x20 cm…", None, "es")
    assert captions == ("¿Cuesta", "19,99 €?", "Sí:", "«solo»", "hoy", "—", "30x20", "cm…")
    assert [(w.text, w.caption, w.pause) for w in words] == [
        ("Cuesta", 0, ""), ("19", 1, ""), ("euros", 1, ""), ("con", 1, ""), ("99", 1, "?"), ("Sí", 2, ":"),
        ("solo", 3, ""), ("hoy", 4, "—"), ("30", 6, ""), ("por", 6, ""), ("20", 6, ""), ("cm", 7, "."),
    ]  # fmt: skip


def test_hindi_ends_at_a_danda():
    captions, words = read_text("यह 20% कम है। धन्यवाद 😀", None, "hi")
    assert captions == ("यह", "20%", "कम", "है।", "धन्यवाद", "😀")
    assert [(w.text, w.pause) for w in words[-3:]] == [("कम", ""), ("है", "."), ("धन्यवाद", ".")]


def test_respelling():
    assert [w.text for w in read_text("El Northwind.", {"Northwind": "Nórzuind"}, "es")[1]] == ["El", "Nórzuind"]
