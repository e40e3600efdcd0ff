"""A table of products, one a row, with columns named in English or Chinese: what CSV and XLSX have in common."""

from __future__ import annotations

from engine.settings.sources.base import MOST_PRODUCTS, Cell, Given, Reading, Why
from engine.settings.sources.columns import Column, cell_words, column_of, names_of
from engine.settings.sources.shelf import Item, Shelf

Record = list[Cell]
"""The cells of one row, in the order of the columns; empty ones are left out."""

_SHORT_KEYS = {"short": 40, "category": 40, "model": 40}


def fill_from_table(reading: Reading, headings: list[str], records: list[Record], given: Given) -> None:
    """Turn ``records`` into products of ``reading``."""
    columns = {heading: column_of(heading) for heading in headings}
    roles = {column.key for column in columns.values() if column is not None and column.role == "product"}
    missing = [key for key in ("name", "price", "stock") if key not in roles]
    for key in missing:
        message = f"there is no column for the {key.replace('_', ' ')}"
        reading.problem(1, "", message, f"call a column one of: {names_of(key)}")
    reading.file.data["shop"] = given.shop
    if missing:
        return
    shelf = Shelf(reading, given)
    for record in records[:MOST_PRODUCTS]:
        _add_row(shelf, record, columns)
    for record in records[MOST_PRODUCTS:]:
        shelf.note(record[0], record[0].text, record[0].text, Why.TOO_MANY)
    shelf.finish()


def _add_row(shelf: Shelf, record: Record, columns: dict[str, Column | None]) -> None:
    cells: dict[str, Cell] = {}
    for cell in record:
        column = columns[cell.column]
        if column is not None and column.role == "product":
            cells.setdefault(column.key, cell)
    name = cells.get("name")
    if name is None:
        shelf.reading.problem(record[0].row, "name", "the name is missing", "each row needs one")
        return
    status = cells.get("status")
    if status is not None and status.text.strip().lower() in cell_words("off"):
        shelf.note(status, name.text, f"{status.column}: {status.text}", Why.NOT_SOLD)
        return
    item = shelf.add(name.row, name.text, cells["id"].text if "id" in cells else "")
    _set_product(shelf, item, cells)
    for cell in record:
        column = columns[cell.column]
        if column is None:
            shelf.add_unknown(item, cell)
        elif column.role == "fact":
            shelf.add_value(item, column.key, cell, column.unit, column.number)
    for cell in record:
        column = columns[cell.column]
        if column is not None and column.role == "text":
            shelf.add_text(item, cell)
        elif column is not None and column.key == "pictures":
            shelf.add_pictures(item, cell)


def _set_product(shelf: Shelf, item: Item, cells: dict[str, Cell]) -> None:
    shelf.set_name(item, "name", cells["name"], 60)
    for key, most in _SHORT_KEYS.items():
        if key in cells:
            shelf.set_name(item, key, cells[key], most)
    for key in ("price", "was_price"):
        if key in cells:
            shelf.set_price(item, key, cells[key])
        elif key == "price":
            shelf.reading.problem(item.row, "price", f"“{item.name}” has no price", "write an amount, such as 19.99")
    if "currency" in cells:
        item.data["currency"] = cells["currency"].text.upper()
    elif shelf.language == "zh" and not shelf.currency:
        item.data.setdefault("currency", "CNY")
    if "stock" in cells:
        shelf.set_stock(item, cells["stock"])
    else:
        hint = "write a whole number, “in stock” or “sold out”"
        shelf.reading.problem(item.row, "stock", f"“{item.name}” has no stock", hint)
    if "link" in cells:
        item.data["link"] = cells["link"].text
