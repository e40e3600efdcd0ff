"""The gate before everything: by which name the room was called, from which site, and who is asking."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from engine.records import Account, AccountError, Role
from server.error_answers import error_answer
from server.errors import NotAllowedError, ServerError
from server.guard import same_site
from server.room.errors import AccountsAwayError, ForbiddenError
from server.room.hosts import is_own_name
from server.room.plain_pages import opens_page
from server.room.room import Room

log = logging.getLogger(__name__)

COOKIE = "everhost_session"

CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})

OPEN_PATHS = ("/signin", "/welcome", "/join", "/static/", "/room-static/", "/_nicegui/", "/favicon.ico")
"""What somebody who is not signed in may get: the way in, and files that are the same for everybody."""

_VISIT = "everhost.visit"


@dataclass(frozen=True, slots=True)
class Visit:
    """Who is asking. ``account`` is None on ``OPEN_PATHS`` only; ``session`` is the browser's secret, if it is one."""

    room: Room
    account: Account | None
    session: str = ""

    def needs(self, role: Role) -> Account:
        """The account, if it may do what ``role`` may.

        Raises:
            NotAllowedError: nobody is signed in.
            ForbiddenError: the role does not cover it.
        """
        if self.account is None:
            raise NotAllowedError("sign in first")
        if not self.account.role.may(role):
            raise ForbiddenError(f"this needs the role “{role}”; {self.account.name} is {self.account.role}")
        return self.account


def visit_of(connection: HTTPConnection) -> Visit:
    """What the gate found out about this request or WebSocket."""
    visit: Visit = connection.scope[_VISIT]
    return visit


def _visit(request: Request) -> Visit:
    return visit_of(request)


VisitHere = Annotated[Visit, Depends(_visit)]


class Gate:
    """Refuses foreign names and sites and the unknown, and lets everything behind it ask who is there."""

    def __init__(self, app: ASGIApp, room: Room) -> None:
        self._app = app
        self._room = room

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on with a ``Visit``, or refuse."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        try:
            scope[_VISIT] = await self._admit(connection)
        except ServerError as error:
            if scope["type"] == "websocket":
                await receive()
                await send({"type": "websocket.close", "code": 4000 + error.status})
                return
            await _refusal(connection, error)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _admit(self, connection: HTTPConnection) -> Visit:
        settings, headers = self._room.settings, connection.headers
        if not is_own_name(headers.get("host", ""), settings.host, settings.control_names):
            raise ForbiddenError("the control room is not known by this name; server.control_names may list it")
        token = bearer_token(headers)
        changes = connection.scope["type"] == "websocket" or connection.scope["method"] in CHANGING
        # A browser sends Origin with all of these; a program with a token has no cookie that another site could use.
        # A link on another site's page may lead here, so reading is refused only when script of that page would read.
        asked_by_page = changes or "origin" in headers
        if asked_by_page and not same_site(headers, needs_origin=changes and not token):
            raise ForbiddenError("this request comes from another site")
        secret = connection.cookies.get(cookie_name(headers), "")
        try:
            account = await asyncio.to_thread(self._who, token, secret)
        except AccountError as error:
            log.warning("%s", error)
            raise AccountsAwayError from error
        if account is None and not is_open(connection.scope["path"]):
            raise NotAllowedError("sign in first, or send “Authorization: Bearer” with a token")
        return Visit(self._room, account, secret)

    def _who(self, token: str, secret: str) -> Account | None:
        if token:
            return self._room.accounts.of_token(token)
        return self._room.accounts.of_session(secret) if secret else None


def is_open(path: str) -> bool:
    """Whether ``path`` is for everybody."""
    return any(path == each or (each.endswith("/") and path.startswith(each)) for each in OPEN_PATHS)


def cookie_name(headers: Headers) -> str:
    """The session cookie's name, which tells the port: cookies do not, and a host may have two control rooms."""
    _, _, port = headers.get("host", "").rpartition(":")
    return f"{COOKIE}_{port}" if port.isascii() and port.isdigit() else COOKIE


def bearer_token(headers: Headers) -> str:
    """The token of an Authorization header (RFC 6750); empty without one."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _refusal(connection: HTTPConnection, error: ServerError) -> Response:
    """An error for programs; a browser that opens a page is led to the sign-in."""
    if isinstance(error, NotAllowedError) and opens_page(connection):
        return RedirectResponse("/signin", status_code=303, headers={"Cache-Control": "no-store"})
    answer = error_answer(error)
    if isinstance(error, NotAllowedError):
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer
