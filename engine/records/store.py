"""The contract of the databases under the ledger. SQL is SQLite's with ``?`` for values; a store translates it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

Value = str | int | None
Row = dict[str, Value]


class Store(Protocol):
    """One database, prepared to the newest schema. May be used from several threads.

    Raises:
        LedgerError: from every method, when the database cannot be used.
    """

    @property
    def name(self) -> str:
        """What people call this ledger: a path, or an address without its password."""

    @property
    def kept(self) -> int:
        """Rows that wait because the database is away."""

    def write(self, sql: str, values: Sequence[Value]) -> None:
        """Change something; what cannot be written now may be kept and written later."""

    def read(self, sql: str, values: Sequence[Value]) -> list[Row]:
        """Rows of a query, or of a change that returns some."""

    def close(self) -> None:
        """Close; a second time does nothing."""


def schema_problem(name: str, version: int, newest: int) -> str:
    """Words for a ledger of a later program."""
    return (
        f"the ledger {name} has schema {version}, this program knows {newest}: "
        "move it away, or use the program that wrote it"
    )
