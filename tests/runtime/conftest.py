from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.records import Ledger
from engine.runtime import company as company_module
from engine.runtime.bus import Broker
from engine.runtime.messages import Message
from engine.runtime.studio import Studio
from engine.settings import Channel, load_channel
from tests.runtime.studio_bench import Mumbler

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def channel(tmp_path: Path) -> Channel:
    text = (ROOT / "avatars" / "mia.yaml").read_text().replace("../assets/catalogue/demo.yaml", "demo.yaml")
    (tmp_path / "mia.yaml").write_text(text)
    goods = (ROOT / "assets" / "catalogue" / "demo.yaml").read_text()
    (tmp_path / "demo.yaml").write_text(goods.replace("../products/", f"{ROOT}/assets/products/"))
    return load_channel(tmp_path / "mia.yaml", check_files=False)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    book = Ledger(tmp_path / "ledger.db")
    yield book
    book.close()


@pytest.fixture
def studio(channel: Channel, ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.setattr(company_module, "make_speaker", lambda *_: Mumbler())
    broker = Broker(tmp_path)
    broker.start()
    made = Studio(channel, tmp_path, ledger, None, tmp_path / "changes.json")
    made._catalogue.start()
    yield made
    made._catalogue.close()
    made._company.voice.close()
    made._bus.close()
    broker.close()


@pytest.fixture
def sent(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    """All that the studio tells the others."""
    told: list[Message] = []
    publish = studio._bus.publish

    def keep(message: Message) -> None:
        told.append(message)
        publish(message)

    monkeypatch.setattr(studio._bus, "publish", keep)
    return told
