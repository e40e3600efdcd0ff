"""A show for those who have its token: who may open the page, watch by WHEP and chat.

The token comes once in the page's address and is kept as a cookie; programs send it as a bearer token. Without a token
in the settings the show is for everybody. The cookie's name is the token's own: cookies do not know ports, and another
show on this machine must not take its place.
"""

from __future__ import annotations

import hashlib
import hmac
import html
from pathlib import Path
from string import Template
from urllib.parse import parse_qs

from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from engine.settings.channel import Channel

COOKIE = "everhost_viewer"
OTHER_SITE = 4003
_OPEN = ("/static/", "/theme.css", "/healthz", "/metrics", "/control", "/api/control", "/api/steer", "/ws/control")
"""What needs no ticket: pages' looks, and what has a lock of its own or is for machines beside this one."""


class TicketGate:
    """Stands before the app of one channel."""

    def __init__(self, app: ASGIApp, channel: Channel) -> None:
        self._app = app
        self._channel = channel
        self._token = channel.server.viewer_token.get_secret_value().encode()
        self._cookie = hmac.new(self._token, b"everhost viewer cookie", hashlib.sha256).hexdigest()
        self._cookie_name = f"{COOKIE}_{self._cookie[:12]}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on who has a ticket or needs none."""
        if not self._token or scope["type"] == "lifespan" or scope["path"].startswith(_OPEN):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        if self._admits(connection):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": OTHER_SITE})
        else:
            await self._refuse(connection)(scope, receive, send)

    def _admits(self, connection: HTTPConnection) -> bool:
        kind, _, bearer = connection.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and hmac.compare_digest(bearer.strip().encode(), self._token):
            return True
        return hmac.compare_digest(connection.cookies.get(self._cookie_name, "").encode(), self._cookie.encode())

    def _refuse(self, connection: HTTPConnection) -> Response:
        """The page without a ticket: a token in the address becomes one, else a page says what is missing."""
        if connection.url.path != "/":
            headers = {"WWW-Authenticate": "Bearer"}
            told = {"error": "no_ticket", "message": "this show needs a token"}
            return JSONResponse(told, status_code=401, headers=headers)
        given = parse_qs(connection.url.query).get("token", [""])[0]
        if not hmac.compare_digest(given.encode(), self._token):
            return HTMLResponse(self._page(), status_code=401, headers={"Cache-Control": "no-store"})
        answer = RedirectResponse("/", status_code=303, headers={"Cache-Control": "no-store"})
        secure = connection.url.scheme == "https"
        answer.set_cookie(self._cookie_name, self._cookie, httponly=True, samesite="lax", secure=secure, path="/")
        return answer

    def _page(self) -> str:
        template = Template((Path(__file__).parent / "static" / "private.html").read_text("utf-8"))
        shop = self._channel.items.shop
        return template.substitute(
            host=html.escape(self._channel.name), initial=html.escape(shop[:1].upper()), language=self._channel.language
        )
