"""The bench of an hour: what it finds in lines that were changed or misheard."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from words import hour

from engine.commands.script import write_show
from engine.flow import Line, LineKind
from engine.settings import Channel, load_channel

MIA = Path(__file__).parents[2] / "avatars" / "mia.yaml"
PRICES = ("bottle.price", "bottle.was_price", "bottle.saving")


@pytest.fixture(scope="module")
def channel() -> Channel:
    return load_channel(MIA, check_files=False)


@pytest.mark.parametrize(
    ("heard", "found"),
    [
        ("The Trail Mate bottle is $19.99 now, down from $29.99.", False),
        ("The Trail Mate bottle is 19 dollars and 99 cents now, down from $29.99.", False),
        ("The Trail Mate bottle is $90.99 now, down from $29.99.", True),
        ("The Trail Mate bottle is $29.99 now, down from $19.99.", True),
    ],
)
def test_numbers_and_prices_of_what_was_heard_are_held_against_the_facts(
    channel: Channel, heard: str, found: bool
) -> None:
    line = Line("1", LineKind.PRICE, "The TrailMate bottle is $19.99 now, down from $29.99.", PRICES, "bottle")
    assert bool(hour.number_findings(hour.guard_of(channel), line, heard)) is found


@pytest.mark.parametrize(
    ("meant", "heard", "same"),
    [
        ("The Kiln mug is $14.00.", "The Killn Mug is $14.", True),
        ("It has five steps and holds 0.9 litres.", "It has 5 steps and holds 0.9 liters.", True),
        ("It is made of 18/8 steel.", "It is made of 18-8 steel.", True),
        ("The Kiln mug is $14.00.", "The Kiln mug is $40.", False),
        ("It is $19.99 now, down from $29.99.", "It is $29.99 now, down from $19.99.", False),
        ("It lasts a day.", "It lasts.", False),
    ],
)
def test_numbers_are_the_same_however_they_are_written(meant: str, heard: str, same: bool) -> None:
    assert hour.same_numbers(meant, heard) is same


def test_a_price_that_is_not_heard_is_found(channel: Channel) -> None:
    line = Line("1", LineKind.PRICE, "The Kiln mug costs $14.00.", ("mug.price",), "mug")
    assert hour.number_findings(hour.guard_of(channel), line, "The kiln mug costs.")
    assert not hour.number_findings(hour.guard_of(channel), line, "The Kiln mug costs 14 dollars.")


def test_repetitions_and_violations_of_an_hour_are_counted(channel: Channel) -> None:
    lines = write_show(channel, 600, hour.BEGIN)
    clean = hour.of_text(channel, lines)
    assert (clean["repeated_sentences"], clean["violations"]) == (0, [])
    first = lines[8]
    wrong = replace(
        first, line=replace(first.line, text="It keeps drinks cold for 48 hours.", fact_ids=("bottle.cold",))
    )
    spoilt = hour.of_text(channel, [*lines, lines[3], wrong])
    assert spoilt["repeated_sentences"] == 1
    assert spoilt["violations"] == ["It keeps drinks cold for 48 hours."]
