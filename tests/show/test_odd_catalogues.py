"""Catalogues as merchants may write them: bare, in other currencies, with names that look like claims."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.flow import Line, LineKind, Question
from engine.settings import Catalogue, Channel
from engine.show import Director

Direct = Callable[[Channel], Director]

NAMES = [
    "Mug",
    "iPhone 15 Case",
    "Best Friend Mug 2.0",
    "Dr. Baker's Soap No. 5",
    "Perfect Fit Sock (3 pairs)",
    "Vitamin C Serum 30 ml",
    "Café Olé – Kaffeebecher",
    "100% Wool Scarf",
    "The Big Red Chair",
    "USB-C Hub 7-in-1",
]


def product(number: int, name: str) -> dict[str, object]:
    facts = [
        {"id": "one", "type": "material", "text": "It is made of 100% merino wool."},
        {"id": "two", "type": "size", "text": "is 3 × 4 cm, which is about the size of a coin"},
        {"id": "three", "type": "feature", "text": "folds"},
    ]
    return {"id": f"p{number}", "name": name, "price": "1234.5", "currency": "EUR", "stock": number % 3, "facts": facts,
            "pictures": ["x.png"]}  # fmt: skip


@pytest.fixture
def odd(channel: Channel) -> Channel:
    data = {"shop": "Tom & Ann's", "products": [product(i, name) for i, name in enumerate(NAMES, start=1)]}
    return channel.model_copy(update={"items": Catalogue.model_validate(data)})


def test_every_product_is_shown_with_its_facts_and_price(odd: Channel, direct: Direct) -> None:
    director = direct(odd)
    lines: list[Line] = [director.next_line() for _ in range(500)]
    told = {fact_id for line in lines for fact_id in line.fact_ids}
    for item in odd.items.products:
        if item.stock:
            assert {f"{item.id}.{key}" for key in ("one", "two", "three", "price")} <= told, item.name
            assert any(line.kind is LineKind.OPENER and item.name in line.text for line in lines), item.name
        else:
            assert f"{item.id}.stock" in told, item.name
    assert not any(".." in line.text or " It " in line.text or "the The" in line.text for line in lines)


def test_prices_are_in_the_shops_currency(odd: Channel, direct: Direct) -> None:
    director = direct(odd)
    assert director.cards()[0].price == "€1,234.50"
    line = director.answer(Question("q", "Ann", "how much is the soap?"))
    assert "€1,234.50" in line.text
    assert line.product_id == "p4"
    assert director.answer(Question("q", "Ann", "how much is item 4?")).fact_ids == ("p4.price",)
