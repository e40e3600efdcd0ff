"""The server process: one uvicorn in the caller's event loop, until told to stop."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from engine.records import open_ledger
from engine.settings.channel import Channel
from server.app import create_app
from server.chat import FRAME_LIMIT
from server.connections import TimelyProtocol
from server.errors import ServerError
from server.station import Station
from server.telemetry import start_telemetry

logger = logging.getLogger(__name__)

GRACE_S = 1
"""Seconds that open requests and sockets have to end at shutdown."""


CONNECTIONS_A_VIEWER = 6
"""HTTP/1.1 connections that a browser opens to one host at most; more than that from all is answered with 503."""


class CannotListenError(ServerError):
    """The address of the settings cannot be listened on: in use, or not this machine's."""

    code = "cannot_listen"


class QuietUvicorn(uvicorn.Server):
    """uvicorn without its own signal handling: the caller says when to stop."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the process's signals alone."""
        yield


async def serve(
    channel: Channel, run_dir: Path, state_dir: Path, control_token: str, stop: asyncio.Event, room_port: int = 0
) -> None:
    """Serve ``channel`` until ``stop`` is set; bus and packet feed are found in ``run_dir``.

    ``room_port`` is the control room's, to which the control page leads; 0 where there is none.

    Raises:
        CannotListenError: the port is in use, or the host is not an address of this machine.
        ServerError: a part of the server has failed and it must be started again.
    """
    for talkative in ("aioice", "aiortc", "uvicorn.error"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
    station = Station(channel, run_dir, lambda: open_ledger(channel, state_dir))
    app = create_app(station, control_token, room_port)
    config = uvicorn.Config(
        app,
        http=TimelyProtocol,
        host=channel.server.host,
        port=channel.server.port,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        ws_max_size=FRAME_LIMIT * 4,
        ws_max_queue=8,
        limit_concurrency=CONNECTIONS_A_VIEWER * channel.server.max_viewers + 100,
        timeout_graceful_shutdown=GRACE_S,
    )
    server = QuietUvicorn(config)
    sockets = [listen(config)]
    telemetry = start_telemetry(channel.file.stem, station.state)
    try:
        await station.start()
        running = asyncio.create_task(server.serve(sockets), name="uvicorn")
        stopping = asyncio.create_task(stop.wait(), name="stop")
        failing = asyncio.create_task(station.failed.wait(), name="failed")
        await asyncio.wait({running, stopping, failing}, return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        stopping.cancel()
        failing.cancel()
        await running
    finally:
        for each in sockets:
            each.close()
        await station.aclose()
        if telemetry is not None:
            await asyncio.to_thread(telemetry.shutdown)
    if station.failed.is_set():
        raise ServerError("a part of the server failed; the log says which")


def listen(config: uvicorn.Config) -> socket.socket:
    """A listening socket on the address of the settings."""
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((config.host, config.port))
    except OSError as error:
        listener.close()
        raise CannotListenError(f"cannot listen on {config.host}:{config.port}: {error.strerror}") from error
    return listener
