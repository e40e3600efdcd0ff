"""What a channel's sight does where its folder cannot be written."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.records import open_ledger
from server import sight as sight_module
from server.sight import Sight
from server.state import ChannelState
from tests.server.conftest import make_channel, until


async def test_a_full_folder_costs_the_history_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sight_module, "SAVE_S", 0.0)
    monkeypatch.setattr(sight_module, "LOOK_S", 0.01)
    channel, failed = make_channel(tmp_path, 1), []
    stuck = tmp_path / "history.part"
    stuck.mkdir()
    sight = Sight(
        channel, tmp_path, ChannelState(channel), lambda: open_ledger(channel, tmp_path), lambda: failed.append(1)
    )
    await sight.start()
    await until(lambda: caplog.text.count("the history cannot be kept") > 1)
    stuck.rmdir()
    await until((tmp_path / "history").exists)
    await sight.aclose()
    assert failed == []
