"""A table of products, one a row, with columns named in English or Chinese: what CSV and XLSX have in common."""

from __future__ import annotations

from decimal import Decimal

from engine.currencies import CODES
from engine.settings.catalogue import UNCOUNTED
from engine.settings.sources import amounts
from engine.settings.sources.base import MOST_PRODUCTS, Cell, Given, Reading, Why
from engine.settings.sources.columns import Column, cell_words, column_of, folded, names_of
from engine.settings.sources.currencies import BAD_SIGN, SIGN_HINT, YUAN_OR_YEN, currency_of
from engine.settings.sources.shelf import A_STOCK, Item, Shelf, is_chinese, no_words

Record = list[Cell]
"""The cells of one row, in the order of the columns; empty ones are left out."""

Columns = dict[str, Column | None]

_SHORT_KEYS = {"short": 40, "category": 40, "model": 40}
_ONE_ANSWER = frozenset({"price", "was_price", "currency", "stock"})
"""Columns that may not contradict each other; of the others the first is taken, and what differs is noted."""

_SAID = frozenset({"name", "link", *_SHORT_KEYS})
_MAY_BE_OPEN = frozenset({"id", "was_price", "currency", "link", "pictures", *_SHORT_KEYS})
"""Columns in which a cell such as "-" or "n/a" is as good as an empty one."""


def fill_from_table(reading: Reading, headings: list[str], records: list[Record], given: Given) -> None:
    """Turn ``records`` into products of ``reading``."""
    columns = {heading: column_of(heading) for heading in headings}
    roles = {column.key for column in columns.values() if column is not None and column.role == "product"}
    missing = [key for key in ("name", "price", "stock") if key not in roles]
    top = reading.file.line_of(())
    for key in missing:
        message = f"there is no column for the {key.replace('_', ' ')}"
        reading.problem(top, "", message, f"call a column one of: {names_of(key)}")
    reading.file.data["shop"] = given.shop
    if missing:
        return
    shelf = Shelf(reading, given)
    shelf.language = shelf.language or _language_of(records, columns)
    _tell_contradictions(reading, records, columns, shelf.usual_currency)
    in_headings = _currencies_in_headings(reading, columns, shelf.usual_currency)
    for record in records[:MOST_PRODUCTS]:
        _add_row(shelf, record, columns, in_headings)
    for record in records[MOST_PRODUCTS:]:
        shelf.note(record[0], record[0].text, record[0].text, Why.TOO_MANY)
    shelf.finish()


def _language_of(records: list[Record], columns: Columns) -> str:
    """The language of the first product's name."""
    for record in records:
        for cell in record:
            column = columns[cell.column]
            if column is not None and column.key == "name":
                return "zh" if is_chinese(cell.text) else "en"
    return ""


def _currencies_in_headings(reading: Reading, columns: Columns, known: str) -> dict[str, str]:
    """The currency of each heading that names one ("Price (EUR)", "价格（美元）")."""
    found: dict[str, str] = {}
    for heading, column in columns.items():
        if column is None or column.role != "product" or column.key not in {"price", "was_price"}:
            continue
        code = currency_of(column.unit, known)
        if code == YUAN_OR_YEN:
            reading.problem(reading.file.line_of(()), heading, BAD_SIGN, SIGN_HINT)
        elif code:
            found[heading] = code
    return found


def _tell_contradictions(reading: Reading, records: list[Record], columns: Columns, known: str) -> None:
    """Two columns for one thing ("price" and "sale price") that differ somewhere: told once for each thing."""
    told: set[str] = set()
    for record in records:
        first: dict[str, Cell] = {}
        for cell in record:
            column = columns[cell.column]
            if column is None or column.role != "product" or column.key not in _ONE_ANSWER - told:
                continue
            other = first.setdefault(column.key, cell)
            if not _agree(column.key, other, cell, known):
                told.add(column.key)
                message = f"the columns contradict each other: “{other.column}” says {other.text}, this one {cell.text}"
                hint = "keep one of them"
                if column.key == "price":
                    hint = "keep what customers pay, and call the other “was price” or “原价”"
                reading.problem(cell.row, cell.column, message, hint)


def _agree(key: str, one: Cell, other: Cell, known: str) -> bool:
    """Whether two cells say the same; one that says nothing which the column may hold contradicts nothing."""
    if key == "stock":
        counts = {amounts.stock_of(one), amounts.stock_of(other)} - {None}
        return len(counts) < 2 or (UNCOUNTED in counts and 0 not in counts)
    if key == "currency":
        return one.text.upper() == other.text.upper()
    found = [amount for cell in (one, other) if (amount := _amount(cell, known)) is not None]
    return len({Decimal(value) for value, _ in found}) < 2 and len({code for _, code in found} - {""}) < 2


def _amount(cell: Cell, known: str) -> tuple[str, str] | None:
    try:
        return amounts.price(cell, known)
    except amounts.AmountError:
        return None


def _add_row(shelf: Shelf, record: Record, columns: Columns, in_headings: dict[str, str]) -> None:
    cells, is_open = _cells_of(record, columns)
    name = cells.get("name")
    if name is None:
        shelf.reading.problem(
            record[0].row, "name", "the name is missing", "each row needs one, also below a merged cell"
        )
        return
    status = cells.get("status")
    if status is not None and folded(status.text) in cell_words("off"):
        shelf.note(status, name.text, f"{status.column}: {status.text}", Why.NOT_SOLD)
        return
    item = shelf.add(name.row, name.text, cells["id"].text if "id" in cells else "")
    for cell in is_open:
        shelf.note(cell, item.name, f"{cell.column}: {cell.text}", Why.EMPTY)
    _set_product(shelf, item, cells, in_headings)
    for cell in record:
        column = columns[cell.column]
        if column is None:
            shelf.add_unknown(item, cell)
        elif column.role == "product" and column.key in _SAID and cells.get(column.key, cell).text != cell.text:
            shelf.note(cell, item.name, cell.text, Why.CONFLICT)
        elif column.role == "fact":
            shelf.add_value(item, column.key, cell, column.unit, column.number)
    for cell in record:
        column = columns[cell.column]
        if column is not None and column.role == "text":
            shelf.add_text(item, cell)
        elif column is not None and column.key == "pictures" and cell not in is_open:
            shelf.add_pictures(item, cell)


def _cells_of(record: Record, columns: Columns) -> tuple[dict[str, Cell], list[Cell]]:
    """The cell of each of the product's keys, and those that are left open ("-", "n/a")."""
    cells: dict[str, Cell] = {}
    is_open: list[Cell] = []
    for cell in record:
        column = columns[cell.column]
        if column is None or column.role != "product":
            continue
        nothing = no_words(cell.text) if column.key in _MAY_BE_OPEN else None
        if nothing is not None and nothing.code == Why.EMPTY:
            is_open.append(cell)
            continue
        known = cells.setdefault(column.key, cell)
        if column.key == "stock" and amounts.stock_of(known) == UNCOUNTED:
            cells["stock"] = cell  # how many there are says more than that there are some
    return cells, is_open


def _set_product(shelf: Shelf, item: Item, cells: dict[str, Cell], in_headings: dict[str, str]) -> None:
    shelf.set_name(item, "name", cells["name"], 60)
    for key, most in _SHORT_KEYS.items():
        if key in cells:
            shelf.set_name(item, key, cells[key], most)
    known = _currency_of_row(shelf, cells, in_headings)
    for key in ("price", "was_price"):
        if key in cells:
            shelf.set_price(item, key, cells[key], known)
        elif key == "price":
            shelf.reading.problem(item.row, "price", f"“{item.name}” has no price", amounts.AN_AMOUNT)
    if "was_price" in cells:
        shelf.end_sale(item, cells["was_price"])
    if "stock" in cells:
        shelf.set_stock(item, cells["stock"])
    else:
        shelf.reading.problem(item.row, "stock", f"“{item.name}” has no stock", A_STOCK)
    if "link" in cells:
        item.data["link"] = cells["link"].text


def _currency_of_row(shelf: Shelf, cells: dict[str, Cell], in_headings: dict[str, str]) -> str:
    """What the row's column for the currency says, else the headings of its prices; a mistake where they differ."""
    known = ""
    if "currency" in cells:
        cell = cells["currency"]
        known = currency_of(cell.text, shelf.usual_currency) or cell.text.upper()
        if known not in CODES:
            hint = "use the three letters of the currency, such as USD or EUR"
            shelf.reading.problem(cell.row, cell.column, f"“{cell.text}” is not a currency", hint)
            known = ""
    for key in ("price", "was_price"):
        code = in_headings.get(cells[key].column, "") if key in cells else ""
        if code and known and code != known:
            message = f"“{cells[key].column}” says {code}, and the row says {known} elsewhere"
            shelf.reading.problem(cells[key].row, cells[key].column, message, "keep one of them")
        known = known or code
    return known
