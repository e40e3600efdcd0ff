"""The control room's process: one uvicorn in the caller's event loop, until told to stop."""

from __future__ import annotations

import asyncio
import gc
import logging

import uvicorn

from server.connections import TimelyProtocol
from server.errors import ServerError
from server.process import GRACE_S, QuietUvicorn, listen
from server.room.app import add_pages, create_app
from server.room.room import Room

CONNECTIONS = 400
"""Open connections of all browsers together; more are answered with 503."""

FRAME_LIMIT = 1_000_000
"""Bytes of the largest WebSocket frame from a page; dialogs may send an uploaded text."""


async def serve(room: Room, stop: asyncio.Event) -> None:
    """Serve ``room`` until ``stop`` is set.

    Raises:
        CannotListenError: the port is in use, or the host is not an address of this machine.
        ServerError: a part of the room has failed and it must be started again.
    """
    for talkative in ("uvicorn.error", "httpx", "nicegui"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
    app = create_app(room)
    add_pages(app)
    # What was loaded by now stays: no collection goes through it while pages wait.
    gc.collect()
    gc.freeze()
    config = uvicorn.Config(
        app,
        http=TimelyProtocol,
        host=room.settings.host,
        port=room.settings.control_port,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        ws_max_size=FRAME_LIMIT,
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=GRACE_S,
    )
    server = QuietUvicorn(config)
    listener = listen(config)
    try:
        await room.start()
        running = asyncio.create_task(server.serve([listener]), name="uvicorn")
        stopping = asyncio.create_task(stop.wait(), name="stop")
        failing = asyncio.create_task(room.failed.wait(), name="failed")
        await asyncio.wait({running, stopping, failing}, return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        stopping.cancel()
        failing.cancel()
        await running
    finally:
        listener.close()
        await room.aclose()
    if room.failed.is_set():
        raise ServerError("a part of the control room failed; the log says which")
