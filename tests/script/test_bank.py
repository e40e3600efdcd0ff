"""The whole template bank over the whole demo catalogue: every sentence that the host could ever say."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from engine.flow import LineKind
from engine.script import Draft, FactBook, Guard, spoken_name
from engine.script.facts import money
from engine.script.frames import NoBankError, bank_of
from engine.script.frames.en import answers
from engine.script.writer import as_spoken, slots_of
from engine.settings import Catalogue, FactType, Product

frames = bank_of("en")
PLACED = frames.first_fact + frames.later_fact + frames.last_fact

MISWRITTEN = re.compile(
    r"[{}]|  |\ba (?!use|uni|one\b|eu)[aeiou]|\ban (?!hour|honest)[^aeiouAEIO]|\bthe the\b|\.\.| [,.;:?]"
)
"""Unfilled slots, stray spaces, a/an before the wrong sound, doubled words and points."""


@pytest.fixture(scope="module")
def book(demo: Catalogue) -> FactBook:
    return FactBook(demo, "Mia")


def common(book: FactBook, product: Product) -> dict[str, str]:
    the = f"the {spoken_name(product)}"
    slots = {"shop": book.shop, "host": book.host, "name": product.name, "the": the, "The": the[0].upper() + the[1:]}
    slots |= {"price": money(product.price, product.currency), "stock": str(product.stock)}
    slots |= {"number": book.value(f"{product.id}.number") or "", "category": product.category.lower()}
    if product.was_price is not None:
        saving = product.was_price - product.price
        slots |= {"was": money(product.was_price, product.currency), "saving": money(saving, product.currency)}
    return slots


def ids(book: FactBook, product: Product, *keys: str) -> tuple[str, ...]:
    return tuple(f"{product.id}.{key}" for key in keys if book.value(f"{product.id}.{key}") is not None)


def whole_bank(book: FactBook) -> Iterator[Draft]:
    products = book.catalogue.products
    shop = ("shop.name", "shop.host")
    alone = frames.greetings + frames.welcomes + frames.plans + frames.invitations + frames.recap_opens
    alone += frames.recap_ends + answers.AI_ANSWERS + answers.NAME_ANSWERS + answers.USED_ANSWERS + answers.DECLINES
    alone += answers.OPINION_ANSWERS + answers.GREETING_ANSWERS + answers.THANKS_ANSWERS + answers.INJECTION_ANSWERS
    alone += answers.COMPLIMENT_ANSWERS + answers.SMALL_TALK_ANSWERS + answers.GOODBYE_ANSWERS + answers.UNKIND_ANSWERS
    for frame in alone:
        yield Draft(LineKind.SAY, frame.format(shop=book.shop, host=book.host), shop, frame)
    for policy in book.catalogue.policies:
        for frame in tuple(f.replace("{policy}", "{policy}.") for f in frames.policies) + answers.POLICY_ANSWERS:
            text = as_spoken(frame.format(policy=policy.text.rstrip("."), topic=policy.topic))
            yield Draft(LineKind.PITCH, text, (f"policy.{policy.id}",), frame)
    for product, following in zip(products, products[1:] + products[:1], strict=True):
        yield from of_product(book, product, following)


def of_product(book: FactBook, product: Product, following: Product) -> Iterator[Draft]:
    slots = common(book, product)
    for fact in product.facts:
        for frame in frames.by_type[fact.type] + frames.any_fact + PLACED + answers.FACT_ANSWERS + answers.YES_ANSWERS:
            text = as_spoken(frame.format(**slots, text=fact.text))
            yield Draft(LineKind.PITCH, text, ids(book, product, fact.id), frame, product.id)
        other = product.facts[0]
        for frame in frames.pairs:
            text = as_spoken(frame.format(**slots, text=fact.text, other=other.text))
            yield Draft(LineKind.PITCH, text, ids(book, product, fact.id, other.id), frame, product.id)
        for frame in frames.asks + frames.asks_by_type.get(fact.type, ()):
            yield Draft(LineKind.ASK, frame.format(**slots), ids(book, product, "name"), frame, product.id)
    name_only = frames.openers + frames.openers_by_category + answers.DECLINES_ON_PRODUCT
    name_only += answers.LINK_ANSWERS + answers.NEXT_ANSWERS + stock_frames(product)
    for frame in name_only:
        evidence = ids(book, product, "name", "number", "category", "stock")
        yield Draft(LineKind.OPENER, frame.format(**slots), evidence, frame, product.id)
    prices: tuple[str, ...] = frames.prices + answers.PRICE_ANSWERS + answers.NOT_REDUCED_ANSWERS
    if product.was_price is not None:
        prices = frames.reduced_prices + answers.REDUCED_PRICE_ANSWERS
    for frame in prices:
        evidence = ids(book, product, "price", "was_price", "saving")
        yield Draft(LineKind.PRICE, frame.format(**slots), evidence, frame, product.id)
    slots |= {"next": f"the {spoken_name(following)}", "next_price": money(following.price, following.currency)}
    both = ids(book, product, "name", "price") + ids(book, following, "name", "price")
    for frame in frames.transitions:
        names = ids(book, product, "name") + ids(book, following, "name")
        yield Draft(LineKind.TRANSITION, frame.format(**slots), names, frame, product.id)
    for frame in frames.recap_pairs:
        yield Draft(LineKind.RECAP, frame.format(**slots), both, frame, product.id)


def stock_frames(product: Product) -> tuple[str, ...]:
    if product.stock == 0:
        return frames.sold_out + answers.SOLD_OUT_ANSWERS
    if product.stock == 1:
        return frames.last_one + answers.LAST_ONE_ANSWERS
    return frames.stocks + frames.in_stock + answers.STOCK_ANSWERS + answers.IN_STOCK_ANSWERS


@pytest.mark.parametrize("stock", [0, 1])
def test_sentences_on_the_last_one_and_on_none_pass_the_guard(demo: Catalogue, stock: int) -> None:
    """And they are refused as long as there are more."""
    products = tuple(product.model_copy(update={"stock": stock}) for product in demo.products)
    few, many = FactBook(demo.model_copy(update={"products": products}), "Mia"), FactBook(demo, "Mia")
    for product in few.catalogue.products:
        for frame in stock_frames(product):
            text = frame.format(**common(few, product))
            draft = Draft(LineKind.PRICE, text, ids(few, product, "name", "stock"), frame, product.id)
            assert Guard(few).verdict(draft).ok, text
            assert "stock" in {finding.rule for finding in Guard(many).verdict(draft).findings}, text


def test_every_sentence_is_well_formed_and_passes_the_guard(book: FactBook) -> None:
    guard = Guard(book)
    wrong: list[str] = []
    count = 0
    for draft in whole_bank(book):
        count += 1
        verdict = guard.verdict(draft)
        if not verdict.ok:
            wrong.append(f"{draft.text} {verdict.reasons}")
        if MISWRITTEN.search(draft.text) or draft.text[-1] not in ".?" or len(draft.text.split()) < 3:
            wrong.append(f"{draft.text} (miswritten)")
        if not (draft.text[0].isupper() or draft.text[0] in "$0123456789"):
            wrong.append(f"{draft.text} (begins small)")
    assert wrong == []
    assert count > 9000


def test_each_type_has_fifteen_frames_of_its_own() -> None:
    counts = {kind: len(set(frames.by_type[kind])) for kind in FactType}
    assert min(counts.values()) >= 15, counts
    assert all(frame.endswith("{text}.") for kind in FactType for frame in frames.by_type[kind])


def test_no_frame_stands_twice_in_its_bank() -> None:
    for name, bank in vars(frames).items():
        if isinstance(bank, tuple):
            assert len(bank) == len(set(bank)), name
    assert slots_of("{The} is {price}.") == {"The", "price"}


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("As for materials: it is made of steel.", "As for materials: it's made of steel."),
        ("How big it is matters, and the mug is 9 cm tall.", "How big it is matters, and the mug is 9 cm tall."),
        ("A word on shipping: Shipping is free.", "A word on shipping: shipping is free."),
        ("A word on payment: Visa is taken.", "A word on payment: Visa is taken."),
    ],
)
def test_sentences_are_put_as_people_say_them(text: str, spoken: str) -> None:
    assert as_spoken(text) == spoken


def test_ask_frames_end_as_questions_or_invitations() -> None:
    for frame in frames.asks:
        is_question = frame.split()[0].lower() in {"is", "who", "what", "would", "if", "which", "did", "are", "do"}
        assert frame.endswith("?") == is_question, frame


def test_a_language_without_sentences_is_named() -> None:
    with pytest.raises(NoBankError, match="no sentences in the language “fr”; there are in en"):
        bank_of("fr")
