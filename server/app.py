"""The web application of one channel."""

from __future__ import annotations

from fastapi import FastAPI

from server import chat_socket, click_beacon, control, pages, whep
from server.error_answers import add_error_answers
from server.guard import Doorkeeper, SafeHeaders
from server.metrics import Metrics
from server.static_files import FreshFiles
from server.station import Station
from server.ticket import TicketGate


def create_app(station: Station, control_token: str, room_port: int = 0) -> FastAPI:
    """All routes over a ``station`` that the caller starts and closes.

    An empty token locks the control page; with a ``room_port`` it leads to the control room instead.
    """
    app = FastAPI(title="Everhost", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.station = station
    app.state.door = Doorkeeper(control_token)
    app.state.room_port = room_port
    app.state.metrics = Metrics(station.state)
    for part in (pages, whep, chat_socket, click_beacon, control):
        app.include_router(part.router)
    app.mount("/static", FreshFiles(directory=pages.STATIC), name="static")
    app.add_middleware(TicketGate, channel=station.channel)
    app.add_middleware(SafeHeaders)
    add_error_answers(app)
    return app
