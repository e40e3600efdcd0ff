"""The demo channel, read once, and a director on an empty ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.records import Ledger
from engine.settings import Channel, load_channel
from engine.show import Director

MIA = Path(__file__).parents[2] / "avatars" / "mia.yaml"


@pytest.fixture(scope="session")
def channel() -> Channel:
    return load_channel(MIA, check_files=False)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    book = Ledger(tmp_path / "ledger.db")
    yield book
    book.close()


@pytest.fixture
def direct(tmp_path: Path) -> Iterator[Callable[[Channel], Director]]:
    """Makes directors, each with a ledger of its own."""
    ledgers: list[Ledger] = []

    def make(channel: Channel) -> Director:
        ledgers.append(Ledger(tmp_path / f"direct-{len(ledgers)}.db"))
        return Director(channel, ledgers[-1])

    yield make
    for book in ledgers:
        book.close()
