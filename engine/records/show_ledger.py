"""The ledger as the show uses it: nothing that becomes of the database ends the show or holds it up."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from engine.records.errors import LedgerError
from engine.records.ledger import Ledger, ledger_place, open_store
from engine.records.patient_store import PatientStore
from engine.records.rows import FaqEntry, SaidLine
from engine.records.store import Store
from engine.settings import Channel


class ShowLedger(Ledger):
    """A ledger that is opened when it can be. What the show writes and reads never raises and is never waited for long.

    What cannot be written is ``waiting`` or ``lost``. While nothing can be read, the shop's answers are those of the
    last time, and nothing was said before.
    """

    def __init__(self, place: Path | str, channel: str = "") -> None:
        self._faq: tuple[FaqEntry, ...] = ()
        super().__init__(place, channel)

    def _open(self, place: Path | str, channel: str) -> Store:
        return PatientStore(lambda: open_store(place, channel))

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
    """The ledger of a channel for its show; it need not be there yet."""
    return ShowLedger(ledger_place(channel, state), channel.file.stem)
