"""The contract of the readers of catalogues, and what they give.

A reader turns one format into what the YAML catalogue would hold, with the place of every key, and notes what it did
not understand. It never leaves anything out without a note.
"""

from __future__ import annotations

import enum
import hashlib
import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from engine.settings.errors import Problem
from engine.settings.yaml_file import YamlFile

MOST_PRODUCTS = 500
MOST_FACTS = 24


class Why(enum.StrEnum):
    """Why a statement is not taken as a fact, beside the reasons of ``claims.yaml``."""

    UNTYPED = "untyped"
    HIDDEN = "hidden"
    LENGTH = "length"
    DUPLICATE = "duplicate"
    UNKNOWN_COLUMN = "unknown_column"
    NOT_SOLD = "not_sold"
    CONFLICT = "conflict"
    TOO_MANY = "too_many"
    PICTURE = "picture"
    UNCOUNTED = "uncounted"
    UNAPPROVED = "unapproved"
    LANGUAGE = "language"
    EMPTY = "empty"
    NO_UNIT = "no_unit"
    NO_SALE = "no_sale"
    ENCODING = "encoding"


@dataclass(frozen=True, slots=True)
class Note:
    """Something in a source that will not be said: where it stands, the words, a code, and the reason in words."""

    where: str
    product: str
    text: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a table or of a JSON record. ``where`` is for people ("row 3, Material", "B3").

    ``number`` is the value where the format holds numbers apart from text, so that its point is no question.
    """

    column: str
    text: str
    row: int
    where: str
    number: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What a table does not say itself, given by the channel or on the command line; "" is not given.

    ``descriptions`` False takes no fact from free text: they are noted, for the merchant to approve.
    """

    shop: str = ""
    currency: str = ""
    language: str = ""
    descriptions: bool = True


@dataclass(frozen=True, slots=True)
class Origin:
    """A file to read, and the name under which people know it (an address, or the file's own path)."""

    path: Path
    name: str = ""

    @property
    def shown(self) -> str:
        """Short, for the source of a fact."""
        return self.name or self.path.name


@dataclass(slots=True)
class Reading:
    """What a reader found: data as the YAML catalogue has it (in ``file``), and notes. ``kind`` names the format.

    ``folder`` is where relative picture paths begin; problems are in ``file.problems``.
    """

    kind: str
    file: YamlFile
    notes: list[Note] = field(default_factory=list)

    def problem(self, row: int, key: str, message: str, hint: str = "") -> None:
        """Keep a mistake that keeps the catalogue off the air."""
        self.file.problems.append(Problem(self.file.shown, row, key, message, hint, unit=self.file.unit))


class Reader(Protocol):
    """One format."""

    def read(self, origin: Origin, given: Given) -> Reading:
        """Read ``origin``.

        Raises:
            SettingsError: the file as a whole cannot be read.
        """


def slug(text: str, prefix: str = "p") -> str:
    """A stable id made of ``text``; a hash where no letters of an id are in it (Chinese names)."""
    plain = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    if len(re.sub(r"[^a-z]", "", plain)) < 2 or not text.isascii():
        return f"{prefix}-{short_hash(text)}"
    if plain in {"null", "true", "false", "yes", "no", "on", "off"}:
        return f"{prefix}-{plain}"
    return plain if len(plain) <= 40 else f"{plain[:33].rstrip('-')}-{short_hash(text)}"


def short_hash(text: str) -> str:
    """Six hexadecimal digits that stay the same for the same words."""
    return hashlib.sha256(" ".join(text.lower().split()).encode()).hexdigest()[:6]


class Figure(str):
    """A number of JSON with a point or an exponent, as it is written there."""

    __slots__ = ()


def number_of(value: object) -> Decimal | None:
    """A JSON or spreadsheet number as it is; None for text, and for what is far larger or smaller than any price."""
    if isinstance(value, bool) or not isinstance(value, int | float | Figure):
        return None
    try:
        number = Decimal(as_data(value))
    except ArithmeticError:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 16 else None


def as_data(value: Any) -> str:
    """A JSON or spreadsheet value as a person would write it: no ".0" behind whole numbers."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value)
