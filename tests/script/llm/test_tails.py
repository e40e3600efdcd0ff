"""What a strong model lets follow a fact is the fact's own words, or the host's talk."""

from __future__ import annotations

import pytest

from engine.flow import LineKind
from engine.script import Draft, FactBook, Guard
from engine.script.llm.judge import WHOLE, Judge
from engine.script.llm.tails import added_tail
from engine.settings import Catalogue


@pytest.mark.parametrize(
    ("text", "facts", "tail"),
    [
        ("It sheds light rain, so your laptop is dry in April.", "sheds light rain", "so your laptop is dry in April"),
        ("It comes in sage green, a hit at every picnic.", "comes in sage green", "a hit at every picnic"),
        ("It comes in sage green that looks grand on a shelf.", "comes in sage green", "that looks grand on a shelf"),
        ("空杯重340克，爬山背着不累。", "空杯重340克", "爬山背着不累"),
        ("面料是再生涤纶，摸上去像云朵。", "面料是再生涤纶", "摸上去像云朵"),
    ],
)
def test_a_clause_behind_the_fact_that_adds_to_it_is_found(text: str, facts: str, tail: str) -> None:
    assert added_tail(text, facts) == tail


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("When the hills are steep, it weighs 340 g.", "weighs 340 g empty"),
        ("It weighs 340 g, and it holds 750 ml.", "weighs 340 g empty | holds 750 ml"),
        ("It's glazed by hand, so no two are alike.", "is glazed by hand, so no two look exactly alike"),
        ("It comes in sage green, and that's in my notes.", "comes in sage green"),
        ("夏天去爬山，空杯重340克。", "空杯重340克"),
        ("空杯重340克，资料里就是这么写的。", "空杯重340克"),
    ],
)
def test_what_stands_before_a_fact_or_is_only_talk_is_left_alone(text: str, facts: str) -> None:
    assert added_tail(text, facts) == ""


def test_the_judge_refuses_it_of_a_strong_model_only(demo: Catalogue) -> None:
    book = FactBook(demo, "Mia")
    judge = Judge(book, Guard(book))
    text = "It weighs 340 g empty, so a picnic is lighter."
    assert judge.faults(Draft(LineKind.PITCH, text, ("bottle.weight",), WHOLE, "bottle")) == (
        "adds to its facts: “so a picnic is lighter”",
    )
