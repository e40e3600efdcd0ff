"""The studio and a language model: what it asks for, and that its lines come on air and into the ledger."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.flow import LineKind
from engine.records import Ledger
from engine.runtime.messages import Hello, WriteFor, Written
from engine.runtime.studio import Studio
from engine.runtime.writer_orders import WriterOrders
from engine.script import Draft
from engine.settings import Catalogue, Writer
from tests.runtime.studio_bench import waiting, work


@pytest.fixture
def told(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> list[WriteFor]:
    heard: list[WriteFor] = []
    publish = studio._bus.publish
    monkeypatch.setattr(studio._bus, "publish", lambda m: heard.append(m) if isinstance(m, WriteFor) else publish(m))
    return heard


def with_model(studio: Studio) -> None:
    settings = Writer(kind="gguf", model="m.gguf", share=1.0)
    studio._orders = WriterOrders(settings, studio._company.director, studio._bus)
    studio._company.director._pool._share = 1.0


def test_without_a_model_nobody_is_asked(studio: Studio, told: list[WriteFor]) -> None:
    work(studio, lambda: studio._lineup.seconds() >= 12)
    assert told == []


def test_the_catalogue_is_sent_once_and_again_to_a_new_writer(studio: Studio, told: list[WriteFor]) -> None:
    with_model(studio)
    work(studio, lambda: studio._lineup.seconds() >= 12)
    assert Catalogue.model_validate_json(told[0].catalogue) == studio._channel.items
    assert len([order for order in told if order.catalogue]) == 1
    assert told[-1].upcoming[0] == "bottle" or len(told) > 1
    studio._handle(Hello("writer"))
    studio._step()
    assert len([order for order in told if order.catalogue]) == 2


def test_a_models_line_goes_on_air_under_its_name(
    studio: Studio, told: list[WriteFor], ledger: Ledger, tmp_path: Path
) -> None:
    with_model(studio)
    work(studio, lambda: bool(told))
    products = studio._channel.items.products
    drafts = tuple(
        Draft(
            LineKind.TRANSITION, f"Now let's move on to the {p.short}.", (f"{p.id}.name",), f"x {p.id}", p.id,
            writer="gguf", model="small",
        )
        for p in products
    )  # fmt: skip
    lie = Draft(LineKind.OPENER, "Here is the best TrailMate bottle.", ("bottle.name",), "y", "bottle", writer="gguf")
    studio._handle(Written("another version", drafts))
    assert studio._company.director.drafts_waiting == 0
    studio._handle(Written(told[-1].version, (*drafts, lie)))
    assert studio._company.director.drafts_waiting == len(drafts) + 1
    while not any(line.writer == "gguf small" for line in waiting(studio)):
        studio._send(studio._company.next_performance(), urgent=False)
    line = next(line for line in waiting(studio) if line.writer == "gguf small")
    assert line.text.startswith("Now let's move on to the ")
    assert not any("best" in line.text for line in waiting(studio))
