"""The spoken AI notice is said for certain: one that was not said to its end comes again at once."""

from __future__ import annotations

import pytest

from engine.flow import Line, LineKind
from engine.records import Ledger
from engine.settings import Channel
from engine.show import Director
from engine.show.notices import MOST_IN_A_ROW


def until_notice(director: Director) -> list[Line]:
    lines = [director.next_line()]
    while lines[-1].kind is not LineKind.NOTICE:
        lines.append(director.next_line())
    return lines


def test_one_that_was_dropped_is_due_at_once(channel: Channel, ledger: Ledger) -> None:
    director = Director(channel, ledger)
    first = until_notice(director)[-1]
    director.next_line()
    director.drop([first.line_id], "taken back")
    again = director.next_line()
    assert (again.kind, again.line_id != first.line_id) == (LineKind.NOTICE, True)
    assert director.next_line().kind is not LineKind.NOTICE


def test_one_that_was_cut_on_air_is_due_at_once_and_another_line_is_not(channel: Channel, ledger: Ledger) -> None:
    director = Director(channel, ledger)
    greeting, notice = until_notice(director)
    director.cut_short(greeting)
    assert director.next_line().kind is not LineKind.NOTICE
    director.cut_short(notice)
    assert director.next_line().kind is LineKind.NOTICE


@pytest.mark.parametrize("change", ["leave", "pin", "catalogue"])
@pytest.mark.parametrize("made", [0, 1])
def test_one_that_was_planned_is_not_forgotten(channel: Channel, ledger: Ledger, change: str, made: int) -> None:
    director = Director(channel, ledger)
    for _ in range(made):
        director.next_line()
    if change == "leave":
        director.leave()
    elif change == "pin":
        director.pin("lamp")
    else:
        director.update_catalogue(channel.items.model_copy(update={"products": channel.items.products[1:]}))
    assert director.next_line().kind is LineKind.NOTICE
    assert director.next_line().kind is LineKind.OPENER


def test_a_show_that_goes_on_without_one_says_it_first(channel: Channel, ledger: Ledger) -> None:
    first = Director(channel, ledger)
    said = [each for each in (first.next_line() for _ in range(9)) if each.kind is not LineKind.NOTICE]
    second = Director(channel, ledger)
    second.resume(said)
    assert second.next_line().kind is LineKind.NOTICE


def test_one_of_the_show_before_that_is_taken_back_comes_again(channel: Channel, ledger: Ledger) -> None:
    first = Director(channel, ledger)
    said = [first.next_line() for _ in range(9)]
    (notice,) = (line for line in said if line.kind is LineKind.NOTICE)
    second = Director(channel, ledger)
    second.resume(said)
    assert second.next_line().kind is not LineKind.NOTICE
    second.drop([notice.line_id], "lost with the process that held it")
    assert second.next_line().kind is LineKind.NOTICE


def test_where_it_cannot_be_spoken_at_all_the_show_goes_on_between_its_tries(channel: Channel, ledger: Ledger) -> None:
    director = Director(channel, ledger)
    kinds = []
    for _ in range(40):
        line = director.next_line()
        kinds.append(line.kind)
        if line.kind is LineKind.NOTICE:
            director.drop([line.line_id], "no voice could speak it")
    others = [i for i, kind in enumerate(kinds) if kind is not LineKind.NOTICE]
    assert len(others) >= 8
    assert kinds[1 : 1 + MOST_IN_A_ROW] == [LineKind.NOTICE] * MOST_IN_A_ROW
    assert kinds[1 + MOST_IN_A_ROW] is not LineKind.NOTICE
