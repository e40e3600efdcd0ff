"""Lines that no voice could speak come again, and one that is at fault itself keeps nothing from the air."""

from __future__ import annotations

from decimal import Decimal

from engine.flow import Line, LineKind
from engine.records import Ledger
from engine.settings import Channel, Product
from engine.show import Director
from engine.show.put_back import PutBack


def line(name: str) -> Line:
    return Line(name, LineKind.PITCH, f"This is {name}.")


def test_two_lines_take_turns_until_one_is_spoken_and_then_the_other_follows() -> None:
    put_back = PutBack()
    a, b = line("a"), line("b")
    assert put_back.next() is None
    assert put_back.add(a)
    assert put_back.next() is None, "another line shows whether it is the first one's fault"
    assert put_back.add(b)
    for each in (a, b, a):
        assert put_back.next() is each
        assert put_back.add(each)
    assert put_back.next() is b
    put_back.was_spoken()
    assert put_back.next() is a
    put_back.was_spoken()
    assert put_back.next() is None


def test_a_line_that_fails_again_after_another_one_was_spoken_is_at_fault() -> None:
    put_back = PutBack()
    a, b = line("a"), line("b")
    put_back.add(a)
    put_back.was_spoken()
    assert put_back.next() is a
    assert not put_back.add(a)
    assert put_back.next() is None
    assert put_back.add(b), "another line begins anew"


def test_what_fails_again_while_nothing_was_spoken_is_not_at_fault() -> None:
    put_back = PutBack()
    a, b = line("a"), line("b")
    put_back.add(a)
    put_back.add(b)
    for _ in range(20):
        again = put_back.next()
        assert again is not None
        assert put_back.add(again)


def opened(channel: Channel, ledger: Ledger) -> tuple[Director, Line]:
    """A director whose newest line tells the bottle's price, with that line."""
    director = Director(channel, ledger)
    return director, next(each for each in iter(director.next_line, None) if "bottle.price" in each.fact_ids)


def test_the_show_goes_on_with_the_line_and_leaves_none_out(channel: Channel, ledger: Ledger) -> None:
    director = Director(channel, ledger)
    made = [director.next_line() for _ in range(2)]
    for each in made:
        assert director.put_back(each)
    again = [director.next_line()]
    director.was_spoken()
    again.append(director.next_line())
    director.was_spoken()
    assert again == made
    assert director.next_line().line_id == "1-3"
    assert ledger.dropped_lines() == ()


def test_it_comes_in_the_manner_of_now(channel: Channel, ledger: Ledger) -> None:
    director, priced = opened(channel, ledger)
    director.put_back(priced)
    director.was_spoken()
    director.set_manner("calm", None)
    again = director.next_line()
    assert (again.line_id, again.mood) == (priced.line_id, "calm")


def dropped(ledger: Ledger) -> dict[str, str]:
    return {each.line_id: each.dropped_why for each in ledger.dropped_lines()}


def test_it_leaves_with_its_product(channel: Channel, ledger: Ledger) -> None:
    director, priced = opened(channel, ledger)
    director.put_back(priced)
    director.was_spoken()
    director.leave()
    assert director.next_line().line_id != priced.line_id
    assert dropped(ledger) == {priced.line_id: "another product came before it could be spoken"}


def test_it_leaves_with_its_price(channel: Channel, ledger: Ledger) -> None:
    director, priced = opened(channel, ledger)
    first, *rest = channel.items.products
    dearer = Product.model_validate({**first.model_dump(), "price": Decimal("24.50"), "was_price": None})
    director.put_back(priced)
    director.was_spoken()
    stale = director.update_catalogue(channel.items.model_copy(update={"products": (dearer, *rest)}))
    assert priced.line_id in stale
    assert director.next_line().line_id != priced.line_id
    assert dropped(ledger) == {priced.line_id: "the catalogue changed"}


def test_a_notice_stays_when_its_show_goes_on_to_another_product(channel: Channel, ledger: Ledger) -> None:
    director = Director(channel, ledger)
    greeting, notice = director.next_line(), director.next_line()
    director.put_back(greeting)
    director.put_back(notice)
    director.pin("lamp")
    director.was_spoken()
    assert director.next_line() == notice
    assert director.next_line().product_id == "lamp"
