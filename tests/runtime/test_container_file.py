"""The Containerfile of the docs copies what is there, and asks for what setup.sh, the settings and the service know."""

from __future__ import annotations

import re
import shlex
import signal
import tomllib
from pathlib import Path

import pytest

from engine.settings.state import STATE_DIR_VARIABLE

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def steps() -> list[list[str]]:
    """Its instructions, each as words."""
    text = (ROOT / "docs" / "Containerfile").read_text("utf-8").replace("\\\n", " ")
    return [shlex.split(line) for line in text.splitlines() if line and not line.startswith("#")]


def of(steps: list[list[str]], kind: str) -> list[list[str]]:
    return [words for first, *words in steps if first == kind]


def test_all_that_it_copies_is_there_and_nothing_that_the_programs_need_is_left_out(steps: list[list[str]]) -> None:
    copied = {name for *sources, _ in of(steps, "COPY") for name in sources}
    assert {name for name in copied if not (ROOT / name).exists()} == set()
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]["find"]["include"]
    needed = {"pyproject.toml", "assets", "avatars", "scripts", *(name.rstrip("*.") for name in packages)}
    assert needed - copied == set()


def test_it_sets_up_a_part_that_there_is_with_extras_that_there_are(steps: list[list[str]]) -> None:
    (part,) = (words[0].removeprefix("PART=") for words in of(steps, "ARG"))
    assert f"\n  {part})" in (ROOT / "scripts" / "setup.sh").read_text()
    extras = {name for words in of(steps, "RUN") for word in words for name in re.findall(r"^\.\[(\w+)\]$", word)}
    known = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert extras
    assert extras - known.keys() == set()


def test_it_stops_keeps_its_state_and_begins_as_everhost_does(steps: list[list[str]]) -> None:
    variables = dict(word.split("=", 1) for words in of(steps, "ENV") for word in words)
    (volume,) = of(steps, "VOLUME")
    assert variables[STATE_DIR_VARIABLE] == volume[0]
    assert of(steps, "STOPSIGNAL") == [[signal.SIGINT.name]]
    (command,) = of(steps, "CMD")
    first, file = re.findall(r"[\w/.]+", " ".join(command))
    assert first == "run"
    assert (ROOT / file).is_file()
    service = (ROOT / "docs" / "everhost.service").read_text()
    (entry,) = of(steps, "ENTRYPOINT")
    assert entry[0].strip("[]") in service
    # Whoever may write the code that runs has all that its user has.
    assert of(steps, "USER") == [["everhost"]]
