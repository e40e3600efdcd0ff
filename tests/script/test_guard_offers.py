"""What is said around an amount: a price cut, and the price of something else than one piece.

The bottle was 29.99 and 169, the kettle never cost anything else.
"""

from __future__ import annotations

import pytest

from engine.flow import Line, LineKind
from engine.records import FaqEntry
from engine.script import FactBook, Guard, Verdict, judge_typed
from engine.script.faq import objections
from engine.script.policy import packs_for
from engine.settings import Catalogue, Fact, FactType


def typed(guard: Guard, text: str, product: str) -> Verdict:
    return judge_typed(guard, text, product)[1]


def rules(verdict: Verdict) -> set[str]:
    return {finding.rule for finding in verdict.findings}


@pytest.mark.parametrize(
    "text",
    [
        "We lowered the price to {}.",
        "It is marked down to {}.",
        "The price has come down to {}.",
        "The price went down.",
        "Now reduced, at {}.",
        "It is reduced to {} now.",
        "It's reduced.",
        "We cut it to {}.",
        "The price dropped to {}.",
        "A price drop, it's {}.",
        "It's {} at a special price.",
    ],
)
def test_a_reduction_needs_a_price_before(mia: Guard, text: str) -> None:
    found = typed(mia, text.format("$49"), "kettle").findings
    assert [each.rule for each in found if each.rule.startswith("price.")] == ["price.reduced"], found
    assert "price.reduced" not in rules(typed(mia, text.format("$19.99"), "bottle"))


@pytest.mark.parametrize(
    "text",
    [
        "刚刚降价了，现在{}",
        "特价{}",
        "便宜了，现在{}",
        "比原来便宜，只要{}",
        "只要{}，减价了",
        "今天降到{}",
        "不得不降价了，{}",
        "价格下调，现在{}",
        "活动价{}",
        "这款又降了，{}",
    ],
)
def test_a_reduction_needs_a_price_before_in_chinese(xiaomei: Guard, text: str) -> None:
    assert "price.reduced" in rules(typed(xiaomei, text.format("259元"), "kettle"))
    assert "price.reduced" not in rules(typed(xiaomei, text.format("129元"), "bottle"))


@pytest.mark.parametrize(
    "text",
    [
        "We haven't lowered the price of the kettle.",
        "It's $49, and the price isn't reduced.",
        "The kettle is not reduced, it's $49.",
        "It keeps the chosen temperature for 30 minutes, at $49.",
        "The water comes down to 60 °C, and the kettle is $49.",
    ],
)
def test_words_that_say_no_reduction(mia: Guard, text: str) -> None:
    assert "price.reduced" not in rules(typed(mia, text, "kettle"))


@pytest.mark.parametrize(
    "text",
    [
        "没有降价，一直是259元",
        "这款不降价，259元",
        "问有没有降价的朋友，这款259元",
        "水温降到60度",
        "独特价值",
        "评价降噪效果",
    ],
)
def test_words_that_say_no_reduction_in_chinese(xiaomei: Guard, text: str) -> None:
    assert "price.reduced" not in rules(typed(xiaomei, text, "kettle"))


def test_a_fact_may_tell_of_something_else_that_is_reduced(demo: Catalogue) -> None:
    kettle = next(product for product in demo.products if product.id == "kettle")
    quiet = Fact(id="quiet", type=FactType.FEATURE, text="works with reduced noise")
    changed = kettle.model_copy(update={"facts": (*kettle.facts, quiet)})
    guard = Guard(FactBook(demo.model_copy(update={"products": (changed,)}), "Mia"))
    ids = ("kettle.quiet", "kettle.price")
    said = "It works with reduced noise, and it's $49.00."
    assert guard.verdict(Line("1-1", LineKind.PITCH, said, ids, "kettle")) == Verdict()


def test_a_campaign_of_the_merchant_may_speak_of_reduced_prices(demo: Catalogue) -> None:
    book = FactBook(demo, "Mia", campaigns={"Spring": "Prices are reduced this week."})
    line = Line("1-1", LineKind.PITCH, "Prices are reduced this week.", ("campaign.spring",), "kettle")
    assert "price.reduced" not in rules(Guard(book).verdict(line))
    told = Line("1-1", LineKind.PITCH, "Prices are reduced this week.", ("shop.name",), "kettle")
    assert "price.reduced" in rules(Guard(book).verdict(told))


@pytest.mark.parametrize(("answer", "rule"), [
    ("The price was reduced.", "price.reduced"),
    ("We still have plenty in stock.", "stock.uncited"),
])  # fmt: skip
def test_an_answer_of_the_shop_that_would_go_stale_is_refused(demo: Catalogue, answer: str, rule: str) -> None:
    entry = FaqEntry(0, "", "did the kettle change?", answer, "kettle")
    found = objections(entry, FactBook(demo, "Mia"), packs_for("en", None))
    assert rule in {finding.rule for finding in found}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Drift kettle is $49 for both.", "for both"),
        ("Get the pair for $49.", "the pair for"),
        ("The price is 49 for both.", "for both"),
        ("Buy it for $49 and get a second one.", "get a second one"),
        ("$49.00 a month", "a month"),
        ("$49/month", "/month"),
        ("Two of them for $49.", "two of them for"),
        ("From just $49.", "from just"),
        ("As low as $49.", "as low as"),
    ],
)
def test_the_price_is_that_of_one_piece(mia: Guard, text: str, words: str) -> None:
    found = [(each.rule, each.words) for each in typed(mia, text, "kettle").findings]
    assert ("price.pieces", words) in found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("259元起", "起"),
        ("一对259元", "一对"),
        ("一对，259元", "一对，"),
        ("259元两把", "两把"),
        ("每月259元", "每月"),
        ("259元/月", "/月"),
        ("低至259元", "低至"),
        ("买一送一，259元", "买一送"),
    ],
)
def test_the_price_is_that_of_one_piece_in_chinese(xiaomei: Guard, text: str, words: str) -> None:
    found = [(each.rule, each.words) for each in typed(xiaomei, text, "kettle").findings]
    assert ("price.pieces", words) in found


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("It's $49 each.", "kettle"),
        ("It holds 0.9 litres, for $49.", "kettle"),
        ("That's $49 for all of you who asked.", "kettle"),
        ("This set is $39.99.", "earbuds"),
        ("Shipping is free in the US for orders over $35.", "mug"),
    ],
)
def test_a_piece_is_a_piece(mia: Guard, text: str, product: str) -> None:
    assert typed(mia, text, product) == Verdict()


@pytest.mark.parametrize("text", ["259元一把", "259元一个", "259元，烧好以后能恒温30分钟"])
def test_a_piece_is_a_piece_in_chinese(xiaomei: Guard, text: str) -> None:
    assert typed(xiaomei, text, "kettle") == Verdict()


def test_what_a_fact_says_to_an_amount_may_be_said(demo: Catalogue) -> None:
    policy = demo.policies[0].model_copy(update={"text": "Gift wrap costs $5 for two, and $60 a year without limit."})
    guard = Guard(FactBook(demo.model_copy(update={"policies": (policy,)}), "Mia"))
    for text, ok in (("Gift wrap costs $5 for two.", True), ("Gift wrap costs $5 a month.", False)):
        line = Line("1-1", LineKind.PITCH, text, (f"policy.{policy.id}",))
        assert ("price.pieces" not in rules(guard.verdict(line))) is ok, text
