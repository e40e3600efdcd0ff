"""Every sentence with which the chat may be answered, over every catalogue of the corpora, passes the guard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from itertools import pairwise
from pathlib import Path

import pytest

from engine.flow import LineKind
from engine.script import Answer, Answerer, Draft, FactBook, Guard, TemplateWriter
from engine.script.frames.answers import answers_of
from engine.script.wording import wording_of
from engine.settings import Product, load_catalogue

ROOT = Path(__file__).parents[2]
CORPORA = ROOT / "tests" / "corpora" / "catalogues"
FILES = {
    "demo": ROOT / "assets" / "catalogue" / "demo.yaml",
    **{name: CORPORA / f"{name}.yaml" for name in ("alder", "juniper", "qingchuan")},
}
TALK = (
    "ai", "names", "used", "opinions", "greetings", "thanks", "compliments", "small_talk", "goodbyes", "orders",
    "unkind", "named_greetings", "named_thanks", "openers",
)  # fmt: skip
AGREES = re.compile(
    r"\W*(?:it's a )?(?:sure|yes|yep|yeah|of course|right|indeed|certainly|absolutely|definitely|exactly|correct|true|"
    r"that's right|short answer)\b|\W*(?:是|对|可以|当然|没错|没问题|能|行|有的|嗯|确实|正是)",
    re.IGNORECASE,
)
"""How a line begins that says yes."""

NAMES = {"en": ("Ann", "Ben"), "zh": ("小明", "李雷")}


@pytest.fixture(params=FILES)
def book(request: pytest.FixtureRequest) -> FactBook:
    return FactBook(load_catalogue(FILES[request.param], check_files=False), "Mia")


def bank(book: FactBook) -> Iterator[Draft]:
    products = book.catalogue.products
    for product, other in zip(products, products[1:] + products[:1], strict=True):
        yield from of_product(book, product, other)


def of_product(book: FactBook, product: Product, other: Product) -> Iterator[Draft]:
    language = book.catalogue.language
    answers, wording = answers_of(language), wording_of(language)
    the = wording.the(product)
    common = {
        "shop": book.shop, "host": book.host, "the": the, "The": wording.capital(the), "name": wording.name(product),
        "price": book.value(f"{product.id}.price"), "was": book.value(f"{product.id}.was_price"),
        "saving": book.value(f"{product.id}.saving"), "stock": product.stock, "next": wording.the(other),
        "next_price": book.value(f"{other.id}.price"), "second": wording.the(other), "third": the,
        "viewers": answers.and_word.join(NAMES[language]),
    }  # fmt: skip

    def drafts(frames: tuple[str, ...], ids: tuple[str, ...], **slots: str) -> Iterator[Draft]:
        for frame in frames:
            text = wording.spoken(frame.format_map(common | slots))
            yield Draft(LineKind.ANSWER, text, ids, frame, product.id, addressed=NAMES[language])

    price, its_price = f"{product.id}.price", f"{other.id}.price"
    names = (f"{product.id}.name", f"{other.id}.name")
    yield from drafts(answers.prices + answers.not_reduced, (price,))
    if product.was_price is not None:
        yield from drafts(answers.reduced_prices, (price, f"{product.id}.was_price", f"{product.id}.saving"))
    yield from drafts(answers.two_prices, (*names, price, its_price))
    few = {0: answers.sold_out, 1: answers.last_one}
    yield from drafts(few.get(product.stock, answers.stocks), (f"{product.id}.stock",))
    if product.stock > 1:
        yield from drafts(answers.in_stock, (f"{product.id}.stock",))
    yield from drafts(answers.links + answers.nexts + answers.declines + answers.declines_on_product, names[:1])
    yield from drafts(answers.lists, names)
    for kind in TALK:
        yield from drafts(getattr(answers, kind), ("shop.name", "shop.host"))
    for fact in product.facts:
        yield from drafts(answers.facts + answers.yes, (f"{product.id}.{fact.id}",), text=fact.text)
        yield from drafts(answers.priced_facts, (price, f"{product.id}.{fact.id}"), text=fact.text)
        for its in other.facts:
            if its.type is fact.type:
                both = (f"{product.id}.{fact.id}", f"{other.id}.{its.id}")
                yield from drafts(answers.two_facts, both, text=fact.text, other=its.text)
    for fact, another in pairwise(product.facts):
        joined = (f"{product.id}.{fact.id}", f"{product.id}.{another.id}")
        yield from drafts(answers.joined_facts, joined, text=fact.text, other=another.text)
    for policy in book.catalogue.policies:
        yield from drafts(answers.policies, (f"policy.{policy.id}",), policy=wording.clause(policy.text))


def test_every_answer_passes_the_guard(book: FactBook) -> None:
    guard = Guard(book)
    drafts = list(bank(book))
    refused = [(draft.text, guard.verdict(draft).reasons) for draft in drafts if not guard.verdict(draft).ok]
    assert refused == []
    assert len(drafts) > 1000


@pytest.mark.parametrize("stock", [0, 1])
def test_the_last_one_and_none_pass_the_guard(book: FactBook, stock: int) -> None:
    products = tuple(product.model_copy(update={"stock": stock}) for product in book.catalogue.products)
    changed = FactBook(book.catalogue.model_copy(update={"products": products}), "Mia")
    guard = Guard(changed)
    refused = [draft.text for draft in bank(changed) if not guard.verdict(draft).ok]
    assert refused == []


def test_both_languages_have_a_frame_for_everything() -> None:
    for language in ("en", "zh"):
        answers = answers_of(language)
        for each in fields(answers):
            assert getattr(answers, each.name), (language, each.name)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_only_the_answers_that_are_sure_begin_with_an_agreement(language: str) -> None:
    """Which fact meets a question does not say that it grants it: "red?" is met by "comes in a sage green finish"."""
    bank = answers_of(language)
    unsure = bank.facts + bank.two_facts + bank.priced_facts + bank.joined_facts
    unsure += bank.policies + bank.shop_answers + bank.quoted_policies
    assert [frame for frame in unsure if AGREES.match(frame)] == []
    assert [frame for frame in bank.yes if not AGREES.match(frame)] == []


@pytest.fixture(scope="module")
def hosts() -> dict[str, Answerer]:
    made = {}
    for name in ("demo", "qingchuan"):
        book = FactBook(load_catalogue(FILES[name], check_files=False), "Mia")
        guard = Guard(book)
        made[name] = Answerer(book, TemplateWriter(book, 1, lambda draft, guard=guard: guard.verdict(draft).ok))
    return made


def asked(hosts: dict[str, Answerer], name: str, text: str, on_show: str) -> Answer:
    return hosts[name].answer(text, on_show)


def test_a_chinese_catalogue_is_answered_in_chinese(hosts: dict[str, Answerer]) -> None:
    answer = asked(hosts, "qingchuan", "多少钱", "cup")
    assert "89元" in answer.draft.text
    assert not answer.draft.text.isascii()
    assert answer.reply.startswith(answer.draft.text)


def test_the_reply_is_in_the_asker_s_language_where_only_values_stand_in_it(hosts: dict[str, Answerer]) -> None:
    english = asked(hosts, "qingchuan", "how much is it?", "cup")
    assert "89元" in english.draft.text
    assert "¥89" in english.reply
    assert "山涧保温杯" in english.reply
    quoted = asked(hosts, "qingchuan", "is shipping free?", "cup")
    assert quoted.reply == "The shop's own words on that: 全国满99元包邮，不满99元收8元运费。"
    declined = asked(hosts, "qingchuan", "is it dishwasher safe?", "cup")
    assert declined.declined
    assert declined.reply == "I don't have that in my notes, so I'll ask the shop."
    assert not declined.draft.text.isascii()
