"""Figures on their way to a collector, over real HTTP."""

from __future__ import annotations

import gzip
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.runtime.messages import Health
from server.state import ChannelState
from server.telemetry import ENDPOINT_VARIABLE, start_telemetry
from tests.server.conftest import make_channel


@pytest.fixture
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """The address of something that takes OTLP, and what it got."""
    got: list[bytes] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            got.append(gzip.decompress(body) if self.headers["content-encoding"] == "gzip" else body)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", got
    server.shutdown()
    server.server_close()
    thread.join()


def test_every_figure_goes_to_the_collector(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, collector: tuple[str, list[bytes]]
) -> None:
    address, got = collector
    monkeypatch.setenv(ENDPOINT_VARIABLE, address)
    state = ChannelState(make_channel(tmp_path, 1))
    state.hear(Health("outlet:platform", 7, "sending", figures={"waiting_seconds": 1.5}))
    telemetry = start_telemetry("mia", state)
    assert telemetry is not None
    telemetry.shutdown()
    assert any(b"outlet:platform" in body and b"waiting_seconds" in body and b"everhost.figure" in body for body in got)


def test_without_an_address_nothing_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ENDPOINT_VARIABLE, raising=False)
    assert start_telemetry("mia", ChannelState(make_channel(tmp_path, 1))) is None
