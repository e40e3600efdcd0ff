"""The control room's web application."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import Response

from engine.records import AccountError
from server.error_answers import add_error_answers, error_answer, http_error
from server.guard import SafeHeaders
from server.pages import STATIC
from server.room import api, charts, docs_page, faq, media, sight_routes, signin, steer, whep
from server.room.errors import AccountsAwayError
from server.room.gate import Gate
from server.room.plain_pages import STATIC as ROOM_STATIC
from server.room.plain_pages import not_found, opens_page
from server.room.room import Room
from server.room.safety import PageSafety
from server.room.setup.install import LARGER, install
from server.static_files import FreshFiles

log = logging.getLogger(__name__)

ROUTERS = (
    signin.router, api.router, steer.router, faq.router, sight_routes.router, charts.router, whep.router, media.router,
    docs_page.router,
)  # fmt: skip


class RoomApp(FastAPI):
    """FastAPI whose description also holds what its wishes are made of, which are no pydantic models."""

    def openapi(self) -> dict[str, Any]:
        """See FastAPI."""
        schema = super().openapi()
        schema.setdefault("components", {}).setdefault("schemas", {}).update(steer.SCHEMAS)
        return schema


def create_app(room: Room) -> FastAPI:
    """Sign-in, API and media over a ``room`` that the caller starts and closes; ``add_pages`` adds the pages."""
    app = RoomApp(
        title="Everhost control room", version="1", docs_url=None, redoc_url=None, openapi_url=None,
        description="Watch and steer every channel of a run. Send “Authorization: Bearer” with a token.",
    )  # fmt: skip
    app.state.sign_in = signin.SignIn()
    for router in ROUTERS:
        app.include_router(router)
    install(app, room)
    app.mount("/static", FreshFiles(directory=STATIC), name="static")
    app.mount("/room-static", FreshFiles(directory=ROOM_STATIC), name="room-static")
    app.add_middleware(Gate, room=room)
    app.add_middleware(PageSafety)
    app.add_middleware(SafeHeaders, larger=LARGER)
    add_error_answers(app)
    app.add_exception_handler(AccountError, _accounts_away)
    return app


def add_pages(app: FastAPI) -> None:
    """Add the pages. NiceGUI keeps its state in the module, so only one app of a process can have them."""
    from nicegui import core, ui  # noqa: PLC0415 (takes half a second, and the API's tests do not need it)

    from server.room import pages  # noqa: F401, PLC0415 (its functions register themselves)
    from server.room.setup import pages as setup_pages  # noqa: F401, PLC0415 (the same)

    ui.run_with(
        app, title="Everhost", dark=None, tailwind=False, show_welcome_message=False, gzip_middleware_factory=None,
        binding_refresh_interval=None, reconnect_timeout=10.0,
    )  # fmt: skip
    # Long polling would be a second way in; every browser that plays WebRTC has WebSockets.
    core.app.config.socket_io_js_transports = ["websocket"]
    core.app.add_exception_handler(404, _no_such_address)


async def _accounts_away(_request: Request, error: Exception) -> Response:
    """What cannot be read or written. A name or password that is refused is answered where it was asked for."""
    log.warning("%s", error)
    return error_answer(AccountsAwayError())


async def _no_such_address(request: Request, error: Exception) -> Response:
    """NiceGUI, which gets whatever nothing else took, would show a page of its own without our policy."""
    return not_found(request) if opens_page(request) else await http_error(request, error)
