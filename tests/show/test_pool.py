"""Lines of a language model in the show: in their moment, never twice in an hour, never when they may not be said."""

from __future__ import annotations

from dataclasses import replace

from engine.flow import LineKind
from engine.script import Draft
from engine.script.choose import TEXT_WINDOW
from engine.show.pool import MOST_EACH, REST, DraftPool, key_of

COLD = Draft(LineKind.PITCH, "It keeps drinks cold for 24 hours.", ("bottle.cold",), "{The} {text}.", "bottle")
OPENER = Draft(LineKind.OPENER, "Next up is the mug.", ("mug.name", "mug.number"), "Next up is {the}.", "mug", "lively")
GO_ON = Draft(LineKind.TRANSITION, "On to the mat.", ("mug.name", "mat.name"), "On to {next}.", "mug")


def written(kind: LineKind, text: str, fact_id: str, *, follows: bool = False) -> Draft:
    product = fact_id.partition(".")[0]
    return Draft(kind, text, (fact_id,), text, product, writer="gguf", model="m", follows=follows)


def pool(share: float = 1.0, refused: tuple[str, ...] = ()) -> DraftPool:
    return DraftPool(share, 1, lambda draft: draft.text not in refused)


def test_each_moment_has_its_lines() -> None:
    lines = pool()
    lines.add(
        [
            written(LineKind.PITCH, "Cold one.", "bottle.cold"),
            written(LineKind.PITCH, "Hot one.", "bottle.hot"),
            written(LineKind.OPENER, "Mug comes.", "mug.name"),
            written(LineKind.TRANSITION, "Now the mat.", "mat.name"),
            written(LineKind.TRANSITION, "Now the mug.", "mug.name"),
        ]
    )
    assert lines.waiting() == 5
    assert lines.instead_of(COLD).text == "Cold one."
    said = lines.instead_of(OPENER)
    assert (said.text, said.mood, said.writer, said.model) == ("Mug comes.", "lively", "gguf", "m")
    said = lines.instead_of(GO_ON)
    assert (said.text, said.product_id) == ("Now the mat.", "mug")


def test_prices_policies_and_answers_are_left_to_the_templates() -> None:
    for kind, ids in (
        (LineKind.PRICE, ("mug.price",)),
        (LineKind.PITCH, ("policy.shipping",)),
        (LineKind.ANSWER, ("mug.size",)),
        (LineKind.GREETING, ("shop.name",)),
        (LineKind.RECAP, ("mug.name", "mat.name")),
    ):
        assert key_of(Draft(kind, "Words.", ids, "frame", "mug")) is None


def test_no_line_comes_twice_within_an_hour() -> None:
    lines = pool()
    lines.add([written(LineKind.PITCH, "Cold one.", "bottle.cold")])
    other = replace(COLD, text="Template.", frame="other")
    said = [lines.instead_of(COLD if i % 2 else other).text for i in range(TEXT_WINDOW + 3)]
    assert said.count("Cold one.") == 2
    assert said[0] == said[-1] == "Cold one."


def test_what_an_earlier_run_said_counts() -> None:
    lines = pool()
    lines.add([written(LineKind.PITCH, "Cold one.", "bottle.cold")])
    lines.remember(["Cold one.", "Something else."])
    assert lines.instead_of(COLD) == COLD


def test_a_line_that_may_no_longer_be_said_is_let_go() -> None:
    lines = pool(refused=("Cold one.",))
    lines.add([written(LineKind.PITCH, "Cold one.", "bottle.cold")])
    assert lines.instead_of(COLD) == COLD
    assert lines.waiting() == 0


def test_changed_facts_take_their_lines_with_them() -> None:
    lines = pool()
    lines.add([written(LineKind.PITCH, "Cold one.", "bottle.cold"), written(LineKind.OPENER, "Mug.", "mug.name")])
    lines.drop(frozenset({"bottle.cold"}))
    assert lines.waiting() == 1
    assert lines.instead_of(COLD) == COLD


def test_also_comes_only_behind_a_fact_of_the_same_product() -> None:
    lines = pool()
    lines.add([written(LineKind.PITCH, "Also cold.", "bottle.cold", follows=True)])
    assert lines.instead_of(COLD) == COLD
    assert lines.instead_of(COLD).text == "Also cold."


def test_the_share_and_the_bounds_are_kept() -> None:
    lines = pool(share=0.0)
    lines.add(written(LineKind.PITCH, f"Cold {i}.", "bottle.cold") for i in range(3 * MOST_EACH))
    lines.add([written(LineKind.PITCH, f"Cold {3 * MOST_EACH - 1}.", "bottle.cold")])
    assert lines.waiting() == MOST_EACH
    assert lines.instead_of(COLD) == COLD
    half = pool(share=0.5)
    half.add(written(LineKind.PITCH, f"Cold {i}.", "bottle.cold") for i in range(MOST_EACH))
    by_model = sum(half.instead_of(COLD).writer == "gguf" for _ in range(20))
    assert 4 <= by_model <= 16


def test_what_was_said_days_ago_is_forgotten_but_for_the_turns_of_lines_that_wait() -> None:
    """A price that changes makes new sentences for ever; 40,000 lines are some three days of show."""
    lines = pool()
    lines.add(written(LineKind.PITCH, f"Cold {i}.", "bottle.cold") for i in range(3))
    told = []
    for i in range(40_000):
        price = f"The bottle is ${i / 100:.2f} today."
        lines.instead_of(replace(COLD, kind=LineKind.PRICE, text=price, frame=price))
        if i % 2000 == 0:
            told.append(lines.instead_of(COLD).text)
    assert told[:6] == ["Cold 0.", "Cold 1.", "Cold 2."] * 2
    assert len(lines._said) <= 2 * TEXT_WINDOW + 3
    assert len(lines._frames) <= TEXT_WINDOW + REST + 3
