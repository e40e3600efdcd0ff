from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from engine.settings.catalogue import Catalogue
from engine.speech.tongues.guess import language_of
from tests.test_cli import ROOT

ALL = ("en", "zh", "ja", "es", "fr", "hi", "it", "pt")


@pytest.mark.parametrize(
    ("text", "own", "others", "language"),
    [
        ("このケトルは人気です。", "en", ALL, "ja"),
        ("コーヒー", "en", ("ja",), "ja"),
        ("送料無料", "en", ("ja",), "ja"),
        ("送料無料", "en", ALL, "zh"),
        ("我最爱日本の味道", "zh", ALL, "zh"),
        ("这款「コーヒー」很好喝", "zh", ALL, "zh"),
        ("यह केतली Northwind Home की है", "en", ALL, "hi"),
        ("¡Hola!", "en", ALL, "es"),
        ("La mochila pesa muy poco.", "en", ALL, "es"),
        ("Merci et bienvenue !", "en", ALL, "fr"),
        ("L'acqua è calda in quattro minuti.", "en", ALL, "it"),
        ("O frete é grátis para todo o Brasil.", "en", ALL, "pt"),
        ("The kettle is here.", "zh", ("en",), "en"),
        ("La Crema", "en", ALL, "en"),
        ("USB-C 3.0", "zh", ALL, "zh"),
        ("La mochila pesa muy poco.", "en", ("fr",), "en"),
        ("日本製です", "en", ("es",), "en"),
        ("", "en", ALL, "en"),
    ],
)
def test_lines(text, own, others, language):
    assert language_of(text, own, others) == language


@pytest.mark.parametrize(("name", "language"), [("demo", "en"), ("xiaomei", "zh")])
def test_what_the_shops_say_is_in_their_own_language(name, language):
    data = YAML(typ="safe").load(ROOT / "assets" / "catalogue" / f"{name}.yaml")
    catalogue = Catalogue.model_validate(data)
    said = [fact.text for product in catalogue.products for fact in product.facts]
    said += [product.name for product in catalogue.products] + [policy.text for policy in catalogue.policies]
    assert len(said) > 40
    assert {text: language_of(text, language, ALL) for text in said} == dict.fromkeys(said, language)


def test_short_lines():
    lines = YAML(typ="safe").load(Path(__file__).with_name("lines.yaml"))
    wrong = {text: language for language, texts in lines.items() for text in texts if guessed(text) != language}
    assert "en" not in wrong.values()
    assert set(wrong) == {
        "Posez vos questions.", "Buongiorno, cominciamo.", "Façam as suas perguntas.", "A oferta de outono voltou.",
    }  # fmt: skip
    assert {guessed(text) for text in wrong} == {"en"}


def guessed(text: str) -> str:
    return language_of(text, "en", ALL)
