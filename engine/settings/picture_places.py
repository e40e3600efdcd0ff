"""Puts pictures from addresses into products, where a catalogue names addresses instead of files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.settings.address import is_address
from engine.settings.catalogue import Catalogue
from engine.settings.picture_shelf import PictureShelf
from engine.settings.sources import Note, Reading, Why


@dataclass(frozen=True, slots=True)
class Placed:
    """Products without addresses among their pictures. ``addresses`` are those they had, by the product's place."""

    products: Any
    addresses: Mapping[int, str]


def place_pictures(products: Any, reading: Reading, shelf: PictureShelf | None, *, patient: bool) -> Placed:
    """Addresses of pictures replaced by files; one that cannot be used is noted. The card shows the first picture.

    Those that were not fetched yet are left out, unless ``patient``; without a ``shelf`` all are.
    """
    if not isinstance(products, list):
        return Placed(products, {})
    wanted: dict[int, str] = {}
    for i, product in enumerate(products):
        pictures = product.get("pictures") if isinstance(product, dict) else None
        if isinstance(pictures, list) and (first := next((p for p in pictures if is_address(p)), None)):
            wanted[i] = first
    found: Mapping[str, Path | str] = {}
    if shelf is not None and wanted:
        found = shelf.get_all(wanted.values()) if patient else shelf.at_hand(wanted.values())
    placed = list(products)
    for i, url in wanted.items():
        product, result = products[i], found.get(url)
        kept = [picture for picture in product["pictures"] if not is_address(picture)]
        if isinstance(result, Path):
            kept.insert(0, str(result))
        elif result is not None:
            where = f"{reading.file.unit} {reading.file.line_of(('products', i))}"
            reason = f"the picture cannot be used: {result}"
            reading.notes.append(Note(where, str(product.get("name", "")), url, str(Why.PICTURE), reason))
        placed[i] = {**product, "pictures": kept}
    return Placed(placed, wanted)


def with_pictures(catalogue: Catalogue, pictures: Mapping[str, Path]) -> Catalogue:
    """``catalogue`` with a first picture more for each product id in ``pictures``."""
    products = tuple(
        product.model_copy(update={"pictures": (pictures[product.id], *product.pictures)})
        if product.id in pictures
        else product
        for product in catalogue.products
    )
    return catalogue.model_copy(update={"products": products})
