"""Names of columns, in English and Chinese, and what each column is for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from engine.settings.data import data_file
from engine.settings.quantity import unit_of
from engine.settings.sources.currencies import split

TITLE_ROWS = 5
"""So many rows may stand above the one that names the columns."""

_PRICES = frozenset({"price", "was_price"})


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds. ``role`` is "product", "fact", "text" or "ignored"; ``key`` the product's key or the fact's.

    ``unit`` is the unit or the currency in the heading ("Weight (g)", "Price EUR"), for cells that hold bare numbers;
    ``number`` that at its end ("Feature 2").
    """

    role: str
    key: str
    unit: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class FactColumn:
    """How a cell becomes a fact: its type, what it is about, and the phrase for each language."""

    kind: str
    subject: str
    en: str
    zh: str
    is_phrase: bool


def column_of(heading: str) -> Column | None:
    """What a heading stands for, or None if no name like it is known."""
    plain = _plain(heading)
    if plain in _names():
        return Column(*_names()[plain])
    match = re.fullmatch(r"(.*?)\s*[(\[/]\s*([^)\]]+?)\s*[)\]]?", plain)
    bare, unit = (match[1], match[2]) if match else (plain, "")
    number = ""
    if bare not in _names() and (end := re.fullmatch(r"(.*?)[\s#]*(\d{1,2})", bare)):
        bare, number = end[1], end[2]
    if bare not in _names():
        return _price_column(bare)
    # A Chinese unit stays as it is: of “质保（个月）” nobody wants to hear “months”.
    return Column(*_names()[bare], (unit_of(unit) if unit.isascii() else "") or unit, number)


def _price_column(plain: str) -> Column | None:
    """A price whose heading names its currency without brackets ("Price EUR", "€ price")."""
    found = split(plain)
    meaning = _names().get(" ".join(found[1].split())) if found is not None and found[0] else None
    return Column(*meaning, plain) if meaning is not None and meaning[1] in _PRICES else None


def names_columns(row: Iterable[str]) -> bool:
    """Whether a row of a table is the one that names the columns: at least two names are known."""
    return sum(column_of(heading) is not None for heading in row if heading) >= 2


@cache
def cell_words(kind: str) -> frozenset[str]:
    """Words of cells, such as those for a stock that is gone."""
    return frozenset(data_file("columns.yaml")["words"][kind])


@cache
def fact_columns() -> dict[str, FactColumn]:
    """The columns that hold a fact each, by their key."""
    return {
        key: FactColumn(row.get("type", key), row.get("subject", ""), row["en"], row["zh"], bool(row.get("phrase")))
        for key, row in data_file("columns.yaml")["facts"].items()
    }


def names_of(key: str) -> str:
    """Some names under which the product's key ``key`` is known, for a hint."""
    names: list[str] = data_file("columns.yaml")["product"][key]
    chinese = [name for name in names if not name.isascii()]
    return ", ".join(f"“{name}”" for name in [*names[:2], *chinese[:2]])


def folded(text: str) -> str:
    """``text`` in small letters of usual width and simplified characters, as words of columns and cells are known."""
    return unicodedata.normalize("NFKC", text).strip("\ufeff \t\r\n*").lower().translate(_simplified())


@cache
def _simplified() -> dict[int, str]:
    pairs: str = data_file("columns.yaml")["traditional"]
    return {ord(pair[0]): pair[1] for pair in pairs.split()}


def _plain(heading: str) -> str:
    return " ".join(folded(heading).replace("_", " ").replace("-", " ").split())


@cache
def _names() -> dict[str, tuple[str, str]]:
    data: dict[str, Any] = data_file("columns.yaml")
    known: dict[str, tuple[str, str]] = {}
    entries = [(name, ("product", key)) for key, names in data["product"].items() for name in names]
    entries += [(name, ("fact", key)) for key, row in data["facts"].items() for name in row["names"]]
    entries += [(name, ("text", "text")) for name in data["text"]]
    entries += [(name, ("ignored", "ignored")) for name in data["ignored"]]
    for name, meaning in entries:
        if _plain(name) in known:
            raise ValueError(f"columns.yaml: “{name}” stands twice")
        known[_plain(name)] = meaning
    return known
