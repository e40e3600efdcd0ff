"""Prices and stock that an operator changed on air: they hold until the catalogue itself says something else."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from engine.settings.catalogue import Catalogue, Product

log = logging.getLogger(__name__)


class ChangeError(Exception):
    """A change that cannot be made; the text says what would be right."""


@dataclass(frozen=True, slots=True)
class _Change:
    """``said`` is what the catalogue had when the operator changed it; both as JSON holds them."""

    said: str
    now: str


class Changes:
    """The changes of one channel. Kept in ``file``, so that they outlive the process; None keeps them in memory.

    A file that cannot be written costs nothing on air: the changes hold, and ``keep`` tries again.
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._changes: dict[tuple[str, str], _Change] = {}
        self._is_unkept = False
        self.trouble = ""
        """Why the last changes are not in the file; empty when they are."""
        if file is not None and file.is_file():
            self._read(file)

    def set_price(self, catalogue: Catalogue, product_id: str, price: str) -> None:
        """Another price; ``catalogue`` is the one without changes.

        Raises:
            ChangeError: no such product, or no such price.
        """
        try:
            value = Decimal(price.strip())
        except InvalidOperation:
            raise ChangeError(f"“{price}” is not a price: write a number such as 19.99") from None
        self._set(_product(catalogue, product_id), "price", str(value))

    def set_stock(self, catalogue: Catalogue, product_id: str, stock: int) -> None:
        """Another stock; ``catalogue`` is the one without changes.

        Raises:
            ChangeError: no such product, or a stock below 0.
        """
        self._set(_product(catalogue, product_id), "stock", str(stock))

    def applied(self, catalogue: Catalogue) -> Catalogue:
        """``catalogue`` with the changes; those whose value the catalogue itself has changed since are forgotten."""
        products = []
        for product in catalogue.products:
            given: dict[str, str] = {}
            for key in ("price", "stock"):
                change = self._changes.get((product.id, key))
                if change is None:
                    continue
                if change.said == str(getattr(product, key)):
                    given[key] = change.now
                else:
                    del self._changes[product.id, key]
                    self._is_unkept = True
            products.append(_changed(product, given) if given else product)
        self.keep()
        return catalogue.model_copy(update={"products": tuple(products)})

    def _set(self, product: Product, key: str, value: str) -> None:
        _changed(product, {key: value})
        said = str(getattr(product, key))
        if value == said:
            self._changes.pop((product.id, key), None)
        else:
            self._changes[product.id, key] = _Change(said, value)
        self._is_unkept = True
        self.keep()

    def keep(self) -> None:
        """Write what is not in the file yet, as far as that goes now."""
        if not self._is_unkept or self._file is None:
            return
        try:
            self._write(self._file)
        except OSError as error:
            why = error.strerror or type(error).__name__
            if why != self.trouble:
                log.warning("changes made on air cannot be kept in %s yet: %s", self._file, why)
            self.trouble = why
        else:
            self._is_unkept, self.trouble = False, ""

    def _read(self, file: Path) -> None:
        try:
            rows: list[dict[str, str]] = json.loads(file.read_text())
            self._changes = {(r["product"], r["key"]): _Change(r["said"], r["now"]) for r in rows}
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("%s cannot be read, so changes made on air are forgotten: %s", file, error)

    def _write(self, file: Path) -> None:
        rows = [{"product": p, "key": k, "said": c.said, "now": c.now} for (p, k), c in sorted(self._changes.items())]
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(".new")
        fresh.write_text(json.dumps(rows, indent=1))
        fresh.replace(file)


def _product(catalogue: Catalogue, product_id: str) -> Product:
    for product in catalogue.products:
        if product.id == product_id:
            return product
    raise ChangeError(f"the catalogue has no product “{product_id}”")


def _changed(product: Product, given: dict[str, Any]) -> Product:
    """``product`` with what was ``given``; a price before that is not above the price any more is none."""
    try:
        changed = Product.model_validate(product.model_dump() | given)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or product.id
        raise ChangeError(f"{where}: {first['msg']}") from None
    if changed.was_price is not None and changed.was_price <= changed.price:
        return changed.model_copy(update={"was_price": None})
    return changed
