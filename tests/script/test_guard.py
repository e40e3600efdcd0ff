from __future__ import annotations

import re

import pytest

from engine.flow import Line, LineKind
from engine.script import FactBook, Guard, Verdict
from engine.settings import Catalogue


@pytest.fixture(scope="module")
def guard(demo: Catalogue) -> Guard:
    return Guard(FactBook(demo, "Mia"))


def judge(guard: Guard, text: str, *fact_ids: str, kind: LineKind = LineKind.PITCH) -> Verdict:
    product_id = fact_ids[0].partition(".")[0] if fact_ids else None
    return guard.verdict(Line("1-1", kind, text, fact_ids, product_id))


TRUE = [
    ("The TrailMate bottle keeps drinks cold for 24 hours.", ("bottle.cold",)),
    ("It measures 7.2 cm across and fits most car cup holders.", ("bottle.width",)),
    ("The Pebble earbud set is rated IPX4 against splashes.", ("earbuds.splash",)),
    ("You save $10.00 on the TrailMate bottle, which is $19.99.", ("bottle.price", "bottle.saving")),
    ("Shipping is free in the US for orders over $35, and $4.95 below that.", ("policy.shipping",)),
    ("The TrailMate bottle is $19.99, and the Kiln mug is $14.00.", ("bottle.price", "mug.price")),
    ("I'm an AI, so I have never held one.", ()),
]


@pytest.mark.parametrize(("text", "fact_ids"), TRUE)
def test_true_lines_pass(guard: Guard, text: str, fact_ids: tuple[str, ...]) -> None:
    assert judge(guard, text, *fact_ids) == Verdict()


FALSE = [
    ("The TrailMate bottle keeps drinks cold for 48 hours.", ("bottle.cold",), "48 hours"),
    ("The TrailMate bottle keeps drinks cold for 12 hours.", ("bottle.cold",), "12 hours"),
    ("The TrailMate bottle keeps drinks cold for 24 days.", ("bottle.cold",), "24 days"),
    ("The TrailMate bottle keeps drinks cold for twenty hours.", ("bottle.cold",), "twenty hours"),
    ("The TrailMate bottle costs $9.99.", ("bottle.price",), "9.99"),
    ("The TrailMate bottle costs €19.99.", ("bottle.price",), "€19.99"),
    ("The Kiln mug costs $19.99.", ("bottle.price",), "names the product “mug”"),
    ("The TrailMate bottle is $14.00, and the Kiln mug is $19.99.", ("bottle.price", "mug.price"), "another product's"),
    ("There are 37 left in stock.", ("bottle.stock",), "37"),
    ("The Pebble earbud set is rated IPX7 against splashes.", ("earbuds.splash",), "IPX7"),
    ("The TrailMate bottle holds 750 ml and is made of titanium.", ("bottle.capacity",), "titanium"),
    ("It holds 750 ml and it is waterproof.", ("bottle.capacity",), "waterproof"),
    ("It comes in a red finish, or in sage green finish.", ("bottle.colour",), "red"),
    ("The best bottle you can buy holds 750 ml.", ("bottle.capacity",), "absolute term"),
    ("It is lighter than other bottles and holds 750 ml.", ("bottle.capacity",), "comparison"),
    ("It holds 750 ml and helps against stress.", ("bottle.capacity",), "health claim"),
    ("Everything is free today.", (), "free"),
    ("I have used the TrailMate bottle on my travels.", ("bottle.name",), "used a product"),
    ("I love the TrailMate bottle.", ("bottle.name",), "used a product"),
    ("Yes, I am a real person.", (), "human"),
    ("I'm not an AI, I promise.", (), "human"),
    ("Everyone loves the TrailMate bottle.", ("bottle.name",), "buyers"),
    ("Hurry, the TrailMate bottle will be gone.", ("bottle.name",), "urges"),
    ("Ask your parents for the TrailMate bottle.", ("bottle.name",), "children"),
    ("You can find more at evil-shop.com.", (), "evil-shop.com"),
    ("The TrailMate bottle is a fine thing.", ("bottle.cold",), "without saying it"),
    ("On to the price of the TrailMate bottle.", ("bottle.price",), "without saying $19.99"),
    ("The TrailMate bottle has a straw.", ("bottle.straw",), "does not have"),
    ("It holds {text}.", (), "slot"),
    ("This is one. This is two sentences.", (), "one sentence"),
    ("No end here", (), "one sentence"),
]


@pytest.mark.parametrize(("text", "fact_ids", "reason"), FALSE)
def test_false_lines_are_refused_with_the_reason(
    guard: Guard, text: str, fact_ids: tuple[str, ...], reason: str
) -> None:
    kind = LineKind.PRICE if "bottle.price" in fact_ids and len(fact_ids) == 1 else LineKind.PITCH
    verdict = judge(guard, text, *fact_ids, kind=kind)
    assert not verdict.ok
    assert any(reason in given for given in verdict.reasons), verdict.reasons


FINDINGS = [
    ("It keeps drinks hot for 24 hours.", ("bottle.hot",), "number", "24 hours", "bottle.hot"),
    ("It keeps drinks hot for a whole day.", ("bottle.hot",), "number", "a whole day", "bottle.hot"),
    ("It keeps drinks cold for over 24 hours.", ("bottle.cold",), "number.bound", "24 hours", "bottle.cold"),
    ("Hot for 24 hours and cold for 12 hours.", ("bottle.cold", "bottle.hot"), "number.exchanged", "24 hours",
     "bottle.hot"),
    ("It stands 4 cm tall and folds flat to 38 cm.", ("lamp.size",), "number.exchanged", "4 cm", "lamp.size"),
    ("It has a steel arm and a weighted aluminium base.", ("lamp.material",), "attribute.exchanged", "steel",
     "lamp.material"),
    ("It costs $29.99.", ("bottle.price", "bottle.was_price"), "price.role", "$29.99", "bottle.was_price"),
    ("It holds 750 ml and is shatterproof.", ("bottle.capacity",), "quality", "shatterproof", "bottle.capacity"),
    ("It is rated IPX7 against splashes.", ("earbuds.splash",), "code", "IPX7", "earbuds.splash"),
    ("It measures 7.2 cm across and fits all car cup holders.", ("bottle.width",), "widened", "all", "bottle.width"),
    ("It does not have a leak-proof screw lid.", ("bottle.lid",), "negation", "leak-proof screw", "bottle.lid"),
    ("It comes with a wall charger and a short USB-C cable.", ("powerbank.in_box",), "negation", "wall charger",
     "powerbank.in_box"),
    ("There is something to like about it.", ("bottle.cold",), "empty", "", "bottle.cold"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "fact_ids", "rule", "words", "fact_id"), FINDINGS)
def test_a_finding_names_the_rule_the_words_and_the_fact(
    guard: Guard, text: str, fact_ids: tuple[str, ...], rule: str, words: str, fact_id: str
) -> None:
    findings = judge(guard, text, *fact_ids).findings
    assert (rule, words, fact_id) in [(found.rule, found.words, found.fact_id) for found in findings], findings


SAME = [
    "Drinks stay cold for twenty-four hours.",
    "Drinks stay cold for a full day, that is 24 hours.",
    "It keeps drinks cold for 1,440 minutes.",
]


@pytest.mark.parametrize("text", SAME)
def test_the_same_amount_in_other_words_is_true(guard: Guard, text: str) -> None:
    assert judge(guard, text, "bottle.cold") == Verdict()


def test_a_reduction_in_percent_must_follow_from_the_prices(guard: Guard) -> None:
    ids = ("lamp.price", "lamp.was_price")
    assert judge(guard, "The Lumen desk lamp is $34.50, which is 23% off.", *ids).ok
    assert not judge(guard, "The Lumen desk lamp is $34.50, which is 30% off.", *ids).ok


def test_words_of_the_product_s_own_name_are_no_claims(guard: Guard) -> None:
    assert judge(guard, "The Cedar and Fig candle burns for about 45 hours.", "candle.burn").ok
    assert not judge(guard, "It burns for about 45 hours and smells of cedar and vanilla.", "candle.burn").ok


def test_every_swapped_number_is_refused(guard: Guard, demo: Catalogue) -> None:
    """Each fact's sentence with each of its numbers made another one."""
    checked = 0
    for product in demo.products:
        for fact in product.facts:
            for match in re.finditer(r"\d+(?:[.,]\d+)*", fact.text):
                swapped = (
                    fact.text[: match.start()] + f"{float(match[0].replace(',', '')) + 3:g}" + fact.text[match.end() :]
                )
                assert not judge(guard, f"It {swapped}.", f"{product.id}.{fact.id}").ok, swapped
                checked += 1
    assert checked > 60
