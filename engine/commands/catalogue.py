"""``everhost catalogue import``: what of a merchant's file is understood as facts, and what is not, to be approved."""

from __future__ import annotations

import json
from pathlib import Path

from engine.commands import CommandError
from engine.commands.telling import tell
from engine.settings import (
    UNCOUNTED,
    Catalogue,
    Follower,
    Given,
    Loaded,
    Note,
    Product,
    SettingsError,
    place_of,
)
from engine.settings.catalogue_text import catalogue_plain, catalogue_yaml

EXIT_BAD_INPUT = 2


def import_file(place: str, given: Given, out: Path | None, as_json: bool) -> int:
    """Show the facts and the rest of ``place`` (a file or an address); with ``out`` write them as a catalogue.

    Raises:
        SettingsError: the file cannot be read, or it has mistakes that keep it off the air.
        CommandError: ``out`` is there already or cannot be written.
    """
    follower = Follower(place_of(place), given, patient=True)
    loaded = follower.first()
    if loaded is None:
        raise CommandError(follower.trouble or "the address gave no catalogue")
    if as_json:
        print(json.dumps(catalogue_plain(place, loaded), ensure_ascii=False, indent=2))
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
            told = f"{out}: read it through, then name it in the channel file: catalogue: {out.absolute()}"
            print(f"\n{tell(told)}")
    return 0


def _report(place: str, catalogue: Catalogue, loaded: Loaded) -> str:
    facts = sum(len(product.facts) for product in catalogue.products)
    it = "它" if catalogue.language == "zh" else "it "
    lines = [tell(f"{place}: {len(catalogue.products)} products with {facts} facts")]
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
        return [f"\n{tell('Everything was understood.')}"]
    lines = [f"\n{tell(f'Not understood, and not said ({len(notes)}):')}"]
    for note in notes:
        lines.append(f"  {tell(note.where)}  {note.product}: “{note.text[:200]}”")
        lines.append(f"      → {note.code}: {tell(note.reason)}")
    return lines


def _price(product: Product) -> str:
    was = f" {tell(f'(was {product.was_price})')}" if product.was_price is not None else ""
    return f"{product.price} {product.currency}{was}"


def _stock(product: Product) -> str:
    return tell("available" if product.stock == UNCOUNTED else f"{product.stock} in stock")


def _write(out: Path, text: str) -> None:
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise CommandError(f"{out} is there already and is left as it is: name another file, or remove it") from error
    except OSError as error:
        raise CommandError(f"{out} cannot be written: {error.strerror}") from error
