"""What an operator stopped stays stopped, whatever dies meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.runtime.bus import Broker
from engine.runtime.standing_order import StandingOrder
from engine.settings import Channel
from tests.runtime.test_late_master import Desk


@pytest.fixture
def run_dir(tmp_path: Path) -> Iterator[Path]:
    broker = Broker(tmp_path)
    broker.start()
    yield tmp_path
    broker.close()


@pytest.mark.parametrize(("order", "stopped", "paused"), [("stop", True, False), ("pause", False, True)])
def test_a_master_that_takes_over_obeys_the_order_of_before(
    channel: Channel, run_dir: Path, monkeypatch: pytest.MonkeyPatch, order: str, stopped: bool, paused: bool
) -> None:
    first = Desk(channel, run_dir, monkeypatch)
    first.master._control(order)
    first.close()
    second = Desk(channel, run_dir, monkeypatch)
    assert (second.master._order.stopped, second.master._order.paused) == (stopped, paused)
    second.master._ring.slate[:] = 40
    second.master._ring.commit_slate()
    second.live(0.2)
    assert second.master._slate == stopped
    second.master._control("skip")
    assert second.master._order.now == order
    second.master._control("resume")
    second.close()
    third = Desk(channel, run_dir, monkeypatch)
    assert (third.master._order.stopped, third.master._order.paused) == (False, False)
    third.close()


def test_an_order_holds_also_where_it_cannot_be_kept(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    order = StandingOrder(tmp_path / "gone")
    order.give("stop")
    assert order.stopped
    assert "would not know of the order 'stop'" in caplog.text


@pytest.mark.parametrize("kept", [b"", b"sto", b"\xff\xfe"])
def test_half_an_order_is_none(tmp_path: Path, kept: bytes) -> None:
    (tmp_path / "order").write_bytes(kept)
    assert StandingOrder(tmp_path).now == "resume"
