"""Reads a catalogue of any format into the models, and reports every mistake in it at once."""

from __future__ import annotations

import contextlib
import os
import urllib.parse
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from engine.settings.address import is_address
from engine.settings.catalogue import Catalogue
from engine.settings.errors import Problem, SettingsError, place_in
from engine.settings.explain import explain
from engine.settings.picture_places import place_pictures
from engine.settings.picture_shelf import PictureShelf
from engine.settings.pictures import why_too_large
from engine.settings.prices import with_currency, without_ended_sales
from engine.settings.sources import Given, Note, Origin, Reading, read
from engine.settings.state import state_dir
from engine.settings.yaml_file import KeyPath, YamlFile

Model = TypeVar("Model", bound=BaseModel)

NOTHING_GIVEN = Given()

MOST_SHOWN = 300
"""Letters of a path that are told: where a whole picture is written as its path, these are enough to find it."""

RESERVED_FACT_IDS = frozenset({"price", "was_price", "saving", "stock", "name", "number", "category", "link", "model"})
"""A fact id may not be one of these: the price of "mug" is cited as "mug.price"."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A catalogue as it was read: ``catalogue`` is None when it has problems; ``notes`` are not problems.

    ``addresses`` are those of the pictures that products have at addresses, by the product's id.
    """

    catalogue: Catalogue | None
    reading: Reading | None
    problems: list[Problem]
    addresses: Mapping[str, str] = field(default_factory=dict)

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
    origin: Origin,
    given: Given = NOTHING_GIVEN,
    *,
    check_files: bool = True,
    pictures: PictureShelf | None = None,
    patient: bool = False,
) -> Loaded:
    """Read a catalogue of any format, with all problems and notes.

    Of the pictures at addresses those are taken that were fetched before; ``patient`` waits for the others.
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
    named = with_currency(_with_absolute_pictures(file.data.get("products"), file), file.data, given)
    shelf = (pictures or PictureShelf(state_dir() / "pictures")) if check_files else None
    placed = place_pictures(_with_sources(named, reading), reading, shelf, patient=patient)
    data = {**file.data, "products": placed.products} if "products" in file.data else dict(file.data)
    found: list[Problem] = []
    catalogue = validate(Catalogue, data, file, found)
    told = {problem.line for problem in problems if problem.line}
    follows = {"products"} if problems else set()
    problems += [p for p in found if reading.kind == "yaml" or not (p.line in told or p.key in follows)]
    if reading.kind in {"yaml", "json"}:
        problems += [p for p in _id_problems(file) if reading.kind == "yaml" or p.line not in told]
    if check_files:
        problems += _picture_problems(data.get("products"), file)
    if catalogue is not None:
        catalogue, ended = without_ended_sales(catalogue, reading)
        problems += ended
    products = catalogue.products if catalogue is not None else ()
    addresses = {product.id: placed.addresses[i] for i, product in enumerate(products) if i in placed.addresses}
    return Loaded(catalogue, reading, in_order(file.shown, problems), addresses)


def _with_sources(products: Any, reading: Reading) -> Any:
    """Every fact with where it stands and its language, unless it says so itself."""
    if not isinstance(products, list):
        return products
    file, filled = reading.file, []
    spoken = file.data.get("language")
    language = spoken if spoken in ("en", "zh") else "en"  # A wrong one is told once, and not for each fact.
    for i, product in enumerate(products):
        if isinstance(product, dict) and isinstance(product.get("facts"), list):
            facts = []
            for j, fact in enumerate(product["facts"]):
                if isinstance(fact, dict):
                    line = file.line_of(("products", i, "facts", j))
                    source = place_in(file.title, line, file.unit)
                    own = {"source": source, "language": language}
                    fact = {**own, **fact}  # noqa: PLW2901
                facts.append(fact)
            product = {**product, "facts": facts}  # noqa: PLW2901
        filled.append(product)
    return filled


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
    path = Path(value)
    with contextlib.suppress(RuntimeError):  # "~bob" where nobody is called bob
        path = path.expanduser()
    return os.path.normpath(folder / path)


def path_hint(path: str, usual: str) -> str:
    """What would be right where no file is at ``path``: the ``usual`` hint, unless it is a path of Windows."""
    return "write paths with “/”, such as ../shop/mug.png" if "\\" in path else usual


def is_file(path: Path) -> bool:
    """Whether a file stands there; what can be no path at all (a picture written out as ``data:``) is none."""
    try:
        return path.is_file()
    except OSError:
        return False


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
    products = file.data.get("products")
    problems = _doubled(file, ("products",), products)
    for i, product in enumerate(products if isinstance(products, list) else []):
        facts = product.get("facts") if isinstance(product, dict) else None
        problems += _doubled(file, ("products", i, "facts"), facts)
        for j, fact in enumerate(facts if isinstance(facts, list) else []):
            fact_id = fact.get("id") if isinstance(fact, dict) else None
            if isinstance(fact_id, str) and fact_id in RESERVED_FACT_IDS:
                message = f"a fact may not be called “{fact_id}”"
                hint = "the product has a key of that name; choose another id"
                problems.append(file.problem(("products", i, "facts", j, "id"), message, hint))
    return problems + _doubled(file, ("policies",), file.data.get("policies"))


def _doubled(file: YamlFile, where: KeyPath, block: Any) -> list[Problem]:
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
            problems.append(file.problem(path, file.twice(value, first[value]), hint))
        else:
            first[value] = file.line_of(path)
    return problems


def _picture_problems(products: Any, file: YamlFile) -> list[Problem]:
    """Pictures that are missing or too large, found in the file itself, so that they stand beside other mistakes."""
    problems = []
    for i, product in enumerate(products if isinstance(products, list) else []):
        pictures = product.get("pictures") if isinstance(product, dict) else None
        for j, picture in enumerate(pictures if isinstance(pictures, list) else []):
            if not isinstance(picture, str) or not picture:
                continue
            where: KeyPath = ("products", i, "pictures", j)
            if not is_file(Path(picture)):
                message = f"the picture is missing; looked at {picture[:MOST_SHOWN]}"
                problems.append(
                    file.problem(where, message, path_hint(picture, "paths start at the catalogue's own folder"))
                )
            elif why := why_too_large(Path(picture)):
                message = f"the picture {Path(picture).name} is too large: {why}"
                problems.append(file.problem(where, message, "make it smaller; 1000 pixels a side are plenty"))
    return problems


def in_order(first: Path | str, problems: list[Problem]) -> list[Problem]:
    """Problems by file, ``first`` first, and by line."""
    return sorted(problems, key=lambda problem: (problem.file != first, str(problem.file), problem.line))
