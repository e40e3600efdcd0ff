"""The ledger: what was said, asked and shown, and why it was allowed."""

from engine.records.errors import LedgerError
from engine.records.ledger import Ledger, ledger_place, open_ledger
from engine.records.rows import (
    AskedQuestion,
    AuditedLine,
    Evidence,
    FaqEntry,
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
    "FaqEntry",
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
