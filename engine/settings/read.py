"""Reads a catalogue of any format into the models, and reports every mistake in it at once."""

from __future__ import annotations

import os
import urllib.parse
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from engine.settings.address import is_address
from engine.settings.catalogue import Catalogue, Product
from engine.settings.errors import Problem, SettingsError
from engine.settings.explain import explain
from engine.settings.pictures import PictureShelf
from engine.settings.sources import Given, Note, Origin, Reading, Why, read
from engine.settings.state import state_dir
from engine.settings.yaml_file import KeyPath, YamlFile

Model = TypeVar("Model", bound=BaseModel)

NOTHING_GIVEN = Given()

RESERVED_FACT_IDS = frozenset({"price", "was_price", "saving", "stock", "name", "number", "category", "link", "model"})
"""A fact id may not be one of these: the price of "mug" is cited as "mug.price"."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A catalogue as it was read: ``catalogue`` is None when it has problems; ``notes`` are not problems."""

    catalogue: Catalogue | None
    reading: Reading | None
    problems: list[Problem]

    @property
    def notes(self) -> list[Note]:
        """What was not understood."""
        return self.reading.notes if self.reading is not None else []


def load_catalogue(
    path: Path | str, *, check_files: bool = True, given: Given = NOTHING_GIVEN, pictures: PictureShelf | None = None
) -> Catalogue:
    """Read a catalogue. Picture paths are taken from the catalogue's own folder and made absolute.

    Raises:
        SettingsError: with every problem found; ``check_files=False`` leaves out missing pictures.
    """
    loaded = read_catalogue(Origin(Path(path)), given, check_files=check_files, pictures=pictures)
    if loaded.catalogue is None or loaded.problems:
        raise SettingsError(loaded.problems)
    return loaded.catalogue


def read_catalogue(
    origin: Origin, given: Given = NOTHING_GIVEN, *, check_files: bool = True, pictures: PictureShelf | None = None
) -> Loaded:
    """Read a catalogue of any format, with all problems and notes. Pictures at addresses are fetched and kept.

    ``check_files=False`` looks at no picture, and leaves out those at addresses.
    """
    try:
        reading = read(origin, given)
    except SettingsError as error:
        return Loaded(None, None, error.problems)
    file = reading.file
    problems = list(file.problems)
    if not file.data.get("shop") and reading.kind != "yaml":
        hint = "add “shop: …” to the channel file, or give --shop"
        problems.append(Problem(file.shown, 0, "", f"a {reading.kind} catalogue has no name of the shop", hint))
        file.data["shop"] = "?"
    # Mistakes of a table are told by row and column; what follows from them in the data is not told again.
    if problems and reading.kind != "yaml" and "products" not in file.data:
        return Loaded(None, reading, in_order(file.shown, problems))
    named = _with_absolute_pictures(file.data.get("products"), file)
    data = {**file.data, "products": _with_sources(named, reading)}
    data["products"] = place_pictures(data["products"], reading, pictures, check_files)
    found: list[Problem] = []
    catalogue = validate(Catalogue, data, file, found)
    told = {problem.line for problem in problems if problem.line}
    follows = {"products"} if problems else set()
    problems += [p for p in found if reading.kind == "yaml" or not (p.line in told or p.key in follows)]
    problems += _id_problems(file) if reading.kind in {"yaml", "json"} else []
    if check_files:
        problems += _picture_problems(data["products"], file)
    for i, product in enumerate(catalogue.products if catalogue is not None else ()):
        problems += _price_problems(product, ("products", i), file)
    return Loaded(catalogue, reading, in_order(file.shown, problems))


def _with_sources(products: Any, reading: Reading) -> Any:
    """Every fact with where it stands and its language, unless it says so itself."""
    if not isinstance(products, list):
        return products
    file, filled = reading.file, []
    for i, product in enumerate(products):
        if isinstance(product, dict) and isinstance(product.get("facts"), list):
            facts = []
            for j, fact in enumerate(product["facts"]):
                if isinstance(fact, dict):
                    line = file.line_of(("products", i, "facts", j))
                    own = {
                        "source": f"{file.name or file.path.name}:{line}",
                        "language": file.data.get("language", "en"),
                    }
                    fact = {**own, **fact}  # noqa: PLW2901
                facts.append(fact)
            product = {**product, "facts": facts}  # noqa: PLW2901
        filled.append(product)
    return filled


def place_pictures(products: Any, reading: Reading, shelf: PictureShelf | None, check_files: bool) -> Any:
    """Addresses of pictures replaced by files; one that cannot be used is noted. The card shows the first picture."""
    if not isinstance(products, list):
        return products
    wanted: dict[int, str] = {}
    for i, product in enumerate(products):
        pictures = product.get("pictures") if isinstance(product, dict) else None
        if isinstance(pictures, list) and (first := next((p for p in pictures if is_address(p)), None)):
            wanted[i] = first
    if not wanted:
        return products
    shelf = shelf or PictureShelf(state_dir() / "pictures")
    found = shelf.get_all(list(wanted.values())) if check_files else {}
    placed = list(products)
    for i, url in wanted.items():
        product = products[i]
        result = found.get(url)
        kept = [p for p in product["pictures"] if not is_address(p)]
        if isinstance(result, Path):
            kept.insert(0, str(result))
        elif result is not None:
            where = f"line {reading.file.line_of(('products', i))}"
            reason = f"the picture cannot be used: {result}"
            reading.notes.append(Note(where, str(product.get("name", "")), url, str(Why.PICTURE), reason))
        placed[i] = {**product, "pictures": kept}
    return placed


def _with_absolute_pictures(products: Any, file: YamlFile) -> Any:
    if not isinstance(products, list):
        return products
    absolute = []
    for product in products:
        if isinstance(product, dict) and isinstance(product.get("pictures"), list):
            pictures = [_placed(picture, file) for picture in product["pictures"]]
            product = {**product, "pictures": pictures}  # noqa: PLW2901
        absolute.append(product)
    return absolute


def _placed(picture: Any, file: YamlFile) -> Any:
    if is_address(picture):
        return picture
    if is_address(file.name) and isinstance(picture, str):
        return urllib.parse.urljoin(file.name, picture)
    return absolute(picture, file.path.absolute().parent)


def absolute(value: Any, folder: Path) -> Any:
    """A path as text, taken from ``folder``; what is no path stays as it is."""
    if not isinstance(value, str) or not value:
        return value
    return os.path.normpath(folder / Path(value).expanduser())


def validate(
    model: type[Model],
    data: dict[str, Any],
    file: YamlFile,
    problems: list[Problem],
    hidden: frozenset[str] = frozenset(),
) -> Model | None:
    """The model of ``data``; mistakes go to ``problems``. ``hidden`` keys are ours, not the merchant's."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems += explain(error, file, model, hidden)
        return None


def _id_problems(file: YamlFile) -> list[Problem]:
    """Ids that stand twice, found in the file itself, so that they are reported beside other mistakes."""
    problems = _doubled(file, ("products",))
    products = file.data.get("products")
    for i, product in enumerate(products if isinstance(products, list) else []):
        facts = product.get("facts") if isinstance(product, dict) else None
        problems += _doubled(file, ("products", i, "facts"))
        for j, fact in enumerate(facts if isinstance(facts, list) else []):
            if isinstance(fact, dict) and fact.get("id") in RESERVED_FACT_IDS:
                message = f"a fact may not be called “{fact['id']}”"
                hint = "the product has a key of that name; choose another id"
                problems.append(file.problem(("products", i, "facts", j, "id"), message, hint))
    return problems + _doubled(file, ("policies",))


def _doubled(file: YamlFile, where: KeyPath) -> list[Problem]:
    block: Any = file.data
    for part in where:
        block = block[part] if isinstance(part, int) else block.get(part)
        if block is None:
            return []
    return repeats(file, where, block, "id", lambda entry: entry.get("id"), "ids must differ; rename one of them")


def repeats(
    file: YamlFile, where: KeyPath, block: Any, key: str, value_of: Callable[[Any], Hashable], hint: str
) -> list[Problem]:
    """Entries of which ``value_of`` is the same, each told with the line of the first."""
    problems: list[Problem] = []
    first: dict[Hashable, int] = {}
    for i, entry in enumerate(block if isinstance(block, list) else []):
        value = value_of(entry) if isinstance(entry, dict) else None
        if value is None or not isinstance(value, str | int):
            continue
        path = (*where, i, key)
        if value in first:
            message = f"“{value}” stands twice, here and on line {first[value]}"
            problems.append(file.problem(path, message, hint))
        else:
            first[value] = file.line_of(path)
    return problems


def _price_problems(product: Product, where: KeyPath, file: YamlFile) -> list[Problem]:
    if product.was_price is None or product.was_price > product.price:
        return []
    message = f"the price before, {product.was_price}, is not above the price, {product.price}"
    return [file.problem((*where, "was_price"), message, "raise it, or remove was_price")]


def _picture_problems(products: Any, file: YamlFile) -> list[Problem]:
    """Missing pictures, found in the file itself, so that they are reported beside other mistakes."""
    problems = []
    for i, product in enumerate(products if isinstance(products, list) else []):
        pictures = product.get("pictures") if isinstance(product, dict) else None
        for j, picture in enumerate(pictures if isinstance(pictures, list) else []):
            if isinstance(picture, str) and picture and not Path(picture).is_file():
                message = f"the picture is missing; looked at {picture}"
                hint = "paths start at the catalogue's own folder"
                problems.append(file.problem(("products", i, "pictures", j), message, hint))
    return problems


def in_order(first: Path | str, problems: list[Problem]) -> list[Problem]:
    """Problems by file, ``first`` first, and by line."""
    return sorted(problems, key=lambda problem: (problem.file != first, str(problem.file), problem.line))
