"""What the prices of a catalogue mean: in which currency they are, and whether a price before still stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.currencies import CODES
from engine.settings.catalogue import Catalogue, Product
from engine.settings.errors import Problem
from engine.settings.sources import Given, Note, Reading, Why
from engine.settings.yaml_file import YamlFile

USUAL = {"en": "USD", "zh": "CNY"}
"""The currency of a catalogue in which nothing names one, by its language."""


def with_currency(products: Any, top: Mapping[str, Any], given: Given) -> Any:
    """Each product with its currency: its own, else the catalogue's, else what is ``given``, else the usual one."""
    if not isinstance(products, list):
        return products
    named = next((code for code in (top.get("currency"), given.currency) if code), None)
    usual = named or USUAL.get(str(top.get("language") or "en"))
    if usual not in CODES:
        return products  # A code that is written wrong is told once, not for each product.
    return [{"currency": usual, **product} if isinstance(product, dict) else product for product in products]


def without_ended_sales(catalogue: Catalogue, reading: Reading) -> tuple[Catalogue, list[Problem]]:
    """The catalogue, in which a price before that is not above the price is none.

    In a table that is the usual row of what is not on sale, which is noted. In the merchant's own YAML the same price
    ends a sale, and a lower one is a mistake.
    """
    problems: list[Problem] = []
    products: list[Product] = []
    for i, product in enumerate(catalogue.products):
        if product.was_price is None or product.was_price > product.price:
            products.append(product)
            continue
        products.append(product.model_copy(update={"was_price": None}))
        if reading.kind != "yaml":
            reason = "it is not above the price, so nothing is on sale"
            place = _place(reading.file, i)
            reading.notes.append(Note(place, product.name, f"was_price: {product.was_price}", str(Why.NO_SALE), reason))
        elif product.was_price < product.price:
            message = f"the price before, {product.was_price}, is not above the price, {product.price}"
            problems.append(reading.file.problem(("products", i, "was_price"), message, "remove was_price"))
    return catalogue.model_copy(update={"products": tuple(products)}), problems


def _place(file: YamlFile, product: int) -> str:
    return f"{file.unit} {file.line_of(('products', product))}"
