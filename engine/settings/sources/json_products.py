"""JSON: the YAML catalogue's own form, flat records with the columns of a table, or Shopify's products.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from engine.currencies import CODES
from engine.settings.errors import Problem, SettingsError
from engine.settings.sources import shopify
from engine.settings.sources.base import Cell, Figure, Given, Origin, Reading, as_data, number_of
from engine.settings.sources.currencies import currency_of
from engine.settings.sources.table import Record, fill_from_table
from engine.settings.sources.texts import decode, read_bytes
from engine.settings.yaml_file import YamlFile

MOST_DEPTH = 20
_LISTS = ("products", "items", "data", "商品", "商品列表")
_ADDRESSES = ("src", "url", "href")
"""Keys of a picture that is written as an object."""


class JsonReader:
    """Decides by what the products look like. The line of a problem is the number of the product, from 1."""

    def read(self, origin: Origin, given: Given) -> Reading:
        """See ``Reader``."""
        reading = Reading("json", YamlFile(origin.path, {}, {(): 0}, name=origin.name, unit="product"))
        shown = reading.file.shown
        data = _loaded(decode(read_bytes(origin, "catalogue"), reading, given.language), shown)
        products = _products(data)
        if not products or not all(isinstance(product, dict) for product in products):
            hint = 'write {"shop": …, "products": [{"name": …, "price": …, "stock": …}]}'
            raise SettingsError([Problem(shown, 0, "", "there is no list of products here", hint)])
        _fill(reading, data if isinstance(data, dict) else {}, products, given)
        return reading


def _loaded(text: str, shown: Path | str) -> Any:
    try:
        return json.loads(text, parse_float=Figure, parse_constant=str)
    except json.JSONDecodeError as error:
        raise SettingsError([Problem(shown, error.lineno, "", f"this is not JSON: {error.msg}")]) from error
    except RecursionError as error:
        raise SettingsError([Problem(shown, 0, "", "this is not a catalogue: it is nested too deep")]) from error
    except ValueError as error:  # a whole number of more digits than Python reads
        raise SettingsError([Problem(shown, 0, "", "this is not a catalogue: a number in it is too long")]) from error


def _products(data: Any) -> list[Any]:
    if isinstance(data, list):
        return data
    if isinstance(data, dict):
        return next((data[key] for key in _LISTS if isinstance(data.get(key), list)), [])
    return []


def _fill(reading: Reading, top: dict[str, Any], products: list[Any], given: Given) -> None:
    if any(isinstance(product.get("facts"), list) for product in products):
        reading.file.data = {**top, "products": products, "shop": given.shop or as_data(top.get("shop"))}
        for number in range(len(products)):
            reading.file.lines[("products", number)] = number + 1
        return
    told = Given(
        given.shop or as_data(top.get("shop")), _currency(reading, as_data(top.get("currency"))) or given.currency,
        given.language or as_data(top.get("language")), given.descriptions,
    )  # fmt: skip
    if all("handle" in product and "variants" in product for product in products):
        reading.kind = "shopify"
        records = [row for number, product in enumerate(products, start=1) for row in _shopify_rows(product, number)]
        shopify.fill(reading, records, told)
    else:
        records = [_record(product, number) for number, product in enumerate(products, start=1)]
        headings = list(dict.fromkeys(cell.column for record in records for cell in record))
        fill_from_table(reading, headings, [record for record in records if record], told)
    if isinstance(top.get("policies"), list):
        reading.file.data["policies"] = top["policies"]


def _currency(reading: Reading, text: str) -> str:
    """The currency that stands beside the products."""
    code = currency_of(text) or text.upper()
    if not text or code in CODES:
        return code
    hint = "use the three letters of the currency, such as USD or EUR"
    reading.problem(0, "currency", f"“{text}” is not a currency", hint)
    return ""


def _record(product: dict[str, Any], number: int) -> Record:
    cells = []
    for key, value in product.items():
        parts = value if isinstance(value, list) else [value]
        text = "\n".join(_words(part) for part in parts).strip()
        if text:
            cells.append(Cell(key, text, number, f"product {number}, {key}", number_of(value)))
    return cells


def _words(part: Any) -> str:
    """A value as text; of a picture that is an object its address, of any other object its JSON, which is not said."""
    if isinstance(part, dict):
        address = next((part[key] for key in _ADDRESSES if isinstance(part.get(key), str)), None)
        return str(address) if address is not None else json.dumps(part, ensure_ascii=False)
    return json.dumps(part, ensure_ascii=False) if isinstance(part, list) else as_data(part)


_COLUMNS = {"handle": "Handle", "title": "Title", "body_html": "Body (HTML)", "vendor": "Vendor",
            "product_type": "Type", "status": "Status"}  # fmt: skip
_VARIANT_COLUMNS = {
    "price": "Variant Price", "compare_at_price": "Variant Compare At Price", "option1": "Option1 Value",
    "option2": "Option2 Value", "option3": "Option3 Value", "inventory_quantity": "Variant Inventory Qty",
    "inventory_policy": "Variant Inventory Policy", "inventory_management": "Variant Inventory Tracker",
}  # fmt: skip


def _shopify_rows(product: dict[str, Any], number: int) -> list[Record]:
    """One product of products.json as the rows of an export."""

    def cells(block: dict[str, Any], columns: dict[str, str]) -> list[Cell]:
        return [
            Cell(column, as_data(block[key]).strip(), number, f"product {number}, {key}", number_of(block[key]))
            for key, column in columns.items()
            if not isinstance(block.get(key), dict | list) and as_data(block.get(key)).strip()
        ]

    first = cells(product, _COLUMNS)
    for place, option in enumerate(product.get("options") or [], start=1):
        name = option.get("name") if isinstance(option, dict) else option
        first.append(Cell(f"Option{place} Name", as_data(name), number, f"product {number}, options"))
    handle = [cell for cell in first if cell.column == "Handle"]
    rows = []
    for place, variant in enumerate(v for v in product["variants"] or [] if isinstance(v, dict)):
        row = cells(variant, _VARIANT_COLUMNS)
        if variant.get("available") is False and "inventory_quantity" not in variant:
            row.append(Cell("Variant Inventory Qty", "0", number, f"product {number}, available"))
        rows.append((first if place == 0 else handle) + row)
    for image in product.get("images") or []:
        source = image.get("src") if isinstance(image, dict) else image
        rows.append([*handle, Cell("Image Src", as_data(source), number, f"product {number}, images")])
    return [row for row in rows if row] or [first]
