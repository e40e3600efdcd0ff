"""Prices and stock that an operator changed on air."""

from __future__ import annotations

import errno
from decimal import Decimal
from pathlib import Path
from typing import Any

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


@pytest.mark.parametrize(("price", "before"), [("29.98", "29.99"), ("29.99", None), ("35", None)])
def test_a_price_that_is_not_below_the_one_before_ends_the_sale(
    catalogue: Catalogue, price: str, before: str | None
) -> None:
    changes = Changes(None)
    changes.set_price(catalogue, "bottle", price)
    changed = changes.applied(catalogue).products[0]
    assert (changed.id, changed.price) == ("bottle", Decimal(price))
    assert changed.was_price == (None if before is None else Decimal(before))
    changes.set_price(catalogue, "bottle", "19.99")
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


def fill_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_file: Path, *_: Any, **__: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)


def test_on_a_full_disk_a_price_holds_and_is_kept_as_soon_as_there_is_room(
    catalogue: Catalogue, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "changes" / "mia.json"
    changes = Changes(file)
    with pytest.MonkeyPatch.context() as full:
        fill_disk(full)
        changes.set_price(catalogue, "bottle", "17.50")
        changes.set_stock(catalogue, "bottle", 3)
        changes.keep()
        assert bottle(changes.applied(catalogue)) == (Decimal("17.50"), 3)
        assert changes.trouble == "No space left on device"
    assert [record.getMessage() for record in caplog.records] == [
        f"changes made on air cannot be kept in {file} yet: No space left on device"
    ]
    changes.keep()
    assert changes.trouble == ""
    assert bottle(Changes(file).applied(catalogue)) == (Decimal("17.50"), 3)


def test_on_a_full_disk_the_catalogue_overtakes_a_change_all_the_same(
    catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mia.json"
    changes, newer = Changes(file), Changes(None)
    changes.set_price(catalogue, "bottle", "17.50")
    newer.set_price(catalogue, "bottle", "18")
    with monkeypatch.context() as full:
        fill_disk(full)
        assert bottle(changes.applied(newer.applied(catalogue)))[0] == Decimal(18)
    changes.keep()
    assert bottle(Changes(file).applied(catalogue)) == bottle(catalogue)
