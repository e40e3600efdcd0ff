"""How sentences sound: several things take "are", names keep their letters, no mark stands twice."""

from __future__ import annotations

import pytest

from engine.script import FactBook, TemplateWriter
from engine.script.wording import wording_of
from engine.settings import Catalogue


def shop(name: str, facts: list[str], language: str = "en", **more: object) -> Catalogue:
    listed = [{"id": f"f{i}", "type": "feature", "text": text} for i, text in enumerate(facts)]
    product = {"id": "p", "name": name, "price": "10", "currency": "EUR", "stock": 3, "pictures": ["x.png"],
               "facts": listed}  # fmt: skip
    return Catalogue.model_validate({"shop": "Sixty & Co.", "language": language, "products": [product | more]})


SOCKS = shop("Atlas Socks", ["are knitted from wool", "come in sizes 36 to 46", "can be washed at 40 °C"]).products[0]
MUG = shop("Kiln Mug", ["is glazed by hand", "holds 350 ml"]).products[0]


@pytest.mark.parametrize(
    ("frame", "several"),
    [
        ("{The} is {price} now, down from {was}.", "{The} are {price} now, down from {was}."),
        ("The price of {the} is {price}.", "The price of {the} is {price}."),
        ("The stock count for {the} is {stock}.", "The stock count for {the} is {stock}."),
        ("{price} is what {the} costs.", "{price} is what {the} cost."),
        ("If you'd like {the}, it's {price}.", "If you'd like {the}, they're {price}."),
        ("And by the way, it {text}.", "And by the way, they {text}."),
        ("This is the {name}, and I'll go through the facts.", "These are the {name}, and I'll go through the facts."),
        ("The {name} is sold out at the moment, so we'll skip it this round.",
         "The {name} are sold out at the moment, so we'll skip them this round."),
        ("Is {the} for you, or would it be a gift for somebody?",
         "Are {the} for you, or would they be a gift for somebody?"),
        ("{The} is {price}, and {next} is {next_price}.", "{The} are {price}, and {next} is {next_price}."),
    ],
)  # fmt: skip
def test_what_the_shop_speaks_of_as_several_takes_are(frame: str, several: str) -> None:
    wording = wording_of("en")
    assert wording.agreed(frame, SOCKS, MUG) == several
    assert wording.agreed(frame, MUG, MUG) == frame


def test_the_second_product_of_a_sentence_has_its_own_number() -> None:
    frame = "{The} is {price}, and {next} is {next_price}."
    assert wording_of("en").agreed(frame, MUG, SOCKS) == "{The} is {price}, and {next} are {next_price}."


@pytest.mark.parametrize(
    ("category", "within"),
    [("Living Room", "living room"), ("USB & Charging", "USB & charging"), ("iPhone Cases", "iPhone cases"),
     ("Men's Shoes", "men's shoes"), ("Christmas", "Christmas")],
)  # fmt: skip
def test_a_category_within_a_sentence_keeps_what_is_a_name(category: str, within: str) -> None:
    assert wording_of("en").category(category) == within


def test_no_mark_stands_twice() -> None:
    spoken = wording_of("en").spoken
    assert spoken("I'm Mia, the digital host at Sixty & Co..") == "I'm Mia, the digital host at Sixty & Co."
    assert spoken("Welcome to Yum!.") == "Welcome to Yum!"
    assert spoken("Well...") == "Well..."


def test_every_sentence_about_socks_agrees() -> None:
    catalogue = shop("Atlas Socks", [fact.text for fact in SOCKS.facts], was_price="12")
    writer = TemplateWriter(FactBook(catalogue, "Mia"), 1, lambda draft: True)
    told = [writer.fact(f"p.f{i % 3}") for i in range(60)] + [writer.price("p") for _ in range(30)]
    texts = [draft.text for draft in told if draft is not None]
    assert len(texts) > 60
    assert not [text for text in texts if " it are " in f" {text.lower()}" or "it come " in text.lower()]
    assert not [text for text in texts if "Atlas Socks is" in text and "rice of" not in text]


def test_a_part_is_set_off_from_the_name_in_chinese() -> None:
    wording = wording_of("zh")
    assert wording.behind_name("杯身直径7.2厘米") == "，杯身直径7.2厘米"
    assert wording.behind_name("是白色的") == "是白色的"


@pytest.mark.parametrize(
    ("fact", "phrase"),
    [
        ("keeps drinks cold", "keeps drinks cold"),
        ("is made of steel", "is made of steel"),
        ("can be washed", "can be washed"),
        ("cut branches", "cut branches"),
        ("Made of olive oil", "is made of olive oil"),
        ("dishwasher safe", "is dishwasher safe"),
        ("100% natural", "is 100% natural"),
        ("6 mm thick", "is 6 mm thick"),
        ("BPA-free", "is BPA-free"),
        ("a 2-year warranty", "is listed with a 2-year warranty"),
        ("750 ml", "is listed with 750 ml"),
    ],
)
def test_a_fact_without_a_verb_gets_one(fact: str, phrase: str) -> None:
    assert wording_of("en").phrase(fact) == phrase


def test_no_article_stands_before_the_shop_s_own() -> None:
    assert wording_of("en").the(shop("THE Big Soap", ["floats"]).products[0]) == "the Big Soap"
