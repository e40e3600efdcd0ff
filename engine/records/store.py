"""The contract of the databases under the ledger. SQL is SQLite's with ``?`` for values; a store translates it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

Value = str | int | None
Row = dict[str, Value]


class Store(Protocol):
    """One database, prepared to the newest schema. May be used from several threads.

    Raises:
        LedgerError: from ``read``, when the database cannot be used; from ``write`` too once it is closed.
    """

    @property
    def name(self) -> str:
        """What people call this ledger: a path, or an address without its password."""

    @property
    def kept(self) -> int:
        """Rows that wait because the database is away."""

    @property
    def lost(self) -> int:
        """Rows that will never be written: the database refused them, or too many waited already."""

    def write(self, sql: str, values: Sequence[Value]) -> None:
        """Change something: now, or later (``kept``), or never (``lost``)."""

    def read(self, sql: str, values: Sequence[Value]) -> list[Row]:
        """Rows of a query, or of a change that returns some."""

    def close(self) -> None:
        """Close; a second time does nothing."""


def no_ledger(name: str) -> str:
    """Words for a database that holds no ledger."""
    return f"{name} is no ledger: it holds no lines of a show"


def schema_problem(name: str, version: int, newest: int) -> str:
    """Words for a ledger of a later program, or of an earlier one where nothing may be changed."""
    if version < newest:
        return f"the ledger {name} has schema {version}, this program reads {newest}: run the channel once"
    return (
        f"the ledger {name} has schema {version}, this program knows {newest}: "
        "move it away, or use the program that wrote it"
    )
