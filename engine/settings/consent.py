"""The consent file: whose face or voice it is, when they agreed, and to what."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from engine.settings.catalogue import Strict
from engine.settings.errors import Problem, SettingsError
from engine.settings.explain import explain
from engine.settings.yaml_file import YamlFile, read_yaml

EXAMPLE = """\
who: Ann Example            # the person whose face or voice it is
when: 2026-11-28            # the day on which they agreed
what_for: Host of our shop's live stream
adult: true                 # they are 18 or older
"""

Words = Annotated[str, Field(min_length=3, max_length=300)]


class Consent(Strict):
    """What a person agreed to whose face or voice is used.

    ``until`` is the last day on which it holds; without it, it has no end.
    """

    who: Words
    when: date
    what_for: Words
    adult: bool
    until: date | None = None


def load_consent(file: Path, today: date) -> Consent:
    """Read a consent file (YAML).

    Raises:
        SettingsError: with every mistake: file, line, key and what would be right.
    """
    read = read_yaml(file, "consent file")
    problems = list(read.problems)
    try:
        consent = Consent.model_validate(read.data)
    except ValidationError as error:
        problems += explain(error, read, Consent, frozenset())
        raise SettingsError(sorted(problems, key=lambda problem: problem.line)) from error
    problems += _objections(read, consent, today)
    if problems:
        raise SettingsError(problems)
    return consent


def _objections(read: YamlFile, consent: Consent, today: date) -> list[Problem]:
    """Why this consent does not hold."""
    found = []
    if not consent.adult:
        found.append(
            read.problem(("adult",), "the person is not an adult", "only adults' faces and voices may be used")
        )
    if consent.when > today:
        found.append(read.problem(("when",), f"{consent.when} has not come yet", "write the day on which they agreed"))
    if consent.until is not None and consent.until < today:
        found.append(read.problem(("until",), f"the consent ended on {consent.until}", "ask the person again"))
    return found
