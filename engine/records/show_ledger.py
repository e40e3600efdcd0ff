"""The ledger as the show uses it: nothing that becomes of the database ends the show or holds it up."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from engine.records.errors import LedgerError
from engine.records.journal import Journal
from engine.records.ledger import Ledger, ledger_place, open_store
from engine.records.patient_store import PatientStore
from engine.records.rows import FaqEntry, SaidLine
from engine.records.store import Store
from engine.settings import Channel


class ShowLedger(Ledger):
    """A ledger that is opened when it can be. What the show writes and reads never raises and is never waited for long.

    What cannot be written is ``waiting`` or ``lost``. While nothing can be read, the shop's answers are those of the
    last time, and nothing was said before. With a ``journal`` (a file) what is waiting outlives this process.
    """

    def __init__(self, place: Path | str, channel: str = "", journal: Path | None = None) -> None:
        self._faq: tuple[FaqEntry, ...] = ()
        self._journal = Journal(journal) if journal is not None else None
        super().__init__(place, channel)

    def _open(self, place: Path | str, channel: str) -> Store:
        return PatientStore(lambda: open_store(place, channel), self._journal)

    def faq(self, limit: int = 500) -> tuple[FaqEntry, ...]:
        """See ``Ledger``."""
        with suppress(LedgerError):
            self._faq = super().faq(limit)
        return self._faq

    def lines(self, limit: int = 100) -> tuple[SaidLine, ...]:
        """See ``Ledger``."""
        try:
            return super().lines(limit)
        except LedgerError:
            return ()


def open_show_ledger(channel: Channel, state: Path) -> ShowLedger:
    """The ledger of a channel for its show; it need not be there yet.

    What a database elsewhere cannot take waits in the state folder; a file's own disk would not take that either.
    """
    place, stem = ledger_place(channel, state), channel.file.stem
    return ShowLedger(place, stem, state / "ledger-waiting" / f"{stem}.jsonl" if isinstance(place, str) else None)
