"""Money and units of all kinds: a number in another currency or unit than its fact's is another amount."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.currencies import CHINESE, ENGLISH, SIGNS, WORD_CODES
from engine.records import FaqEntry
from engine.script import FactBook, Guard, Verdict, judge_typed, money
from engine.script.faq import objections
from engine.script.money_words import MONEY_WORDS
from engine.script.policy import packs_for
from engine.script.quantities import quantities
from engine.settings import Catalogue
from tests.script.whole_bank import whole_bank

CURRENCIES = ("THB", "NZD", "MXN", "CZK", "TRY", "XOF")
"""Those of shops: with and without a sign, a word in small letters (TRY), and one whose name nobody here knows."""


def in_currency(catalogue: Catalogue, currency: str) -> FactBook:
    products = tuple(product.model_copy(update={"currency": currency}) for product in catalogue.products)
    return FactBook(catalogue.model_copy(update={"products": products}), "Mia")


def typed(guard: Guard, text: str, product: str) -> Verdict:
    return judge_typed(guard, text, product)[1]


def rules(verdict: Verdict) -> set[str]:
    return {finding.rule for finding in verdict.findings}


@pytest.mark.parametrize(
    "text",
    [
        "It costs R$49.",
        "It costs J$49.",
        "It costs EUR 49.",
        "It costs 49€.",
        "It costs 49 €.",
        "It costs $49 AUD.",
        "It costs $49k.",
        "It costs 49 quid.",
        "It costs 49 baht.",
        "It costs 49 won.",
        "It costs 49 nzd.",
        "It costs 49 Canadian dollars.",
        "It costs forty-nine pesos.",
        "It's 49p.",
        "It's 49 shells.",
        "It holds 0.9 gallons.",
        "It heats with 1200 horsepower.",
        "It keeps the chosen temperature for 30 long days.",
    ],
)
def test_another_currency_or_unit_is_another_amount(mia: Guard, text: str) -> None:
    assert "number" in rules(typed(mia, text, "kettle"))


@pytest.mark.parametrize(
    "text",
    [
        "It stands 38 feet tall.",
        'It stands 38" tall.',
        "It stands 38 miles tall.",
        "It stands 38 cubits tall.",
        "It stands 38 square cm.",
        "It weighs 620 carats.",
    ],
)
def test_an_unknown_unit_does_not_leave_a_bare_number(mia: Guard, text: str) -> None:
    assert "number" in rules(typed(mia, text, "lamp"))


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("The price is 19.99.", "bottle"),
        ("It's 19.99 dollars.", "bottle"),
        ("It's yours for 19.99 today.", "bottle"),
        ("It costs just 19.99, and it was 29.99.", "bottle"),
        ("It keeps drinks cold for 24 straight hours.", "bottle"),
        ("It has five temperature settings from 60 to 100°.", "kettle"),
        ("It stands 38 cm tall and folds flat to 4.", "lamp"),
    ],
)
def test_a_number_may_leave_its_unit_out(mia: Guard, text: str, product: str) -> None:
    assert typed(mia, text, product) == Verdict()


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("细流手冲壶259韩元", "kettle"),
        ("细流手冲壶259港元", "kettle"),
        ("259块港币", "kettle"),
        ("美元259", "kettle"),
        ("二百五十九比索", "kettle"),
        ("259大洋", "kettle"),
        ("功率1200马力", "kettle"),
        ("立起来高38英尺，折平以后厚4厘米", "lamp"),
        ("立起来高38马力，折平以后厚4厘米", "lamp"),
        ("立起来高38加仑，折平以后厚4厘米", "lamp"),
        ("立起来高38丈，折平以后厚4厘米", "lamp"),
        ("立起来高38平方厘米", "lamp"),
        ("立起来高38层楼", "lamp"),
        ("空杯重340克拉", "bottle"),
        ("空杯重340立方", "bottle"),
    ],
)
def test_another_currency_or_unit_is_another_amount_in_chinese(xiaomei: Guard, text: str, product: str) -> None:
    assert "number" in rules(typed(xiaomei, text, product))


@pytest.mark.parametrize("text", ["259元", "259人民币", "人民币259", "只要259就到手", "259元一把"])
def test_the_yuan_by_its_names(xiaomei: Guard, text: str) -> None:
    assert typed(xiaomei, text, "kettle") == Verdict()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("code", sorted({*ENGLISH, "XOF"}))
def test_an_amount_is_money_in_every_currency_as_a_shop_writes_it(code: str, language: str) -> None:
    for digits in ("29.00", "1299.90"):
        found = quantities(money(Decimal(digits), code, language))
        assert [quantity.is_money for quantity in found] == [True], (code, found)


def test_names_signs_and_codes_of_one_currency_are_one_money() -> None:
    for code, name in CHINESE.items():
        if code == "DOP":
            continue  # 20多米尼加比索 reads as more than twenty metres (多米), which no price is.
        kinds = {found.dimension for found in quantities(f"20.00 {code}，20{name}")}
        assert len(kinds) == 1 or code in {"AED", "MAD"}, code
    for sign, code in SIGNS.items():
        (before,), (after,) = quantities(f"{sign}20"), quantities(f"20.00 {code}")
        assert sign in {"zł", "Kč"} or before.same_as(after), sign
    assert not {code.lower() for code in WORD_CODES} & MONEY_WORDS.keys()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("49 pesos", "49.00 MXN", True),
        ("49 pesos", "49.00 THB", False),
        ("49 kr", "49.00 SEK", True),
        ("49 try", "49.00 TRY", True),
        ("49 xof", "49.00 XOF", True),
        ("49 xaf", "49.00 XOF", False),
        ("49", "49.00 XOF", True),
    ],
)
def test_a_name_that_several_currencies_bear_is_each_of_theirs(one: str, other: str, same: bool) -> None:
    (first,), (second,) = quantities(one), quantities(other)
    assert first.same_as(second) is same
    assert second.same_as(first) is same


@pytest.mark.parametrize(
    ("text", "counts"),
    [("24 boxes", "boxes"), ("24 and", ""), ("24盒", "盒"), ("24就", ""), ('38" tall', '"'), ('"only 38" today', "")],
)
def test_what_a_bare_number_counts(text: str, counts: str) -> None:
    (found,) = quantities(text)
    assert (found.dimension, found.counts) == ("count", counts)


@pytest.mark.parametrize("currency", CURRENCIES)
def test_prices_of_every_currency_have_their_roles(demo: Catalogue, currency: str) -> None:
    guard = Guard(in_currency(demo, currency))
    for amount, text in (
        ("29.99", "The TrailMate bottle costs {}."),
        ("10.00", "The TrailMate bottle costs {}."),
        ("19.99", "You save {}."),
    ):
        said = text.format(f"{amount} {currency}")
        assert "price.role" in rules(typed(guard, said, "bottle")), said
    true = f"The TrailMate bottle costs 19.99 {currency}, and it was 29.99 {currency}."
    assert not rules(typed(guard, true, "bottle")) & {"number", "price.role"}


@pytest.mark.parametrize("currency", CURRENCIES)
def test_every_sentence_on_prices_passes_in_every_currency(demo: Catalogue, currency: str) -> None:
    book = in_currency(demo.model_copy(update={"products": demo.products[:2]}), currency)
    guard = Guard(book)
    drafts = [draft for draft in whole_bank(book) if any(i.endswith(".price") for i in draft.fact_ids)]
    assert [draft.text for draft in drafts if not guard.verdict(draft).ok] == []
    assert len(drafts) > 100


@pytest.mark.parametrize("currency", [*CURRENCIES, "USD"])
def test_an_answer_of_the_shop_holds_no_price_in_any_currency(demo: Catalogue, currency: str) -> None:
    for answer in (f"The gift set is 25.00 {currency}.", f"The gift set is 25 {currency}."):
        entry = FaqEntry(0, "", "what does the gift set cost?", answer, None)
        found = objections(entry, in_currency(demo, currency), packs_for("en", None))
        assert "faq.price" in {finding.rule for finding in found}, answer
