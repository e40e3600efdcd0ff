"""``everhost catalogue import``: what of a merchant's file is understood as facts, and what is not, to be approved."""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

from engine.commands import CommandError
from engine.settings import (
    UNCOUNTED,
    Catalogue,
    Fact,
    Follower,
    Given,
    Loaded,
    Note,
    Product,
    SettingsError,
    place_of,
)

EXIT_BAD_INPUT = 2


def import_file(place: str, given: Given, out: Path | None, as_json: bool) -> int:
    """Show the facts and the rest of ``place`` (a file or an address); with ``out`` write them as a catalogue.

    Raises:
        SettingsError: the file cannot be read, or it has mistakes that keep it off the air.
        CommandError: ``out`` is there already or cannot be written.
    """
    follower = Follower(place_of(place), given)
    loaded = follower.first()
    if loaded is None:
        raise CommandError(follower.trouble)
    if as_json:
        print(json.dumps(_plain(place, loaded), ensure_ascii=False, indent=2))
    elif loaded.catalogue is not None:
        print(_report(place, loaded.catalogue, loaded))
    if loaded.problems or loaded.catalogue is None:
        if as_json:
            return EXIT_BAD_INPUT
        if loaded.catalogue is None and loaded.notes:
            print("\n".join(_notes(loaded.notes)))
        raise SettingsError(loaded.problems)
    if out is not None:
        _write(out, catalogue_yaml(place, loaded.catalogue, loaded, out.absolute().parent))
        if not as_json:
            print(f"\n{out}: read it through, then name it in the channel file: catalogue: {out}")
    return 0


def _plain(place: str, loaded: Loaded) -> dict[str, Any]:
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
            {"file": str(p.file), "line": p.line, "key": p.key, "message": p.message, "hint": p.hint}
            for p in loaded.problems
        ],
    }


def _plain_product(product: Product) -> dict[str, Any]:
    fields = product.model_dump(mode="json", exclude={"facts"})
    facts = [{"subject": fact.subject, **fact.model_dump(mode="json", exclude={"subject"})} for fact in product.facts]
    return {**fields, "facts": facts}


def _report(place: str, catalogue: Catalogue, loaded: Loaded) -> str:
    facts = sum(len(product.facts) for product in catalogue.products)
    it = "它" if catalogue.language == "zh" else "it "
    lines = [f"{place}: {len(catalogue.products)} products with {facts} facts"]
    for product in catalogue.products:
        lines.append(f"\n{product.id}  {product.name}  {_price(product)}, {_stock(product)}")
        width = max((len(fact.text) for fact in product.facts), default=0)
        for fact in product.facts:
            measure = f"{fact.value} {fact.unit}".strip()
            lines.append(
                f"  {fact.type.value:<13} {it}{fact.text:<{width}}  [{fact.subject}: {measure}]  {fact.source}"
            )
    return "\n".join(lines + _notes(loaded.notes))


def _notes(notes: list[Note]) -> list[str]:
    if not notes:
        return ["\nEverything was understood."]
    lines = [f"\nNot understood, and not said ({len(notes)}):"]
    for note in notes:
        lines.append(f"  {note.where}  {note.product}: “{note.text[:200]}”")
        lines.append(f"      → {note.code}: {note.reason}")
    return lines


def _price(product: Product) -> str:
    was = f" (was {product.was_price})" if product.was_price is not None else ""
    return f"{product.price} {product.currency}{was}"


def _stock(product: Product) -> str:
    return "available" if product.stock == UNCOUNTED else f"{product.stock} in stock"


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


def _write(out: Path, text: str) -> None:
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise CommandError(f"{out} is there already and is left as it is: name another file, or remove it") from error
    except OSError as error:
        raise CommandError(f"{out} cannot be written: {error.strerror}") from error
