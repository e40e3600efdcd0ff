"""Reads a merchant's catalogue of any format, and writes what was approved of it as the YAML that the host goes by."""

from __future__ import annotations

from pathlib import Path

from engine.settings import Catalogue, Follower, Given, Loaded, SettingsError, load_catalogue, place_of
from engine.settings.catalogue_text import catalogue_plain, catalogue_yaml
from server.room.setup.tasks import Plain, TaskError


def understand(given: Plain) -> Plain:
    """What is understood of ``place`` (a file or an address): products with facts, notes, problems."""
    loaded = _read(given)
    told = catalogue_plain(given.get("shown") or given["place"], loaded)
    # A problem's file is this machine's business.
    for problem in told["problems"]:
        problem["file"] = Path(problem["file"]).name if "://" not in problem["file"] else problem["file"]
    return told


def approve(given: Plain) -> Plain:
    """Write the facts of ``keep`` ({product id: [fact ids]}) into ``out``; gives what the file holds."""
    loaded = _read(given)
    if loaded.catalogue is None or loaded.problems or loaded.reading is None:
        raise TaskError("catalogue_has_problems", str(loaded.problems[0]) if loaded.problems else "")
    keep = {product: frozenset(facts) for product, facts in given["keep"].items() if facts}
    products = tuple(
        product.model_copy(update={"facts": tuple(fact for fact in product.facts if fact.id in keep[product.id])})
        for product in loaded.catalogue.products
        if product.id in keep
    )
    products = tuple(product for product in products if product.facts)
    if not products:
        raise TaskError("nothing_approved")
    kept: Catalogue = loaded.catalogue.model_copy(update={"products": products})
    out = Path(given["out"])
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_name(f".{out.stem}.partial.yaml")
    shown = given.get("shown") or given["place"]
    partial.write_text(catalogue_yaml(shown, kept, loaded, out.absolute().parent), encoding="utf-8")
    try:
        # What is written here must be what the host reads; pictures may be missing, which `check` tells.
        again = load_catalogue(partial, check_files=False)
    except SettingsError as error:
        partial.unlink()
        raise TaskError("catalogue_has_problems", str(error.problems[0])) from error
    partial.replace(out)
    return {"products": len(again.products), "facts": sum(len(product.facts) for product in again.products)}


def _read(given: Plain) -> Loaded:
    known = Given(given["shop"], given["currency"], given["language"])
    follower = Follower(place_of(given["place"]), known, patient=True)
    loaded = follower.first()
    if loaded is None:
        raise TaskError("catalogue_away", follower.trouble)
    return loaded
