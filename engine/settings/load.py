"""Reads a channel and its catalogue, and reports every mistake in them at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from engine.settings.catalogue import Catalogue, Product
from engine.settings.channel import Channel
from engine.settings.errors import Problem, SettingsError
from engine.settings.explain import explain
from engine.settings.yaml_file import KeyPath, YamlFile, fill_from_environment, parse_dotted, read_yaml

Model = TypeVar("Model", bound=BaseModel)

RESERVED_FACT_IDS = frozenset({"price", "was_price", "stock", "name", "link", "model"})
"""A fact id may not be one of these: the price of "mug" is cited as "mug.price"."""

_OWN_KEYS = frozenset({"file", "items"})
_EMPTY_CATALOGUE = Catalogue.model_construct(shop="", language="en", products=(), policies=())


def load_catalogue(path: Path | str, *, check_files: bool = True) -> Catalogue:
    """Read a catalogue. Picture paths are taken from the catalogue's own folder and made absolute.

    Raises:
        SettingsError: with every problem found; ``check_files=False`` leaves out missing pictures.
    """
    file, catalogue, problems = _catalogue(Path(path), check_files)
    if catalogue is None or problems:
        raise SettingsError(_in_order(file.path if file else Path(path), problems))
    return catalogue


def is_catalogue(path: Path | str) -> bool:
    """Whether a file is a catalogue rather than a channel: it has products of its own.

    Raises:
        SettingsError: the file cannot be read.
    """
    data = read_yaml(Path(path), "channel or catalogue").data
    return "products" in data and "catalogue" not in data


def load_channel(
    path: Path | str, *, environment: Mapping[str, str] | None = None, check_files: bool = True
) -> Channel:
    """Read a channel and the catalogue that it names. Paths are taken from the file's own folder and made absolute.

    ``${NAME}`` in a text is replaced from ``environment`` (the process's own unless given). ``check_files=False``
    leaves out missing pictures and a missing body.

    Raises:
        SettingsError: with every problem of both files.
    """
    file = read_yaml(Path(path), "channel file")
    written = dict(file.data)
    fill_from_environment(file, environment)
    problems = list(file.problems)
    problems += [
        file.problem((key,), f"“{key}” is not a key that belongs here", "remove it")
        for key in sorted(_OWN_KEYS & file.data.keys())
    ]
    folder = file.path.absolute().parent
    data = {key: value for key, value in file.data.items() if key not in _OWN_KEYS}
    _make_absolute(data, folder, "body", "catalogue")
    for output in data.get("outputs") or []:
        if isinstance(output, dict):
            _make_absolute(output, folder, "folder")

    items, catalogue_problems = _items(file, data, check_files)
    file.data = written
    data |= {"file": file.path.absolute(), "items": items or _EMPTY_CATALOGUE}
    channel = _validate(Channel, data, file, problems)
    if channel is not None:
        problems += _channel_problems(channel, file, check_files)
    problems = _in_order(file.path, problems + catalogue_problems)
    if channel is None or problems:
        raise SettingsError(problems)
    return channel


def problem_at(path: Path | str, key: str, message: str, hint: str = "") -> Problem:
    """A problem at a dotted key of a file that was already loaded, with its line; for checks made by later rooms."""
    try:
        file = read_yaml(Path(path), "file")
    except SettingsError:
        return Problem(Path(path), 0, key, message, hint)
    return file.problem(parse_dotted(key), message, hint)


def _items(file: YamlFile, data: dict[str, Any], check_files: bool) -> tuple[Catalogue | None, list[Problem]]:
    path = data.get("catalogue")
    if not isinstance(path, str):
        return None, []
    if not Path(path).is_file():
        return None, [file.problem(("catalogue",), f"there is no catalogue at {path}", "check the path")]
    _, catalogue, problems = _catalogue(Path(path), check_files)
    return catalogue, problems


def _catalogue(path: Path, check_files: bool) -> tuple[YamlFile | None, Catalogue | None, list[Problem]]:
    try:
        file = read_yaml(path, "catalogue")
    except SettingsError as error:
        return None, None, error.problems
    problems = list(file.problems)
    folder = file.path.absolute().parent
    data = {**file.data, "products": _with_absolute_pictures(file.data.get("products"), folder)}
    catalogue = _validate(Catalogue, data, file, problems)
    problems += _id_problems(file)
    if check_files:
        problems += _picture_problems(data["products"], file)
    for i, product in enumerate(catalogue.products if catalogue is not None else ()):
        problems += _price_problems(product, ("products", i), file)
    return file, catalogue, _in_order(path, problems)


def _with_absolute_pictures(products: Any, folder: Path) -> Any:
    if not isinstance(products, list):
        return products
    absolute = []
    for product in products:
        if isinstance(product, dict) and isinstance(product.get("pictures"), list):
            pictures = [_absolute(picture, folder) for picture in product["pictures"]]
            product = {**product, "pictures": pictures}  # noqa: PLW2901
        absolute.append(product)
    return absolute


def _make_absolute(block: dict[str, Any], folder: Path, *keys: str) -> None:
    for key in keys:
        if key in block:
            block[key] = _absolute(block[key], folder)


def _absolute(value: Any, folder: Path) -> Any:
    if not isinstance(value, str) or not value:
        return value
    return os.path.normpath(folder / Path(value).expanduser())


def _validate(model: type[Model], data: dict[str, Any], file: YamlFile, problems: list[Problem]) -> Model | None:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems += explain(error, file, model, _OWN_KEYS)
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
    return _repeats(file, where, block, "id", lambda entry: entry.get("id"), "ids must differ; rename one of them")


def _repeats(
    file: YamlFile, where: KeyPath, block: Any, key: str, value_of: Callable[[Any], Hashable], hint: str
) -> list[Problem]:
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


def _channel_problems(channel: Channel, file: YamlFile, check_files: bool) -> list[Problem]:
    problems = _repeats(
        file,
        ("outputs",),
        file.data.get("outputs"),
        "name",
        lambda entry: entry.get("name", entry.get("kind")),
        "outputs need different names",
    )
    if check_files and not channel.body.is_file():
        message = f"the body file is missing; looked at {channel.body}"
        problems.append(file.problem(("body",), message, "paths start at this file's own folder"))
    return problems


def _in_order(first: Path, problems: list[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.file != first, str(problem.file), problem.line))
