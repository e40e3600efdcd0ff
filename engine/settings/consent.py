"""The consent file: whose face or voice it is, when they agreed, and to what."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import Field, ValidationError

from engine.settings.catalogue import Strict
from engine.settings.errors import Problem, SettingsError
from engine.settings.explain import explain
from engine.settings.plain import plain
from engine.settings.yaml_file import YamlFile, read_yaml

EXAMPLE = """\
who: Ann Example            # the person whose face or voice it is
when: 2026-11-28            # the day on which they agreed
what_for: Host of our shop's live stream
adult: true                 # they are 18 or older
"""

NOTICE = timedelta(days=14)
"""So long before a consent ends it is told: time to ask the person again."""

Words = Annotated[str, Field(min_length=1, max_length=300)]
"""Of any length: many Chinese and Korean names have two characters."""


class Consent(Strict):
    """What a person agreed to whose face or voice is used.

    ``until`` is the last day on which it holds; without it, it has no end.
    """

    who: Words
    when: date
    what_for: Words
    adult: bool
    until: date | None = None


class Objection(NamedTuple):
    """Why a consent does not hold: the key that says so, what is wrong, and what would be right."""

    key: str
    message: str
    hint: str


def local_today() -> date:
    """The day that it is on this machine's clock, in its own time zone: people write down the day that they live in."""
    return date.today()


def why_not(consent: Consent, today: date) -> list[Objection]:
    """Why nobody's face or voice may be used on a day; empty where the consent holds."""
    found = []
    if not consent.adult:
        found.append(Objection("adult", "the person is not an adult", "only adults' faces and voices may be used"))
    if consent.until is not None and consent.until < today:
        found.append(Objection("until", f"the consent ended on {consent.until}", "ask the person again"))
    return found


def why_not_shown(file: Path, consent: Consent, today: date) -> str:
    """Why the face in a file may not be shown on a day, with its person's name; "" where it may."""
    wrong = why_not(consent, today)
    if not wrong:
        return ""
    first = wrong[0]
    again = ", and make the package with a consent that holds: everhost avatar photo" if first.key == "until" else ""
    return f"{file}: {first.message} ({plain(consent.who)}); {first.hint}{again}"


def ending(consent: Consent, today: date) -> str:
    """What is to be said of a consent that holds and soon ends; "" where there is nothing."""
    if consent.until is None or not today <= consent.until <= today + NOTICE:
        return ""
    return f"the consent of {plain(consent.who)} ends after {consent.until}; ask the person again in time"


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
    """Why this consent does not hold, each with its line."""
    found = [read.problem((each.key,), each.message, each.hint) for each in why_not(consent, today)]
    if consent.when > today:
        hint = "write the day on which they agreed"
        found.append(read.problem(("when",), f"{consent.when} has not come yet", hint))
    return sorted(found, key=lambda problem: problem.line)
