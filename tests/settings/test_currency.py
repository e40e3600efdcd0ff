"""In which currency prices are said: never one that the merchant did not name."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from engine.settings import Given, Loaded, Origin, SettingsError, load_channel, read_catalogue

YAML_SHOP = """\
shop: A
products:
  - {id: mug, name: Mug, price: 5, stock: 3, facts: [{id: size, type: capacity, text: holds 300 ml}]}
  - {id: cup, name: Cup, price: 6, currency: GBP, stock: 3, facts: [{id: size, type: capacity, text: holds 200 ml}]}
"""


def read(tmp_path: Path, content: str, given: Given, name: str = "a.csv") -> Loaded:
    (tmp_path / name).write_text(content, "utf-8")
    return read_catalogue(Origin(tmp_path / name), given, check_files=False)


def currencies(loaded: Loaded) -> list[str]:
    assert loaded.problems == []
    assert loaded.catalogue is not None
    return [product.currency for product in loaded.catalogue.products]


@pytest.mark.parametrize(
    ("top", "channel", "expected"),
    [
        ("", "", ["USD", "GBP"]),
        ("", "currency: EUR\n", ["EUR", "GBP"]),
        ("currency: CHF\n", "", ["CHF", "GBP"]),
        ("currency: CHF\n", "currency: EUR\n", ["CHF", "GBP"]),
    ],
)
def test_the_currency_of_a_yaml_catalogue_is_its_own_else_the_channels(
    tmp_path: Path, top: str, channel: str, expected: list[str]
) -> None:
    (tmp_path / "shop.yaml").write_text(top + YAML_SHOP)
    (tmp_path / "ann.yaml").write_text(f"name: Ann\nbody: ann.ehb\ncatalogue: shop.yaml\n{channel}")
    items = load_channel(tmp_path / "ann.yaml", check_files=False).items
    assert [product.currency for product in items.products] == expected


def test_a_chinese_yaml_catalogue_without_any_currency_is_in_yuan(tmp_path: Path) -> None:
    text = YAML_SHOP.replace("shop: A", "shop: A\nlanguage: zh").replace("holds", "容量")
    assert currencies(read(tmp_path, text, Given(), "a.yaml")) == ["CNY", "GBP"]


@pytest.mark.parametrize(
    ("code", "hint"),
    [("usd", "write it as USD"), ("dollars", "use the three letters of the currency, such as USD or EUR")],
)
def test_a_currency_that_is_written_wrong_is_told_with_what_to_write(tmp_path: Path, code: str, hint: str) -> None:
    (tmp_path / "shop.yaml").write_text(YAML_SHOP)
    (tmp_path / "ann.yaml").write_text(f"name: Ann\nbody: ann.ehb\ncatalogue: shop.yaml\ncurrency: {code}\n")
    with pytest.raises(SettingsError) as caught:
        load_channel(tmp_path / "ann.yaml", check_files=False)
    (problem,) = caught.value.problems
    assert (problem.line, problem.key, problem.hint) == (4, "currency", hint)


def test_a_json_catalogue_with_facts_takes_the_currency_as_well(tmp_path: Path) -> None:
    own = {
        "shop": "A",
        "products": [{"id": "mug", "name": "Mug", "price": 5, "stock": 1,
                      "facts": [{"id": "size", "type": "capacity", "text": "holds 300 ml"}]}],
    }  # fmt: skip
    assert currencies(read(tmp_path, json.dumps(own), Given(currency="EUR"), "a.json")) == ["EUR"]
    assert currencies(read(tmp_path, json.dumps({**own, "currency": "CHF"}), Given(), "a.json")) == ["CHF"]


@pytest.mark.parametrize(
    ("heading", "cell", "expected"),
    [
        ("Price (EUR)", "99", "EUR"),
        ("Price (€)", "99", "EUR"),
        ("Price EUR", "99", "EUR"),
        ("£ price", "99", "GBP"),
        ("价格（美元）", "99", "USD"),
        ("价格(元)", "99", "CNY"),
        ("Price", "99 CHF", "CHF"),
        ("Price", "C$99", "CAD"),
    ],
)
def test_a_heading_or_a_sign_names_the_currency(tmp_path: Path, heading: str, cell: str, expected: str) -> None:
    loaded = read(tmp_path, f"Name,{heading},Stock,Material\nMug,{cell},1,clay\n", Given("A", language="en"))
    assert currencies(loaded) == [expected]
    assert loaded.catalogue is not None
    assert loaded.catalogue.products[0].price == Decimal(99)


@pytest.mark.parametrize(
    ("text", "given", "line", "key", "message", "hint"),
    [
        ("Name,Price,Stock,Material\nMug,99,1,clay\n", Given("A"), 2, "Price", "in which currency", "currency: …"),
        ("Name,Price,Stock,Material\nMug,¥99,1,clay\n", Given("A"), 2, "Price", "yuan or in yen", "CNY or JPY"),
        ("Name,Price (¥),Stock,Material\nMug,99,1,clay\n", Given("A", "USD"), 1, "Price (¥)", "yuan or yen", "JPY"),
        (
            "Name,Price (EUR),Stock,Material\nMug,$5,1,clay\n",
            Given("A"),
            2,
            "Price (EUR)",
            "“$5” is in USD, and the row says EUR elsewhere",
            "keep one",
        ),
        (
            "Name,Price,Was price,Stock,Material\nMug,$5,€6,1,clay\n",
            Given("A"),
            2,
            "Was price",
            "“€6” is in EUR, and the row says USD elsewhere",
            "keep one",
        ),
        (
            "Name,Price,Was price,Stock,Material\nMug,5,€6,1,clay\n",
            Given("A", "USD"),
            2,
            "Was price",
            "“€6” is in EUR, and the row says USD elsewhere",
            "keep one",
        ),
        (
            "Name,Price (EUR),Currency,Stock,Material\nMug,5,USD,1,clay\n",
            Given("A"),
            2,
            "Price (EUR)",
            "says EUR, and the row says USD elsewhere",
            "keep one",
        ),
        (
            "Name,Price,Currency,Stock,Material\nMug,5,dollars,1,clay\n",
            Given("A", "USD"),
            2,
            "Currency",
            "“dollars” is not a currency",
            "three letters",
        ),
        (
            "Name,Price,Stock,Material\nMug,$5,1,clay\nCup,€6,1,clay\nPot,7,1,clay\n",
            Given("A"),
            4,
            "Price",
            "in which currency “Pot” is, and the others differ",
            "currency: …",
        ),
    ],
)
def test_what_is_not_certain_is_told_with_row_and_column(
    tmp_path: Path, text: str, given: Given, line: int, key: str, message: str, hint: str
) -> None:
    (problem,) = read(tmp_path, text, given).problems
    assert (problem.line, problem.key) == (line, key)
    assert message in problem.message
    assert hint in problem.hint


def test_the_only_currency_of_a_table_is_that_of_the_prices_without_one(tmp_path: Path) -> None:
    text = "Name,Price,Stock,Material\nMug,€5,1,clay\nCup,6,1,clay\n"
    assert currencies(read(tmp_path, text, Given("A"))) == ["EUR", "EUR"]


def test_which_dollar_a_sign_is_says_the_channel(tmp_path: Path) -> None:
    text = "Name,Price,Stock,Material\nMug,$5,1,clay\n"
    assert currencies(read(tmp_path, text, Given("A", "CAD"))) == ["CAD"]
    assert currencies(read(tmp_path, text, Given("A", "EUR"))) == ["USD"]


def test_an_export_without_a_currency_needs_one(tmp_path: Path) -> None:
    text = "Handle,Title,Vendor,Variant Price,Option1 Name,Option1 Value\nmug,Mug,A,12.50,Color,red\n"
    (problem,) = read(tmp_path, text, Given()).problems
    assert (problem.line, problem.key) == (2, "Variant Price")
    assert "in which currency" in problem.message
    assert currencies(read(tmp_path, text, Given(currency="EUR"))) == ["EUR"]
    assert currencies(read(tmp_path, text.replace("12.50", "£12.50"), Given())) == ["GBP"]
