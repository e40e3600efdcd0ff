"""The ledger: what was said, asked and shown."""

from engine.records.ledger import AskedQuestion, Ledger, LedgerError, OpenQuestion, SaidLine

__all__ = ["AskedQuestion", "Ledger", "LedgerError", "OpenQuestion", "SaidLine"]
