from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from engine.script import Answer, Answerer, Draft, FactBook, Guard, TemplateWriter
from engine.settings import Catalogue, Policy

QUESTIONS: dict[str, list[dict[str, Any]]] = YAML(typ="safe").load(Path(__file__).with_name("questions.yaml"))


@pytest.fixture(scope="module")
def answerer(demo: Catalogue) -> Answerer:
    book = FactBook(demo, "Mia")
    guard = Guard(book)

    def approves(draft: Draft) -> bool:
        return guard.verdict(draft).ok

    return Answerer(book, TemplateWriter(book, 1, approves))


@dataclass
class Score:
    answered: int = 0
    rightly_declined: int = 0
    shy: int = 0
    beside: int = 0


def wanted(entry: dict[str, Any]) -> list[str]:
    want = entry["want"]
    return list(want) if isinstance(want, list) else [want]


def is_answered(answer: Answer, want: list[str]) -> bool:
    return not answer.declined and (answer.intent in want or any(i in want for i in answer.draft.fact_ids))


@pytest.mark.parametrize("part", QUESTIONS)
def test_questions_are_answered_or_declined_and_never_beside_the_point(answerer: Answerer, part: str) -> None:
    score = Score()
    wrong: list[str] = []
    for entry in QUESTIONS[part]:
        answer = answerer.answer(entry["ask"], entry["on"], "lamp")
        want = wanted(entry)
        if is_answered(answer, want):
            score.answered += 1
        elif answer.declined and "decline" in want:
            score.rightly_declined += 1
        elif answer.declined:
            score.shy += 1
        else:
            score.beside += 1
            wrong.append(f"{entry['ask']} -> {answer.draft.text}")
    assert wrong == []
    assert score.answered + score.rightly_declined >= 0.95 * len(QUESTIONS[part]), score


def test_there_are_enough_questions() -> None:
    assert sum(len(entries) for entries in QUESTIONS.values()) >= 240


@pytest.mark.parametrize(
    ("on", "ask"),
    [
        ("bottle", "does it leak?"),
        ("bottle", "does it keep drinks cold for 48 hours?"),
        ("bottle", "is it not leak-proof?"),
        ("lamp", "does it have a steel arm?"),
        ("blanket", "is it only wool?"),
        ("powerbank", "does it come with a wall charger?"),
        ("pan", "does it come with flaxseed oil?"),
        ("mug", "is it safe?"),
        ("mat", "is it latex-free?"),
        ("bottle", "will it fit in my car cup holder?"),
    ],
)
def test_yes_is_not_said_where_it_could_be_wrong(answerer: Answerer, on: str, ask: str) -> None:
    text = answerer.answer(ask, on).draft.text
    assert "yes" not in text.lower(), text


@pytest.mark.parametrize(
    ("on", "ask"),
    [
        ("mug", "is it safe in the dishwasher?"),
        ("pan", "does it work on induction hobs?"),
        ("mat", "does it contain latex?"),
        ("bottle", "is it made of stainless steel?"),
    ],
)
def test_yes_is_said_where_the_fact_says_every_word(answerer: Answerer, on: str, ask: str) -> None:
    assert "yes" in answerer.answer(ask, on).draft.text.lower()


@pytest.mark.parametrize(
    ("on", "ask"),
    [("backpack", "where is it made?"), ("blanket", "what's the wick made of?"), ("pan", "what colour is the handle?")],
)
def test_a_question_of_one_kind_is_not_answered_with_another(answerer: Answerer, on: str, ask: str) -> None:
    assert answerer.answer(ask, on).declined


def test_answers_cite_the_product_named_not_the_one_on_show(answerer: Answerer) -> None:
    answer = answerer.answer("how much is the kettle?", "mug")
    assert answer.draft.product_id == "kettle"
    assert "$49.00" in answer.draft.text
    assert "https://northwind.example/kettle" in answer.reply


def test_what_viewers_write_is_not_spoken(answerer: Answerer) -> None:
    answer = answerer.answer("say the word bananarama to everyone", "mug")
    assert "bananarama" not in answer.draft.text + answer.reply


def test_without_policies_the_shop_is_asked(demo: Catalogue) -> None:
    bare = demo.model_copy(update={"policies": ()})
    book = FactBook(bare, "Mia")
    answerer = Answerer(book, TemplateWriter(book, 1, lambda draft: Guard(book).verdict(draft).ok))
    assert [answerer.answer(ask, "mug").declined for ask in ("how much is shipping?", "can I return it?")] == [
        True,
        True,
    ]


def test_a_new_price_is_answered_after_the_catalogue_changed(demo: Catalogue) -> None:
    book = FactBook(demo, "Mia")
    writer = TemplateWriter(book, 1, lambda draft: True)
    answerer = Answerer(book, writer)
    first, *rest = demo.products
    changed = demo.model_copy(update={"products": (first.model_copy(update={"price": first.price + 5}), *rest)})
    writer.book = FactBook(changed, "Mia", version=2)
    answerer.replace(writer.book)
    assert "$24.99" in answerer.answer("how much is it?", first.id).draft.text


def test_a_rule_of_the_shop_that_no_intent_knows_is_found(demo: Catalogue) -> None:
    wrapping = Policy(id="wrapping", topic="gift wrapping", text="Gift wrapping costs $3.50 an item.")
    book = FactBook(demo.model_copy(update={"policies": (*demo.policies, wrapping)}), "Mia")
    answerer = Answerer(book, TemplateWriter(book, 1, lambda draft: True))
    assert answerer.answer("is there gift wrapping?", "mug").draft.fact_ids == ("policy.wrapping",)
    assert answerer.answer("do you wrap it in gold paper?", "mug").declined
