"""What goes wrong with the ledger."""

from __future__ import annotations


class LedgerError(Exception):
    """The ledger cannot be opened, read or written."""


class MissingPackageError(LedgerError):
    """A package of an extra is needed; the text says how to install it."""


class AccountError(Exception):
    """An account, session or token cannot be made, changed or read."""
