"""The ledger (what was said, asked and shown, and why it was allowed) and the accounts of those who may steer."""

from engine.records.accounts import Account, Accounts, Member, Role, accounts_place
from engine.records.errors import AccountError, LedgerError, MissingPackageError
from engine.records.ledger import Ledger, ledger_place, open_ledger
from engine.records.pruning import Pruner, pruner_of
from engine.records.read_only import ReadOnlyLedger
from engine.records.rows import (
    AskedQuestion,
    AuditedLine,
    Click,
    Evidence,
    FaqEntry,
    OpenQuestion,
    PriceThen,
    ReceivedMessage,
    SaidLine,
    ShownCard,
    Steering,
    ViewerCount,
    WrittenLine,
)
from engine.records.show_ledger import ShowLedger, open_show_ledger

__all__ = [
    "Account",
    "AccountError",
    "Accounts",
    "AskedQuestion",
    "AuditedLine",
    "Click",
    "Evidence",
    "FaqEntry",
    "Ledger",
    "LedgerError",
    "Member",
    "MissingPackageError",
    "OpenQuestion",
    "PriceThen",
    "Pruner",
    "ReadOnlyLedger",
    "ReceivedMessage",
    "Role",
    "SaidLine",
    "ShowLedger",
    "ShownCard",
    "Steering",
    "ViewerCount",
    "WrittenLine",
    "accounts_place",
    "ledger_place",
    "open_ledger",
    "open_show_ledger",
    "pruner_of",
]
