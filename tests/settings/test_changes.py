"""Prices and stock that an operator changed on air."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from engine.settings import Catalogue, ChangeError, Changes, load_catalogue

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(ROOT / "assets" / "catalogue" / "demo.yaml")


def bottle(catalogue: Catalogue) -> tuple[Decimal, int]:
    product = next(product for product in catalogue.products if product.id == "bottle")
    return product.price, product.stock


def test_changes_hold_and_outlive_the_process(catalogue: Catalogue, tmp_path: Path) -> None:
    file = tmp_path / "changes" / "mia.json"
    changes = Changes(file)
    assert changes.applied(catalogue) == catalogue
    changes.set_price(catalogue, "bottle", " 17.50 ")
    changes.set_stock(catalogue, "bottle", 3)
    assert bottle(changes.applied(catalogue)) == (Decimal("17.50"), 3)
    assert bottle(Changes(file).applied(catalogue)) == (Decimal("17.50"), 3)
    untouched = [product for product in Changes(file).applied(catalogue).products if product.id != "bottle"]
    assert untouched == [product for product in catalogue.products if product.id != "bottle"]


def test_what_the_catalogue_changes_itself_wins_and_is_not_brought_back(catalogue: Catalogue, tmp_path: Path) -> None:
    changes = Changes(tmp_path / "mia.json")
    changes.set_price(catalogue, "bottle", "17.50")
    newer = Changes(None)
    newer.set_price(catalogue, "bottle", "18")
    changed = newer.applied(catalogue)
    assert bottle(changes.applied(changed))[0] == Decimal(18)
    assert bottle(changes.applied(catalogue)) == bottle(catalogue)


def test_setting_back_what_the_catalogue_says_is_no_change(catalogue: Catalogue) -> None:
    changes = Changes(None)
    price, stock = bottle(catalogue)
    changes.set_stock(catalogue, "bottle", 0)
    changes.set_stock(catalogue, "bottle", stock)
    changes.set_price(catalogue, "bottle", str(price))
    assert changes.applied(catalogue) == catalogue


@pytest.mark.parametrize(
    ("price", "says"), [("cheap", "such as 19.99"), ("0", "price"), ("1.999", "price"), ("NaN", "price")]
)
def test_prices_that_cannot_be(catalogue: Catalogue, price: str, says: str) -> None:
    changes = Changes(None)
    with pytest.raises(ChangeError, match=says):
        changes.set_price(catalogue, "bottle", price)
    assert changes.applied(catalogue) == catalogue


def test_a_spoilt_file_is_left_aside(catalogue: Catalogue, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "mia.json").write_text("{not json")
    assert Changes(tmp_path / "mia.json").applied(catalogue) == catalogue
    assert "cannot be read" in caplog.text
