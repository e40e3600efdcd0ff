"""Reads a channel and its catalogue, and reports every mistake in them at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.currencies import CODES
from engine.settings.address import is_address
from engine.settings.catalogue import Catalogue
from engine.settings.channel import Channel
from engine.settings.errors import Problem, SettingsError
from engine.settings.fetch import NOTHING_ALLOWED, Allowance
from engine.settings.follow import Follower, place_of
from engine.settings.read import absolute, in_order, is_file, path_hint, repeats, validate
from engine.settings.sources import Given
from engine.settings.voice import COQUI_FILES
from engine.settings.yaml_file import YamlFile, fill_from_environment, parse_dotted, read_yaml

_OWN_KEYS = frozenset({"file", "items", "catalogue_address"})
_NEEDED = frozenset({"name", "body", "catalogue"})
_HANGS_ON = {
    "voice": {"language", "voice.backend", "voice.endpoint", "voice.coqui"},
    "show": {"language", "catalogue", "policy", "policy.packs", "policy.platform"},
}
"""Blocks that can only be judged where other keys are right."""

_EMPTY_CATALOGUE = Catalogue.model_construct(shop="", language="en", products=(), policies=())


def is_catalogue(path: Path | str) -> bool:
    """Whether a file is a catalogue rather than a channel: it has products of its own.

    Raises:
        SettingsError: the file cannot be read.
    """
    data = read_yaml(Path(path), "channel or catalogue").data
    return "products" in data and "catalogue" not in data


def load_channel(
    path: Path | str,
    *,
    environment: Mapping[str, str] | None = None,
    check_files: bool = True,
    patient: bool = False,
    allowance: Allowance = NOTHING_ALLOWED,
) -> Channel:
    """Read a channel and the catalogue that it names. Paths are taken from the file's own folder and made absolute.

    ``${NAME}`` in a text is replaced from ``environment``; unless given, from the process's own and then the kept
    secrets. ``check_files=False`` leaves out missing pictures and a missing body. A catalogue at an address is asked
    for, unless another process did so within the last minute; its pictures are those that were fetched before, unless
    ``patient``. ``allowance`` is for tests.

    Raises:
        SettingsError: with every problem of both files.
    """
    file = read_yaml(Path(path), "channel file")
    channel, problems = _read(file, environment, allowance, check_files=check_files, patient=patient)
    if channel is None or problems:
        raise SettingsError(problems)
    return channel


@dataclass(frozen=True)
class Rest:
    """A channel without its keys that are wrong. ``unknown`` are those, and those that hang on them."""

    channel: Channel
    unknown: frozenset[str]

    def judged(self, found: Iterable[Problem]) -> list[Problem]:
        """Of the problems of ``channel`` those that the whole one has too."""
        below = tuple(key + sign for key in self.unknown for sign in ".[")
        return [problem for problem in found if problem.key not in self.unknown and not problem.key.startswith(below)]


def load_rest(path: Path, problems: Iterable[Problem]) -> Rest | None:
    """What can be judged of a channel that ``problems`` keep from being loaded; None where nothing can."""
    try:
        file = read_yaml(path, "channel file")
    except SettingsError:
        return None
    wrong = {_short(problem.key) if problem.file == file.path else "catalogue" for problem in problems}
    channel, _ = _read(file, None, NOTHING_ALLOWED, check_files=False, patient=False, without=wrong)
    if channel is None:
        return None
    return Rest(channel, frozenset(wrong | {key for key, others in _HANGS_ON.items() if others & wrong}))


def _short(key: str) -> str:
    """The key of a problem down to the second part, or to the first where that is a list."""
    found = re.match(r"[^.\[]*(?:\.[^.\[]*)?", key)
    return found[0] if found else ""


def _read(
    file: YamlFile,
    environment: Mapping[str, str] | None,
    allowance: Allowance,
    *,
    check_files: bool,
    patient: bool,
    without: Iterable[str] = (),
) -> tuple[Channel | None, list[Problem]]:
    """The channel, where its own keys make one, and every problem; see ``load_channel``."""
    written = dict(file.data)
    fill_from_environment(file, environment)
    problems = list(file.problems)
    problems += [
        file.problem((key,), f"“{key}” is not a key that belongs here", "remove it")
        for key in sorted(_OWN_KEYS & file.data.keys())
    ]
    folder = file.path.absolute().parent
    data = {key: value for key, value in file.data.items() if key not in _OWN_KEYS}
    _make_absolute(data, folder, "body", "moves_like", *(() if is_address(data.get("catalogue")) else ("catalogue",)))
    outputs = data.get("outputs")
    for output in outputs if isinstance(outputs, list) else ():
        if isinstance(output, dict):
            _make_absolute(output, folder, "folder", "certificate", "certificate_key")

    writer = data.get("writer")
    if isinstance(writer, dict) and writer.get("kind") == "gguf":
        _make_absolute(writer, folder, "model")
    for coqui in _coqui_blocks(data.get("voice")):
        _make_absolute(coqui, folder, *COQUI_FILES)

    for key in without:
        block, _, inner = key.partition(".")
        if inner and isinstance(data.get(block), dict):
            data[block].pop(inner, None)
        elif block not in _NEEDED:
            data.pop(block, None)
    items, catalogue_problems = _items(file, data, allowance, check_files=check_files, patient=patient)
    file.data = written
    data |= {"file": file.path.absolute(), "items": items or _EMPTY_CATALOGUE}
    channel = validate(Channel, data, file, problems, _OWN_KEYS)
    if channel is not None:
        problems += _channel_problems(channel, file, check_files)
    return channel, in_order(file.path, problems + catalogue_problems)


def problem_at(path: Path | str, key: str, message: str, hint: str = "") -> Problem:
    """A problem at a dotted key of a file that was already loaded, with its line; for checks made by later rooms."""
    try:
        file = read_yaml(Path(path), "file")
    except SettingsError:
        return Problem(Path(path), 0, key, message, hint)
    return file.problem(parse_dotted(key), message, hint)


def _coqui_blocks(voice: Any) -> list[dict[str, Any]]:
    """What is written of weights for a voice and for those that speak when it fails."""
    if not isinstance(voice, dict):
        return []
    others = voice.get("fallback")
    voices = [voice, *(others if isinstance(others, list) else ())]
    blocks = [each.get("coqui") for each in voices if isinstance(each, dict)]
    return [block for block in blocks if isinstance(block, dict)]


def _make_absolute(block: dict[str, Any], folder: Path, *keys: str) -> None:
    for key in keys:
        if key in block:
            block[key] = absolute(block[key], folder)


def _items(
    file: YamlFile, data: dict[str, Any], allowance: Allowance, *, check_files: bool, patient: bool
) -> tuple[Catalogue | None, list[Problem]]:
    """The catalogue that ``data`` names. One at an address gets the path of its last good copy in ``data``."""
    named = data.get("catalogue")
    if not isinstance(named, str):
        return None, []
    if not is_address(named) and not is_file(Path(named)):
        hint = path_hint(named, "check the path")
        return None, [file.problem(("catalogue",), f"there is no catalogue at {named}", hint)]
    shop, currency, language = (str(data.get(key) or "") for key in ("shop", "currency", "language"))
    currency = currency.strip().upper()
    currency = currency if currency in CODES else ""  # Told where the channel itself is checked.
    given = Given(shop, currency, language or "en", data.get("descriptions") == "say")
    follower = Follower(place_of(named, allowance), given, check_files=check_files, patient=patient)
    loaded = follower.first()
    if is_address(named):
        data |= {"catalogue": str(follower.file or ""), "catalogue_address": named}
    if loaded is None:
        trouble = follower.trouble or "the address gave no catalogue"
        return None, [file.problem(("catalogue",), trouble, "check the address, and that it can be reached")]
    return loaded.catalogue, loaded.problems


def _channel_problems(channel: Channel, file: YamlFile, check_files: bool) -> list[Problem]:
    problems = repeats(
        file,
        ("outputs",),
        file.data.get("outputs"),
        "name",
        lambda entry: entry.get("name", entry.get("kind")),
        "outputs need different names",
    )
    if check_files and not is_file(channel.body):
        message = f"the body file is missing; looked at {channel.body}"
        hint = path_hint(str(channel.body), "paths start at this file's own folder")
        problems.append(file.problem(("body",), message, hint))
    known = [product.id for product in channel.items.products]
    for place, product_id in channel.show.products_named() if known else ():
        if product_id not in known:
            message = f"the catalogue has no product “{product_id}”"
            problems.append(file.problem(("show", *place), message, f"products there: {', '.join(known[:12])}"))
    spoken = channel.items.language
    if known and spoken != channel.language:
        message = f"the channel speaks “{channel.language}”, and its catalogue is written in “{spoken}”"
        problems.append(file.problem(("language",), message, f"write language: {spoken}, or name another catalogue"))
    return problems
