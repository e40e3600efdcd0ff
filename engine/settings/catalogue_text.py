"""A catalogue that was read from any format, as the YAML that a merchant approves and as data for programs."""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

from engine.settings.catalogue import Catalogue, Fact, Product
from engine.settings.read import Loaded
from engine.settings.sources import Note


def catalogue_plain(place: str, loaded: Loaded) -> dict[str, Any]:
    """Products with their facts, what was not understood, and problems, as JSON holds them."""
    catalogue = loaded.catalogue
    return {
        "file": place,
        "format": loaded.reading.kind if loaded.reading is not None else "",
        "shop": catalogue.shop if catalogue is not None else "",
        "language": catalogue.language if catalogue is not None else "",
        "products": [_plain_product(product) for product in (catalogue.products if catalogue is not None else ())],
        "not_understood": [
            {"where": n.where, "product": n.product, "text": n.text, "code": n.code, "reason": n.reason}
            for n in loaded.notes
        ],
        "problems": [
            {"file": str(p.file), "line": p.line, "unit": p.unit, "key": p.key, "message": p.message, "hint": p.hint}
            for p in loaded.problems
        ],
    }


def _plain_product(product: Product) -> dict[str, Any]:
    fields = product.model_dump(mode="json", exclude={"facts"})
    facts = [{"subject": fact.subject, **fact.model_dump(mode="json", exclude={"subject"})} for fact in product.facts]
    return {**fields, "facts": facts}


def catalogue_yaml(place: str, catalogue: Catalogue, loaded: Loaded, folder: Path) -> str:
    """The catalogue as YAML that can run at once; what was not understood stands in comments at its product.

    Paths of pictures are written from ``folder``; addresses stay addresses.
    """
    lines = [
        f"# Made from {_in_comment(place)} by everhost catalogue import. The host says these facts word for word:",
        "# read them through, change what is not right, and take away what she should not say.",
        "",
        f"shop: {_quoted(catalogue.shop)}",
        f"language: {catalogue.language}",
        "",
        "products:",
    ]
    assert loaded.reading is not None
    written = {p["id"]: p for p in loaded.reading.file.data["products"] if isinstance(p, dict) and "id" in p}
    notes = list(loaded.notes)
    for product in catalogue.products:
        pictures = written.get(product.id, {}).get("pictures", [])
        lines += _product_yaml(product, pictures, loaded.reading.file.path.absolute().parent, folder)
        lines += _comments([note for note in notes if note.product == product.name])
        lines.append("")
    rest = [note for note in notes if all(note.product != product.name for product in catalogue.products)]
    lines += _comments(rest)
    if catalogue.policies:
        lines.append("policies:")
        lines += [f"  - {{id: {p.id}, topic: {_quoted(p.topic)}, text: {_quoted(p.text)}}}" for p in catalogue.policies]
    return "\n".join(lines).rstrip() + "\n"


def _product_yaml(product: Product, pictures: list[Any], before: Path, folder: Path) -> list[str]:
    lines = [f"  - id: {product.id}", f"    name: {_quoted(product.name)}"]
    for key in ("short", "category", "model"):
        if getattr(product, key):
            lines.append(f"    {key}: {_quoted(getattr(product, key))}")
    lines.append(f"    price: {_amount(product.price)}")
    if product.was_price is not None:
        lines.append(f"    was_price: {_amount(product.was_price)}")
    lines += [f"    currency: {product.currency}", f"    stock: {product.stock}"]
    if product.link:
        lines.append(f"    link: {_quoted(product.link)}")
    placed = [p if "://" in str(p) else os.path.relpath(before / str(p), folder) for p in pictures]
    if placed:
        lines.append(f"    pictures: [{', '.join(_quoted(p) for p in placed)}]")
    lines.append("    facts:")
    return lines + [f"      - {_fact_yaml(fact)}" for fact in product.facts]


def _fact_yaml(fact: Fact) -> str:
    """Id, type, text and card; what is read from the text anyway is left out."""
    keys = {"id": fact.id, "type": fact.type.value, "text": _quoted(fact.text)}
    if fact.card:
        keys["card"] = _quoted(fact.card)
    again = Fact.model_validate({"id": fact.id, "type": fact.type, "text": fact.text})
    for key in ("subject", "value", "unit"):
        if getattr(fact, key) != getattr(again, key):
            keys[key] = _quoted(getattr(fact, key))
    return "{" + ", ".join(f"{key}: {value}" for key, value in keys.items()) + "}"


def _comments(notes: list[Note]) -> list[str]:
    lines = ["    # Not understood, and not said:"] if notes else []
    return lines + [f"    #   {_in_comment(n.where)}: {_quoted(n.text[:200])} ({_in_comment(n.reason)})" for n in notes]


def _quoted(text: object) -> str:
    """A YAML string on one line: JSON's quoting is YAML's, and no letter can end a comment or a string."""
    return json.dumps(str(text), ensure_ascii=False).replace("\u2028", " ").replace("\u2029", " ").replace("\x85", " ")


def _in_comment(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _amount(amount: Decimal) -> str:
    return f"{amount:f}"
