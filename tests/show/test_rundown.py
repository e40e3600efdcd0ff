"""Which product comes next: rounds, weights, the pinned one, interest, and what sells out."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from engine.settings import Catalogue, Channel, Show
from engine.show.rundown import Rundown


@pytest.fixture
def goods(channel: Channel) -> Catalogue:
    return channel.items


def rundown(goods: Catalogue, **keys: object) -> Rundown:
    return Rundown(goods, Show.model_validate(keys))


def take(order: Rundown, count: int) -> list[str]:
    return [order.next_product() for _ in range(count)]


def with_stock(goods: Catalogue, product_id: str, stock: int) -> Catalogue:
    products = tuple(p.model_copy(update={"stock": stock}) if p.id == product_id else p for p in goods.products)
    return goods.model_copy(update={"products": products})


def test_rounds_begin_in_the_catalogues_order_and_are_shuffled_then(goods: Catalogue) -> None:
    ids = [product.id for product in goods.products]
    visits = take(rundown(goods), 36)
    assert visits[:12] == ids
    assert Counter(visits) == dict.fromkeys(ids, 3)
    assert visits[12:24] != ids
    assert visits[12:24] != visits[24:]


def test_a_listed_rotation_keeps_the_catalogues_order(goods: Catalogue) -> None:
    assert take(rundown(goods, rotation="listed"), 24) == [product.id for product in goods.products] * 2


def test_weights_are_turns_a_round_spread_over_it(goods: Catalogue) -> None:
    visits = take(rundown(goods, weights={"candle": 3, "pan": 0}), 13 * 6)
    turns = Counter(visits)
    assert turns["candle"] == 18
    assert turns["pan"] == 0
    assert turns["mug"] == 6
    assert all(a != b for a, b in pairwise(visits))
    places = [i for i, product in enumerate(visits) if product == "candle"]
    assert max(b - a for a, b in pairwise(places)) <= 9


def test_new_weights_hold_at_once(goods: Catalogue) -> None:
    order = rundown(goods)
    take(order, 3)
    only = {product.id: 0 for product in goods.products} | {"mug": 1, "mat": 1}
    order.weigh(only)
    assert set(take(order, 6)) == {"mug", "mat"}
    order.weigh(only)
    assert Counter(take(order, 6)) == {"mug": 3, "mat": 3}


def test_when_every_weight_is_zero_everything_is_shown(goods: Catalogue) -> None:
    order = rundown(goods, weights={product.id: 0 for product in goods.products})
    assert len(set(take(order, 12))) == 12


def test_the_pinned_product_comes_back_after_every_few_others(goods: Catalogue) -> None:
    visits = take(rundown(goods, pinned="mug", pin_every=3), 60)
    places = [i for i, product in enumerate(visits) if product == "mug"]
    assert {b - a for a, b in pairwise(places)} <= {1, 2, 3, 4}
    assert max(b - a for a, b in pairwise(places)) == 4
    assert len(set(visits)) == 12


def test_what_is_asked_about_comes_next_but_not_always(goods: Catalogue) -> None:
    order = rundown(goods)
    assert order.next_product() == "bottle"
    order.asked("pan")
    order.asked("pan")
    order.asked("mat")
    assert order.peek() == "pan"
    assert take(order, 3) == ["pan", "lamp", "mat"]
    assert Counter(take(order, 8))["pan"] == 0


def test_what_was_announced_comes_although_another_one_is_asked_about(goods: Catalogue) -> None:
    order = rundown(goods)
    order.next_product()
    assert order.announce() == "lamp"
    order.asked("pan")
    assert take(order, 2) == ["lamp", "pan"]


def test_what_sells_out_leaves_at_once_and_is_told_once(goods: Catalogue) -> None:
    order = rundown(goods)
    order.next_product()
    assert order.announce() == "lamp"
    order.asked("lamp")
    gone = with_stock(goods, "lamp", 0)
    order.replace(gone)
    assert order.sold_out() == "lamp"
    assert order.sold_out() is None
    assert "lamp" not in take(order, 40)
    order.replace(gone)
    assert order.sold_out() is None
    order.replace(goods)
    assert "lamp" in take(order, 13)


def test_what_sold_out_is_told_although_another_version_came_before_that(goods: Catalogue) -> None:
    order = rundown(goods)
    gone = with_stock(goods, "lamp", 0)
    order.replace(gone)
    order.replace(with_stock(gone, "mug", 7))
    assert order.sold_out() == "lamp"
    order.replace(with_stock(gone, "mug", 0))
    order.replace(gone)
    assert order.sold_out() is None


def test_a_fact_told_in_an_answer_waits_for_its_next_turn(goods: Catalogue) -> None:
    order = rundown(goods)
    take(order, 1)
    first = order.facts("bottle", 2)
    order.told("bottle.hot")
    assert "bottle.hot" not in (*first, *order.facts("bottle", 5))
    assert "bottle.hot" in order.facts("bottle", 8)


def test_one_product_follows_itself_and_announces_nothing(goods: Catalogue) -> None:
    order = rundown(goods.model_copy(update={"products": goods.products[:1]}))
    assert take(order, 2) == ["bottle", "bottle"]
    assert order.announce() is None
