"""A studio whose ledger is away: it speaks, says how much waits, and takes over what it can."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.records import Ledger, ShowLedger, patient_store
from engine.runtime.messages import Aired, ChatMessage, Ended, Health, Message, OnAir, Scheduled
from engine.runtime.studio import Studio
from engine.runtime.take_over import take_over
from engine.settings import Channel
from tests.runtime.studio_bench import fill, work
from tests.runtime.test_take_over import FPS, master, view


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    """One that cannot be opened."""
    monkeypatch.setattr(patient_store, "LATE_S", 0.0)
    (tmp_path / "file").write_text("")
    book = ShowLedger(tmp_path / "file" / "ledger.db")
    yield book
    book.close()


def test_the_show_goes_on_and_tells_what_waits(studio: Studio, channel: Channel, sent: list[Message]) -> None:
    fill(studio)
    for _ in range(3):
        studio._faq_at -= 60.0
        studio._follow_faq()
    first = next(iter(studio._lineup)).performance.performance_id
    studio._handle(Scheduled(first, 0))
    studio._handle(Ended(first))
    studio._handle(ChatMessage("m1", "Ann", "how much is the kettle?"))
    studio._answering.next(may_open=False)
    assert sum(each.urgent for each in studio._lineup) == 1
    text = channel.catalogue.read_text()
    channel.catalogue.write_text(text.replace("price: 19.99", "price: 24.50", 1))
    work(studio, lambda: studio._company.director.cards()[0].price == "$24.50")
    studio._beat()
    told = [message for message in sent if isinstance(message, Health)][-1]
    assert told.figures["ledger_waiting"] > 5
    assert told.figures["ledger_lost"] == 0


def test_the_master_s_word_is_enough_to_take_a_show_over(studio: Studio, ledger: Ledger, tmp_path: Path) -> None:
    over = Aired((view("a", "opener", "One.", 100), view("b", "pitch", "Two.", 160, 20)))
    with master(tmp_path, over, OnAir(230, False, False, view("c", "pitch", "Three.", 220), ())):
        inherited = take_over(studio._bus, ledger, 1, FPS, lambda: False)
    assert [line.text for line in inherited.said] == ["One.", "Two."]
    assert [performance.performance_id for performance, _ in inherited.held] == ["c"]
