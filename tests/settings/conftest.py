"""A shop on this machine, and a state folder of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.settings.https_server import Shop, https_shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with https_shop(tmp_path) as running:
        yield running


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVERHOST_STATE_DIR", str(tmp_path / "state"))
