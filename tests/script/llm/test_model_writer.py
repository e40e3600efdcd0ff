"""The language-model writer with models that lie, repeat themselves, or give nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import pytest

from engine.flow import LineKind
from engine.script import Draft, FactBook, Guard, TemplateWriter
from engine.script.llm import (
    Completion,
    Judge,
    Message,
    ModelDiedError,
    ModelWriter,
    Rests,
    WholePitchWriter,
    Wish,
    Worklist,
)
from engine.script.llm.judge import WHOLE
from engine.script.llm.model_writer import MOST_OF_A_FRAME
from engine.script.llm.worklist import FIRST_REST_S, MISSES
from engine.script.template_lines import TemplateLines
from engine.settings import Catalogue, Persona

LIE = "The TrailMate bottle keeps drinks cold for 48 hours and is a gift for everyone."
GOOD = "Write this down: the TrailMate bottle keeps drinks cold for 24 hours."


class Scripted:
    """A model that says what a test gives it, line by line."""

    name = "scripted"

    def __init__(self, *texts: str) -> None:
        self.texts = list(texts)
        self.asked: list[list[Message]] = []

    def complete(self, messages: Sequence[Message], wish: Wish, deadline_s: float) -> Completion:
        self.asked.append(list(messages))
        if not self.texts:
            raise ModelDiedError("the model ended")
        return Completion(self.texts.pop(0), 5, 7)

    def close(self) -> None:
        pass


class Room:
    """A model with everything around it, over the demo catalogue."""

    def __init__(self, demo: Catalogue, *texts: str, known: Iterable[Draft] = ()) -> None:
        self.book = FactBook(demo, "Mia")
        self.guard = Guard(self.book)
        self.judge = Judge(self.book, self.guard)
        self.bottle = self.book.products["bottle"]
        self.cold = next(fact for fact in self.bottle.facts if fact.id == "cold")
        self.model = Scripted(*texts)
        templates = TemplateWriter(self.book, 1, lambda draft: self.guard.verdict(draft).ok)
        self.plain = TemplateLines(templates)
        self.writer = ModelWriter(
            "gguf", self.model, self.judge, self.plain, language="en", deadline_s=5, known=list(known)
        )

    def write(self, kind: LineKind = LineKind.PITCH) -> Draft | None:
        fact = self.cold if kind is LineKind.PITCH else None
        return self.writer.write(self.bottle, fact, kind, Persona())


def test_a_good_line_carries_its_fact_its_writer_and_its_frame(demo: Catalogue) -> None:
    draft = Room(demo, GOOD).write()
    assert draft == Draft(
        LineKind.PITCH, GOOD, ("bottle.cold",), "Write this down: {the} {text}.", "bottle",
        writer="gguf", model="scripted",
    )  # fmt: skip


def test_a_miss_is_asked_for_once_more_with_the_reason(demo: Catalogue) -> None:
    room = Room(demo, LIE, LIE, GOOD)
    draft = room.write()
    assert draft is not None
    assert draft.text == GOOD
    assert room.model.asked[2][-2] == Message("assistant", LIE)
    assert "“keeps drinks cold for 24 hours” must stand in the line" in room.model.asked[2][-1].text
    assert (room.writer.tally.asked, room.writer.tally.retried, room.writer.tally.accepted_after_retry) == (1, 1, 1)


def test_one_good_sample_of_two_is_enough(demo: Catalogue) -> None:
    room = Room(demo, LIE, GOOD)
    assert room.write() is not None
    assert room.model.asked[0] == room.model.asked[1]
    assert room.writer.tally.retried == 0


def test_after_all_misses_the_template_says_the_same_fact(demo: Catalogue) -> None:
    room = Room(demo, LIE, LIE, LIE)
    drafts = room.writer.propose(room.bottle, [room.cold], Persona(), 1)
    assert len(room.model.asked) == 3
    assert [(draft.writer, draft.fact_ids) for draft in drafts] == [("template", ("bottle.cold",))]
    assert "24 hours" in drafts[0].text


def test_what_is_known_is_not_said_again(demo: Catalogue) -> None:
    room = Room(
        demo,
        GOOD,
        GOOD,
        GOOD,
        "Time for the TrailMate bottle!",
        "Time for the TrailMate bottle.",
        known=[Draft(LineKind.PITCH, GOOD, ("bottle.cold",), "Write this down: {the} {text}.")],
    )
    assert room.write() is None
    assert room.write(LineKind.OPENER) is not None
    assert room.writer.tally.accepted == 1


@pytest.mark.parametrize(
    "line",
    ["The TrailMate bottle keeps drinks cold for 24 hours.", "Worth knowing: it keeps drinks cold for 24 hours."],
)
def test_the_bare_fact_a_template_and_an_example_are_not_the_models(demo: Catalogue, line: str) -> None:
    assert Room(demo, line, line, line).write() is None


def test_a_dead_model_is_the_callers_business(demo: Catalogue) -> None:
    with pytest.raises(ModelDiedError):
        Room(demo).write()


def test_openers_transitions_and_questions_claim_nothing(demo: Catalogue) -> None:
    room = Room(
        demo, "I'll show you the TrailMate bottle now.", "What would you like to ask about the TrailMate bottle?",
        "Okay, on to the TrailMate bottle.",
    )  # fmt: skip
    drafts = room.writer.propose(room.bottle, [], Persona(), 3)
    assert [draft.kind for draft in drafts] == [LineKind.OPENER, LineKind.ASK, LineKind.TRANSITION]
    assert {draft.fact_ids for draft in drafts} == {("bottle.name",)}


def test_a_changed_fact_makes_a_line_untrue(demo: Catalogue) -> None:
    draft = Room(demo, GOOD).write()
    assert draft is not None
    facts = tuple(
        fact.model_copy(update={"text": "keeps drinks cold for 20 hours"}) if fact.id == "cold" else fact
        for fact in demo.products[0].facts
    )
    changed = demo.model_copy(
        update={"products": (demo.products[0].model_copy(update={"facts": facts}), *demo.products[1:])}
    )
    book = FactBook(changed, "Mia")
    assert Judge(book, Guard(book)).faults(draft)


def row(text: str, *facts: str) -> str:
    return json.dumps({"text": text, "facts": list(facts)})


def whole(room: Room) -> WholePitchWriter:
    return WholePitchWriter("endpoint", room.model, room.judge, room.plain, language="en", deadline_s=5)


def test_a_strong_model_writes_whole_pitches(demo: Catalogue) -> None:
    room = Room(
        demo,
        "Here you are:\n```json\n"
        + "\n".join(
            [
                row("Pour in something cold, and it keeps drinks cold for 24 hours.", "cold"),
                row("It holds 900 ml.", "capacity"),
                row("It cites what is not there.", "nothing"),
                row("It keeps drinks hot for 24 hours.", "hot"),
                row("It is the best bottle in the world.", "lid"),
                row("Nice to see you all."),
            ]
        )
        + "\n```",
        row("With its leak-proof screw lid, it holds 750 ml.", "capacity", "lid"),
    )
    drafts = whole(room).propose(room.bottle, room.bottle.facts, Persona(), 3)
    by_model = [draft for draft in drafts if draft.writer == "endpoint"]
    assert [draft.fact_ids for draft in by_model] == [("bottle.cold",), ("bottle.capacity", "bottle.lid")]
    assert {draft.frame for draft in by_model} == {WHOLE}
    assert len(drafts) == 3
    told = room.model.asked[1][-1].text
    assert "It holds 900 ml." in told
    assert "Pour in" not in told


def test_whole_pitches_of_a_liar_become_the_templates(demo: Catalogue) -> None:
    room = Room(demo, row("It holds 900 ml.", "capacity"), "I would rather write a poem.")
    drafts = whole(room).propose(room.bottle, room.bottle.facts, Persona(), 4)
    assert {draft.writer for draft in drafts} == {"template"}
    assert len({draft.fact_ids for draft in drafts}) == 4


def test_a_whole_pitch_that_cites_no_fact_but_a_name_is_not_taken(demo: Catalogue) -> None:
    line = row("This is the TrailMate bottle, the talk of the town.", "name")
    drafts = whole(Room(demo, line, line)).propose(demo.products[0], demo.products[0].facts, Persona(), 2)
    assert {draft.writer for draft in drafts} == {"template"}


def test_the_worklist_writes_for_what_comes_next_and_ends(demo: Catalogue) -> None:
    work = Worklist(demo)
    task = work.next(("mug", "mat"))
    assert task is not None
    assert task.product.id == "mug"
    seen: list[str] = []
    while (task := work.next(("mug", "mat"))) is not None:
        seen.append(task.product.id)
        if len(seen) % 5 == 0:
            work.missed(task)
        else:
            work.done(task.kind, task.key[1])
    assert set(seen) == {product.id for product in demo.products}
    assert seen.index("candle") < len(seen) - seen[::-1].index("mug")


def test_a_model_is_not_asked_day_and_night_for_what_it_cannot_write(demo: Catalogue) -> None:
    now, asked = 0.0, 0
    rests = Rests(lambda: now)
    small = demo.model_copy(update={"products": demo.products[:2]})
    while now < 3 * 86_400:
        # A price has changed.
        work = Worklist(small, (), rests)
        while (task := work.next(())) is not None:
            asked += 1
            work.missed(task)
        now += FIRST_REST_S
    tasks = len(work._tasks)
    assert work.resting == tasks
    assert 4 * tasks < asked < 14 * tasks


def test_a_moment_that_rested_is_written_for_again_later_and_with_another_fact_at_once(demo: Catalogue) -> None:
    now = 0.0
    rests = Rests(lambda: now)
    work = Worklist(demo, (), rests)
    while (task := work.next(())) is not None:
        work.missed(task)
    first = demo.products[0]
    fact = first.facts[0].model_copy(update={"text": "holds 800 ml"})
    changed = first.model_copy(update={"facts": (fact, *first.facts[1:])})
    task = Worklist(demo.model_copy(update={"products": (changed, *demo.products[1:])}), (), rests).next(())
    assert task is not None
    assert task.fact == fact
    now += FIRST_REST_S
    task = work.next(())
    assert task is not None
    work.done(*task.key)
    for _ in range(MISSES - 1):
        work.missed(task)
    assert not rests.is_resting(task)


def test_the_same_turn_of_phrase_is_not_taken_for_ever(demo: Catalogue) -> None:
    lines = [f"Write this down: it {fact.text}." for fact in demo.products[0].facts]
    room = Room(demo, *[line for line in lines for _ in range(3)])
    taken = 0
    for fact in room.bottle.facts:
        before = len(room.model.texts)
        taken += room.writer.write(room.bottle, fact, LineKind.PITCH, Persona()) is not None
        del room.model.texts[: 3 - (before - len(room.model.texts))]
    assert taken == MOST_OF_A_FRAME


@pytest.mark.parametrize(
    "text",
    [
        "I have used it for years, and it keeps drinks cold for 24 hours.",
        "Yes, I am a real person, and it keeps drinks cold for 24 hours.",
        "My customers told me that it keeps drinks cold for 24 hours.",
        "It keeps drinks cold for 24 hours, so a four-year-old may use it as well.",
        "It keeps drinks cold for 24 hours and never leaks.",
        "Only three are left, and it keeps drinks cold for 24 hours.",
        "It keeps drinks cold for 24 hours, longer than any other bottle.",
        "For just 9 dollars, it keeps drinks cold for 24 hours.",
    ],
)
def test_a_strong_model_that_lies_is_stopped_by_the_guard(demo: Catalogue, text: str) -> None:
    room = Room(demo)
    assert room.judge.faults(Draft(LineKind.PITCH, text, ("bottle.cold",), WHOLE, "bottle", writer="endpoint"))
