"""What goes wrong with the ledger."""

from __future__ import annotations


class LedgerError(Exception):
    """The ledger cannot be opened, read or written."""


class MissingPackageError(LedgerError):
    """A package of an extra is needed; the text says how to install it."""


class AccountError(Exception):
    """An account, session or token cannot be made, changed or read; ``code`` says why to programs."""

    def __init__(self, message: str, code: str = "account_failed") -> None:
        super().__init__(message)
        self.code = code
