"""Reads a host file (YAML): the looks in it, or every mistake in it with its line and what would be right."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from engine.avatar.errors import BodyError
from engine.avatar.human.accessories import read_logo
from engine.avatar.human.hair import HAIR_STYLES
from engine.avatar.human.outfits import OUTFITS
from engine.avatar.human.spec import YOUNGEST, Looks
from engine.settings import Problem, SettingsError
from engine.settings.explain import explain
from engine.settings.yaml_file import KeyPath, YamlFile, read_yaml

STYLES: dict[KeyPath, tuple[str, tuple[str, ...]]] = {
    ("hair", "style"): ("hair style", HAIR_STYLES.names),
    ("outfit", "style"): ("outfit", OUTFITS.names),
}
"""Keys whose value is the name of a style: what it is called, and the names that there are."""

LOGO: KeyPath = ("outfit", "logo")
AGE: KeyPath = ("person", "age")
ORIGIN: KeyPath = ("person", "origin")


def load_looks(file: Path) -> Looks:
    """Read a host file; a logo's path becomes absolute.

    Raises:
        SettingsError: with every mistake: file, line, key and what would be right.
    """
    read = read_yaml(file, "host file")
    problems = [*read.problems, *_style_problems(read), *_logo_problems(read)]
    try:
        looks = Looks.model_validate(read.data)
    except ValidationError as error:
        told = {problem.key for problem in problems}
        found = (_about_age(read, problem) for problem in explain(error, read, Looks, frozenset()))
        problems += [problem for problem in found if problem.key not in told]
        raise SettingsError(sorted(problems, key=lambda problem: problem.line)) from error
    if not any(looks.person.origin.model_dump().values()):
        problems.append(read.problem(ORIGIN, "all three shares are 0", "give at least one of them a share above 0"))
    if problems:
        raise SettingsError(sorted(problems, key=lambda problem: problem.line))
    if looks.outfit.logo is not None:
        outfit = looks.outfit.model_copy(update={"logo": _beside(read, looks.outfit.logo)})
        looks = looks.model_copy(update={"outfit": outfit})
    return looks


def _style_problems(read: YamlFile) -> list[Problem]:
    """Styles that do not exist."""
    problems = []
    for path, (what, names) in STYLES.items():
        name = _value(read, path)
        if isinstance(name, str) and name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            hint = f"did you mean “{near[0]}”?" if near else f"use one of: {', '.join(names)}"
            problems.append(read.problem(path, f"there is no {what} “{name}”", hint))
    return problems


def _logo_problems(read: YamlFile) -> list[Problem]:
    """A logo that is missing, or no picture."""
    logo = _value(read, LOGO)
    if not isinstance(logo, str) or not logo:
        return []
    file = _beside(read, Path(logo))
    if not file.is_file():
        return [read.problem(LOGO, f"the logo is missing; looked at {file}", "paths start at this file's own folder")]
    try:
        read_logo(file)
    except BodyError as error:
        return [read.problem(LOGO, str(error))]
    return []


def _about_age(read: YamlFile, problem: Problem) -> Problem:
    """Too young an age is refused with the reason."""
    age = _value(read, AGE)
    if problem.key != "person.age" or not isinstance(age, int) or age >= YOUNGEST:
        return problem
    return read.problem(AGE, problem.message, f"hosts are adults: at least {YOUNGEST}")


def _beside(read: YamlFile, path: Path) -> Path:
    return read.path.absolute().parent / path.expanduser()


def _value(read: YamlFile, path: KeyPath) -> Any:
    value: Any = read.data
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    return value
