"""A Shopify product export: rows of one Handle are one product, its variants merged.

Columns as in Shopify's "Using CSV files to import and export products". Variants that cost the same are one product
("comes in red, blue and green"); variants of different prices become a product each, since only one price may be said
of a product. Stock is the sum of the variants; where none is tracked, the product is taken as available.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from engine.settings.catalogue import UNCOUNTED
from engine.settings.sources import amounts
from engine.settings.sources.base import MOST_PRODUCTS, Cell, Given, Reading, Why, short_hash
from engine.settings.sources.columns import column_of
from engine.settings.sources.shelf import Item, Shelf, as_in_a_sentence
from engine.settings.sources.table import Record
from engine.settings.sources.texts import pieces_of

_TOLD = frozenset({"handle", "variant price"})
_OPTIONS = ("Option1", "Option2", "Option3")
_DEFAULT_TITLE = "default title"
_MENTIONED = ("Tags", "SEO Title", "SEO Description", "Image Alt Text")
"""Columns with words that are not said: they are noted, so that nothing is lost unseen."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One variant: its row, its options by name, and what it costs. ``currency`` is that of a sign in its price."""

    row: int
    where: str
    options: tuple[tuple[str, str], ...]
    price: str
    was_price: str
    currency: str
    stock: str
    tracked: bool
    sells_on: bool


def is_export(headings: Iterable[str]) -> bool:
    """Whether these are the columns of a product export."""
    return {heading.strip().lower() for heading in headings} >= _TOLD


def fill(reading: Reading, records: list[Record], given: Given) -> None:
    """Turn the rows of an export into products of ``reading``."""
    shelf = Shelf(reading, given)
    groups: dict[str, list[dict[str, Cell]]] = {}
    for record in records:
        row = {cell.column.strip(): cell for cell in record}
        if "Handle" not in row:
            reading.problem(record[0].row, "Handle", "the handle is missing", "each row needs one")
            continue
        groups.setdefault(row["Handle"].text, []).append(row)
    vendors = {row["Vendor"].text for rows in groups.values() for row in rows if "Vendor" in row}
    for handle, rows in groups.items():
        if len(shelf.items) >= MOST_PRODUCTS:
            cell = rows[0]["Handle"]
            shelf.note(cell, handle, handle, Why.TOO_MANY)
            continue
        _add_product(shelf, handle, rows)
    shelf.finish()
    reading.file.data["shop"] = given.shop or (vendors.pop() if len(vendors) == 1 else "")


def _add_product(shelf: Shelf, handle: str, rows: list[dict[str, Cell]]) -> None:
    first = rows[0]
    title = first.get("Title")
    if title is None:
        shelf.reading.problem(first["Handle"].row, "Title", f"“{handle}” has no title", "its first row needs one")
        return
    for key, gone in (("Status", ("draft", "archived", "unlisted")), ("Published", ("false", "no"))):
        cell = first.get(key)
        if cell is not None and cell.text.lower() in gone:
            shelf.note(cell, title.text, f"{key}: {cell.text}", Why.NOT_SOLD)
            return
    variants = _variants(shelf, rows)
    groups: dict[tuple[str, str, str], list[Variant]] = {}
    for variant in variants:
        groups.setdefault((variant.price, variant.was_price, variant.currency), []).append(variant)
    if not groups:
        shelf.reading.problem(title.row, "Variant Price", f"“{title.text}” has no price", amounts.AN_AMOUNT)
    for group in groups.values():
        words = _telling(group, variants) if len(groups) > 1 else ""
        item = shelf.add(group[0].row, f"{title.text}, {words}" if words else title.text, f"{handle} {words}".strip())
        _fill_item(shelf, item, group, rows)


def _variants(shelf: Shelf, rows: list[dict[str, Cell]]) -> list[Variant]:
    """The rows that are variants. Names of options stand in the first row alone."""
    names = [rows[0][f"{option} Name"].text if f"{option} Name" in rows[0] else "" for option in _OPTIONS]
    found = []
    for row in rows:
        price = row.get("Variant Price")
        if price is None:
            continue
        options = tuple(
            (name, row[f"{option} Value"].text)
            for option, name in zip(_OPTIONS, names, strict=True)
            if name and f"{option} Value" in row and row[f"{option} Value"].text.lower() != _DEFAULT_TITLE
        )
        try:
            amount, currency = amounts.price(price, shelf.usual_currency)
        except amounts.AmountError as error:
            shelf.reading.problem(price.row, "Variant Price", str(error), error.hint)
            continue
        text = {key: row[key].text for key in ("Variant Inventory Qty", "Variant Inventory Tracker") if key in row}
        has_tracker_column = any("Variant Inventory Tracker" in each for each in rows)
        stock = text.get("Variant Inventory Qty", "")
        tracked = bool(stock) and (not has_tracker_column or bool(text.get("Variant Inventory Tracker")))
        policy = row["Variant Inventory Policy"].text.lower() if "Variant Inventory Policy" in row else "deny"
        was_price = _was_price(shelf, row, amount, rows[0]["Title"].text)
        sells_on = policy == "continue"
        found.append(Variant(price.row, price.where, options, amount, was_price, currency, stock, tracked, sells_on))
    return found


def _was_price(shelf: Shelf, row: dict[str, Cell], price: str, title: str) -> str:
    """The price before, "" where there is none: one that is not above the price is noted."""
    cell = row.get("Variant Compare At Price")
    if cell is None:
        return ""
    try:
        was, _ = amounts.price(cell, shelf.usual_currency)
    except amounts.AmountError as error:
        shelf.reading.problem(cell.row, cell.column, str(error), error.hint)
        return ""
    if Decimal(was) > Decimal(price):
        return was
    if Decimal(was):
        shelf.note(cell, title, f"{cell.column}: {cell.text}", Why.NO_SALE)
    return ""


def _telling(group: list[Variant], every: list[Variant]) -> str:
    """The options that set this price group apart ("750 ml"), else all values of its variants."""
    for place in range(len(group[0].options)):
        mine = {variant.options[place][1] for variant in group}
        others = {v.options[place][1] for v in every if v not in group and place < len(v.options)}
        if not mine & others:
            return " / ".join(dict.fromkeys(variant.options[place][1] for variant in group))
    return " / ".join(dict.fromkeys(" ".join(value for _, value in variant.options) for variant in group))


def _fill_item(shelf: Shelf, item: Item, group: list[Variant], rows: list[dict[str, Cell]]) -> None:
    first = rows[0]
    title = first["Title"]
    shelf.set_name(item, "name", Cell(title.column, item.name, title.row, title.where), 60)
    if len(item.name) > 60:
        item.data["name"] = title.text
    for key, column in (("category", "Type"), ("category", "Product Category")):
        if column in first and key not in item.data:
            cell = first[column]
            last = cell.text.rsplit(">", 1)[-1].strip()
            shelf.set_name(item, key, Cell(cell.column, last, cell.row, cell.where), 40)
    item.data["price"], item.priced = group[0].price, (group[0].row, "Variant Price")
    if group[0].currency:
        item.data["currency"] = group[0].currency
    if group[0].was_price:
        item.data["was_price"] = group[0].was_price
    _set_stock(shelf, item, group)
    _add_options(shelf, item, group)
    for row in rows:
        if "Image Src" in row:
            shelf.add_pictures(item, row["Image Src"])
    _add_words(shelf, item, rows)


def _set_stock(shelf: Shelf, item: Item, group: list[Variant]) -> None:
    counted = [amounts.stock(variant.stock) for variant in group if variant.tracked]
    if len(counted) < len(group) or any(variant.sells_on for variant in group):
        cell = Cell("Variant Inventory Qty", "", group[0].row, group[0].where)
        shelf.note(cell, item.name, "stock", Why.UNCOUNTED)
        item.data["stock"] = UNCOUNTED
        return
    for variant, count in zip(group, counted, strict=True):
        if count is None:
            message = f"“{variant.stock}” is not a stock"
            shelf.reading.problem(variant.row, "Variant Inventory Qty", message, "write a whole number")
    item.data["stock"] = sum(count or 0 for count in counted)


def _add_options(shelf: Shelf, item: Item, group: list[Variant]) -> None:
    """Options "Color: red" and "Color: blue" as one fact: "comes in red and blue"."""
    values: dict[str, list[str]] = {}
    for variant in group:
        for name, value in variant.options:
            values.setdefault(name, [])
            if value not in values[name]:
                values[name].append(value)
    for name, choices in values.items():
        column = column_of(name)
        cell = Cell(
            name,
            _listed([as_in_a_sentence(choice) for choice in choices], shelf.language),
            group[0].row,
            f"{group[0].where} ({name})",
        )
        if column is None or column.role != "fact":
            shelf.note(cell, item.name, f"{name}: {cell.text}", Why.UNKNOWN_COLUMN)
        elif column.key == "size" and not any(character.isdigit() for character in cell.text):
            text = f"尺码有{cell.text}" if shelf.language == "zh" else f"comes in size {cell.text}"
            shelf.add_fact(item, cell, "size", text, f"size-{short_hash(name)}", "sizes")
        elif column.key == "size" and len(choices) > 1:
            text = f"尺寸有{cell.text}" if shelf.language == "zh" else f"comes in {cell.text}"
            shelf.add_fact(item, cell, "size", text, f"size-{short_hash(name)}", "sizes")
        else:
            shelf.add_value(item, column.key, cell, column.unit)


def _add_words(shelf: Shelf, item: Item, rows: list[dict[str, Cell]]) -> None:
    """The description; the columns that hold a fact of their own (metafields); and words that are not said."""
    first = rows[0]
    if "Body (HTML)" in first:
        shelf.add_text(item, first["Body (HTML)"])
    for heading, cell in first.items():
        name = heading.split("(", 1)[0].strip() if "(product.metafields" in heading else ""
        column = column_of(name) if name else None
        if column is not None and column.role == "fact":
            shelf.add_value(item, column.key, cell, column.unit)
        elif name:
            shelf.note(cell, item.name, f"{name}: {cell.text}", Why.UNKNOWN_COLUMN)
    for key in _MENTIONED:
        if key in first and pieces_of(first[key].text):
            reason = "words of this column are for the shop's pages and are not said"
            shelf.note(first[key], item.name, first[key].text, Why.UNTYPED, reason)


def _listed(values: list[str], language: str) -> str:
    if language == "zh":
        return "、".join(values)
    return values[0] if len(values) == 1 else f"{', '.join(values[:-1])} and {values[-1]}"
