"""What goes wrong with the ledger."""

from __future__ import annotations


class LedgerError(Exception):
    """The ledger cannot be opened, read or written."""


class AccountError(Exception):
    """An account, session or token cannot be made, changed or read."""
