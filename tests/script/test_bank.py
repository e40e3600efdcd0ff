"""The whole template bank over whole catalogues in both languages: every sentence that the host could ever say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.flow import LineKind
from engine.script import Draft, FactBook, Guard
from engine.script.frames import Bank, NoBankError, bank_of
from engine.script.wording import wording_of
from engine.script.writer import slots_of
from engine.settings import Catalogue, FactType, load_catalogue
from tests.script.whole_bank import MANNERS, answer_stock_frames, common, ids, stock_frames, whole_bank

ROOT = Path(__file__).parents[2]
CATALOGUES = {
    "demo": ROOT / "assets" / "catalogue" / "demo.yaml",
    "xiaomei": ROOT / "assets" / "catalogue" / "xiaomei.yaml",
    "qingchuan": ROOT / "tests" / "corpora" / "catalogues" / "qingchuan.yaml",
}

MISWRITTEN = re.compile(
    r"[{}]|  |\ba (?!use|uni|one\b|eu)[aeiou]|\ban (?!hour|honest)[^aeiouAEIO]|\bthe the\b|\.\.| [,.;:?]|"
    r"[，：。、][，：。、]|[\u3400-\u9fff][,.:;?!]|它它|的的|这款这款"
)
"""Unfilled slots, stray spaces, a/an before the wrong sound, doubled words and marks, Latin marks behind Chinese."""

LANGUAGES = ("en", "zh")


def book_of(name: str, **changes: int) -> FactBook:
    catalogue = load_catalogue(CATALOGUES[name], check_files=False)
    products = tuple(product.model_copy(update=changes) for product in catalogue.products)
    return FactBook(catalogue.model_copy(update={"products": products}), "小美" if name != "demo" else "Mia")


@pytest.mark.parametrize("name", CATALOGUES)
def test_every_sentence_is_well_formed_and_passes_the_guard(name: str) -> None:
    book = book_of(name)
    guard = Guard(book)
    wrong: list[str] = []
    count = 0
    for draft in whole_bank(book, subjects=1 if name == "xiaomei" else 3):
        count += 1
        verdict = guard.verdict(draft)
        if not verdict.ok:
            wrong.append(f"{draft.text} {verdict.reasons}")
        if MISWRITTEN.search(draft.text) or draft.text[-1] not in ".?!。？！" or len(draft.text) < 5:
            wrong.append(f"{draft.text} (miswritten)")
        if draft.text[0].isalpha() and draft.text[0].islower():
            wrong.append(f"{draft.text} (begins small)")
    assert wrong == []
    assert count > 5000


@pytest.mark.parametrize("stock", [0, 1])
@pytest.mark.parametrize("name", ["demo", "qingchuan"])
def test_sentences_on_the_last_one_and_on_none_pass_the_guard(name: str, stock: int) -> None:
    """And they are refused as long as there are more."""
    few, many = book_of(name, stock=stock), book_of(name, stock=90)
    bank = bank_of(few.catalogue.language)
    guard, other = Guard(few), Guard(many)
    for product in few.catalogue.products:
        answers = answer_stock_frames(stock) if name == "demo" else ()
        for frame in stock_frames(bank, stock) + answers:
            text = frame.format(**common(few, product))
            draft = Draft(LineKind.PRICE, text, ids(few, product, "name", "stock"), frame, product.id)
            assert guard.verdict(draft).ok, (text, guard.verdict(draft).reasons)
            assert {finding.rule for finding in other.verdict(draft).findings} & {"stock", "number"}, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_type_has_fifteen_frames_of_its_own(language: str) -> None:
    bank = bank_of(language)
    counts = {kind: len(set(bank.by_type[kind])) for kind in FactType}
    assert min(counts.values()) >= 15, counts
    if language == "en":
        assert all(frame.endswith("{text}.") for kind in FactType for frame in bank.by_type[kind])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("field", "least"),
    [
        ("greetings", 6), ("welcomes", 14), ("notices", 8), ("plans", 12), ("invitations", 14), ("openers", 24),
        ("any_fact", 20), ("first_fact", 12), ("later_fact", 15), ("last_fact", 12), ("pairs", 10), ("prices", 20),
        ("reduced_prices", 20), ("stocks", 12), ("in_stock", 10), ("policies", 11), ("asks", 20), ("transitions", 23),
        ("recap_opens", 12), ("recap_pairs", 15), ("recap_ends", 12),
    ],
)  # fmt: skip
def test_there_are_enough_sentences_of_each_kind(language: str, field: str, least: int) -> None:
    assert len(getattr(bank_of(language), field)) >= least


def named_frames(bank: Bank) -> dict[str, tuple[str, ...]]:
    fields = {name: frames for name, frames in vars(bank).items() if isinstance(frames, tuple)}
    return fields | {f"by_type {kind}": frames for kind, frames in bank.by_type.items()}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("manner", ["", *MANNERS])
def test_no_frame_stands_twice_in_its_bank(language: str, manner: str) -> None:
    for name, frames in named_frames(bank_of(language, manner)).items():
        assert len(frames) == len(set(frames)), name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("manner", MANNERS)
def test_a_manner_has_sentences_of_its_own_and_leaves_out_only_what_there_is(language: str, manner: str) -> None:
    plain, changed = bank_of(language), bank_of(language, manner)
    pack = plain.manners[manner]
    every = {frame for frames in named_frames(plain).values() for frame in frames}
    assert pack.leaves_out <= every
    assert not pack.leaves_out & {frame for frames in named_frames(changed).values() for frame in frames}
    for field, frames in pack.adds.items():
        assert not set(frames) & every
        assert set(frames) <= set(getattr(changed, field))
    assert len(pack.adds) >= 5


def test_the_slots_of_a_frame_are_found() -> None:
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
    assert wording_of("en").spoken(text) == spoken


def test_ask_frames_end_as_questions_or_invitations() -> None:
    questions = {"is", "who", "what", "would", "if", "which", "did", "are", "do", "where", "shall"}
    for frame in bank_of("en").asks:
        assert frame.endswith("?") == (frame.split()[0].lower() in questions), frame
    assert all(frame.endswith("？") for frame in bank_of("zh").asks)


def test_a_chinese_name_that_ends_in_a_digit_does_not_run_into_a_number(demo: Catalogue) -> None:
    product = demo.products[0].model_copy(update={"short": "小灶X500"})
    assert wording_of("zh").the(product) == "小灶X500这款"
    assert wording_of("zh").the(product.model_copy(update={"short": "小灶"})) == "小灶"


def test_a_language_without_sentences_is_named() -> None:
    with pytest.raises(NoBankError, match="no sentences in the language “fr”; there are in en, zh"):
        bank_of("fr")
