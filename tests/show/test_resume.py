"""A show that goes on in another process goes on where it was."""

from __future__ import annotations

import pytest

from engine.flow import Line, LineKind
from engine.records import Ledger
from engine.settings import Channel
from engine.show import Director


def broken_off(channel: Channel, ledger: Ledger, count: int, more: int = 30) -> tuple[list[Line], list[Line]]:
    """``count`` lines of one director, and ``more`` of another one that goes on behind them."""
    first = Director(channel, ledger)
    said = [first.next_line() for _ in range(count)]
    second = Director(channel, ledger)
    second.resume(said)
    return said, [second.next_line() for _ in range(more)]


@pytest.mark.parametrize("count", [7, 8, 9, 11, 20, 45])
def test_no_greeting_and_no_sentence_comes_again(channel: Channel, ledger: Ledger, count: int) -> None:
    said, later = broken_off(channel, ledger, count)
    assert not [line for line in later if line.kind is LineKind.GREETING]
    assert not {line.text for line in said} & {line.text for line in later}


@pytest.mark.parametrize("count", range(6, 30))
def test_a_visit_that_was_broken_off_is_gone_on_with_and_no_fact_is_told_twice_in_it(
    channel: Channel, ledger: Ledger, count: int
) -> None:
    said, later = broken_off(channel, ledger, count)
    last = said[-1]
    begun = max(i for i, line in enumerate(said) if line.kind is LineKind.OPENER)
    if any(line.kind is LineKind.PRICE for line in said[begun:]):
        assert later[0].product_id != last.product_id, "the visit is over"
        return
    told = [fact_id for line in said[begun:] if line.kind is LineKind.PITCH for fact_id in line.fact_ids]
    rest = later[: next(i for i, line in enumerate(later) if line.kind is LineKind.PRICE) + 1]
    assert {line.product_id for line in rest} == {last.product_id}
    assert LineKind.OPENER not in {line.kind for line in rest}
    told += [fact_id for line in rest if line.kind is LineKind.PITCH for fact_id in line.fact_ids]
    assert len(told) == len(set(told)) <= channel.show.facts_per_visit


def test_products_come_in_the_order_that_they_would_have_had(channel: Channel, ledger: Ledger) -> None:
    said, later = broken_off(channel, ledger, 20, 60)
    products = list(dict.fromkeys(line.product_id for line in [*said, *later] if line.kind is LineKind.OPENER))
    assert products[:8] == [product.id for product in channel.items.products][:8]


def test_the_notice_comes_when_it_would_have_come(channel: Channel, ledger: Ledger) -> None:
    whole = Director(channel, ledger)
    lines = [whole.next_line() for _ in range(260)]
    notices = [i for i, line in enumerate(lines) if line.kind is LineKind.NOTICE]
    cut = notices[1] - 20
    second = Director(channel, ledger)
    second.resume(lines[:cut])
    later = [second.next_line() for _ in range(60)]
    assert 10 <= next(i for i, line in enumerate(later) if line.kind is LineKind.NOTICE) <= 32


def test_a_show_that_had_only_begun_begins_again(channel: Channel, ledger: Ledger) -> None:
    _, later = broken_off(channel, ledger, 1)
    assert later[0].kind is LineKind.GREETING


def test_a_line_that_is_taken_over_is_judged_and_followed(channel: Channel, ledger: Ledger) -> None:
    first = Director(channel, ledger)
    line = next(each for each in iter(first.next_line, None) if "bottle.price" in each.fact_ids)
    products = tuple(
        product.model_copy(update={"price": product.price + 5}) if product.id == "bottle" else product
        for product in channel.items.products
    )
    dearer = channel.items.model_copy(update={"products": products})
    second = Director(channel.model_copy(update={"items": dearer}), ledger)
    assert not second.adopt(line)
    third = Director(channel, ledger)
    assert third.adopt(line)
    assert third.update_catalogue(dearer) == {line.line_id}
