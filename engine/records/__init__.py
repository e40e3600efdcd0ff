"""The ledger: what was said, asked and shown, and why it was allowed."""

from engine.records.errors import LedgerError
from engine.records.ledger import Ledger, ledger_place, open_ledger
from engine.records.rows import (
    AskedQuestion,
    AuditedLine,
    Evidence,
    OpenQuestion,
    PriceThen,
    ReceivedMessage,
    SaidLine,
    ShownCard,
    WrittenLine,
)

__all__ = [
    "AskedQuestion",
    "AuditedLine",
    "Evidence",
    "Ledger",
    "LedgerError",
    "OpenQuestion",
    "PriceThen",
    "ReceivedMessage",
    "SaidLine",
    "ShownCard",
    "WrittenLine",
    "ledger_place",
    "open_ledger",
]
