"""What a small model may say in English."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.flow import LineKind
from engine.script import Draft, FactBook, Guard
from engine.script.lexicons import lexicon
from engine.script.llm import Judge
from engine.script.llm.talk import Subject, talk_of
from engine.settings import Catalogue, Product

CORPORA = Path(__file__).parents[2] / "corpora"
TALK = talk_of("en")
COLD = "keeps drinks cold for 24 hours"


def lies() -> list[dict[str, Any]]:
    files = ("model_lies.jsonl", "model_lies_fresh.jsonl")
    return [json.loads(row) for name in files for row in (CORPORA / name).read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def judge(demo: Catalogue) -> Judge:
    book = FactBook(demo, "Mia")
    return Judge(book, Guard(book))


@pytest.fixture(scope="module")
def bottle(demo: Catalogue) -> Product:
    return demo.products[0]


@pytest.mark.parametrize("lie", lies(), ids=lambda lie: lie["text"])
def test_no_lie_passes(judge: Judge, lie: dict[str, Any]) -> None:
    ids = (f"{lie['product']}.{lie.get('fact', 'name')}",)
    draft = Draft(LineKind(lie["kind"]), lie["text"], ids, "", lie["product"], writer="gguf")
    assert judge.faults(draft)


@pytest.mark.parametrize(
    "line",
    [
        "So, you have this fact about the TrailMate bottle, which keeps drinks cold for 24 hours.",
        "In case you're wondering, the TrailMate bottle keeps drinks cold for 24 hours.",
        "Did you know that the bottle keeps drinks cold for 24 hours?",
        "Write this down: it keeps drinks cold for 24 hours.",
        "Let's have a look at the TrailMate bottle: it keeps drinks cold for 24 hours.",
        "And by the way, it also keeps drinks cold for 24 hours.",
        "Okay folks, the TrailMate Insulated Bottle keeps drinks cold for 24 hours!",
    ],
)
def test_a_fact_may_be_told_in_other_words_around_it(judge: Judge, bottle: Product, line: str) -> None:
    assert TALK.cleaned(line, bottle) == line
    assert judge.faults(Draft(LineKind.PITCH, line, ("bottle.cold",), "", "bottle", writer="gguf")) == ()


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (LineKind.OPENER, "Time to turn to the TrailMate bottle."),
        (LineKind.OPENER, "And here is the TrailMate bottle, let's see what my notes say."),
        (LineKind.OPENER, "I'll show you the TrailMate bottle right now."),
        (LineKind.TRANSITION, "Stay with me, the TrailMate bottle is next."),
        (LineKind.TRANSITION, "Now let's move on to the TrailMate bottle."),
        (LineKind.ASK, "Who would you give the TrailMate bottle to?"),
        (LineKind.ASK, "Is the TrailMate bottle for you, or for a friend?"),
        (LineKind.ASK, "What would you like to know about the TrailMate bottle?"),
    ],
)
def test_lines_without_a_claim(judge: Judge, kind: LineKind, line: str) -> None:
    assert judge.faults(Draft(kind, line, ("bottle.name",), "", "bottle", writer="gguf")) == ()


def test_a_fault_says_what_is_wrong(bottle: Product) -> None:
    found = TALK.faults("The shiny bottle keeps drinks cold for 24 hours.", Subject(bottle, LineKind.PITCH, COLD))
    assert "leave out the word “shiny”" in found
    found = TALK.faults("It keeps drinks cold for up to 24 hours.", Subject(bottle, LineKind.PITCH, COLD))
    assert found == (f"the words “{COLD}” must stand in the line exactly as they are, once",)


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("1. Time for the trailmate bottle", "Time for the TrailMate bottle."),
        ("- “Here’s the TrailMate bottle.”", "Here's the TrailMate bottle."),
        ("Sure! Here's the TrailMate bottle , folks!\nIt is great.", "Here's the TrailMate bottle, folks!"),
        ("Line 2: next up - the TrailMate bottle", "Next up, the TrailMate bottle."),
    ],
)
def test_what_a_model_puts_around_a_line_is_taken_off(bottle: Product, written: str, line: str) -> None:
    assert TALK.cleaned(written, bottle) == line


def test_the_frame_and_whether_it_follows_another_line(bottle: Product) -> None:
    subject = Subject(bottle, LineKind.PITCH, COLD)
    frame = TALK.frame("Also, the TrailMate bottle keeps drinks cold for 24 hours.", subject)
    assert frame == "Also, {the} {text}."
    assert TALK.follows(frame)
    assert not TALK.follows("Here's a detail: {the} {text}.")


@pytest.mark.parametrize(("task", "kind"), [("fact", LineKind.PITCH), ("opener", LineKind.OPENER),
                                            ("ask", LineKind.ASK), ("transition", LineKind.TRANSITION)])  # fmt: skip
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_example_is_a_line_that_may_be_said(bottle: Product, language: str, task: str, kind: LineKind) -> None:
    talk = talk_of(language)
    for example in lexicon(f"examples_{language}")[task]:
        name = example[0].removeprefix("the ")
        product = bottle.model_copy(update={"name": name, "short": name})
        subject = Subject(product, kind, example[1] if task == "fact" else "")
        assert talk.cleaned(example[-1], product) == example[-1]
        assert talk.faults(example[-1], subject) == (), example[-1]
